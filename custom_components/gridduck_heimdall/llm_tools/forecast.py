"""Tool for the forecast capacity of lines."""

from typing import Final, override

from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..backends import forecast_descriptions
from ..core.description import ForecastKind
from ..core.line_account import LineAccount
from ..core.line_forecast import MAX_SUMMARY_HOURS, Extreme
from ..core.texts import local_time
from .tool import READS, TEXT, Arguments, OwnTool, listed
from .values import UNKNOWN, number
from .visibility import LINE, VisibleItem, VisibleItems, named

DEFAULT_HOURS: Final = 24

_RATINGS: Final = {
    "circuit_rating": "circuit rating",
    "dlr": "dynamic line rating",
    "aar": "ambient adjusted rating",
    "static_rating": "static rating",
}
"""Names of the ratings, by `Capacity.basis`."""


class GetForecast(OwnTool):
    """The lowest capacity of lines in the hours ahead, and the heaviest ice."""

    name = "gridduck_heimdall__get_forecast"
    title = "Get power line forecast"
    description = (
        "Returns the lowest capacity that is forecast for overhead power lines in the next hours, "
        "by rating and with the hour of it, and the heaviest ice that is forecast."
    )
    annotations = READS
    parameters = vol.Schema(
        {
            vol.Optional("line", description="Only the line with this name"): TEXT,
            vol.Optional(
                "hours",
                default=DEFAULT_HOURS,
                description=f"How many hours ahead, 1 to {MAX_SUMMARY_HOURS}",
            ): vol.All(vol.Coerce(int), vol.Range(min=1, max=MAX_SUMMARY_HOURS)),
        }
    )

    @override
    async def async_answer(self, visible: VisibleItems, arguments: Arguments) -> JsonObjectType:
        hours: int = arguments["hours"]
        lines = named(visible.of_kind(LINE), arguments.get("line"))
        forecasts = (_forecast(item, visible.facility_of(item), hours) for item in lines)
        return {"hours": hours, **listed("lines", [one for one in forecasts if one is not None])}


def _forecast(line: VisibleItem, facility: VisibleItem | None, hours: int) -> JsonObjectType | None:
    """Return the forecast of a line; None if the assistant can see nothing of it."""
    account = line.account
    summary = (
        account.forecast_summary(line.device, hours) if isinstance(account, LineAccount) else None
    )
    extremes = {} if summary is None else summary.extremes
    ratings = {
        ForecastKind.DLR: ("lowest_dynamic_line_rating", line),
        ForecastKind.AAR: ("lowest_ambient_adjusted_rating", line),
        ForecastKind.CIRCUIT_RATING: ("lowest_circuit_rating", facility),
    }
    visible = {kind: label for kind, (label, item) in ratings.items() if _is_visible(kind, item)}
    answer: JsonObjectType = {
        label: _value(extremes.get(kind), "A") for kind, label in visible.items()
    }
    capacity = None if summary is None else summary.capacity(visible)
    if capacity is not None:
        rating = _RATINGS[capacity.basis]
        answer["lowest_capacity"] = f"{number(capacity.value, 'A')}, by the {rating}"
    if _is_visible(ForecastKind.ICE_LOAD, line):
        answer["heaviest_ice"] = _value(extremes.get(ForecastKind.ICE_LOAD), "kg/m")
    return {"name": line.name, **answer} if answer else None


def _is_visible(kind: ForecastKind, item: VisibleItem | None) -> bool:
    """Return whether the assistant can see the sensor of the extreme value of a forecast."""
    return item is not None and forecast_descriptions(kind)[0].key in item.states


def _value(extreme: Extreme | None, unit: str) -> str:
    if extreme is None:
        return UNKNOWN
    return f"{number(extreme.value, unit)} at {local_time(extreme.timestamp)}"
