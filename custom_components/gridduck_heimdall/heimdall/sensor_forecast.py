"""Sensors of the forecasts of a line or a circuit."""

from collections.abc import Callable
from typing import Any, Final

from ..api.heimdall.models.forecasts import ForecastLevel, Lowest
from ..core.description import ForecastKind
from ..core.entity_choice import Tier
from ..core.line_forecast import Extreme
from .descriptions import AMPERES, ICE_LOAD, TIME, HeimdallSensorDescription
from .forecast import FORECASTS, ice_peak, lowest_ahead, shown_time
from .inventory import FacilityItem, GridItem, LineItem
from .latest import TargetData
from .products import ICING_FORECAST, Product

type Sensors[ItemT: GridItem] = tuple[HeimdallSensorDescription[ItemT], ...]


def _of_lowest[ValueT](
    product: Product[Any],
    value: Callable[[Lowest], ValueT],
    level: ForecastLevel = ForecastLevel.PREDICTION,
) -> Callable[[TargetData[Any]], ValueT | None]:
    def value_fn(target: TargetData[Any]) -> ValueT | None:
        lowest = lowest_ahead(target, product, level=level)
        return None if lowest is None else value(lowest)

    return value_fn


def _lowest[ItemT: GridItem](
    key: str, kind: ForecastKind, tier: Tier = Tier.STANDARD
) -> Sensors[ItemT]:
    """Return the sensors of one forecast: the lowest value, its time, and the cautious value."""
    product = FORECASTS[kind]
    return (
        HeimdallSensorDescription(
            key=key,
            translation_key=key,
            tier=tier,
            forecast=kind,
            needs=(product,),
            value_fn=_of_lowest(product, lambda lowest: lowest.value),
            **AMPERES,
        ),
        HeimdallSensorDescription(
            key=f"{key}_time",
            translation_key=f"{key}_time",
            forecast=kind,
            needs=(product,),
            value_fn=_of_lowest(product, lambda lowest: shown_time(lowest.timestamp)),
            ahead=True,
            **TIME,
        ),
        HeimdallSensorDescription(
            key=f"{key}_p95",
            translation_key=f"{key}_p95",
            tier=Tier.DETAIL,
            forecast=kind,
            entity_registry_enabled_default=False,
            needs=(product,),
            value_fn=_of_lowest(product, lambda lowest: lowest.value, ForecastLevel.P95),
            **AMPERES,
        ),
    )


_DLR: Final[Sensors[LineItem]] = _lowest("dlr_forecast_lowest", ForecastKind.DLR, Tier.ESSENTIAL)
_AAR: Final[Sensors[LineItem]] = _lowest("aar_forecast_lowest", ForecastKind.AAR)
_CIRCUIT: Final[Sensors[FacilityItem]] = _lowest(
    "circuit_forecast_lowest", ForecastKind.CIRCUIT_RATING
)


def _of_peak[ValueT](
    value: Callable[[Extreme], ValueT],
) -> Callable[[TargetData[LineItem]], ValueT | None]:
    def value_fn(line: TargetData[LineItem]) -> ValueT | None:
        return None if (peak := ice_peak(line)) is None else value(peak)

    return value_fn


LINE_SENSORS: Final[Sensors[LineItem]] = (
    *_DLR,
    *_AAR,
    HeimdallSensorDescription(
        key="ice_load_forecast_peak",
        translation_key="ice_load_forecast_peak",
        forecast=ForecastKind.ICE_LOAD,
        needs=(ICING_FORECAST,),
        value_fn=_of_peak(lambda peak: peak.value),
        **ICE_LOAD,
    ),
    HeimdallSensorDescription(
        key="ice_load_forecast_peak_time",
        translation_key="ice_load_forecast_peak_time",
        forecast=ForecastKind.ICE_LOAD,
        needs=(ICING_FORECAST,),
        value_fn=_of_peak(lambda peak: shown_time(peak.timestamp)),
        ahead=True,
        **TIME,
    ),
)

FACILITY_SENSORS: Final = _CIRCUIT
