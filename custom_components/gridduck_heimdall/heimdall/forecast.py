"""Forecasts of ratings and ice: what is lowest or heaviest in the hours ahead."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..api.heimdall.derive import Lowest, covers, lowest
from ..api.heimdall.models.common import Payload
from ..api.heimdall.models.forecasts import ForecastBucket, ForecastLevel
from ..api.heimdall.models.insights import LineIcingForecast
from .inventory import FacilityItem, LineItem
from .products import (
    AAR_FORECAST,
    CIRCUIT_FORECAST,
    DLR_FORECAST,
    ICE_STEP,
    ICING_FORECAST,
    Product,
)
from .rating import Rule
from .target_data import TargetData

HOURS_AHEAD: Final = 24
"""Hours that the sensors look ahead."""

MAX_SUMMARY_HOURS: Final = 72
"""Hours ahead that a summary can be about."""

_MINUTE: Final = timedelta(minutes=1)


class Rating(StrEnum):
    """The ratings that have a forecast."""

    DLR = "dlr"
    AAR = "aar"
    CIRCUIT_RATING = "circuit_rating"


@dataclass(frozen=True, slots=True)
class RatingForecast[T: Payload]:
    """The forecast of one rating.

    Attributes:
        product: the product that it is.
        buckets: returns its hours.
    """

    product: Product[T]
    buckets: Callable[[T], Iterable[ForecastBucket[Any]]]

    def lowest(
        self,
        target: TargetData[Any],
        hours: int = HOURS_AHEAD,
        level: ForecastLevel = ForecastLevel.PREDICTION,
    ) -> Lowest | None:
        """Return the lowest value of the next hours; None if nothing current is forecast."""
        answer = target.fresh(self.product)
        if answer is None:
            return None
        return lowest(self.buckets(answer), level, dt_util.utcnow(), hours)

    def covers(self, target: TargetData[Any], hours: int, level: ForecastLevel) -> bool:
        """Whether there is a value for each of the next hours."""
        answer = target.fresh(self.product)
        return answer is not None and covers(self.buckets(answer), level, dt_util.utcnow(), hours)


DLR_AHEAD: Final = RatingForecast(DLR_FORECAST, lambda answer: answer.heimdall_dlr_forecasts)
AAR_AHEAD: Final = RatingForecast(AAR_FORECAST, lambda answer: answer.heimdall_aar_forecasts)
CIRCUIT_AHEAD: Final = RatingForecast(
    CIRCUIT_FORECAST, lambda answer: answer.circuit_rating_forecasts
)
FORECASTS: Final[Mapping[Rating, RatingForecast[Any]]] = {
    Rating.DLR: DLR_AHEAD,
    Rating.AAR: AAR_AHEAD,
    Rating.CIRCUIT_RATING: CIRCUIT_AHEAD,
}


@dataclass(frozen=True, slots=True)
class Peak:
    """The heaviest ice that is forecast.

    Attributes:
        value: in kg/m.
        timestamp: when it is expected; the present if that time has begun.
    """

    value: float
    timestamp: datetime


def ice_peak(line: TargetData[LineItem]) -> Peak | None:
    """Return the heaviest ice that is forecast for now and later, the earliest of equal ones.

    The service's own maximum covers times that have passed since it was calculated; it counts
    only if no breakdown comes with it. Contract: heimdall-api.md §3.17.
    """
    if (answer := line.fresh(ICING_FORECAST)) is None:
        return None
    now = dt_util.utcnow()
    peaks = (
        Peak(value, max(when, now))
        for value, when in _ice_expected(answer)
        if value is not None and when > now - ICE_STEP
    )
    return min(peaks, key=lambda one: (-one.value, one.timestamp), default=None)


def _ice_expected(answer: LineIcingForecast) -> list[tuple[float | None, datetime]]:
    expected = [
        (point.ice_weight.value, point.timestamp)
        for span in answer.icing.spans
        for phase in span.span_phases
        for point in phase.forecast
    ]
    if not expected and (peak := answer.icing.max.ice_weight) is not None:
        return [(peak.value, peak.timestamp)]
    return expected


def shown_time(when: datetime) -> datetime:
    """Return a time as a state shows it: the present is the end of the current minute.

    A state has no fraction of a second, so it would be in the past as soon as it is written.
    """
    now = dt_util.utcnow()
    return when if when > now else now.replace(second=0, microsecond=0) + _MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastSummary:
    """The hours ahead of a line; None for what is not forecast or unknown.

    Attributes:
        dlr: the lowest dynamic line rating, A.
        aar: the lowest ambient-adjusted rating, A.
        circuit: the lowest rating of its circuit, A.
        ice: the heaviest ice of the whole forecast.
        rule: which of the ratings counts.
        bound: the upper bound of all ratings, A; None without one.
    """

    dlr: Lowest | None = None
    aar: Lowest | None = None
    circuit: Lowest | None = None
    ice: Peak | None = None
    rule: Rule = Rule.STANDARD
    bound: float | None = None


def summarize(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None, hours: int
) -> ForecastSummary:
    """Return the hours ahead of a line and of its facility. Contract: heimdall-api.md §5.6."""
    return ForecastSummary(
        dlr=DLR_AHEAD.lowest(line, hours),
        aar=AAR_AHEAD.lowest(line, hours),
        circuit=None if facility is None else CIRCUIT_AHEAD.lowest(facility, hours),
        ice=ice_peak(line),
        rule=line.ratings.rule,
        bound=line.ratings.bound(line.item.id),
    )
