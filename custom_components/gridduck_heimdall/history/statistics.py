"""The recorder's long-term statistics: read rows, and write those that differ."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from itertools import batched
from typing import Concatenate, Final, NamedTuple

from homeassistant.components.recorder import DOMAIN as RECORDER, get_instance, is_entity_recorded
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    UNIT_CLASS_TO_UNIT_CONVERTER,
    StatisticsRow,
    async_add_external_statistics,
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..core.slices import async_finish, in_slices
from .hours import SECONDS, HourMean, start_of
from .series import Series, SeriesKind
from .sums import Recorded, changed_rows

ROWS_AT_ONCE: Final = 500
"""Rows per batch; the recorder checks them in the event loop, this many in about 2 ms."""

IDS_AT_ONCE: Final = 1000
"""Series per query: with more, MySQL plans poorly."""

LOOK_BACK: Final = (timedelta(days=2), timedelta(days=60), None)
"""Ranges to search for the newest sum before an hour; None for all rows."""

type HourRows = Mapping[int, HourMean] | Mapping[int, float]
"""New rows of one series by hour: means of a MEAN series, amounts of a SUM series."""


class Written(NamedTuple):
    """Result of a batch.

    Attributes:
        rows: how many rows differed.
        series: those whose rows are recorded now, as they were when they were written.
    """

    rows: int
    series: Collection[Series]


class _Change(NamedTuple):
    """What differs of a series; its metadata is None if its rows cannot be recorded."""

    series: Series
    metadata: StatisticMetaData | None
    rows: list[StatisticData]


def recorder_loaded(hass: HomeAssistant) -> bool:
    """Return whether the recorder is set up."""
    return RECORDER in hass.config.components


async def async_read[**P, T](
    hass: HomeAssistant,
    reading: Callable[Concatenate[HomeAssistant, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Read from the database, in the recorder's executor; a cancelled caller waits until the end.

    Args:
        hass: Home Assistant.
        reading: reads, and is called with Home Assistant and the other arguments.
        args: of the call.
        kwargs: of the call.
    """
    job = partial(reading, hass, *args, **kwargs)
    return await async_finish(hass, get_instance(hass).async_add_executor_job(job))


class Statistics:
    """Writes rows of one account; one writer at a time reads, compares and writes.

    Attributes:
        units: by statistic id, the unit of the rows that are recorded, as far as it is known.
        foreign: by statistic id, the unit of recorded rows that ours cannot be converted to.
            Nothing is written to these, as they would mix two units.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; the recorder is looked up when it is needed."""
        self.units: dict[str, str | None] = {}
        self.foreign: dict[str, str | None] = {}
        self._hass = hass
        self._lock = asyncio.Lock()

    def records(self, series: Series) -> bool:
        """Return whether rows of a series are recorded: its entity is, and its unit fits."""
        if series.statistic_id in self.foreign:
            return False
        return series.external or is_entity_recorded(self._hass, series.statistic_id)

    async def async_look_up(self, some: Collection[Series]) -> None:
        """Look up the units in which series are recorded."""
        ids = {series.statistic_id for series in some}
        known = await async_read(self._hass, metadata_of, ids)
        await in_slices(self._notes(some, known))

    def _notes(
        self, some: Iterable[Series], known: Mapping[str, tuple[int, StatisticMetaData]]
    ) -> Iterator[str]:
        """Cache the known units of series, and yield their ids."""
        for series in some:
            statistic_id = series.statistic_id
            self.units.pop(statistic_id, None)
            self.foreign.pop(statistic_id, None)
            if statistic_id in known:
                _, former = known[statistic_id]
                self.units[statistic_id] = former["unit_of_measurement"]
                if not _fits(series, former):
                    self.foreign[statistic_id] = former["unit_of_measurement"]
            yield statistic_id

    @property
    def ready(self) -> bool:
        """Whether the recorder accepts rows; it does not while it starts or migrates."""
        recorder = get_instance(self._hass)
        return recorder.is_running and recorder.async_recorder_ready.is_set()

    async def async_wait_written(self) -> None:
        """Wait until the recorder has processed all that is queued so far.

        The recorder's `async_block_till_done` returns when the queue is empty, even if the last
        task is still running.
        """
        done: asyncio.Future[None] = self._hass.loop.create_future()
        get_instance(self._hass).queue_task(SynchronizeTask(done))
        await done

    async def async_write(self, batch: Mapping[Series, HourRows]) -> int:
        """Write rows as `async_record` does, and return their number."""
        return (await self.async_record(batch, batch.keys)).rows

    async def async_record(
        self, batch: Mapping[Series, HourRows], current: Callable[[], Collection[Series]]
    ) -> Written:
        """Write the rows that differ from the recorded ones, and wait until they are written.

        Args:
            batch: rows by series. Those that the recorder holds and the batch does not are never
                removed.
            current: returns the series that there are now. It is called again before rows are
                written: if an entity was renamed meanwhile, the recorder has moved its existing
                rows.

        Series that were removed or have another unit now, that are not to be recorded, or only in
        another unit, are left out.
        """
        written, count, left = set[Series](), 0, dict(batch)
        async with self._lock:
            while left:
                await self.async_wait_written()
                now = {(one.key, one.unit, one.kind): one for one in current()}
                named = {
                    found: rows
                    for one, rows in left.items()
                    if (found := now.get((one.key, one.unit, one.kind))) and self.records(found)
                }
                left = {}
                for change in await async_read(self._hass, _changes, named):
                    series = change.series
                    if change.metadata is None:
                        await self.async_look_up([series])
                    elif await self._async_hand_over(change, change.metadata, current):
                        written.add(series)
                        count += len(change.rows)
                    else:
                        left[series] = named[series]
            if count:
                await self.async_wait_written()
        return Written(count, written)

    async def _async_hand_over(
        self,
        change: _Change,
        metadata: StatisticMetaData,
        current: Callable[[], Collection[Series]],
    ) -> bool:
        """Pass rows to the recorder; return False if the series was renamed or removed."""
        write = async_add_external_statistics if change.series.external else async_import_statistics
        for some in batched(change.rows, ROWS_AT_ONCE, strict=False):
            if change.series not in current():
                return False
            write(self._hass, metadata, some)
            await asyncio.sleep(0)
        self.units.setdefault(change.series.statistic_id, metadata["unit_of_measurement"])
        return True


def metadata_of(
    hass: HomeAssistant, statistic_ids: Iterable[str]
) -> dict[str, tuple[int, StatisticMetaData]]:
    """Return the number and the metadata of statistics by their id."""
    found = dict[str, tuple[int, StatisticMetaData]]()
    for some in batched(statistic_ids, IDS_AT_ONCE, strict=False):
        found |= get_metadata(hass, statistic_ids=set(some))
    return found


def _changes(hass: HomeAssistant, batch: Mapping[Series, HourRows]) -> list[_Change]:
    """Compare with the recorded rows; runs in the recorder's executor."""
    if not batch:
        return []
    known = metadata_of(hass, {series.statistic_id for series in batch})
    changes = list[_Change]()
    for series, rows in batch.items():
        _, former = known.get(series.statistic_id, (0, None))
        if former is not None and not _fits(series, former):
            changes.append(_Change(series, None, []))
            continue
        unit = series.unit if former is None else former["unit_of_measurement"]
        is_mean = series.kind is SeriesKind.MEAN
        metadata = StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC if is_mean else StatisticMeanType.NONE,
            has_sum=not is_mean,
            name=series.name,
            source=DOMAIN if series.external else RECORDER,
            statistic_id=series.statistic_id,
            unit_class=series.unit_class,
            unit_of_measurement=unit,
        )
        data = list(_differing(hass, series, unit, rows, batch)) if rows else []
        changes.append(_Change(series, metadata, data))
    return changes


def _differing(
    hass: HomeAssistant,
    series: Series,
    unit: str | None,
    rows: HourRows,
    batch: Mapping[Series, HourRows],
) -> Iterator[StatisticData]:
    converter = UNIT_CLASS_TO_UNIT_CONVERTER.get(series.unit_class)
    convert: _Convert = float
    if converter is not None and unit != series.unit:
        convert = converter.converter_factory(series.unit, unit)
    read = partial(_read, hass, series, unit)
    if series.kind is SeriesKind.MEAN:
        return _changed_means(read, rows, convert)
    return _changed_sums(read, _at_their_price(hass, series, rows, batch, read), convert)


type _Read = Callable[[int | None, int | None], dict[int, StatisticsRow]]
type _Convert = Callable[[float], float]


def _changed_means(read: _Read, rows: HourRows, convert: _Convert) -> Iterator[StatisticData]:
    recorded = read(min(rows), max(rows) + 1)
    new = {hour: row for hour, row in rows.items() if isinstance(row, HourMean)}
    for hour, row in new.items():
        mean, low, high = convert(row.mean), convert(row.min), convert(row.max)
        former = recorded.get(hour, StatisticsRow(start=0, end=0))
        if (former.get("mean"), former.get("min"), former.get("max")) != (mean, low, high):
            yield StatisticData(start=start_of(hour), mean=mean, min=low, max=high)


def _at_their_price(
    hass: HomeAssistant,
    series: Series,
    rows: HourRows,
    batch: Mapping[Series, HourRows],
    read: _Read,
) -> HourRows:
    """Return the amounts with the recorded price where an hour is recorded with one.

    An hour without energy has no price yet: energy added later is charged at the current price.
    """
    if series.priced is None:
        return rows
    first = min(rows)
    energy = next((one for one in batch if one.statistic_id == series.priced), None)
    now = {} if energy is None else batch[energy]
    before = {} if energy is None else _read(hass, energy, energy.unit, first, None)
    priced = {hour: row for hour, row in rows.items() if not isinstance(row, HourMean)}
    for hour, row in read(first, None).items():
        if hour in priced and (cost := row.get("state")) is not None:
            former = before[hour].get("state") if hour in before else None
            if energy is not None and not former and not cost:
                continue
            priced[hour] = cost * _growth(former, now.get(hour))
    return priced


def _growth(former: float | None, amount: HourMean | float | None) -> float:
    """Return by how much an amount has grown; 1 if the growth is unknown."""
    if not former or amount is None or isinstance(amount, HourMean) or amount == former:
        return 1.0
    return amount / former


def _changed_sums(read: _Read, rows: HourRows, convert: _Convert) -> Iterator[StatisticData]:
    first = min(rows)
    recorded = {
        hour: Recorded(row.get("state"), row.get("sum")) for hour, row in read(first, None).items()
    }
    new = {hour: convert(row) for hour, row in rows.items() if not isinstance(row, HourMean)}
    for row in changed_rows(_sum_before(read, first), recorded, new):
        yield StatisticData(start=start_of(row.hour), state=row.state, sum=row.sum)


def _sum_before(read: _Read, hour: int) -> float:
    """Return the newest recorded sum before an hour, 0 if there is none."""
    for span in LOOK_BACK:
        first = None if span is None else hour - int(span.total_seconds()) // SECONDS
        sums = [row.get("sum") for row in read(first, hour).values()]
        if (newest := next((one for one in reversed(sums) if one is not None), None)) is not None:
            return newest
    return 0.0


def _read(
    hass: HomeAssistant, series: Series, unit: str | None, first: int | None, end: int | None
) -> dict[int, StatisticsRow]:
    """Return the recorded rows by hour, in order of time."""
    found = statistics_during_period(
        hass,
        dt_util.utc_from_timestamp(0) if first is None else start_of(first),
        None if end is None else start_of(end),
        {series.statistic_id},
        "hour",
        # Without this the rows of an entity are converted to the unit of its state.
        {series.unit_class: unit} if series.unit_class and unit else None,
        {"mean", "min", "max"} if series.kind is SeriesKind.MEAN else {"state", "sum"},
    )
    rows: Iterable[StatisticsRow] = found.get(series.statistic_id, ())
    return {int(row["start"] // SECONDS): row for row in rows}


def _fits(series: Series, former: StatisticMetaData) -> bool:
    """Return whether rows of a series can be compared with and added to those that are recorded.

    Existing rows keep their unit, as another one would change their meaning.
    """
    if former["has_sum"] != (series.kind is SeriesKind.SUM):
        return False
    unit = former["unit_of_measurement"]
    converter = UNIT_CLASS_TO_UNIT_CONVERTER.get(series.unit_class)
    return unit == series.unit or (converter is not None and unit in converter.VALID_UNITS)
