"""The 23 endpoints of the service. Contract: heimdall-api.md §2."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from .decoding import ForecastDecoder, PayloadDecoder
from .endpoint import Endpoint, Include, ResponseKind, Target
from .models.assets import Assets
from .models.common import Payload
from .models.forecasts import (
    CircuitRatingForecasts,
    HeimdallAarForecasts,
    HeimdallDlrForecasts,
    RatingForecast,
)
from .models.insights import (
    LatestConductorTemperature,
    LatestLineApparentPower,
    LatestLineCurrent,
    LatestLineIcing,
    LatestLineSagAndClearance,
    LineApparentPowers,
    LineConductorTemperatures,
    LineCurrents,
    LineIcingForecast,
    LineIcings,
    LineSagAndClearances,
)
from .models.ratings import (
    CircuitRatings,
    HeimdallAars,
    HeimdallDlrs,
    LatestCircuitRating,
    LatestCircuitTransientRating,
    LatestHeimdallAar,
    LatestHeimdallDlr,
    LatestLineTransientRating,
)
from .units import Dimension

_LATEST, _HISTORY, _FORECAST = ResponseKind.LATEST, ResponseKind.HISTORY, ResponseKind.FORECAST
_SPANS, _POINTS = Include.SPANS, Include.MEASUREMENT_POINTS


def _line_rating[T: Payload](
    endpoint_id: str,
    path: str,
    kind: ResponseKind,
    payload: type[T],
    include: Include | None = None,
) -> Endpoint[T]:
    return Endpoint(
        id=endpoint_id,
        path="/capacity_monitoring/v1/lines/{id}/" + path,
        target=Target.LINE,
        kind=kind,
        decoder=PayloadDecoder(payload),
        takes_quantity=True,
        dimension=Dimension.CURRENT,
        include=include,
    )


def _circuit_rating[T: Payload](
    endpoint_id: str, path: str, kind: ResponseKind, payload: type[T]
) -> Endpoint[T]:
    return Endpoint(
        id=endpoint_id,
        path="/capacity_monitoring/v1/facilities/{id}/" + path,
        target=Target.FACILITY,
        kind=kind,
        decoder=PayloadDecoder(payload),
        takes_quantity=True,
        dimension=Dimension.CURRENT,
    )


def _insight[T: Payload](
    endpoint_id: str,
    path: str,
    kind: ResponseKind,
    payload: type[T],
    include: Include | None = None,
    *,
    dimension: Dimension | None = None,
    units: bool = False,
    by_phase: bool = False,
) -> Endpoint[T]:
    return Endpoint(
        id=endpoint_id,
        path="/grid_insights/v1/lines/{id}/" + path,
        target=Target.LINE,
        kind=kind,
        decoder=PayloadDecoder(payload),
        takes_unit_system=units,
        dimension=dimension,
        include=include,
        by_phase=by_phase,
    )


def _packed(full: Endpoint[Any]) -> Endpoint[RatingForecast]:
    """Return an endpoint that packs the hours of its response, as a poll holds them."""
    return replace(full, decoder=ForecastDecoder(full.decoder))


ASSETS: Final = Endpoint(
    id="A1",
    path="/assets/v1/assets",
    target=Target.ACCOUNT,
    kind=ResponseKind.ASSETS,
    decoder=PayloadDecoder(Assets),
)

LATEST_DLR: Final = _line_rating("C1", "heimdall_dlrs/latest", _LATEST, LatestHeimdallDlr, _SPANS)
DLRS: Final = _line_rating("C2", "heimdall_dlrs", _HISTORY, HeimdallDlrs, _SPANS)
FULL_DLR_FORECAST: Final = _line_rating(
    "C3", "heimdall_dlrs/forecasts", _FORECAST, HeimdallDlrForecasts
)
DLR_FORECAST: Final = _packed(FULL_DLR_FORECAST)
LATEST_AAR: Final = _line_rating("C4", "heimdall_aars/latest", _LATEST, LatestHeimdallAar, _SPANS)
AARS: Final = _line_rating("C5", "heimdall_aars", _HISTORY, HeimdallAars, _SPANS)
FULL_AAR_FORECAST: Final = _line_rating(
    "C6", "heimdall_aars/forecasts", _FORECAST, HeimdallAarForecasts
)
AAR_FORECAST: Final = _packed(FULL_AAR_FORECAST)
LATEST_TRANSIENT_RATING: Final = _line_rating(
    "C7", "transient_ratings/latest", _LATEST, LatestLineTransientRating
)

LATEST_CIRCUIT_RATING: Final = _circuit_rating(
    "F1", "circuit_ratings/latest", _LATEST, LatestCircuitRating
)
CIRCUIT_RATINGS: Final = _circuit_rating("F2", "circuit_ratings", _HISTORY, CircuitRatings)
FULL_CIRCUIT_RATING_FORECAST: Final = _circuit_rating(
    "F3", "circuit_ratings/forecasts", _FORECAST, CircuitRatingForecasts
)
CIRCUIT_RATING_FORECAST: Final = _packed(FULL_CIRCUIT_RATING_FORECAST)
LATEST_CIRCUIT_TRANSIENT_RATING: Final = _circuit_rating(
    "F4", "circuit_transient_ratings/latest", _LATEST, LatestCircuitTransientRating
)

LATEST_CURRENT: Final = _insight(
    "G1", "currents/latest", _LATEST, LatestLineCurrent, _POINTS, dimension=Dimension.CURRENT
)
CURRENTS: Final = _insight(
    "G2", "currents", _HISTORY, LineCurrents, _POINTS, dimension=Dimension.CURRENT
)
LATEST_TEMPERATURE: Final = _insight(
    "G3",
    "conductor_temperatures/latest",
    _LATEST,
    LatestConductorTemperature,
    _POINTS,
    dimension=Dimension.TEMPERATURE,
    units=True,
)
TEMPERATURES: Final = _insight(
    "G4",
    "conductor_temperatures",
    _HISTORY,
    LineConductorTemperatures,
    _POINTS,
    dimension=Dimension.TEMPERATURE,
    units=True,
)
LATEST_APPARENT_POWER: Final = _insight(
    "G5", "apparent_power/latest", _LATEST, LatestLineApparentPower, dimension=Dimension.POWER
)
APPARENT_POWERS: Final = _insight(
    "G6", "apparent_power", _HISTORY, LineApparentPowers, dimension=Dimension.POWER
)
LATEST_ICING: Final = _insight("G7", "icing/latest", _LATEST, LatestLineIcing, units=True)
ICINGS: Final = _insight("G8", "icing", _HISTORY, LineIcings, units=True, by_phase=True)
ICING_FORECAST: Final = _insight("G9", "icing/forecast", _FORECAST, LineIcingForecast, units=True)
LATEST_SAG_AND_CLEARANCE: Final = _insight(
    "G10", "sag_and_clearance/latest", _LATEST, LatestLineSagAndClearance, units=True
)
SAGS_AND_CLEARANCES: Final = _insight(
    "G11", "sag_and_clearance", _HISTORY, LineSagAndClearances, units=True, by_phase=True
)

ENDPOINTS: Final[Mapping[str, Endpoint[Payload]]] = MappingProxyType(
    {
        endpoint.id: endpoint
        for endpoint in (
            ASSETS,
            LATEST_DLR,
            DLRS,
            DLR_FORECAST,
            LATEST_AAR,
            AARS,
            AAR_FORECAST,
            LATEST_TRANSIENT_RATING,
            LATEST_CIRCUIT_RATING,
            CIRCUIT_RATINGS,
            CIRCUIT_RATING_FORECAST,
            LATEST_CIRCUIT_TRANSIENT_RATING,
            LATEST_CURRENT,
            CURRENTS,
            LATEST_TEMPERATURE,
            TEMPERATURES,
            LATEST_APPARENT_POWER,
            APPARENT_POWERS,
            LATEST_ICING,
            ICINGS,
            ICING_FORECAST,
            LATEST_SAG_AND_CLEARANCE,
            SAGS_AND_CLEARANCES,
        )
    }
)
"""All endpoints by their id in the contract."""
