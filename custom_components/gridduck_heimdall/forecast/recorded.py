"""Recorded means of loads: read from long-term statistics, and cached for the next hour."""

from array import array
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, pairwise
import math
from typing import Final
from zlib import crc32

from homeassistant.components.recorder.statistics import StatisticsRow
from homeassistant.core import HomeAssistant, callback

from ..core.measured_load import MeasuredLoad
from ..history.statistics import async_read
from .expected import HOURS_BEHIND
from .rows import Hourly, HourRange, hour_of_row, read_rows, values_of

READ_AT_ONCE: Final = 5
"""Loads of which four weeks are read at once: the thread that reads holds the interpreter."""
RENEWED_AT_ONCE: Final = 100
"""Loads of which the newest hours are read at once."""
_OVERLAP: Final = 2
"""Hours that are read once more, as they may have been recorded late."""
_READ_ANEW: Final = 24
"""Hours after which four weeks are read again: anyone can change statistics."""
_ENOUGH: Final = HOURS_BEHIND // 2
"""Hours of a sensor from which on statistics of energy are not read as well."""
_UNKNOWN: Final = math.nan

type Means = array[float]
"""The mean loads of the last weeks, A or kW, the oldest first; NaN where they are not known."""


@dataclass(frozen=True, slots=True)
class _Cached:
    """The means of a load.

    Attributes:
        now: the hour that they end before.
        means: of the hours before it.
        by_sensor: whether the sensor alone has recorded enough of them.
    """

    now: int
    means: Means
    by_sensor: bool = True

    def until(self, now: int, newer: Hourly) -> _Cached:
        """Return the means until a later hour, with those that have been read since."""
        passed = min(now - self.now, HOURS_BEHIND)
        means = self.means[passed:] + array("d", [_UNKNOWN]) * passed
        return _Cached(now, _with(means, now, newer))


type _CacheKey = tuple[str, str | None]
"""The device and the statistic: one that is renamed is read anew, also if two swap their names."""

type _Known = tuple[MeasuredLoad, _Cached]


class RecordedLoads:
    """The means of loads over the last weeks.

    After the first time only the newest hours are read, by which an hour takes a hundredth of the
    time. What changes earlier hours, such as an import, has to `forget` them.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing cached."""
        self._hass = hass
        self._cached = dict[_CacheKey, _Cached]()

    @callback
    def forget(self) -> None:
        """Read all statistics as a whole the next time; what is being read is not cached."""
        self._cached = {}

    @callback
    def retain(self, now: int) -> None:
        """Forget what has not been read for hours."""
        for one, cached in tuple(self._cached.items()):
            if now - cached.now > _OVERLAP:
                del self._cached[one]

    def is_cached(self, load: MeasuredLoad, now: int) -> bool:
        """Return whether only the newest hours of a load have to be read.

        All of it is read once a day, of different loads at different hours.
        """
        cached = self._cached.get(_key(load))
        turn = crc32((load.entity_id or "").encode())
        return cached is not None and (
            now == cached.now
            or (0 < now - cached.now < _READ_ANEW and (now + turn) % _READ_ANEW != 0)
        )

    async def async_means(
        self, loads: Iterable[MeasuredLoad], now: int
    ) -> AsyncGenerator[list[tuple[MeasuredLoad, Means]]]:
        """Yield loads, some at a time, with their mean loads of the hours before one.

        Args:
            loads: where they are recorded.
            now: the current hour, which is not complete.
        """
        # Another one replaces it when statistics change while they are read.
        cache = self._cached
        known, new = list[_Known](), list[MeasuredLoad]()
        for load in loads:
            if self.is_cached(load, now):
                known.append((load, cache[_key(load)]))
            else:
                new.append(load)
        for some in batched(known, RENEWED_AT_ONCE, strict=False):
            yield _take(cache, await async_read(self._hass, _renewed, some, now))
        for few in batched(new, READ_AT_ONCE, strict=False):
            yield _take(cache, await async_read(self._hass, _read, few, now))


def _key(load: MeasuredLoad) -> _CacheKey:
    return load.device_id, load.entity_id


def _take(
    cache: dict[_CacheKey, _Cached], found: Iterable[_Known]
) -> list[tuple[MeasuredLoad, Means]]:
    """Cache what has been read, and return it."""
    means = list[tuple[MeasuredLoad, Means]]()
    for load, one in found:
        if load.entity_id is not None and one.by_sensor:
            cache[_key(load)] = one
        means.append((load, one.means))
    return means


def _renewed(hass: HomeAssistant, known: Sequence[_Known], now: int) -> list[_Known]:
    """Return cached means until the current hour; runs in the recorder's executor."""
    first = min(one.now for _, one in known) - _OVERLAP
    ids = {load.entity_id for load, _ in known if load.entity_id is not None}
    rows = read_rows(hass, ids, HourRange(first, now), ("mean",))
    return [
        (load, one.until(now, values_of(rows.get(load.entity_id or "", ()), "mean")))
        for load, one in known
    ]


def _read(hass: HomeAssistant, loads: Sequence[MeasuredLoad], now: int) -> list[_Known]:
    """Return the means of the last weeks; runs in the recorder's executor."""
    sensors = {load.entity_id for load in loads if load.entity_id is not None}
    rows = read_rows(hass, sensors, HourRange(now - HOURS_BEHIND, now), ("mean",))
    means = [values_of(rows.get(load.entity_id or "", ()), "mean") for load in loads]
    new = [place for place, found in enumerate(means) if len(found) < _ENOUGH]
    ids = {one for place in new for one in loads[place].energy}
    # One more hour: an amount is the difference of two sums.
    energy = read_rows(hass, ids, HourRange(now - HOURS_BEHIND - 1, now), ("sum",))
    for place in new:
        parts = [energy.get(one, ()) for one in loads[place].energy]
        means[place] = {**_sums(parts), **means[place]}
    nothing = array("d", [_UNKNOWN]) * HOURS_BEHIND
    return [
        (load, _Cached(now, _with(nothing[:], now, found), by_sensor=place not in new))
        for place, (load, found) in enumerate(zip(loads, means, strict=True))
    ]


def _with(means: Means, now: int, newer: Hourly) -> Means:
    """Take hours into the means that end before one."""
    first = now - HOURS_BEHIND
    for hour, mean in newer.items():
        if first <= hour < now:
            means[hour - first] = mean
    return means


def _sums(parts: Sequence[Iterable[StatisticsRow]]) -> Mapping[int, float]:
    """Return the mean power of hours in which the energy of all parts is known, kW."""
    amounts, known = dict[int, float](), Counter[int]()
    for rows in parts:
        for before, row in pairwise(rows):
            earlier, later, hour = before.get("sum"), row.get("sum"), hour_of_row(row)
            if earlier is not None and later is not None and hour == hour_of_row(before) + 1:
                amounts[hour] = amounts.get(hour, 0.0) + later - earlier
                known[hour] += 1
    return {hour: amount for hour, amount in amounts.items() if known[hour] == len(parts)}
