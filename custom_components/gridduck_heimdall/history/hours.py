"""From samples to hours: pure, and lazy so that the work can be done in slices."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from math import fsum, inf, isfinite
from operator import itemgetter
from time import perf_counter
from typing import Final, NamedTuple

from .intervals import SECONDS
from .series import Sample

SLICE: Final = 0.004
"""Seconds of computing after which others may run."""


END: Final = (inf, 0.0)
"""What comes after the last sample."""


class HourMean(NamedTuple):
    """The values of one hour."""

    mean: float
    min: float
    max: float


def ordered(samples: Iterable[Sample]) -> list[Sample]:
    """Sort samples by time; of several at one time, the one given last stays the last."""
    return sorted(samples, key=itemgetter(0))


def last_before(samples: Sequence[Sample], time: float) -> int:
    """Return how many of the samples, as `ordered` returns them, are older than the time."""
    return bisect_left(samples, time, key=itemgetter(0))


def finite(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Leave out values that are no numbers."""
    return (sample for sample in samples if isfinite(sample[1]))


def means(
    samples: Sequence[Sample], first: int, end: int, hold: float
) -> Iterator[tuple[int, HourMean]]:
    """Return mean, minimum and maximum of each hour, weighted by how long a value held.

    Parameters:
        samples: as `ordered` returns them; those before the first hour reach into it.
        first: the first hour.
        end: the hour after the last.
        hold: seconds that a value holds at most until the next.

    An hour in which no value held is left out.
    """
    for hour, pieces in groupby(_pieces(samples, first, end, hold), key=itemgetter(0)):
        held = [(value, seconds) for _, value, seconds in pieces]
        low, high = min(held)[0], max(held)[0]
        mean = fsum(value * seconds for value, seconds in held) / fsum(
            seconds for _, seconds in held
        )
        # Rounding must not carry a mean past the values that it is the mean of.
        yield hour, HourMean(min(max(mean, low), high), low, high)


def _pieces(
    samples: Sequence[Sample], first: int, end: int, hold: float
) -> Iterator[tuple[int, float, float]]:
    """Cut what each sample holds at the full hours: hour, value, seconds."""
    # Of several values at one time the last alone holds for any time at all.
    for (time, value), (after, _) in pairwise(chain(finite(samples), (END,))):
        at = max(time, first * SECONDS)
        until = min(after, time + hold, end * SECONDS)
        while at < until:
            hour = int(at // SECONDS)
            stop = min(until, (hour + 1) * SECONDS)
            yield hour, value, stop - at
            at = stop


def amounts(samples: Iterable[Sample], first: int, end: int) -> Iterator[tuple[int, float]]:
    """Return the amount of each hour, from samples as `ordered` returns them.

    Parameters:
        samples: amounts of hours or parts of hours, at their starts.
        first: the first hour.
        end: the hour after the last.

    An hour without a sample is left out; of several at one time the last corrects the others.
    """
    newest = (one for one, after in pairwise(chain(finite(samples), (END,))) if one[0] != after[0])
    for hour, group in groupby(newest, key=lambda sample: int(sample[0] // SECONDS)):
        if first <= hour < end:
            yield hour, fsum(value for _, value in group)


async def in_slices[T](items: Iterable[T], clock: Callable[[], float] = perf_counter) -> list[T]:
    """Collect what takes computing, and let others run every few milliseconds."""
    collected = list[T]()
    began = clock()
    for item in items:
        collected.append(item)
        if clock() - began > SLICE:
            await asyncio.sleep(0)
            began = clock()
    return collected
