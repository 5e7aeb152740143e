"""The table of data endpoints. Contract: heimdall-api.md §2."""

from dataclasses import dataclass
from typing import Final, Literal

from . import capacity, insights, mechanical
from .asked import Answerer
from .assets import Product
from .query import Takes

ASSETS_PATH: Final = "/assets/v1/assets"
_CAPACITY: Final = "/capacity_monitoring/v1"
_INSIGHTS: Final = "/grid_insights/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A data endpoint: `kind` says whether the id in its path is a line's or a facility's."""

    number: str
    path: str
    product: Product
    takes: Takes
    answer: Answerer

    @property
    def kind(self) -> Literal["line", "facility"]:
        """Return what the id in the path is of."""
        return "facility" if self.number.startswith("F") else "line"

    @property
    def history(self) -> bool:
        """Tell whether this is a history, which may be empty."""
        return Takes.WINDOW in self.takes


def _line(rest: str, module: str = _INSIGHTS) -> str:
    return f"{module}/lines/{{line_id}}/{rest}"


def _facility(rest: str) -> str:
    return f"{_CAPACITY}/facilities/{{facility_id}}/{rest}"


_LATEST_RATING: Final = Takes.SINCE | Takes.QUANTITY
_RATINGS: Final = Takes.WINDOW | Takes.QUANTITY

ENDPOINTS: Final = (
    Endpoint(
        "C1",
        _line("heimdall_dlrs/latest", _CAPACITY),
        Product.DLR,
        _LATEST_RATING | Takes.SPANS,
        capacity.latest_dlr,
    ),
    Endpoint(
        "C2",
        _line("heimdall_dlrs", _CAPACITY),
        Product.DLR,
        _RATINGS | Takes.SPANS,
        capacity.dlr_history,
    ),
    Endpoint(
        "C3",
        _line("heimdall_dlrs/forecasts", _CAPACITY),
        Product.DLR_FORECAST,
        Takes.QUANTITY,
        capacity.dlr_forecast,
    ),
    Endpoint(
        "C4",
        _line("heimdall_aars/latest", _CAPACITY),
        Product.AAR,
        _LATEST_RATING | Takes.SPANS,
        capacity.latest_aar,
    ),
    Endpoint(
        "C5",
        _line("heimdall_aars", _CAPACITY),
        Product.AAR,
        _RATINGS | Takes.SPANS,
        capacity.aar_history,
    ),
    Endpoint(
        "C6",
        _line("heimdall_aars/forecasts", _CAPACITY),
        Product.AAR_FORECAST,
        Takes.QUANTITY,
        capacity.aar_forecast,
    ),
    Endpoint(
        "C7",
        _line("transient_ratings/latest", _CAPACITY),
        Product.TRANSIENT,
        _LATEST_RATING,
        capacity.latest_transient,
    ),
    Endpoint(
        "F1",
        _facility("circuit_ratings/latest"),
        Product.CIRCUIT,
        _LATEST_RATING,
        capacity.latest_circuit,
    ),
    Endpoint(
        "F2", _facility("circuit_ratings"), Product.CIRCUIT, _RATINGS, capacity.circuit_history
    ),
    Endpoint(
        "F3",
        _facility("circuit_ratings/forecasts"),
        Product.CIRCUIT_FORECAST,
        Takes.QUANTITY,
        capacity.circuit_forecast,
    ),
    Endpoint(
        "F4",
        _facility("circuit_transient_ratings/latest"),
        Product.CIRCUIT_TRANSIENT,
        _LATEST_RATING,
        capacity.latest_circuit_transient,
    ),
    Endpoint(
        "G1",
        _line("currents/latest"),
        Product.CURRENT,
        Takes.SINCE | Takes.POINTS,
        insights.latest_current,
    ),
    Endpoint(
        "G2",
        _line("currents"),
        Product.CURRENT,
        Takes.WINDOW | Takes.POINTS,
        insights.current_history,
    ),
    Endpoint(
        "G3",
        _line("conductor_temperatures/latest"),
        Product.TEMPERATURE,
        Takes.SINCE | Takes.UNITS | Takes.POINTS,
        insights.latest_temperature,
    ),
    Endpoint(
        "G4",
        _line("conductor_temperatures"),
        Product.TEMPERATURE,
        Takes.WINDOW | Takes.UNITS | Takes.POINTS,
        insights.temperature_history,
    ),
    Endpoint(
        "G5",
        _line("apparent_power/latest"),
        Product.APPARENT_POWER,
        Takes.SINCE,
        insights.latest_apparent_power,
    ),
    Endpoint(
        "G6",
        _line("apparent_power"),
        Product.APPARENT_POWER,
        Takes.WINDOW,
        insights.apparent_power_history,
    ),
    Endpoint(
        "G7",
        _line("icing/latest"),
        Product.ICING,
        Takes.SINCE | Takes.UNITS,
        mechanical.latest_icing,
    ),
    Endpoint(
        "G8", _line("icing"), Product.ICING, Takes.WINDOW | Takes.UNITS, mechanical.icing_history
    ),
    Endpoint(
        "G9",
        _line("icing/forecast"),
        Product.ICING_FORECAST,
        Takes.UNITS,
        mechanical.icing_forecast,
    ),
    Endpoint(
        "G10",
        _line("sag_and_clearance/latest"),
        Product.SAG,
        Takes.SINCE | Takes.UNITS,
        mechanical.latest_sag,
    ),
    Endpoint(
        "G11",
        _line("sag_and_clearance"),
        Product.SAG,
        Takes.WINDOW | Takes.UNITS,
        mechanical.sag_history,
    ),
)
