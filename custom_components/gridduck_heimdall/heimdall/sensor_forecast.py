"""Sensors of the forecasts of a line or a circuit."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from ..api.heimdall.models.forecasts import ForecastLevel
from ..core.entity_choice import Tier
from .descriptions import AMPERES, ICE_LOAD, TIME, HeimdallSensorDescription
from .forecast import (
    AAR_AHEAD,
    CIRCUIT_AHEAD,
    DLR_AHEAD,
    Peak,
    Rating,
    RatingForecast,
    ice_peak,
    shown_time,
)
from .inventory import FacilityItem, GridItem, LineItem
from .products import ICING_FORECAST
from .target_data import TargetData

type Sensors[ItemT: GridItem] = tuple[HeimdallSensorDescription[ItemT], ...]


def _lowest[ItemT: GridItem](
    key: str, forecast: RatingForecast[Any], tier: Tier = Tier.STANDARD
) -> Sensors[ItemT]:
    """Return the sensors of one forecast: the lowest value, its time, and the cautious value."""

    def value(target: TargetData[Any]) -> float | None:
        return None if (found := forecast.lowest(target)) is None else found.value

    def time(target: TargetData[Any]) -> datetime | None:
        found = forecast.lowest(target)
        return None if found is None else shown_time(found.timestamp)

    def cautious(target: TargetData[Any]) -> float | None:
        found = forecast.lowest(target, level=ForecastLevel.P95)
        return None if found is None else found.value

    return (
        HeimdallSensorDescription(
            key=key,
            translation_key=key,
            tier=tier,
            needs=(forecast.product,),
            value_fn=value,
            **AMPERES,
        ),
        HeimdallSensorDescription(
            key=f"{key}_time",
            translation_key=f"{key}_time",
            needs=(forecast.product,),
            value_fn=time,
            ahead=True,
            **TIME,
        ),
        HeimdallSensorDescription(
            key=f"{key}_p95",
            translation_key=f"{key}_p95",
            tier=Tier.DETAIL,
            entity_registry_enabled_default=False,
            needs=(forecast.product,),
            value_fn=cautious,
            **AMPERES,
        ),
    )


_DLR: Final[Sensors[LineItem]] = _lowest("dlr_forecast_lowest", DLR_AHEAD, Tier.ESSENTIAL)
_AAR: Final[Sensors[LineItem]] = _lowest("aar_forecast_lowest", AAR_AHEAD)
_CIRCUIT: Final[Sensors[FacilityItem]] = _lowest("circuit_forecast_lowest", CIRCUIT_AHEAD)

LOWEST_SENSORS: Final[Mapping[Rating, Sensors[Any]]] = {
    Rating.DLR: _DLR,
    Rating.AAR: _AAR,
    Rating.CIRCUIT_RATING: _CIRCUIT,
}
"""The sensors of each forecast, first the one that shows the lowest value."""


def _of_peak[ValueT](
    value: Callable[[Peak], ValueT],
) -> Callable[[TargetData[LineItem]], ValueT | None]:
    def value_fn(line: TargetData[LineItem]) -> ValueT | None:
        return None if (peak := ice_peak(line)) is None else value(peak)

    return value_fn


ICE_PEAK: Final = HeimdallSensorDescription[LineItem](
    key="ice_load_forecast_peak",
    translation_key="ice_load_forecast_peak",
    needs=(ICING_FORECAST,),
    value_fn=_of_peak(lambda peak: peak.value),
    **ICE_LOAD,
)

LINE_SENSORS: Final[Sensors[LineItem]] = (
    *_DLR,
    *_AAR,
    ICE_PEAK,
    HeimdallSensorDescription(
        key="ice_load_forecast_peak_time",
        translation_key="ice_load_forecast_peak_time",
        needs=(ICING_FORECAST,),
        value_fn=_of_peak(lambda peak: shown_time(peak.timestamp)),
        ahead=True,
        **TIME,
    ),
)

FACILITY_SENSORS: Final = _CIRCUIT
