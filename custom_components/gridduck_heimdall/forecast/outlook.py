"""Join the expected load of a line with its forecast rating."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
import math
from statistics import NormalDist
from typing import Final

from ..core.expected_load import ExpectedHour, ExpectedLoad, LineOutlook, OutlookHour
from ..core.line_forecast import Confidence, ForecastHour, HourlyForecast

_NORMAL: Final = NormalDist()
_BAND: Final = _NORMAL.inv_cdf(0.9)
"""Standard deviations from the centre of the expected load to either end of its band."""
_LEVELS: Final[Mapping[Confidence, float]] = {
    Confidence.P95: _NORMAL.inv_cdf(0.95),
    Confidence.P90: _NORMAL.inv_cdf(0.90),
    Confidence.P80: _NORMAL.inv_cdf(0.80),
    Confidence.P99: _NORMAL.inv_cdf(0.99),
}
"""Standard deviations of a level below the prediction; the first that is forecast counts."""


def line_outlook(
    expected: ExpectedLoad, forecast: HourlyForecast, voltage: float | None
) -> LineOutlook:
    """Return the hours for which both the load and the rating in force are known."""
    ratings = {one.start: one for one in forecast.hours if Confidence.PREDICTION in one.in_force}
    return LineOutlook(
        updated=expected.updated,
        voltage=voltage,
        hours=tuple(
            _joined(one, rated)
            for one in expected.hours
            if (rated := ratings.get(one.start)) is not None
        ),
    )


def with_begun_hour(outlook: LineOutlook, former: LineOutlook | None, now: datetime) -> LineOutlook:
    """Return an outlook with the hour that has begun, as it was expected before.

    A forecast that is newer may begin with the next hour: what runs would be over too early.

    Args:
        outlook: the hours ahead.
        former: what they were before; None if that is unknown.
        now: the present.
    """
    if former is None or any(one.start <= now for one in outlook.ahead(now)):
        return outlook
    begun = (one for one in former.ahead(now) if one.start <= now)
    return replace(outlook, hours=(*begun, *outlook.hours))


def _joined(expected: ExpectedHour, rated: ForecastHour) -> OutlookHour:
    return OutlookHour(
        expected=expected,
        in_force=rated.in_force,
        limited_by=rated.limited_by,
        probability=_probability(expected, rated.in_force),
    )


def _probability(expected: ExpectedHour, in_force: Mapping[str, float]) -> float:
    """Return how probable it is that the current exceeds the rating; both errors are normal."""
    rating = in_force[Confidence.PREDICTION]
    excess = expected.centre - rating
    # Where the load would have to be higher to reach the rating, the upper part counts.
    side = expected.centre - expected.low if excess > 0 else expected.high - expected.centre
    deviation = math.hypot(side / _BAND, _deviation(in_force, rating))
    if deviation == 0:
        return float(excess > 0)
    return _NORMAL.cdf(excess / deviation)


def _deviation(in_force: Mapping[str, float], rating: float) -> float:
    for level, deviations in _LEVELS.items():
        if level in in_force:
            return max(0.0, rating - in_force[level]) / deviations
    return 0.0
