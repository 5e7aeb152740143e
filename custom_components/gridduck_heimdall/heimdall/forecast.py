"""What is to be expected of the hours ahead."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ..api.heimdall.derive import ForecastValue, Lowest, lowest
from ..api.heimdall.models.common import Payload
from ..api.heimdall.models.forecasts import ForecastBucket, ForecastLevel
from ..api.heimdall.models.insights import LineIcingForecast
from .inventory import GridItem, LineItem
from .products import ICE_STEP, ICING_FORECAST, Product
from .value_source import Source, of

HOURS_AHEAD: Final = 24

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Peak:
    """The heaviest ice that is forecast.

    Attributes:
        value: in kg/m.
        timestamp: when it is expected; of the time under way, the present.
    """

    value: float
    timestamp: datetime


def lowest_ahead[ItemT: GridItem, T: Payload, Value: ForecastValue, ResultT](
    product: Product[T],
    buckets: Callable[[T], Iterable[ForecastBucket[Value]]],
    result: Callable[[Lowest], ResultT],
    level: ForecastLevel = ForecastLevel.PREDICTION,
) -> Source[ItemT, ResultT]:
    """Return the source of what is lowest in the next 24 hours.

    Args:
        product: the forecast.
        buckets: finds its hours.
        result: chooses what of the lowest value is wanted.
        level: the prediction, or a level of confidence.
    """

    def value(answer: T) -> ResultT | None:
        found = lowest(buckets(answer), level, dt_util.utcnow(), HOURS_AHEAD)
        return None if found is None else result(found)

    return of(product, value)


def ice_peak(answer: LineIcingForecast) -> Peak | None:
    """Return the heaviest ice of the times under way and to come, the earliest of equal ones.

    The service's own maximum covers times that have passed since it was calculated; it counts
    only where no breakdown comes with it. Contract: heimdall-api.md §3.17.
    """
    now = dt_util.utcnow()
    expected = [
        (point.ice_weight.value, point.timestamp)
        for span in answer.icing.spans
        for phase in span.span_phases
        for point in phase.forecast
    ]
    if not expected and (peak := answer.icing.max.ice_weight) is not None:
        expected = [(peak.value, peak.timestamp)]
    peaks = (
        Peak(value, max(when, now))
        for value, when in expected
        if value is not None and when > now - ICE_STEP
    )
    return min(peaks, key=lambda one: (-one.value, one.timestamp), default=None)


def shown_time(when: datetime) -> datetime:
    """Return a time as a state shows it: the present is the end of the minute under way.

    A state has no fraction of a second, and would else be in the past as soon as it is written.
    """
    now = dt_util.utcnow()
    return when if when > now else now.replace(second=0, microsecond=0) + _MINUTE


def peak_ahead[ResultT](result: Callable[[Peak], ResultT]) -> Source[LineItem, ResultT]:
    """Return the source of the forecast's heaviest ice; `result` chooses what of it."""

    def value(answer: LineIcingForecast) -> ResultT | None:
        found = ice_peak(answer)
        return None if found is None else result(found)

    return of(ICING_FORECAST, value)
