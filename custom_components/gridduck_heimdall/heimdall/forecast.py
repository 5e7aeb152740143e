"""Forecasts of ratings and ice: what is lowest or heaviest in the hours ahead."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..api.heimdall.models.forecasts import ForecastLevel, RatingForecast
from ..api.heimdall.models.insights import LineIcingForecast
from ..core.description import ForecastKind
from ..core.line_forecast import Capacity, Extreme, ForecastSummary, IceForecast
from .inventory import FacilityItem, LineItem
from .latest import TargetData
from .products import (
    AAR_FORECAST,
    CIRCUIT_FORECAST,
    DLR_FORECAST,
    ICE_STEP,
    ICING_FORECAST,
    Product,
)
from .rating import Rated

HOURS_AHEAD: Final = 24
"""Hours that the sensors look ahead."""

_MINUTE: Final = timedelta(minutes=1)
_BUCKET: Final = timedelta(hours=1)


FORECASTS: Final[Mapping[ForecastKind, Product[RatingForecast]]] = {
    ForecastKind.DLR: DLR_FORECAST,
    ForecastKind.AAR: AAR_FORECAST,
    ForecastKind.CIRCUIT_RATING: CIRCUIT_FORECAST,
}


def lowest_ahead(
    target: TargetData[Any],
    product: Product[RatingForecast],
    hours: int = HOURS_AHEAD,
    level: ForecastLevel = ForecastLevel.PREDICTION,
) -> Extreme | None:
    """Return the lowest rating of the next hours; None if nothing current is forecast."""
    answer = target.fresh(product)
    return None if answer is None else lowest(answer, level, dt_util.utcnow(), hours)


def lowest(
    answer: RatingForecast, level: ForecastLevel, now: datetime, hours: int
) -> Extreme | None:
    """Return the lowest rating of the next hours, the earliest of equal ones.

    Hours are chosen by the clock; the one that has begun counts. Contract: heimdall-api.md §5.6.

    Args:
        answer: the forecast.
        level: prediction or confidence level.
        now: the present.
        hours: how far to look ahead.

    Returns:
        None if the forecast has no value in that time.
    """
    after, before = now - _BUCKET, now + timedelta(hours=hours)
    candidates = [
        (value, start) for start, value in answer.hours.at(level) if after < start < before
    ]
    if not candidates:
        return None
    value, when = min(candidates)
    return Extreme(value, max(when, now))


def covers(answer: RatingForecast, level: ForecastLevel, now: datetime, hours: int) -> bool:
    """Return whether there is a rating for each of the next hours; parameters as of `lowest`.

    The forecast may begin with the hour after the current one.
    """
    covered = now + _BUCKET
    for begin, _ in answer.hours.at(level):
        if begin > covered:
            break
        covered = max(covered, begin + _BUCKET)
    return covered >= now + timedelta(hours=hours)


def lowest_value(
    product: Product[RatingForecast], level: ForecastLevel, target: TargetData[Any]
) -> float | None:
    """Return the lowest rating that is forecast, A."""
    found = lowest_ahead(target, product, level=level)
    return None if found is None else found.value


def lowest_time(product: Product[RatingForecast], target: TargetData[Any]) -> datetime | None:
    """Return when the rating is lowest, as a state shows it."""
    found = lowest_ahead(target, product)
    return None if found is None else shown_time(found.timestamp)


def ice_peak_time(line: TargetData[LineItem]) -> datetime | None:
    """Return when the ice is heaviest, as a state shows it."""
    return None if (peak := ice_peak(line)) is None else shown_time(peak.timestamp)


def ice_ahead(line: TargetData[LineItem]) -> IceForecast | None:
    """Return the ice that is forecast from now on, the heaviest of all span phases."""
    if (answer := line.fresh(ICING_FORECAST)) is None:
        return None
    after = dt_util.utcnow() - ICE_STEP
    heaviest = dict[datetime, float]()
    for value, when in _ice_expected(answer):
        if value is not None and when > after:
            heaviest[when] = max(value, heaviest.get(when, value))
    points = tuple(Extreme(value, when) for when, value in sorted(heaviest.items()))
    return IceForecast(points, ICE_STEP)


def ice_peak(line: TargetData[LineItem]) -> Extreme | None:
    """Return the heaviest ice that is forecast from now on, the earliest of equal ones.

    The service's own maximum covers times that have passed since it was calculated; it counts
    only if no breakdown comes with it. Contract: heimdall-api.md §3.17.
    """
    if (answer := line.fresh(ICING_FORECAST)) is None:
        return None
    now = dt_util.utcnow()
    after = now - ICE_STEP
    peaks = (
        Extreme(value, max(when, now))
        for value, when in _ice_expected(answer)
        if value is not None and when > after
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


def summarize(
    line: TargetData[LineItem], facility: TargetData[FacilityItem] | None, hours: int
) -> ForecastSummary:
    """Return the hours ahead of a line and of its facility. Contract: heimdall-api.md §5.6."""
    lowest_of = {
        ForecastKind.DLR: lowest_ahead(line, DLR_FORECAST, hours),
        ForecastKind.AAR: lowest_ahead(line, AAR_FORECAST, hours),
        ForecastKind.CIRCUIT_RATING: (
            None if facility is None else lowest_ahead(facility, CIRCUIT_FORECAST, hours)
        ),
    }
    extremes = {kind: found for kind, found in lowest_of.items() if found is not None}
    if (peak := ice_peak(line)) is not None:
        extremes[ForecastKind.ICE_LOAD] = peak
    return ForecastSummary(extremes=extremes, capacity=partial(_capacity, line, extremes))


def _capacity(
    line: TargetData[LineItem],
    extremes: Mapping[ForecastKind, Extreme],
    kinds: Collection[ForecastKind],
) -> Capacity | None:
    """Return the rating in force among the lowest of some ratings."""

    def rated(kind: ForecastKind) -> Rated | None:
        if kind not in kinds:
            return None
        return Rated(extremes[kind].value if kind in extremes else None)

    found = line.rating_in_force(
        circuit=rated(ForecastKind.CIRCUIT_RATING),
        dlr=rated(ForecastKind.DLR),
        aar=rated(ForecastKind.AAR),
    )
    return None if found is None else Capacity(found.value, found.basis)
