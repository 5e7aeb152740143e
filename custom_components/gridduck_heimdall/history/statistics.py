"""The recorder's long-term statistics: read what is there, and write what differs."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from itertools import batched
from typing import Final

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

from custom_components.gridduck_heimdall.const import DOMAIN

from .hours import HourMean
from .intervals import SECONDS, start_of
from .series import Kind, Series
from .sums import Recorded, changed_rows

ROWS_AT_ONCE: Final = 500
"""The recorder checks rows on Home Assistant's loop; so many take it about 2 ms."""

LOOK_BACK: Final = (timedelta(days=2), timedelta(days=60), None)
"""Where the newest sum before an hour is looked for; None is everything."""

type HourRows = Mapping[int, HourMean] | Mapping[int, float]
"""What is new of one series by hour: means of a MEAN series, amounts of a SUM series."""

type _Change = tuple[StatisticMetaData, list[StatisticData]]


def recorder_loaded(hass: HomeAssistant) -> bool:
    """Whether this Home Assistant records anything at all."""
    return RECORDER in hass.config.components


class Statistics:
    """Writes rows of one account; one writer at a time reads, compares and writes."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep Home Assistant; the recorder is looked up when it is needed."""
        self._hass = hass
        self._lock = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether the recorder takes rows now; it does not while it starts or migrates."""
        recorder = get_instance(self._hass)
        return recorder.is_running and recorder.async_recorder_ready.is_set()

    async def async_settle(self) -> None:
        """Wait until the recorder has done all that it was told so far.

        Its own `async_block_till_done` takes an empty queue for done, also while the last task
        is still at work.
        """
        done: asyncio.Future[None] = self._hass.loop.create_future()
        get_instance(self._hass).queue_task(SynchronizeTask(done))
        await done

    async def async_write(self, batch: Mapping[Series, HourRows]) -> int:
        """Write the rows that differ from what is recorded, and wait until they are there.

        Returns the number of rows written. Statistics of an entity that is not to be recorded
        are left out. Rows that the recorder holds and the batch does not are never removed.
        """
        wanted = {
            series: rows
            for series, rows in batch.items()
            if rows and (series.external or is_entity_recorded(self._hass, series.statistic_id))
        }
        if not wanted:
            return 0
        async with self._lock:
            await self.async_settle()
            changes = await get_instance(self._hass).async_add_executor_job(
                _changes, self._hass, wanted
            )
            for metadata, rows in changes:
                for some in batched(rows, ROWS_AT_ONCE, strict=False):
                    write = (
                        async_import_statistics
                        if metadata["source"] == RECORDER
                        else async_add_external_statistics
                    )
                    write(self._hass, metadata, some)
                    await asyncio.sleep(0)
            if changes:
                await self.async_settle()
        return sum(len(rows) for _, rows in changes)


def _changes(hass: HomeAssistant, batch: Mapping[Series, HourRows]) -> list[_Change]:
    """Compare with what is recorded; runs in the recorder's executor."""
    known = get_metadata(hass, statistic_ids={series.statistic_id for series in batch})
    changes = list[_Change]()
    for series, rows in batch.items():
        _, former = known.get(series.statistic_id, (0, None))
        unit = _recorded_unit(series, former)
        convert = _converter(series, unit)
        read = partial(_read, hass, series, unit)
        differing = (
            _changed_means(read, rows, convert)
            if series.kind is Kind.MEAN
            else _changed_sums(read, _at_their_price(hass, series, rows, batch, read), convert)
        )
        if data := list(differing):
            changes.append((_metadata(series, unit), data))
    return changes


type _Read = Callable[[int | None, int | None], dict[int, StatisticsRow]]
type _Convert = Callable[[float], float]


def _changed_means(read: _Read, rows: HourRows, convert: _Convert) -> Iterator[StatisticData]:
    recorded = read(min(rows), max(rows) + 1)
    new = {hour: row for hour, row in rows.items() if isinstance(row, HourMean)}
    for hour, row in new.items():
        mean, low, high = map(convert, row)
        there = recorded.get(hour, StatisticsRow(start=0, end=0))
        if (there.get("mean"), there.get("min"), there.get("max")) != (mean, low, high):
            yield StatisticData(start=start_of(hour), mean=mean, min=low, max=high)


def _at_their_price(
    hass: HomeAssistant,
    series: Series,
    rows: HourRows,
    batch: Mapping[Series, HourRows],
    read: _Read,
) -> HourRows:
    """Return the amounts with the recorded price where an hour is recorded with one.

    An hour that had no energy has used no price: what it gets later costs the present one.
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
    """Return by how much an amount has grown; 1 where that cannot be told."""
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
    """Return the newest recorded sum before an hour, 0 where there is none."""
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
        # Without this the rows of an entity come in the unit of its state.
        {series.unit_class: unit} if series.unit_class and unit else None,
        {"mean", "min", "max"} if series.kind is Kind.MEAN else {"state", "sum"},
    )
    rows: Iterable[StatisticsRow] = found.get(series.statistic_id, ())
    return {int(row["start"] // SECONDS): row for row in rows}


def _recorded_unit(series: Series, former: StatisticMetaData | None) -> str | None:
    """Return the unit to write in: that of the rows there are, if it can be converted to."""
    if former is None or (unit := former["unit_of_measurement"]) is None:
        return series.unit
    converter = UNIT_CLASS_TO_UNIT_CONVERTER.get(series.unit_class)
    return unit if converter is not None and unit in converter.VALID_UNITS else series.unit


def _converter(series: Series, unit: str | None) -> _Convert:
    converter = UNIT_CLASS_TO_UNIT_CONVERTER.get(series.unit_class)
    if converter is None or unit == series.unit:
        return float
    return converter.converter_factory(series.unit, unit)


def _metadata(series: Series, unit: str | None) -> StatisticMetaData:
    mean = series.kind is Kind.MEAN
    return StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC if mean else StatisticMeanType.NONE,
        has_sum=not mean,
        name=series.name,
        source=DOMAIN if series.external else RECORDER,
        statistic_id=series.statistic_id,
        unit_class=series.unit_class,
        unit_of_measurement=unit,
    )
