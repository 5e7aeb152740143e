"""Sensors of the forecasts of a line or a circuit."""

from functools import partial
from typing import Final

from ..api.heimdall.models.forecasts import ForecastLevel
from ..core.description import ForecastKind
from ..core.entity_choice import Tier
from .descriptions import AMPERES, ICE_LOAD, TIME, HeimdallSensorDescription
from .forecast import FORECASTS, ice_peak, ice_peak_time, lowest_time, lowest_value
from .inventory import FacilityItem, GridItem, LineItem
from .products import ICING_FORECAST

type Sensors[ItemT: GridItem] = tuple[HeimdallSensorDescription[ItemT], ...]


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
            value_fn=partial(lowest_value, product, ForecastLevel.PREDICTION),
            **AMPERES,
        ),
        HeimdallSensorDescription(
            key=f"{key}_time",
            translation_key=f"{key}_time",
            forecast=kind,
            needs=(product,),
            value_fn=partial(lowest_time, product),
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
            value_fn=partial(lowest_value, product, ForecastLevel.P95),
            **AMPERES,
        ),
    )


_DLR: Final[Sensors[LineItem]] = _lowest("dlr_forecast_lowest", ForecastKind.DLR, Tier.ESSENTIAL)
_AAR: Final[Sensors[LineItem]] = _lowest("aar_forecast_lowest", ForecastKind.AAR)
_CIRCUIT: Final[Sensors[FacilityItem]] = _lowest(
    "circuit_forecast_lowest", ForecastKind.CIRCUIT_RATING
)


LINE_SENSORS: Final[Sensors[LineItem]] = (
    *_DLR,
    *_AAR,
    HeimdallSensorDescription(
        key="ice_load_forecast_peak",
        translation_key="ice_load_forecast_peak",
        forecast=ForecastKind.ICE_LOAD,
        needs=(ICING_FORECAST,),
        value_fn=lambda line: None if (peak := ice_peak(line)) is None else peak.value,
        **ICE_LOAD,
    ),
    HeimdallSensorDescription(
        key="ice_load_forecast_peak_time",
        translation_key="ice_load_forecast_peak_time",
        forecast=ForecastKind.ICE_LOAD,
        needs=(ICING_FORECAST,),
        value_fn=ice_peak_time,
        ahead=True,
        **TIME,
    ),
)

FACILITY_SENSORS: Final = _CIRCUIT
