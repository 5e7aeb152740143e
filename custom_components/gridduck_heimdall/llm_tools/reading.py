"""Tools that read lines and assets."""

from typing import Final, override

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..backends import descriptions
from ..core.line_account import LineAccount
from .override import OVERRIDE_KEYS, async_cause, control_of, override_values, sheds_of
from .tool import AREA, READS, SITE, TEXT, Arguments, OwnTool, listed
from .values import shown, shown_by, with_age
from .visibility import ASSET, FACILITY, LINE, VisibleItem, VisibleItems, named, placed

_NAME: Final = vol.Optional("name", description="Only what has this name, or a name that holds it")

LINE_VALUES: Final = shown_by(one for kind, one in descriptions() if kind == LINE)
FACILITY_VALUES: Final = shown_by(one for kind, one in descriptions() if kind == FACILITY)
ASSET_VALUES: Final = shown_by(one for kind, one in descriptions() if kind == ASSET)


class GetLines(OwnTool):
    """Loading and ratings of lines."""

    name = "gridduck_heimdall__get_lines"
    title = "Get power lines"
    description = (
        "Returns the state of overhead power lines: loading (share of what a line can carry), "
        "headroom, current, ratings, what limits, whether a rating is a fallback, and the age of "
        "the measurements. Unknown means that no value is recent enough."
    )
    annotations = READS
    parameters = vol.Schema({_NAME: TEXT, AREA: TEXT})

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        found = placed(visible.of_kind(LINE), area=arguments.get("area"), site=None)
        return listed(
            "lines", (_line(visible, item) for item in named(found, arguments.get("name")))
        )


class GetAssets(OwnTool):
    """State, power and overrides of assets."""

    name = "gridduck_heimdall__get_assets"
    title = "Get energy assets"
    description = (
        "Returns the state of GridDuck assets (plugs, circuits, machines in buildings): on or off, "
        "power, whether a boost (on for a while) or snooze (off for a while) runs and until when, "
        "and whether they are connected."
    )
    annotations = READS
    parameters = vol.Schema({_NAME: TEXT, AREA: TEXT, SITE: TEXT})

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        found = placed(
            visible.of_kind(ASSET), area=arguments.get("area"), site=arguments.get("site")
        )
        return listed(
            "assets", (_asset(visible.hass, item) for item in named(found, arguments.get("name")))
        )


class GetOverrides(OwnTool):
    """Running overrides, with author and reason."""

    name = "gridduck_heimdall__get_overrides"
    title = "Get boosts and snoozes"
    description = (
        "Lists the GridDuck assets that are boosted (on for a while) or snoozed (off for a while) "
        "now, until when, by whom, and why where that is known."
    )
    annotations = READS
    parameters = vol.Schema({AREA: TEXT, SITE: TEXT})

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        found = placed(
            visible.of_kind(ASSET), area=arguments.get("area"), site=arguments.get("site")
        )
        sheds = sheds_of(visible.hass, found)
        return listed(
            "overrides",
            [
                {
                    **_place(item),
                    **override_values(control),
                    **await async_cause(visible.hass, item, running, sheds.get(item.device.id)),
                }
                for item in found
                if (control := control_of(item)) is not None
                and (running := control.running) is not None
            ],
        )


def _line(visible: VisibleItems, item: VisibleItem) -> JsonObjectType:
    facility, values = visible.facility_of(item), shown(visible.hass, item, LINE_VALUES)
    if "last_measurement" not in values and "current" in values:
        # Its sensor is disabled by default.
        values |= _measured_at(item)
    return {
        **_place(item),
        **values,
        **({} if facility is None else shown(visible.hass, facility, FACILITY_VALUES)),
    }


def _measured_at(item: VisibleItem) -> JsonObjectType:
    account = item.account
    state = account.line_state(item.device) if isinstance(account, LineAccount) else None
    if state is None or state.measured_at is None:
        return {}
    return {"last_measurement": with_age(state.measured_at)}


def _asset(hass: HomeAssistant, item: VisibleItem) -> JsonObjectType:
    values = shown(hass, item, ASSET_VALUES)
    if not OVERRIDE_KEYS.isdisjoint(item.states):
        values |= override_values(control_of(item))
    return {**_place(item), **values}


def _place(item: VisibleItem) -> JsonObjectType:
    # The area of an asset is its site by default.
    places = {"site": item.site, "area": None if item.area == item.site else item.area}
    return {"name": item.name, **{label: place for label, place in places.items() if place}}
