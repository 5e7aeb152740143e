"""The tool that tells what lines will be able to carry."""

from typing import Final, override

from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..api.heimdall.derive import Lowest
from ..heimdall.backend import HeimdallAccount
from ..heimdall.forecast import MAX_SUMMARY_HOURS, ForecastSummary, Rating
from ..heimdall.rating import Basis, Rated, Ratings, in_force
from ..heimdall.sensor_forecast import ICE_PEAK, LOWEST_SENSORS
from .tool import READS, TEXT, Arguments, OwnTool, listed
from .values import UNKNOWN, local, number
from .visibility import LINE, Item, VisibleItems, named

DEFAULT_HOURS: Final = 24

_WORDS: Final = {
    Basis.CIRCUIT_RATING: "circuit rating",
    Basis.DLR: "dynamic line rating",
    Basis.AAR: "ambient adjusted rating",
    Basis.STATIC_RATING: "static rating",
}


class GetForecast(OwnTool):
    """The lowest capacity of lines in the hours ahead, and the heaviest ice."""

    name = "gridduck_heimdall__get_forecast"
    title = "Get power line forecast"
    description = (
        "Tells the lowest capacity that is forecast for overhead power lines in the next hours, "
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
    async def async_answer(self, sight: VisibleItems, arguments: Arguments) -> JsonObjectType:
        hours: int = arguments["hours"]
        lines = named(sight.of_kind(LINE), arguments.get("line"))
        forecasts = (_forecast(item, sight.facility_of(item), hours) for item in lines)
        return {"hours": hours, **listed("lines", [one for one in forecasts if one is not None])}


def _forecast(line: Item, facility: Item | None, hours: int) -> JsonObjectType | None:
    """Return the forecast of a line; None where nothing of it may be seen."""
    account = line.account
    found = (
        account.forecast_summary(line.device, hours)
        if isinstance(account, HeimdallAccount)
        else None
    )
    ahead = found or ForecastSummary()
    ratings = {
        "dynamic_line_rating": (ahead.dlr, line, Rating.DLR),
        "ambient_adjusted_rating": (ahead.aar, line, Rating.AAR),
        "circuit_rating": (ahead.circuit, facility, Rating.CIRCUIT_RATING),
    }
    seen = {
        label: lowest
        for label, (lowest, item, rating) in ratings.items()
        if item is not None and LOWEST_SENSORS[rating][0].key in item.states
    }
    told: JsonObjectType = {f"lowest_{label}": _lowest(one) for label, one in seen.items()}
    rated = {label: Rated(None if one is None else one.value) for label, one in seen.items()}
    forecast = Ratings(
        circuit=rated.get("circuit_rating"),
        dlr=rated.get("dynamic_line_rating"),
        aar=rated.get("ambient_adjusted_rating"),
        bound=ahead.bound,
    )
    if (capacity := in_force(forecast, ahead.rule)) is not None:
        told["lowest_capacity"] = f"{number(capacity.value, 'A')}, by the {_WORDS[capacity.basis]}"
    if ICE_PEAK.key in line.states:
        ice = ahead.ice
        told["heaviest_ice"] = (
            UNKNOWN if ice is None else f"{number(ice.value, 'kg/m')} at {local(ice.timestamp)}"
        )
    return {"name": line.name, **told} if told else None


def _lowest(lowest: Lowest | None) -> str:
    if lowest is None:
        return UNKNOWN
    return f"{number(lowest.value, 'A')} at {local(lowest.timestamp)}"
