"""Derive values from responses by the rules of the field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from operator import itemgetter
from typing import Final, Protocol

from .models.assets import Assets, Facility, GridOwner, Line
from .models.forecasts import ForecastBucket, ForecastLevel

_BUCKET: Final = timedelta(hours=1)


class ForecastValue(Protocol):
    """One value of a forecast, of a line or a circuit."""

    @property
    def value(self) -> float | None:
        """Amperes or MVA."""

    @property
    def limited_by(self) -> str | None:
        """Id of the span or facility component that limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowest:
    """The lowest value of a forecast.

    Attributes:
        value: in the unit of the forecast.
        timestamp: when the hour begins that it is forecast for; of the hour under way, the
            present.
        limited_by: id of the limiting span or facility component; for a circuit, None means
            that the line itself limits.
    """

    value: float
    timestamp: datetime
    limited_by: str | None


def apparent_power_mva(current_a: float, voltage_v: float) -> float:
    """Return the three-phase apparent power in MVA. Contract: heimdall-api.md §5.2.

    Args:
        current_a: phase current in amperes.
        voltage_v: voltage in volts, phase to phase.
    """
    return math.sqrt(3) * voltage_v * current_a / 1_000_000


def instrumented_lines(assets: Assets, now: datetime) -> Iterator[tuple[GridOwner, Facility, Line]]:
    """Yield the lines that carry a sensor at `now`, with whose they are."""
    for owner in assets.grid_owners:
        for facility in owner.facilities:
            if facility.line is not None and facility.line.instrumented(now):
                yield owner, facility, facility.line


def lowest[Value: ForecastValue](
    buckets: Iterable[ForecastBucket[Value]], level: ForecastLevel, now: datetime, hours: int
) -> Lowest | None:
    """Return the lowest forecast value of the next hours, the earliest of equal ones.

    Buckets are chosen by the clock, since no rule says which hour a forecast begins with; the
    hour that has begun counts. Contract: heimdall-api.md §5.6.

    Args:
        buckets: hourly buckets in any order.
        level: prediction or confidence level.
        now: the present.
        hours: how far to look ahead.

    Returns:
        None if the forecast has no value in that time.
    """
    candidates = [
        (forecast.value, bucket.timestamp, forecast)
        for bucket in buckets
        if now - _BUCKET < bucket.timestamp < now + timedelta(hours=hours)
        and (forecast := bucket.level(level)) is not None
        and forecast.value is not None
    ]
    if not candidates:
        return None
    value, timestamp, found = min(candidates, key=itemgetter(0, 1))
    return Lowest(value=value, timestamp=max(timestamp, now), limited_by=found.limited_by)


def covers[Value: ForecastValue](
    buckets: Iterable[ForecastBucket[Value]], level: ForecastLevel, now: datetime, hours: int
) -> bool:
    """Whether a forecast has a value for each of the next hours.

    It may begin with the hour after the current one. Contract: heimdall-api.md §5.6.

    Args:
        buckets: hourly buckets in any order.
        level: prediction or confidence level.
        now: the present.
        hours: how far to look ahead.
    """
    times = (
        bucket.timestamp
        for bucket in buckets
        if (forecast := bucket.level(level)) is not None and forecast.value is not None
    )
    covered = now + _BUCKET
    for begin in sorted(times):
        if begin > covered:
            break
        covered = max(covered, begin + _BUCKET)
    return covered >= now + timedelta(hours=hours)
