"""Tools that boost, snooze and resume assets."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.llm import ToolAnnotations
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..actions.control import MAX_DURATION
from ..const import DOMAIN
from .override import control_of, override_values
from .tool import AREA, SITE, TEXT, Arguments, OwnTool, controlled, display_name, listed
from .visibility import SWITCH, VisibleItem, VisibleItems

_LONGEST: Final = MAX_DURATION // timedelta(minutes=1)
_MOST: Final = 20

WHICH: Final[dict[vol.Marker, object]] = {
    vol.Optional("names", description="The names of the assets, as in get_assets"): vol.All(
        [TEXT], vol.Length(min=1, max=_MOST)
    ),
    AREA: TEXT,
    SITE: TEXT,
}
MINUTES: Final = vol.All(vol.Coerce(int), vol.Range(min=1, max=_LONGEST))
_FOR: Final = vol.Required("minutes", description=f"For how many minutes from now, 1 to {_LONGEST}")


class _Control(OwnTool):
    """A tool that controls assets by one of the integration's actions."""

    action: str
    # A running override is replaced; repeating the call does not restore it.
    annotations = ToolAnnotations(destructive=True, idempotent=False, open_world=True)

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        if not arguments.keys() & {"names", "area", "site"}:
            # An empty filter would control every asset by accident.
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="assets_not_said"
            )
        chosen = controlled(visible, arguments)
        items = chosen.items
        data: dict[str, object] = {ATTR_ENTITY_ID: [one.states[SWITCH].entity_id for one in items]}
        if (minutes := arguments.get("minutes")) is not None:
            data["duration"] = {"minutes": minutes}
        answer = await visible.hass.services.async_call(
            DOMAIN,
            self.action,
            data,
            blocking=True,
            return_response=True,
            context=visible.context,
        )
        return {
            "done": self.action,
            **_summary(visible, answer or {}, items),
            **chosen.unknown_names(),
        }


def _summary(
    visible: VisibleItems, answer: Mapping[str, Any], items: Iterable[VisibleItem]
) -> JsonObjectType:
    """Return the result for each asset, without empty lists."""
    failed, passed = answer.get("failed", ()), answer.get("passed_over", ())
    others = {one["device_id"] for one in (*failed, *passed)}
    done = [item for item in items if item.device.id not in others]
    return {
        **listed(
            "assets", ({"name": item.name, **override_values(control_of(item))} for item in done)
        ),
        **(listed("failed", (_named(visible, one, "message") for one in failed)) if failed else {}),
        **(
            listed("passed_over", (_named(visible, one, "reason") for one in passed))
            if passed
            else {}
        ),
    }


def _named(visible: VisibleItems, one: Mapping[str, Any], key: str) -> JsonValueType:
    return {"name": display_name(visible, one), key: one[key]}


class Boost(_Control):
    """Boost assets."""

    name = "gridduck_heimdall__boost"
    title = "Boost energy assets"
    description = "Turns GridDuck assets on for a while; afterwards each goes back to its schedule."
    action = "boost"
    parameters = vol.Schema({**WHICH, _FOR: MINUTES})


class Snooze(_Control):
    """Snooze assets."""

    name = "gridduck_heimdall__snooze"
    title = "Snooze energy assets"
    description = (
        "Turns GridDuck assets off for a while; afterwards each goes back to its schedule. To "
        "relieve a power line or to save a certain power, use plan_load_shedding and shed_load "
        "instead."
    )
    action = "snooze"
    parameters = vol.Schema({**WHICH, _FOR: MINUTES})


class Resume(_Control):
    """Resume assets."""

    name = "gridduck_heimdall__resume"
    title = "End boosts and snoozes"
    description = "Ends the boosts and snoozes of GridDuck assets: each goes back to its schedule."
    annotations = ToolAnnotations(destructive=True, idempotent=True, open_world=True)
    action = "resume"
    parameters = vol.Schema(WHICH)
