"""Tools that plan to shed load and carry out a plan."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, override

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.llm import ToolAnnotations
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..actions.shedding import HIGHEST_LOADING
from ..const import DOMAIN
from ..core.texts import local_time
from ..load_limits.shedding.goal import power_text
from .acting import MINUTES, WHICH
from .override import sheds_of
from .plans import VALID, SheddingPlan, plans
from .tool import TEXT, Arguments, OwnTool, controlled, display_name, listed, one_named
from .values import UNKNOWN
from .visibility import LINE, SWITCH, VisibleItem, VisibleItems

PLAN_ID: Final = "plan_id"
VERIFY_SECONDS: Final = 60
"""Seconds that the model waits for the power to fall."""

_ABOVE_ZERO: Final = vol.All(vol.Coerce(float), vol.Range(min=0, min_included=False, max=1e12))
_GOAL: Final[dict[vol.Marker, object]] = {
    vol.Optional("power", description="How much to save, W; or give a line"): _ABOVE_ZERO,
    vol.Optional("line", description="The name of the line that is to carry less"): TEXT,
    vol.Optional("current", description="Of the line: how much less, A"): _ABOVE_ZERO,
    vol.Optional("to_loading", description="Of the line: down to what loading, %"): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=HIGHEST_LOADING)
    ),
    vol.Required("minutes", description="For how many minutes"): MINUTES,
    vol.Optional(
        "allow_non_interruptible",
        default=False,
        description="Whether assets that are not marked as interruptible may be curtailed",
    ): bool,
    **WHICH,
}
_FURTHER: Final = (
    "The goal is not reached, and this plan allows no other assets. For more, make a new plan, and "
    "ask the user again."
)
_HANDED_ON: Final = ("power", "current", "to_loading", "allow_non_interruptible")


class PlanLoadShedding(OwnTool):
    """Plan which assets to shed."""

    name = "gridduck_heimdall__plan_load_shedding"
    title = "Plan load shedding"
    description = (
        "Finds out which GridDuck assets would be snoozed to save a power, or to relieve a power "
        "line; nothing is done. Give exactly one goal: power, or line with current or to_loading. "
        f"Returns a plan_id for shed_load, good for {VALID.seconds // 60} minutes and once. Tell "
        "the user what would be snoozed, and ask, before it is carried out. What is snoozed for it "
        "already may stay off for as long."
    )
    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=False, open_world=False
    )
    parameters = vol.Schema(_GOAL)

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        chosen = controlled(visible, arguments)
        answer = await _async_shed(visible, arguments, chosen.items, dry_run=True)
        prepared = {**_summary(visible, answer), **chosen.unknown_names()}
        if not answer["shed"]:
            return {**prepared, PLAN_ID: None}
        plan_id = plans(visible.hass).make(
            visible.asker,
            arguments,
            assets=_devices(answer["shed"]),
            kept=_devices(answer["already_shed"]),
        )
        return {**prepared, PLAN_ID: plan_id, "valid_until": local_time(dt_util.utcnow() + VALID)}


class ShedLoad(OwnTool):
    """Carry out a plan."""

    name = "gridduck_heimdall__shed_load"
    title = "Shed load"
    description = (
        "Snoozes the GridDuck assets of a plan of plan_load_shedding, as far as they are still "
        "needed, and no others. Give its plan_id, and the very same arguments as the plan was made "
        "with; without a plan nothing is done."
    )
    annotations = ToolAnnotations(destructive=True, idempotent=False, open_world=True)
    parameters = vol.Schema(
        {
            vol.Required(PLAN_ID, description="What plan_load_shedding has returned"): TEXT,
            **_GOAL,
        }
    )

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        goal = {key: value for key, value in arguments.items() if key != PLAN_ID}
        plan = plans(visible.hass).take(arguments[PLAN_ID], visible.asker, goal)
        answer = await _async_shed(visible, goal, _agreed(visible, plan), dry_run=False)
        return {
            **_summary(visible, answer),
            **({} if answer["goal"]["reached"] else {"next": _FURTHER}),
        }


def _devices(given: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(filter(None, (one["device_id"] for one in given)))


def _agreed(visible: VisibleItems, plan: SheddingPlan) -> list[VisibleItem]:
    """Return the assets of a plan that may still be controlled.

    An asset that was already off and is on again is left out: the plan does not cover a snooze.

    Raises:
        ServiceValidationError: there is none.
    """
    found = [visible.items.get(device_id) for device_id in (*plan.assets, *plan.kept)]
    there = [item for item in found if item is not None and SWITCH in item.states]
    off = sheds_of(visible.hass, there)
    agreed = [item for item in there if item.device.id in plan.assets or item.device.id in off]
    if not agreed:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="nothing_exposed")
    return agreed


async def _async_shed(
    visible: VisibleItems, goal: Arguments, items: Iterable[VisibleItem], *, dry_run: bool
) -> Mapping[str, Any]:
    """Call the action of the integration on behalf of the user."""
    data: dict[str, object] = {key: goal[key] for key in _HANDED_ON if key in goal}
    if (line := goal.get("line")) is not None:
        data["line"] = one_named(visible.of_kind(LINE), line).device.id
    answer = await visible.hass.services.async_call(
        DOMAIN,
        "shed_load",
        {
            **data,
            ATTR_ENTITY_ID: [item.states[SWITCH].entity_id for item in items],
            "duration": {"minutes": goal["minutes"]},
            "verify_for": {"seconds": VERIFY_SECONDS},
            "dry_run": dry_run,
        },
        blocking=True,
        return_response=True,
        context=visible.context,
    )
    return answer or {}


def _summary(visible: VisibleItems, answer: Mapping[str, Any]) -> JsonObjectType:
    """Return the response of the action for a model: short, with units."""
    dry_run, given, already = answer["dry_run"], answer["shed"], answer["already_shed"]
    measured = [one["saved"] for one in (*given, *already) if one["saved"] is not None]
    return {
        "done": not dry_run,
        "goal": power_text(answer["goal"]["power"]),
        "goal_reached": answer["goal"]["reached"],
        **listed(
            "would_be_snoozed" if dry_run else "snoozed", (_given(visible, one) for one in given)
        ),
        **listed("already_snoozed", (_given(visible, one) for one in already)),
        "expected_saving": power_text(answer["expected_power"]),
        "measured_saving": UNKNOWN if dry_run or not measured else power_text(sum(measured)),
        **listed(
            "passed_over",
            (
                {"name": display_name(visible, one), "reason": one["reason"]}
                for one in answer["passed_over"]
            ),
        ),
    }


def _given(visible: VisibleItems, one: Mapping[str, Any]) -> JsonValueType:
    end = dt_util.parse_datetime(one["until"])
    return {
        "name": display_name(visible, one),
        "power": power_text(one["power"]),
        "until": UNKNOWN if end is None else local_time(end),
    }
