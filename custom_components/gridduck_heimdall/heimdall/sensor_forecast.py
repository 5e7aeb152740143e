"""The sensors that show what is to be expected of a line or a circuit."""

from collections.abc import Callable, Iterable
from typing import Final

from ..api.heimdall.derive import ForecastValue
from ..api.heimdall.models.common import Payload
from ..api.heimdall.models.forecasts import ForecastBucket, ForecastLevel
from .descriptions import AMPERES, ICE_LOAD, TIME, HeimdallSensorDescription
from .forecast import lowest_ahead, peak_ahead, shown_time
from .inventory import FacilityItem, GridItem, LineItem
from .products import AAR_FORECAST, CIRCUIT_FORECAST, DLR_FORECAST, Product


def _lowest[ItemT: GridItem, T: Payload, Value: ForecastValue](
    key: str,
    product: Product[T],
    buckets: Callable[[T], Iterable[ForecastBucket[Value]]],
) -> tuple[HeimdallSensorDescription[ItemT], ...]:
    """Return the sensors of one forecast: the lowest value, when it is, and the cautious one."""
    return (
        HeimdallSensorDescription(
            key=key,
            translation_key=key,
            source=lowest_ahead(product, buckets, lambda found: found.value),
            **AMPERES,
        ),
        HeimdallSensorDescription(
            key=f"{key}_time",
            translation_key=f"{key}_time",
            source=lowest_ahead(product, buckets, lambda found: shown_time(found.timestamp)),
            ahead=True,
            **TIME,
        ),
        HeimdallSensorDescription(
            key=f"{key}_p95",
            translation_key=f"{key}_p95",
            entity_registry_enabled_default=False,
            source=lowest_ahead(product, buckets, lambda found: found.value, ForecastLevel.P95),
            **AMPERES,
        ),
    )


LINE_SENSORS: Final[tuple[HeimdallSensorDescription[LineItem], ...]] = (
    *_lowest("dlr_forecast_lowest", DLR_FORECAST, lambda answer: answer.heimdall_dlr_forecasts),
    *_lowest("aar_forecast_lowest", AAR_FORECAST, lambda answer: answer.heimdall_aar_forecasts),
    HeimdallSensorDescription(
        key="ice_load_forecast_peak",
        translation_key="ice_load_forecast_peak",
        source=peak_ahead(lambda peak: peak.value),
        **ICE_LOAD,
    ),
    HeimdallSensorDescription(
        key="ice_load_forecast_peak_time",
        translation_key="ice_load_forecast_peak_time",
        source=peak_ahead(lambda peak: shown_time(peak.timestamp)),
        ahead=True,
        **TIME,
    ),
)

FACILITY_SENSORS: Final[tuple[HeimdallSensorDescription[FacilityItem], ...]] = _lowest(
    "circuit_forecast_lowest", CIRCUIT_FORECAST, lambda answer: answer.circuit_rating_forecasts
)
