"""The tools that plan to shed load, and do it by such a plan."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.helpers.llm import ToolAnnotations
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN

from .acting import MINUTES, WHICH
from .plans import VALID, plans
from .sight import LINE, SWITCH, Sight, quoted
from .tool import MOST, TEXT, Arguments, OwnTool, controlled, one_named
from .values import UNKNOWN, local, number

PLAN_ID: Final = "plan_id"
VERIFY_SECONDS: Final = 60
"""How long the model waits for the power to fall."""

_ABOVE_ZERO: Final = vol.All(vol.Coerce(float), vol.Range(min=0, min_included=False, max=1e12))
_GOAL: Final[dict[vol.Marker, object]] = {
    vol.Optional("power", description="How much to save, W; or give a line"): _ABOVE_ZERO,
    vol.Optional("line", description="The name of the line that is to carry less"): TEXT,
    vol.Optional("current", description="Of the line: how much less, A"): _ABOVE_ZERO,
    vol.Optional("to_loading", description="Of the line: down to what loading, %"): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=200)
    ),
    vol.Required("minutes", description="For how many minutes"): MINUTES,
    vol.Optional(
        "allow_non_interruptible",
        default=False,
        description="Whether assets may give way that are not marked as interruptible",
    ): bool,
    **WHICH,
}
_HANDED_ON: Final = ("power", "current", "to_loading", "allow_non_interruptible")


class PlanLoadShedding(OwnTool):
    """Tells which assets would give way, and hands out the plan to have them do so."""

    name = "gridduck_heimdall__plan_load_shedding"
    title = "Plan load shedding"
    description = (
        "Finds out which GridDuck assets would be snoozed to save a power, or to relieve a power "
        "line; nothing is done. Give exactly one goal: power, or line with current or to_loading. "
        f"Returns a plan_id for shed_load, good for {VALID.seconds // 60} minutes and once. Tell "
        "the user what would be snoozed, and ask, before it is carried out."
    )
    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=False, open_world=False
    )
    parameters = vol.Schema(_GOAL)

    @override
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        answer = await _async_shed(sight, arguments, dry_run=True)
        told = _told(answer)
        if not answer["shed"]:
            return {**told, PLAN_ID: None}
        plan_id = plans(sight.hass).make(sight.asker, arguments)
        return {**told, PLAN_ID: plan_id, "valid_until": local(dt_util.utcnow() + VALID)}


class ShedLoad(OwnTool):
    """Sheds load by a plan."""

    name = "gridduck_heimdall__shed_load"
    title = "Shed load"
    description = (
        "Snoozes GridDuck assets by a plan of plan_load_shedding. Give its plan_id, and the very "
        "same arguments as the plan was made with; without a plan nothing is done."
    )
    annotations = ToolAnnotations(destructive=True, idempotent=False, open_world=True)
    parameters = vol.Schema(
        {
            vol.Required(PLAN_ID, description="What plan_load_shedding has returned"): TEXT,
            **_GOAL,
        }
    )

    @override
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        goal = {key: value for key, value in arguments.items() if key != PLAN_ID}
        plans(sight.hass).take(arguments[PLAN_ID], sight.asker, goal)
        return _told(await _async_shed(sight, goal, dry_run=False))


async def _async_shed(sight: Sight, goal: Arguments, *, dry_run: bool) -> Mapping[str, Any]:
    """Have the integration's own action do it, on behalf of the user."""
    items = controlled(sight, goal)
    data: dict[str, object] = {key: goal[key] for key in _HANDED_ON if key in goal}
    if (line := goal.get("line")) is not None:
        data["line"] = one_named(sight.of_kind(LINE), line).device.id
    answer = await sight.hass.services.async_call(
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
        context=sight.context,
    )
    return answer or {}


def _told(answer: Mapping[str, Any]) -> JsonObjectType:
    """Return an answer of the action as a model needs it: short, with units."""
    passed = answer["passed_over"]
    return {
        "done": not answer["dry_run"],
        "goal": number(answer["goal"]["power"], "W"),
        "goal_reached": answer["goal"]["reached"],
        "snoozed" if not answer["dry_run"] else "would_be_snoozed": [
            _given(one) for one in answer["shed"][:MOST]
        ],
        "already_snoozed": [_given(one) for one in answer["already_shed"][:MOST]],
        "expected_saving": number(answer["expected_power"], "W"),
        "measured_saving": UNKNOWN if answer["dry_run"] else number(answer["saved_power"], "W"),
        "passed_over": [
            {"name": quoted(one["name"]), "reason": one["reason"]} for one in passed[:MOST]
        ],
    }


def _given(one: Mapping[str, Any]) -> JsonValueType:
    end = dt_util.parse_datetime(one["until"])
    return {
        "name": quoted(one["name"]),
        "power": number(one["power"], "W"),
        "until": UNKNOWN if end is None else local(end),
    }
