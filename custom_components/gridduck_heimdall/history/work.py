"""Rounds of imports: plan, fetch, write, and record failures."""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, reduce
from operator import or_
import time
from typing import Final, NamedTuple

from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from ..api.concurrency import async_for_each
from ..api.errors import ApiError, FeatureUnavailable, NotFound, PermissionDenied
from ..const import LOGGER
from ..core.backend import AccountEntry
from ..core.issues import IMPORT_FAILED, STATISTICS_IN_ANOTHER_UNIT, async_clear, async_raise
from ..core.slices import in_slices
from .checking import async_check
from .failures import Failures
from .fetching import FetchedRange, async_import_hours
from .hours import Hours, next_hour
from .plan import NONE, Bounds, ImportRecord, finished_at, live_hours
from .series import Series
from .source import ImportPace, Source
from .statistics import Statistics
from .store import HistoryStore

FORGET: Final = 90 * 24
"""Hours after which the record of a source that is gone is dropped."""


_shared_bounds: Final = lru_cache(maxsize=16)(Bounds)
"""Thousands of sources have the same bounds, and share one object."""


class ImportState(StrEnum):
    """State of the import."""

    IDLE = "idle"
    IMPORTING = "importing"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(kw_only=True, slots=True)
class ImportProgress:
    """Progress of the import as the sensor shows it.

    Attributes:
        state: its state.
        hours_done: hours imported since the import was last idle, counted per line, facility or
            asset.
        hours_to_do: hours still to be imported.
        listeners: called after each change.
    """

    state: ImportState = ImportState.IDLE
    hours_done: int = 0
    hours_to_do: int = 0
    listeners: list[CALLBACK_TYPE] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """The share of the hours that is done; 100 if there is nothing to do."""
        if self.hours_to_do == 0:
            return 100
        return 100 * self.hours_done // (self.hours_done + self.hours_to_do)

    def update(self, state: ImportState, hours_done: int, hours_to_do: int) -> None:
        """Set the progress, and call the listeners if it has changed."""
        new = state, hours_done, hours_to_do
        if new != (self.state, self.hours_done, self.hours_to_do):
            self.state, self.hours_done, self.hours_to_do = new
            for listener in tuple(self.listeners):
                listener()


class _Planned(NamedTuple):
    """What the record of a source was brought up to date for.

    Attributes:
        bounds: the hours that could be imported.
        followed: by series, the first hour that live polling can have recorded completely.
    """

    bounds: Bounds
    followed: Mapping[str, int]


class Work:
    """Import the missing hours of one account.

    Attributes:
        store: the records of the sources.
        statistics: writes the rows.
        failures: the failing sources.
        progress: the progress of the work, for the sensor.
        horizon: the hour after those that are imported without a request.
        changed: the number of rows that imports have changed and no listener knows of yet.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        *,
        name: str,
    ) -> None:
        """Prepare the work.

        Args:
            hass: Home Assistant.
            entry: the account.
            name: the name of the work in the log.
        """
        self.store: Final = HistoryStore(hass, entry.entry_id)
        self.statistics: Final = Statistics(hass)
        self.failures: Final = Failures()
        self.progress: Final = ImportProgress()
        self.horizon = 0
        self.changed = 0
        self._hass = hass
        self._entry = entry
        self._name = name
        self._pace = ImportPace()
        # By source, what its record was last brought up to date for.
        self._planned: dict[str, _Planned] = {}
        # By source, the number of hours still to be imported.
        self._left: dict[str, int] = {}
        # Whether the issue may exist: raised by this import, or before a restart.
        self._is_reported = True

    async def async_check(self, sources: Mapping[str, Source]) -> None:
        """Find hours of these sources that were imported and are no longer recorded.

        The records of sources that have been gone for long are dropped.
        """
        # The record of an existing source is updated daily.
        for key in [key for key in self.store if key not in sources]:
            if self.store[key].reread + FORGET < self.horizon:
                del self.store[key]
        try:
            checked = await async_check(
                self._hass, sources, self.store, self.statistics, self._bounds
            )
        except SQLAlchemyError:
            # Nothing is lost: the next check is within hours.
            LOGGER.exception("%s: what the recorder has cannot be looked up", self._name)
            return
        if checked.lost:
            LOGGER.warning(
                "%s: %d hours that were imported are not in the recorder any more; they are "
                "imported again",
                self._name,
                checked.lost,
            )
        if checked.foreign:
            statistic_id, unit = next(iter(checked.foreign.items()))
            async_raise(
                self._hass,
                self._entry,
                STATISTICS_IN_ANOTHER_UNIT,
                statistic=statistic_id,
                unit=unit or "-",
                count=str(len(checked.foreign)),
            )
        else:
            async_clear(self._hass, self._entry, STATISTICS_IN_ANOTHER_UNIT)

    async def async_round(self, sources: Mapping[str, Source], pace: ImportPace) -> float | None:
        """Import the missing hours of these sources; one that fails does not affect the others.

        Args:
            sources: by key.
            pace: the pace of the import.

        Returns:
            When to continue, in unix seconds; None if nothing is left.
        """
        self._pace = pace
        self.failures.retain(sources)
        for key in self._planned.keys() - sources.keys():
            del self._planned[key]
        self._left.clear()
        await in_slices(self._plan_all(sources))
        now = time.time()
        if due := [sources[key] for key in self._left if self.failures.until(key) <= now]:
            done = 0 if self.progress.state is ImportState.IDLE else self.progress.hours_done
            self.progress.update(ImportState.IMPORTING, done, sum(self._left.values()))
            await async_for_each(
                due, self._async_import, limit=pace.parallel, stop=self.failures.paused
            )
        if self.failures.persistent:
            state = ImportState.FAILED
        else:
            if self._is_reported:
                async_clear(self._hass, self._entry, IMPORT_FAILED)
                self._is_reported = False
            state = ImportState.WAITING if self._left else ImportState.IDLE
        self.progress.update(state, self.progress.hours_done, sum(self._left.values()))
        return min(map(self.failures.until, self._left), default=None)

    def _plan_all(self, sources: Mapping[str, Source]) -> Iterator[str]:
        """Count the hours that each source lacks; yield after each, as `in_slices` needs it."""
        for key, source in sources.items():
            try:
                self._batches(source)
            except Exception as error:
                LOGGER.exception("%s: %s cannot be imported", self._name, key)
                self._failed(key, error)
            yield key

    def _batches(self, source: Source) -> Mapping[Hours, Collection[Series]]:
        """Return the hours that a source lacks, each with its series, and count them."""
        bounds = self._bounds(source)
        series = {one.key: one for one in source.series() if self.statistics.records(one)}
        batches = self._plan(source, bounds, list(series)).batches(series, bounds)
        if left := len(reduce(or_, batches, NONE)):
            self._left[source.key] = left
        else:
            self._left.pop(source.key, None)
        return {hours: [series[key] for key in keys] for hours, keys in batches.items()}

    def _bounds(self, source: Source) -> Bounds:
        now = dt_util.utcnow()
        return _shared_bounds(next_hour(now - source.reach), self.horizon, finished_at(now))

    def _plan(self, source: Source, bounds: Bounds, keys: list[str]) -> ImportRecord:
        """Return the record of a source, updated once for the same bounds and series."""
        key, now = source.key, dt_util.utcnow()
        before = self._planned.get(key)
        if before is not None and before.bounds == bounds and list(before.followed) == keys:
            return self.store[key]
        record = self.store[key].with_series(keys, bounds)
        record = record.with_clock_corrected(keys, bounds, now.timestamp()).with_reread(bounds)
        former, next_whole = before.followed if before is not None else {}, next_hour(now)
        # A time in the future comes from a wrong clock.
        followed = {one: min(former.get(one, next_whole), next_whole) for one in keys}
        live = live_hours(
            record.missing(keys, bounds),
            bounds.horizon,
            max(followed.values(), default=next_whole),
            source.live,
        )
        self.store[key] = record = record.with_covered(keys, live)
        self._planned[key] = _Planned(bounds, followed)
        return record

    async def _async_import(self, source: Source) -> None:
        """Import the hours that a source lacks, and record whether that failed."""
        key, failures = source.key, list[ApiError]()
        try:
            # An hour may have ended, or an entity been enabled or disabled, since the round began.
            for hours, series in self._batches(source).items():
                parts = async_import_hours(source, series, hours, self.statistics)
                async with aclosing(parts):
                    async for part in parts:
                        failures += self._take(key, part)
                        if pause := self._pace.pause:
                            await asyncio.sleep(pause)
        except ApiError as error:
            LOGGER.debug("%s: %s: %s", self._name, key, error)
            self._failed(key, error)
        except Exception as error:
            LOGGER.exception("%s: %s cannot be imported", self._name, key)
            self._failed(key, error)
        else:
            if failures:
                LOGGER.debug("%s: some of %s: %s", self._name, key, failures[0])
                self._failed(key, failures[0], partly=True)
                return
            self._left.pop(key, None)
            self.store[key] = replace(self.store[key], failing_since=None)
            self.failures.worked(key)

    def _take(self, key: str, part: FetchedRange) -> list[ApiError]:
        """Record the imported hours; return the errors because of which some are retried."""
        record, errors = self.store[key], part.errors
        # Future hours are not imported: the clock may have been set back meanwhile.
        hours = part.hours & Hours.of((0, finished_at(dt_util.utcnow())))
        refused = [one for one in errors if isinstance(errors[one], NotFound | PermissionDenied)]
        failed = [errors[one] for one in errors if one not in refused]
        if refused:
            record = record.with_refused(refused, hours)
        self.store[key] = record.with_rows(part.rows, hours, whole=not failed)
        done = 0 if failed else min(self._left[key], len(part.hours))
        self._left[key] -= done
        self.changed += part.changed
        hours_done = self.progress.hours_done + done
        self.progress.update(ImportState.IMPORTING, hours_done, sum(self._left.values()))
        return failed

    def _failed(self, key: str, error: Exception, *, partly: bool = False) -> None:
        if isinstance(error, FeatureUnavailable):
            # Not a failure of the source, and users cannot fix it.
            self.failures.unavailable(key, error)
            return
        record = self.store[key]
        since = time.time() if record.failing_since is None else record.failing_since
        self.store[key] = replace(record, failing_since=since)
        self.failures.failed(key, error, since, partly=partly)
        if key in self.failures.persistent:
            reason = self.failures.persistent[key]
            async_raise(self._hass, self._entry, IMPORT_FAILED, error=reason)
            self._is_reported = True
