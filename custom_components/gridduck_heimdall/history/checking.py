"""Compare the import records with the recorder and with the clock."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..core.slices import in_slices
from .hours import Hours
from .plan import NONE, Bounds
from .recorded import Expected, Found, look_up
from .series import Series
from .source import Source
from .statistics import Statistics, async_read
from .store import HistoryStore


class Checked(NamedTuple):
    """Result of a check.

    Attributes:
        lost: number of hours to be imported again, summed over series.
        foreign: by statistic id, the unit of recorded rows that ours cannot be converted to.
    """

    lost: int
    foreign: Mapping[str, str | None]


class _SourceSeries(NamedTuple):
    """One series, and the source that it is of."""

    source_key: str
    series: Series
    bounds: Bounds


async def async_check(
    hass: HomeAssistant,
    sources: Mapping[str, Source],
    store: HistoryStore,
    statistics: Statistics,
    bounds_of: Callable[[Source], Bounds],
) -> Checked:
    """Reconcile the records of sources with the recorder: rows it lost are missing again.

    Statistics may be gone with their database, deleted by a user, or never have been recorded.

    Args:
        hass: Home Assistant.
        sources: by key.
        store: their records.
        statistics: writes their rows.
        bounds_of: returns the hours of a source that can be imported now.
    """
    # The unit of existing rows may decide which series exist.
    before = await in_slices(_all(sources, bounds_of))
    await statistics.async_look_up([one.series for one in before])
    every = await in_slices(_all(sources, bounds_of))
    if every != before:
        await statistics.async_look_up([one.series for one in every])
    recorded = [one for one in every if statistics.records(one.series)]
    expected = dict(
        await in_slices((one.series.statistic_id, _expected(store, one)) for one in recorded)
    )
    found = await async_read(hass, look_up, expected)
    lost = await in_slices(_take(store, one, found[one.series.statistic_id]) for one in recorded)
    units = statistics.foreign
    foreign = {
        one.series.statistic_id: units[one.series.statistic_id]
        for one in every
        if one.series.statistic_id in units
    }
    return Checked(sum(lost), foreign)


def _all(
    sources: Mapping[str, Source], bounds_of: Callable[[Source], Bounds]
) -> Iterator[_SourceSeries]:
    for key, source in sources.items():
        try:
            bounds, some = bounds_of(source), source.series()
        except Exception:
            LOGGER.exception("%s cannot be checked", key)
            continue
        for series in some:
            yield _SourceSeries(key, series, bounds)


def _expected(store: HistoryStore, one: _SourceSeries) -> Expected:
    record, key = store[one.source_key], one.series.key
    past = Hours.of((0, one.bounds.finished))
    covered = record.covered.get(key, NONE)
    return Expected(
        covered=covered & past,
        empty=record.empty.get(key, NONE),
        unchecked=record.unchecked.get(key, NONE) & covered & past,
        future=covered - past,
    )


def _take(store: HistoryStore, one: _SourceSeries, found: Found) -> int:
    """Update the record of a series; return the number of hours that are missing again."""
    record, key = store[one.source_key], one.series.key
    if key not in record.covered:
        return 0
    if found.ahead:
        record = record.with_future_dropped([key], one.bounds)
    record = record.with_checked(key, found.lost, found.discovered, one.bounds)
    missing = len(store[one.source_key].covered[key]) - len(record.covered[key])
    store[one.source_key] = record
    return missing if found.lost else 0
