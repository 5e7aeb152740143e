"""The expected load: the mean of alike days, scaled by the level of the last hours.

docs/forecast.md explains it and has the comparison with other methods.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
import math
from typing import Final, NamedTuple

from ..core.expected_load import HOURS_AHEAD, ExpectedHour
from ..history.hours import start_of
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
_HOURS: Final = 24
_CELLS: Final = _HOURS * len(DayKind)
"""An hour of a kind of day is a cell: kind of day times 24 plus hour, so that cells of one hour are
24 apart."""


class _PastHour(NamedTuple):
    """An hour of the past, as it counts for any load.

    Attributes:
        cell: its place in a profile.
        weight: that of its day.
    """

    cell: int
    weight: float


class _KnownHour(NamedTuple):
    """An hour of the past whose load is known.

    Attributes:
        cell: its place in a profile.
        weight: that of its day.
        value: its mean load.
    """

    cell: int
    weight: float
    value: float


class _HourAhead(NamedTuple):
    """An hour ahead, as it counts for any load.

    Attributes:
        start: its beginning.
        cell: its place in a profile.
        level: share of an unusual level that is left by then.
        width: width of the band as a share of that without a level.
    """

    start: datetime
    cell: int
    level: float
    width: float


class LoadModel:
    """Expects loads from their past. What does not depend on the load is computed once for all."""

    def __init__(self, hours: Mapping[int, LocalHour], now: int, ahead: int = HOURS_AHEAD) -> None:
        """Prepare for an hour; an hour is known by its number since 1970 (UTC).

        Args:
            hours: the local hours of the last four weeks and of those ahead.
            now: the current hour, the first of those ahead.
            ahead: how many hours to look ahead.
        """
        today = hours[now].day
        # The same for all hours of a day.
        weights = [math.exp(-age / _FADE_DAYS) for age in range(DAYS + 2)]
        self._past = [
            _PastHour(_cell(local := hours[hour]), weights[today - local.day])
            for hour in range(now - HOURS_BEHIND, now)
        ]
        self._last = [
            _PastHour(one.cell, math.exp((place + 1 - _LEVEL_HOURS) / _LEVEL_FADE))
            for place, one in enumerate(self._past[-_LEVEL_HOURS:])
        ]
        self._ahead = [
            _HourAhead(
                start=start_of(now + lead),
                cell=_cell(hours[now + lead]),
                level=math.exp(-lead / _LEVEL_LASTS),
                width=math.sqrt(1 - _EXPLAINED * math.exp(-((lead / _EXPLAINED_HOURS) ** 2))),
            )
            for lead in range(ahead)
        ]

    def expect(self, past: Sequence[float]) -> tuple[ExpectedHour, ...]:
        """Return the load that is expected of the hours ahead; none where too little is known.

        Args:
            past: the mean loads of the last four weeks by the hour, the oldest first; NaN where
                they are not known.
        """
        known = [
            _KnownHour(cell, weight, value)
            for (cell, weight), value in zip(self._past, past, strict=True)
            if not math.isnan(value)
        ]
        if len(known) < LEAST_HOURS:
            return ()
        totals, weights = [0.0] * _CELLS, [0.0] * _CELLS
        for cell, weight, value in known:
            totals[cell] += weight * value
            weights[cell] += weight
        usual = _usual(totals, weights)
        level = self._level(past[-_LEVEL_HOURS:], usual)
        bands = _bands(known, totals, weights)
        # What has never been negative, as a current, will not be; nor generation positive.
        least = 0.0 if min(one.value for one in known) >= 0 else -math.inf
        most = 0.0 if max(one.value for one in known) <= 0 else math.inf
        found = list[ExpectedHour]()
        for start, cell, level_left, width in self._ahead:
            if (mean := usual[cell]) is not None:
                centre = mean + abs(mean) * level * level_left
                low, high = bands.get(cell % _HOURS, (0.0, 0.0))
                found.append(
                    ExpectedHour(
                        start=start,
                        centre=centre,
                        low=max(least, centre + width * min(0.0, low)),
                        high=min(most, centre + width * max(0.0, high)),
                    )
                )
        return tuple(found)

    def _level(self, last: Sequence[float], usual: Sequence[float | None]) -> float:
        """Return by which share of its amount the load of the last hours was above the usual one.

        The fewer of them are known, the closer to the usual load. Generation is a negative load.
        """
        excess = usual_total = usual_amount = total_weight = 0.0
        for (cell, weight), value in zip(self._last, last, strict=True):
            if not math.isnan(value) and (mean := usual[cell]) is not None:
                excess += weight * (value - mean)
                usual_total += weight * mean
                usual_amount += weight * abs(mean)
                total_weight += weight
        if usual_amount <= 0:
            return 0.0
        share = excess / usual_amount * total_weight / (total_weight + _LEVEL_PRIOR)
        least, most = _LEVEL_RANGE
        return min(most, max(least, share)) if usual_total >= 0 else min(-least, max(-most, share))


def _bands(
    known: Iterable[_KnownHour], totals: Sequence[float], weights: Sequence[float]
) -> Mapping[int, tuple[float, float]]:
    """Return by hour of the day the quantiles of what the mean of the other days missed."""
    missed = defaultdict[int, list[float]](list)
    for cell, weight, value in known:
        total = weights[cell]
        others = 1 - weight / total
        # A day that is the only one of its kind says nothing.
        if others > 0:
            missed[cell % _HOURS].append((value - totals[cell] / total) / others)
    for values in missed.values():
        values.sort()
    return {
        hour: (_quantile(values, _LOW), _quantile(values, _HIGH)) for hour, values in missed.items()
    }


def _cell(local: LocalHour) -> int:
    return _HOURS * local.kind + local.hour


def _usual(totals: Sequence[float], weights: Sequence[float]) -> list[float | None]:
    """Return the usual load of each cell; that of all kinds of days where its own is not known."""
    found = list[float | None]()
    for cell, weight in enumerate(weights):
        if weight > 0:
            found.append(totals[cell] / weight)
        else:
            of_hour = cell % _HOURS
            all_days = sum(weights[of_hour::_HOURS])
            found.append(sum(totals[of_hour::_HOURS]) / all_days if all_days > 0 else None)
    return found


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of values in ascending order."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
