"""The tools that boost, snooze and resume assets."""

from datetime import timedelta
from typing import Final, override

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.llm import ToolAnnotations
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from custom_components.gridduck_heimdall.actions.control import MAX_DURATION
from custom_components.gridduck_heimdall.const import DOMAIN

from .override import control_of, override_told
from .sight import SWITCH, Sight
from .tool import AREA, SITE, TEXT, Arguments, OwnTool, controlled, listed

_LONGEST: Final = MAX_DURATION // timedelta(minutes=1)
_MOST: Final = 20

WHICH: Final[dict[vol.Marker, object]] = {
    vol.Optional("names", description="The names of the assets, as get_assets tells them"): vol.All(
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
    # What runs is replaced; nothing is brought back by calling it again.
    annotations = ToolAnnotations(destructive=True, idempotent=False, open_world=True)

    @override
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        if not arguments.keys() & {"names", "area", "site"}:
            # All of them is too much for an oversight.
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="assets_not_said"
            )
        items = controlled(sight, arguments)
        data: dict[str, object] = {ATTR_ENTITY_ID: [one.states[SWITCH].entity_id for one in items]}
        if (minutes := arguments.get("minutes")) is not None:
            data["duration"] = {"minutes": minutes}
        await sight.hass.services.async_call(
            DOMAIN, self.action, data, blocking=True, context=sight.context
        )
        return {
            "done": self.action,
            **listed(
                "assets",
                ({"name": item.name, **override_told(control_of(item))} for item in items),
            ),
        }


class Boost(_Control):
    """Turns assets on for a while."""

    name = "gridduck_heimdall__boost"
    title = "Boost energy assets"
    description = "Turns GridDuck assets on for a while; afterwards each goes back to its schedule."
    action = "boost"
    parameters = vol.Schema({**WHICH, _FOR: MINUTES})


class Snooze(_Control):
    """Turns assets off for a while."""

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
    """Ends boosts and snoozes."""

    name = "gridduck_heimdall__resume"
    title = "End boosts and snoozes"
    description = "Ends the boosts and snoozes of GridDuck assets: each goes back to its schedule."
    annotations = ToolAnnotations(destructive=True, idempotent=True, open_world=True)
    action = "resume"
    parameters = vol.Schema(WHICH)
