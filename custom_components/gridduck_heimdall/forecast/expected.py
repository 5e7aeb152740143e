"""The expected load: the mean of alike days, scaled by the level of the last hours.

docs/forecast.md explains it and has the comparison with other methods.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import math
from typing import Final

from ..core.expected_load import HOURS_AHEAD, ExpectedHour
from ..history.intervals import start_of
from .local_hours import DayKind, LocalHour

DAYS: Final = 28
"""Days of the past that count."""
HOURS_BEHIND: Final = 24 * DAYS
LEAST_HOURS: Final = 72
"""Hours that have to be known: three days."""

_FADE_DAYS: Final = 20.0
"""Days after which a past day counts less by the factor e."""
_LEVEL_HOURS: Final = 12
"""Hours before the present from which the level is computed."""
_LEVEL_FADE: Final = 9.0
"""Hours after which one of them counts less by the factor e."""
_LEVEL_PRIOR: Final = 0.4
"""Weight of a usual level beside that of the hours, of which all together are 7."""
_LEVEL_LASTS: Final = 50.0
"""Hours after which an unusual level has faded by the factor e."""
_LEVEL_RANGE: Final = (-0.5, 1.0)
_EXPLAINED: Final = 0.85
"""Share of the variance that the level explains while it is new."""
_EXPLAINED_HOURS: Final = 16.0
"""Hours after which it explains less by the factor e."""
_LOW, _HIGH = 0.1, 0.9

type _Cell = tuple[DayKind | None, int]
"""A kind of day (None: any) and an hour of the day."""


@dataclass(slots=True)
class _Mean:
    """A weighted mean."""

    total: float = 0.0
    weight: float = 0.0

    def add(self, value: float, weight: float) -> None:
        self.total += weight * value
        self.weight += weight

    @property
    def value(self) -> float:
        return self.total / self.weight


@dataclass(slots=True)
class _Profile:
    """The usual load of each hour of each kind of day."""

    hours: Mapping[int, LocalHour]
    means: defaultdict[_Cell, _Mean] = field(default_factory=lambda: defaultdict(_Mean))

    def cell(self, hour: int) -> _Mean | None:
        """Return the mean for an hour; of all kinds of days where its own is not known yet."""
        local = self.hours[hour]
        return self.means.get((local.kind, local.hour)) or self.means.get((None, local.hour))


def expected_load(
    past: Mapping[int, float],
    hours: Mapping[int, LocalHour],
    now: int,
    ahead: int = HOURS_AHEAD,
) -> tuple[ExpectedHour, ...]:
    """Return the load that is expected of the hours ahead; none where too little is known.

    An hour is known by its number since 1970 (UTC).

    Args:
        past: the mean loads of past hours, of which the last four weeks count.
        hours: the local hours of all of these and of those ahead.
        now: the current hour, the first of those ahead.
        ahead: how many hours to look ahead.
    """
    known = {hour: past[hour] for hour in range(now - HOURS_BEHIND, now) if hour in past}
    if len(known) < LEAST_HOURS:
        return ()
    today = hours[now].day
    # The same for all hours of a day.
    weights = [math.exp(-age / _FADE_DAYS) for age in range(DAYS + 2)]
    profile = _Profile(hours)
    for hour, value in known.items():
        local = hours[hour]
        weight = weights[today - local.day]
        profile.means[local.kind, local.hour].add(value, weight)
        profile.means[None, local.hour].add(value, weight)
    level = _level(known, profile, now)
    residuals = _residuals(known, profile, weights, today)
    return tuple(_hours_ahead(profile, level, residuals, range(now, now + ahead)))


def _hours_ahead(
    profile: _Profile, level: float, residuals: Mapping[int, Sequence[float]], hours: range
) -> Iterator[ExpectedHour]:
    bands = {
        hour: (_quantile(found, _LOW), _quantile(found, _HIGH)) for hour, found in residuals.items()
    }
    for hour in hours:
        if (mean := profile.cell(hour)) is None:
            continue
        lead = hour - hours.start
        centre = mean.value * (1 + level * math.exp(-lead / _LEVEL_LASTS))
        low, high = bands.get(profile.hours[hour].hour, (0.0, 0.0))
        width = math.sqrt(1 - _EXPLAINED * math.exp(-((lead / _EXPLAINED_HOURS) ** 2)))
        yield ExpectedHour(
            start=start_of(hour),
            centre=centre,
            low=centre + width * min(0.0, low),
            high=centre + width * max(0.0, high),
        )


def _level(known: Mapping[int, float], profile: _Profile, now: int) -> float:
    """Return by which share the load of the last hours was above the usual one.

    The fewer of them are known, the closer to the usual load.
    """
    real, usual = _Mean(), _Mean()
    for hour in range(now - _LEVEL_HOURS, now):
        if hour in known and (mean := profile.cell(hour)) is not None:
            weight = math.exp((hour + 1 - now) / _LEVEL_FADE)
            real.add(known[hour], weight)
            usual.add(mean.value, weight)
    if usual.total <= 0:
        return 0.0
    share = (real.total / usual.total - 1) * real.weight / (real.weight + _LEVEL_PRIOR)
    lowest, highest = _LEVEL_RANGE
    return min(highest, max(lowest, share))


def _residuals(
    known: Mapping[int, float], profile: _Profile, weights: Sequence[float], today: int
) -> Mapping[int, Sequence[float]]:
    """Return by hour of the day, in ascending order, what the mean of the other days missed."""
    found = defaultdict[int, list[float]](list)
    for hour, value in known.items():
        local = profile.hours[hour]
        mean = profile.means[local.kind, local.hour]
        others = 1 - weights[today - local.day] / mean.weight
        # A day that is the only one of its kind says nothing.
        if others > 0:
            found[local.hour].append((value - mean.value) / others)
    for values in found.values():
        values.sort()
    return found


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of values in ascending order."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
