"""Import some hours of one source into the recorder."""

from bisect import bisect_left
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from datetime import timedelta
from math import isfinite
from typing import NamedTuple

from homeassistant.util import dt as dt_util

from ..api.errors import ApiError
from ..core.slices import in_slices
from .hours import HOUR, SECONDS, Hours, amounts, means, start_of
from .series import BY_TIME, Sample, Series, SeriesKind
from .source import Source
from .statistics import HourRows, Statistics

type Carried = dict[str, Sample]
"""By series, the newest sample before the next fetch."""


class FetchedRange(NamedTuple):
    """A range that was fetched.

    Attributes:
        hours: the hours.
        rows: by the key of each series that is in the recorder now, the hours that have a row.
        errors: by the key of each series that could not be fetched, why. A series in neither was
            removed or changed meanwhile, or cannot be recorded.
        changed: the number of rows that differed from the recorded ones.
    """

    hours: Hours
    rows: Mapping[str, Hours]
    errors: Mapping[str, ApiError]
    changed: int


async def async_import_hours(
    source: Source, series: Collection[Series], hours: Hours, statistics: Statistics
) -> AsyncGenerator[FetchedRange]:
    """Import hours of all series of a source, oldest first, and yield each range once recorded.

    Args:
        source: whose history it is.
        series: the series to write.
        hours: which hours.
        statistics: writes the rows.

    Raises:
        ApiError: a request failed; the ranges so far are in the recorder.
    """
    earliest = dt_util.utcnow() - source.reach
    lead = max([one.hold for one in series if one.kind is SeriesKind.MEAN], default=timedelta())
    for first, last in hours.spans:
        carried: Carried | None = None
        at = first
        while at < last:
            # The first fetch begins earlier, as the last value before an hour extends into it.
            room = source.window - (lead if carried is None else timedelta())
            end = min(last, at + max(1, room // HOUR))
            begin = start_of(at) - (lead if carried is None else timedelta())
            begin = max(begin, earliest, start_of(end) - source.window)
            fetched = await source.async_fetch(begin, start_of(end), [one.key for one in series])
            carried = carried or {}
            errors = dict[str, ApiError]()
            batch = dict[Series, HourRows]()
            for one in series:
                match fetched.get(one.key, ()):
                    case ApiError() as error:
                        errors[one.key] = error
                        # Values before the gap do not extend into the next range.
                        carried.pop(one.key, None)
                    case samples:
                        taken = _taken(one, samples, carried, end)
                        batch[one] = await async_rows(one, taken, at, end)
            written = await statistics.async_record(batch, source.series)
            recorded = {one.key for one in written.series}
            whole = Hours.of((at, end))
            rows = {
                one.key: whole if len(batch[one]) == end - at else Hours.of_each(batch[one])
                for one in batch
                if one.key in recorded
            }
            yield FetchedRange(whole, rows, errors, written.rows)
            at = end


async def async_rows(series: Series, samples: Sequence[Sample], first: int, end: int) -> HourRows:
    """Return the rows of a series from one hour to another, for samples sorted by time."""
    if series.kind is SeriesKind.SUM:
        return dict(await in_slices(amounts(samples, first, end)))
    return dict(await in_slices(means(samples, first, end, series.hold.total_seconds())))


def _taken(series: Series, fetched: Sequence[Sample], carried: Carried, end: int) -> list[Sample]:
    """Return the samples of a range and the one before it; carry the last over to the next."""
    before = (carried[series.key],) if series.key in carried else ()
    samples = sorted((*before, *fetched), key=BY_TIME)
    taken = samples[: bisect_left(samples, end * SECONDS, key=BY_TIME)]
    if series.kind is SeriesKind.MEAN:
        # The hours leave out what is no number; the last that is one extends into the next range.
        for sample in reversed(taken):
            if isfinite(sample[1]):
                carried[series.key] = sample
                break
    return taken
