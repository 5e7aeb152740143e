"""Schedule the history import of one account, and accept requests for it."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, override
from zlib import crc32

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..core.backend import AccountEntry
from ..core.history_import import HistoryImport, RecordedSources
from ..core.storage import SAVE_SOON
from .fetching import async_rows
from .hours import SECONDS, Hours, hour_of, next_hour, start_of
from .plan import FINAL_AFTER, finished_at
from .series import BY_TIME, Sample, Series
from .source import ImportSources, Source
from .statistics import HourRows, recorder_loaded
from .work import Work

SPREAD: Final = 240
"""Seconds over which the accounts of all installations begin their hourly import."""

RECORDER_WAIT: Final = timedelta(minutes=1)
"""Retry delay while the recorder is starting."""


class Importer(HistoryImport):
    """Import the hours that the sources of one account have and the recorder lacks.

    Attributes:
        title: the title of the account.
        progress: the progress of the import.
        store: the persisted records; `async_start` loads them.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        *,
        name: str,
        sources: Callable[[], Awaitable[ImportSources]],
        keys_of: Callable[[AnyDeviceEntry], Collection[str]],
        every: Callable[[], timedelta],
    ) -> None:
        """Prepare the import without reading or requesting anything.

        Args:
            hass: Home Assistant.
            entry: the account.
            name: the name of the import in the log.
            sources: returns the current sources.
            keys_of: returns the keys of the sources of a device and of those beneath it.
            every: the time between two regular imports, in whole hours.
        """
        self.title: Final = entry.title
        self.keys_of = keys_of
        self._hass = hass
        self._entry = entry
        self._name = f"{entry.title} {name}"
        self._sources = sources
        self._every = every
        self._work = Work(hass, entry, name=self._name)
        self.store: Final = self._work.store
        self.progress: Final = self._work.progress
        # Called when an import has changed rows.
        self._after_import: list[CALLBACK_TYPE] = []
        self._spread = timedelta(seconds=crc32(entry.entry_id.encode()) % SPREAD)
        self._next_regular = dt_util.utc_from_timestamp(0)
        self._period = timedelta(hours=1)
        self._known: Mapping[str, Source] = {}
        self._running = False
        self._cancel_timer: CALLBACK_TYPE = lambda: None
        self._again = False
        self._started = False

    async def async_start(self) -> None:
        """Load the records, and begin in the background once the account is set up."""
        await self.store.async_load()
        if not recorder_loaded(self._hass):
            LOGGER.debug("%s: nothing is recorded here, so nothing is imported", self._name)
            return
        self._started = True
        self._entry.async_on_unload(self._async_close)
        self._entry.async_on_unload(async_at_started(self._hass, self._at_started))

    @override
    def request(self, keys: Collection[str] | None, start: datetime, end: datetime) -> None:
        if not self._started:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="recorder_not_loaded"
            )
        hours = Hours.of((hour_of(start), min(next_hour(end), finished_at(dt_util.utcnow()))))
        for key in self._known if keys is None else keys:
            record = self.store[key]
            self.store[key] = replace(record, pending=record.pending | hours)
        self.store.save_within(SAVE_SOON)
        self.retry()

    @override
    def recorded(self, keys: Collection[str]) -> RecordedSources:
        found, excluded = set[str](), list[str]()
        for key in keys:
            source = self._known.get(key)
            series = () if source is None else source.series()
            records = self._work.statistics.records
            left_out = [one.statistic_id for one in series if not records(one)]
            excluded += left_out
            if source is None or len(left_out) < len(series):
                found.add(key)
        return RecordedSources(found, sorted(excluded))

    def unit_of(self, statistic_id: str) -> str | None:
        """Return the unit in which rows of a statistic are recorded; None if none are known."""
        return self._work.statistics.units.get(statistic_id)

    @callback
    @override
    def retry(self) -> None:
        if self._started:
            self._work.failures.retry_now()
            # During setup the import has not begun yet; it begins once the account is loaded.
            if self._entry.state is ConfigEntryState.LOADED:
                self._begin()

    async def async_write(self, batch: Mapping[Series, Sequence[Sample]]) -> int:
        """Write samples of another origin, and return the number of changed rows.

        Args:
            batch: by series, all samples of each hour that they touch; the running hour is left
                out. A cost and the energy that it is of belong together.

        Raises:
            HomeAssistantError: the recorder is not running, or has rows of the statistic in a unit
                that these cannot be converted to.
        """
        if not self._started:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="recorder_not_loaded"
            )
        statistics = self._work.statistics
        # The user may have deleted rows in another unit since the last check.
        await statistics.async_look_up(batch)
        finished, rows = finished_at(dt_util.utcnow()), dict[Series, HourRows]()
        for series, samples in batch.items():
            if inside := sorted(samples, key=BY_TIME):
                first = int(inside[0][0] // SECONDS)
                rows[series] = await async_rows(series, inside, first, finished)
        written = await statistics.async_write(rows)
        for series in rows:
            if (statistic_id := series.statistic_id) in statistics.foreign:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="recorded_in_another_unit",
                    translation_placeholders={
                        "statistic": statistic_id,
                        "unit": statistics.foreign[statistic_id] or "-",
                    },
                )
        return written

    @callback
    @override
    def async_on_imported(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        self._after_import.append(listener)
        return partial(self._after_import.remove, listener)

    def diagnostics(self) -> dict[str, Any]:
        """Return the diagnostics of the import."""
        progress, failures = self.progress, self._work.failures
        return {
            "state": progress.state,
            "percent": progress.percent,
            "hours_done": progress.hours_done,
            "hours_to_do": progress.hours_to_do,
            "sources": len(self._known),
            "failing": len(failures.persistent),
            "error": failures.latest,
            "next": self._next_regular.isoformat() if self._started else None,
        }

    @callback
    def _at_started(self, _hass: HomeAssistant) -> None:
        """Begin once the account has its entities, which select the series."""
        if self._entry.state is ConfigEntryState.LOADED:
            self._begin()
            return

        @callback
        def state_changed() -> None:
            if self._entry.state is ConfigEntryState.LOADED:
                remove()
                self._begin()

        remove = self._entry.async_on_state_change(state_changed)

    @callback
    def _begin(self, _now: datetime | None = None) -> None:
        """Start a round; if one is running, another follows it."""
        if not self._started:
            return
        self._cancel_timer()
        if self._running:
            self._again = True
            return
        self._entry.async_create_background_task(self._hass, self._async_rounds(), self._name)

    async def _async_rounds(self) -> None:
        """Import until nothing is left to do now, and schedule the next round."""
        self._running = self._again = True
        try:
            while self._again:
                self._again = False
                try:
                    due = await self._async_round()
                except Exception:
                    LOGGER.exception("%s: unexpected error during an import", self._name)
                    due = dt_util.utcnow() + self._period
        finally:
            self._running = False
        if self._started:
            # At most a period from now, as the clock may be changed meanwhile.
            wait = min(max(due - dt_util.utcnow(), timedelta(seconds=1)), self._period)
            self._cancel_timer = async_call_later(
                self._hass, wait, HassJob(self._begin, self._name, cancel_on_shutdown=True)
            )

    async def _async_round(self) -> datetime:
        """Import what is missing now, and return when to continue."""
        now = dt_util.utcnow()
        if not self._work.statistics.ready:
            return now + RECORDER_WAIT
        current = await self._sources()
        sources = self._known = current.by_key
        # A time too far in the future was planned before the clock was set back.
        latest = now + self._period + timedelta(seconds=SPREAD)
        if not now < self._next_regular <= latest:
            # The recorder must first write its own queued rows of these hours.
            await self._work.statistics.async_wait_written()
            self._work.horizon = finished_at(now)
            self._period = timedelta(hours=max(1, self._every() // timedelta(hours=1)))
            later = self._work.horizon + self._period // timedelta(hours=1)
            self._next_regular = start_of(later) + FINAL_AFTER + self._spread
            await self._work.async_check(sources)
        due = await self._work.async_round(sources, current.pace)
        if self._work.changed:
            self._work.changed = 0
            for listener in tuple(self._after_import):
                listener()
        if due is None:
            return self._next_regular
        return min(self._next_regular, dt_util.utc_from_timestamp(due))

    async def _async_close(self) -> None:
        """Stop, and persist the records."""
        self._started = False
        self._cancel_timer()
        await self.store.async_close()
