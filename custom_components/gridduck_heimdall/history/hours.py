"""Whole hours: their numbers, sets of them, and the means and amounts of samples in each; pure.

An hour is its number since 1970 (UTC). Means and amounts are lazy, so that they can run in slices.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby, pairwise
from math import fsum, inf, isfinite
from typing import Final, Self

import msgspec

from .series import Sample

SECONDS: Final = 3600
HOUR: Final = timedelta(seconds=SECONDS)

END: Final = (inf, 0.0)
"""Sentinel after the last sample."""

type Span = tuple[int, int]
"""The first hour, and the one after the last."""


def hour_of(moment: datetime) -> int:
    """Return the hour that a time is in."""
    return int(moment.timestamp() // SECONDS)


def next_hour(moment: datetime) -> int:
    """Return the first hour that starts at or after a time."""
    return -int(-moment.timestamp() // SECONDS)


def start_of(hour: int) -> datetime:
    """Return the start of an hour."""
    return datetime.fromtimestamp(hour * SECONDS, UTC)


# Thousands of sources have several each: the garbage collector does not track them.
class Hours(msgspec.Struct, frozen=True, gc=False):
    """A set of hours, as sorted, disjoint and non-empty spans."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, *spans: Span) -> Self:
        """Return the hours of spans in any order, which may overlap or be empty."""
        joined: list[Span] = []
        for start, end in sorted(spans):
            if start >= end:
                continue
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return cls(tuple(joined))

    @classmethod
    def of_each(cls, hours: Iterable[int]) -> Self:
        """Return the set of single hours."""
        return cls.of(*((hour, hour + 1) for hour in hours))

    @property
    def first(self) -> int:
        """The first hour; raises IndexError if there is none."""
        return self.spans[0][0]

    @property
    def last(self) -> int:
        """The hour after the last; raises IndexError if there is none."""
        return self.spans[-1][1]

    def __or__(self, other: Hours) -> Hours:
        """Return the hours of either."""
        return Hours.of(*self.spans, *other.spans)

    def __sub__(self, other: Hours) -> Hours:
        """Return the hours that are not in the other."""
        # Both are sorted, so one pass is enough.
        left, taken, index = list[Span](), other.spans, 0
        for start, end in self.spans:
            at = start
            while index < len(taken) and taken[index][1] <= start:
                index += 1
            further = index
            while further < len(taken) and taken[further][0] < end:
                left.append((at, taken[further][0]))
                at = taken[further][1]
                further += 1
            left.append((at, end))
        return Hours.of(*left)

    def __and__(self, other: Hours) -> Hours:
        """Return the hours of both."""
        return self - (self - other)

    def __len__(self) -> int:
        """Return the number of hours."""
        return sum([end - start for start, end in self.spans])

    def __contains__(self, hour: int) -> bool:
        """Return whether an hour is in the set."""
        return any(start <= hour < end for start, end in self.spans)

    def __iter__(self) -> Iterator[int]:
        """Iterate over the hours in order."""
        for span in self.spans:
            yield from range(*span)


# An import creates many thousands: tracked objects would trigger full garbage collections.
class HourMean(msgspec.Struct, frozen=True, gc=False):
    """The values of one hour."""

    mean: float
    min: float
    max: float


def means(
    samples: Sequence[Sample], first: int, end: int, hold: float
) -> Iterator[tuple[int, HourMean]]:
    """Return the time-weighted mean, the minimum and the maximum of each hour.

    Args:
        samples: sorted by time; those before the first hour reach into it.
        first: the first hour.
        end: the hour after the last.
        hold: maximum seconds for which a value holds until the next.

    An hour in which no value held is left out.
    """
    begin, stop = first * SECONDS, end * SECONDS
    hour, edge = first, begin + SECONDS
    weighted, lengths, low, high = list[float](), list[float](), inf, -inf
    time, value = -inf, 0.0
    # If several values have the same time, the last one counts.
    for after, following in chain(samples, (END,)):
        if not isfinite(following):
            continue
        at, until = max(time, begin), min(after, time + hold, stop)
        while at < until:
            if at >= edge:
                if lengths:
                    yield hour, _mean(weighted, lengths, low, high)
                hour = int(at // SECONDS)
                edge = (hour + 1) * SECONDS
                weighted, lengths, low, high = [], [], inf, -inf
            stretch = min(until, edge)
            weighted.append(value * (stretch - at))
            lengths.append(stretch - at)
            low, high = min(low, value), max(high, value)
            at = stretch
        time, value = after, following
    if lengths:
        yield hour, _mean(weighted, lengths, low, high)


def _mean(weighted: list[float], lengths: list[float], low: float, high: float) -> HourMean:
    # Rounding must not push a mean beyond its minimum or maximum.
    return HourMean(min(max(fsum(weighted) / fsum(lengths), low), high), low, high)


def amounts(samples: Iterable[Sample], first: int, end: int) -> Iterator[tuple[int, float]]:
    """Return the amount of each hour, from samples sorted by time.

    Args:
        samples: amounts of hours or parts of hours, at their starts.
        first: the first hour.
        end: the hour after the last.

    An hour without a sample is left out. Of several samples at one time, the last one counts.
    """
    known = (sample for sample in samples if isfinite(sample[1]))
    newest = (one for one, after in pairwise(chain(known, (END,))) if one[0] != after[0])
    for hour, group in groupby(newest, key=lambda sample: int(sample[0] // SECONDS)):
        if first <= hour < end:
            yield hour, fsum(value for _, value in group)
