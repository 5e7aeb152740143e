"""Aggregate samples into hours; pure, and lazy so that it can run in slices."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from math import fsum, inf, isfinite
from typing import Final

import msgspec

from .intervals import SECONDS
from .series import Sample

END: Final = (inf, 0.0)
"""Sentinel after the last sample."""


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
