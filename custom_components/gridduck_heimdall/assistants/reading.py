"""The tools that tell how lines and assets are."""

from typing import Final, override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Context, HomeAssistant
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from custom_components.gridduck_heimdall.api.gridduck import Override, RunningOverride
from custom_components.gridduck_heimdall.events import Cause
from custom_components.gridduck_heimdall.gridduck.account import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.journal import SAME
from custom_components.gridduck_heimdall.shedding.domain import SHEDDING

from .sight import ASSET, LINE, Item, Sight, named, placed, quoted
from .tool import AREA, READS, SITE, TEXT, Arguments, OwnTool, listed
from .values import UNKNOWN, Shown, local, shown

_YES_OR_NO: Final = {STATE_ON: "yes", STATE_OFF: "no"}
_NAME: Final = vol.Optional("name", description="Only what has this name, or a name that holds it")

LINE_VALUES: Final = (
    Shown(label="loading", keys=("loading",)),
    Shown(label="headroom", keys=("headroom",)),
    Shown(label="limited_by", keys=("loading", "headroom"), attribute="limited_by"),
    Shown(label="current", keys=("current",)),
    Shown(label="apparent_power", keys=("apparent_power",)),
    Shown(label="dynamic_line_rating", keys=("dlr",)),
    Shown(label="dynamic_line_rating_is_fallback", keys=("dlr_fallback",), words=_YES_OR_NO),
    Shown(label="ambient_adjusted_rating", keys=("aar",)),
    Shown(label="limiting_span", keys=("limiting_span",)),
    Shown(label="highest_conductor_temperature", keys=("conductor_temperature_max",)),
    Shown(label="ice_load", keys=("ice_load",)),
    Shown(label="smallest_clearance", keys=("clearance_min",)),
    Shown(label="last_measurement", keys=("last_measurement",)),
)
FACILITY_VALUES: Final = (
    Shown(label="circuit_rating", keys=("circuit_rating",)),
    Shown(label="circuit_rating_is_fallback", keys=("circuit_fallback",), words=_YES_OR_NO),
    Shown(label="limiting_component", keys=("limiting_component",)),
)
ASSET_VALUES: Final = (
    Shown(label="state", keys=("switch", "state")),
    Shown(label="power", keys=("power",)),
    Shown(label="energy", keys=("energy",)),
    Shown(label="connected", keys=("connection",), words=_YES_OR_NO),
    Shown(label="last_contact", keys=("last_contact",)),
)
OVERRIDE_KEYS: Final = frozenset({"override", "switch"})
"""Who may see one of these may know what overrides the schedule: a switch boosts and snoozes."""


class GetLines(OwnTool):
    """How lines are loaded and rated."""

    name = "gridduck_heimdall__get_lines"
    title = "Get power lines"
    description = (
        "Tells how overhead power lines are now: loading (share of what a line can carry), "
        "headroom, current, ratings, what limits, whether a rating is a fallback, and the age of "
        "the measurements. Unknown means that no value is recent enough."
    )
    annotations = READS
    parameters = vol.Schema({_NAME: TEXT, AREA: TEXT})

    @override
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        found = placed(sight.of_kind(LINE), area=arguments.get("area"), site=None)
        return listed("lines", (_line(sight, item) for item in named(found, arguments.get("name"))))


class GetAssets(OwnTool):
    """Whether assets are on, what they draw, and what overrides their schedule."""

    name = "gridduck_heimdall__get_assets"
    title = "Get energy assets"
    description = (
        "Tells how GridDuck assets (plugs, circuits, machines in buildings) are now: on or off, "
        "power, whether a boost (on for a while) or snooze (off for a while) runs and until when, "
        "and whether they are connected."
    )
    annotations = READS
    parameters = vol.Schema({_NAME: TEXT, AREA: TEXT, SITE: TEXT})

    @override
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        found = placed(sight.of_kind(ASSET), area=arguments.get("area"), site=arguments.get("site"))
        return listed(
            "assets", (_asset(sight.hass, item) for item in named(found, arguments.get("name")))
        )


class GetOverrides(OwnTool):
    """What is boosted or snoozed now, by whom and why."""

    name = "gridduck_heimdall__get_overrides"
    title = "Get boosts and snoozes"
    description = (
        "Lists the GridDuck assets that are boosted (on for a while) or snoozed (off for a while) "
        "now, until when, by whom, and why where that is known."
    )
    annotations = READS
    parameters = vol.Schema({AREA: TEXT, SITE: TEXT})

    @override
    async def async_answer(self, sight: Sight, arguments: Arguments) -> JsonObjectType:
        found = placed(sight.of_kind(ASSET), area=arguments.get("area"), site=arguments.get("site"))
        return listed(
            "overrides",
            [
                {
                    **_place(item),
                    **override_told(running),
                    **await _async_cause(sight.hass, item, running),
                }
                for item in found
                if (running := running_override(item)) is not None
            ],
        )


def running_override(item: Item) -> RunningOverride | None:
    """Return the boost or snooze of an asset, as far as it may be seen and is known."""
    if not isinstance(item.account, GridDuckAccount) or OVERRIDE_KEYS.isdisjoint(item.states):
        return None
    assets = item.account.assets
    asset = assets.data.get(item.id)
    if asset is None or not asset.connected or not assets.serving:
        return None
    return assets.control(asset).running


def _line(sight: Sight, item: Item) -> JsonObjectType:
    facility = sight.facility_of(item)
    return {
        **_place(item),
        **shown(sight.hass, item, LINE_VALUES),
        **({} if facility is None else shown(sight.hass, facility, FACILITY_VALUES)),
    }


def _asset(hass: HomeAssistant, item: Item) -> JsonObjectType:
    values = shown(hass, item, ASSET_VALUES)
    if OVERRIDE_KEYS & item.states.keys() and values.get("state", "") != UNKNOWN:
        values |= override_told(running_override(item))
    return {**_place(item), **values}


def _place(item: Item) -> JsonObjectType:
    places = {"site": item.site, "area": item.area}
    return {"name": item.name, **{label: place for label, place in places.items() if place}}


def override_told(running: RunningOverride | None) -> JsonObjectType:
    """Return what overrides a schedule, and until when."""
    if running is None:
        return {"override": Override.NONE.value}
    return {"override": running.kind.value, "until": local(running.end)}


async def _async_cause(hass: HomeAssistant, item: Item, running: RunningOverride) -> JsonObjectType:
    account = item.account
    cause = (
        account.journal.cause_of(item.id, running) if isinstance(account, GridDuckAccount) else None
    )
    why = next(
        (
            shed.why
            for shed in hass.data[SHEDDING].sheds
            if shed.asset_id == item.id
            and shed.entry_id == account.entry.entry_id
            and abs(shed.until - running.end) < SAME
        ),
        "",
    )
    told: JsonObjectType = {"by": await _async_by(hass, cause)}
    return told | ({"why": f"Load was shed. {why}"} if why else {})


async def _async_by(hass: HomeAssistant, cause: Cause | None) -> str:
    """Return who did something: the person, or else the automation or script."""
    if cause is None:
        return "unknown: in GridDuck itself, or before Home Assistant was started"
    context = cause.context or Context()
    if context.user_id is not None:
        user = await hass.auth.async_get_user(context.user_id)
        return UNKNOWN if user is None else quoted(user.name) or UNKNOWN
    origin = context.origin_event
    name = None if origin is None else origin.data.get("name")
    return quoted(str(name or "")) or "Home Assistant"
