"""Base coordinator: logs errors once, and notifies only the listeners of changes."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Hashable, Iterable, Set as AbstractSet
from datetime import datetime, timedelta
from itertools import islice
from time import perf_counter
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..api.concurrency import RetryAfterGate
from ..api.errors import ApiError, RateLimited
from ..const import LOGGER
from .backend import AccountEntry
from .exceptions import poll_error
from .keyed_listeners import KeyedListeners
from .slices import SLICE

TOLERATED_FAILURES: Final = 2
# Intervals after which failures are no longer tolerated: a poll may have taken long, the service
# may have requested a long pause, or Home Assistant may have been suspended.
TOLERATED_INTERVALS: Final = 5
# Most listeners notified per turn of the event loop, if they take no longer than a slice.
NOTIFIED_AT_ONCE: Final = 40
_IN_USE: Final = (ConfigEntryState.SETUP_IN_PROGRESS, ConfigEntryState.LOADED)


@callback
def _nothing() -> None:
    """Do nothing: the base class polls only while it has a listener."""


class AnnouncingCoordinator[KeyT: Hashable, DataT](DataUpdateCoordinator[DataT]):
    """Poll a cloud and notify only the listeners of changes.

    A listener's context is the collection of keys that it shows. A listener without a context is
    notified first, of every announcement; so is an inventory listener, unless only values changed.
    The others are notified in batches of a slice, and see the data at that time.

    `TOLERATED_FAILURES` failed polls in a row are tolerated: entities show the last data for at
    most `TOLERATED_INTERVALS`. A longer failure, or refused credentials, makes them unavailable.

    Attributes:
        serving: whether the cached data is valid.
        last_success: the time of the last successful poll; None before the first.
        without_requests: whether the current poll sends no request, so that it says nothing about
            the cloud.
        after_poll: called after every poll, whether or not it succeeded.
        after_problem: called after each poll with a problem to report, and after the first
            one without.
    """

    config_entry: AccountEntry

    # Seconds until the retry after a failed poll; None for the poll's interval.
    retry_interval: float | None = None

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        *,
        name: str,
        update_interval: timedelta,
    ) -> None:
        """Set the name and the interval of the poll."""
        # By the function that removes a listener: the listener, and whether it ignores values.
        self._unkeyed: dict[CALLBACK_TYPE, tuple[CALLBACK_TYPE, bool]] = {}
        self._keyed = KeyedListeners[KeyT](self._keyed_gone)
        self._stop_keyed: CALLBACK_TYPE | None = None
        self._work: dict[Callable[[], bool], None] = {}
        self._first_work: dict[Callable[[], bool], None] = {}
        self._announcing = False
        self._batches_done = asyncio.Event()
        self._batches_done.set()
        self._changed: set[KeyT] | None = set()
        self._failures = 0
        # One poll at a time: a late response must not replace a newer one.
        self._one_poll = asyncio.Lock()
        self._gate = RetryAfterGate()
        self._overdue = False
        self._cancel_overdue: CALLBACK_TYPE | None = None
        self.serving = True
        self.last_success: datetime | None = None
        # Includes polls without requests, as none was due.
        self._last_good: datetime | None = None
        self.without_requests = False
        self.after_poll: list[CALLBACK_TYPE] = []
        self.after_problem: list[CALLBACK_TYPE] = []
        # A problem may remain from before the account was opened.
        self._had_problem = True
        # The keys of the current announcement; None for everything.
        self.announced: AbstractSet[KeyT] | None = frozenset()
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {name}",
            update_interval=update_interval,
        )

    @property
    def in_use(self) -> bool:
        """Whether the account is set up or being set up, so that entities may be registered."""
        return self.config_entry.state in _IN_USE

    @property
    def polling(self) -> bool:
        """Whether a poll is in progress."""
        return self._one_poll.locked()

    @property
    def rate_limited(self) -> bool:
        """Whether a Retry-After of the cloud has not elapsed."""
        return self._gate.is_closed(dt_util.utcnow().timestamp())

    @override
    async def async_request_refresh(self) -> None:
        """Poll on request of a user, unless the cloud has requested a pause."""
        if not self.rate_limited:
            await super().async_request_refresh()

    @callback
    def async_follow_polls(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener after every poll; return a function that removes it."""
        self.after_poll.append(listener)
        return lambda: self.after_poll.remove(listener)

    @property
    def marked(self) -> bool:
        """Whether changes wait to be announced."""
        return self._changed != set()

    @property
    def _has_problem(self) -> bool:
        """Whether the last poll left a problem to report."""
        return not self.last_update_success

    def _changes_inventory(self, changed: AbstractSet[KeyT]) -> bool:
        """Whether any of the keys concerns existence or a device, not only a value."""
        return bool(changed)

    @abstractmethod
    async def _async_poll(self) -> DataT:
        """Fetch the data and `mark` what changed. May raise any `ApiError`."""

    @callback
    def mark(self, keys: Iterable[KeyT]) -> None:
        """Mark keys for the next announcement."""
        if self._changed is not None:
            self._changed.update(keys)

    @callback
    def announce(self, keys: Iterable[KeyT] | None) -> None:
        """Notify the listeners of these keys, or all, of a change outside a poll."""
        if keys is None:
            self._changed = None
        else:
            self.mark(keys)
        self.async_update_listeners()

    @override
    async def _async_update_data(self) -> DataT:
        async with self._one_poll:
            try:
                return await self._async_poll()
            except ApiError as error:
                if isinstance(error, RateLimited):
                    self._gate.obey(error, dt_util.utcnow().timestamp())
                interval = self.update_interval or timedelta()
                raise poll_error(
                    error,
                    self.retry_interval,
                    interval=self.retry_interval or interval.total_seconds(),
                ) from error

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        was_serving = self.serving
        if self.last_update_success:
            self._failures = 0
            self._overdue = False
            self._stop_waiting()
            self._last_good = dt_util.utcnow()
            if not self.without_requests:
                self.last_success = self._last_good
        elif isinstance(self.last_exception, ConfigEntryAuthFailed):
            self._failures = TOLERATED_FAILURES + 1
        else:
            self._failures += 1
            self._wait_until_overdue()
        self.serving = self._failures <= TOLERATED_FAILURES and not self._overdue
        had_problem, self._had_problem = self._had_problem, self._has_problem
        for listener in tuple(self.after_poll):
            listener()
        if had_problem or self._had_problem:
            for listener in self.after_problem:
                listener()
        if self.serving != was_serving:
            self._changed = None
        if self._failures > 1 and self._changed != set():
            # The base class does not notify after repeated failures.
            self.async_update_listeners()

    @callback
    def _wait_until_overdue(self) -> None:
        """Schedule the deadline of stale data while polls fail."""
        if self.update_interval is None or self._last_good is None or self._overdue:
            return
        left = self._last_good + TOLERATED_INTERVALS * self.update_interval - dt_util.utcnow()
        if left <= timedelta():
            self._stop_waiting()
            self._overdue = True
        elif self._cancel_overdue is None:
            job = HassJob(self._became_overdue, f"{self.name} overdue", cancel_on_shutdown=True)
            self._cancel_overdue = async_call_later(self.hass, left, job)

    @callback
    def _became_overdue(self, _now: datetime) -> None:
        self._cancel_overdue = None
        if self.serving:
            self._changed = None
            self._overdue = True
            self.serving = False
            self.async_update_listeners()

    @callback
    def _stop_waiting(self) -> None:
        if self._cancel_overdue is not None:
            self._cancel_overdue()
            self._cancel_overdue = None

    @override
    async def async_shutdown(self) -> None:
        """Stop polling and cancel timers."""
        self._stop_waiting()
        await super().async_shutdown()

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Any = None
    ) -> Callable[[], None]:
        """Listen for changes of the keys in `context`; None for all changes."""
        if context is not None:
            if self._stop_keyed is None:
                # The base class polls while it has any listener.
                self._stop_keyed = super().async_add_listener(_nothing)
            return self._keyed.add(update_callback, context)
        return self._add_unkeyed(update_callback, inventory=False)

    @callback
    def async_add_inventory_listener(self, update_callback: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Listen for announcements of more than values; return what removes the listener."""
        return self._add_unkeyed(update_callback, inventory=True)

    def _add_unkeyed(self, update_callback: CALLBACK_TYPE, *, inventory: bool) -> CALLBACK_TYPE:
        remove = super().async_add_listener(update_callback)
        self._unkeyed[remove] = update_callback, inventory

        def stop() -> None:
            if self._unkeyed.pop(remove, None) is not None:
                remove()

        return stop

    @callback
    def _keyed_gone(self) -> None:
        if self._stop_keyed is not None:
            self._stop_keyed()
            self._stop_keyed = None

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Notify the listeners of the keys marked since the last announcement."""
        self.announced = changed = self._changed
        self._changed = set()
        if changed == set():
            return
        self._announcing = True
        of_inventory = changed is None or self._changes_inventory(changed)
        for update_callback, inventory in tuple(self._unkeyed.values()):
            if of_inventory or not inventory:
                self._notify(update_callback)
        self._announcing = False
        self._keyed.await_turn(changed)
        self._start_batches()

    @callback
    def work_in_batches(self, work: Callable[[], bool], *, first: bool = False) -> None:
        """Run background work whenever no listener is pending.

        Args:
            work: does one batch and returns whether there is more. The event loop runs between
                batches.
            first: run it before listeners with keys and before all other work, which may depend
                on it: a device is registered before its entities are added.
        """
        (self._first_work if first else self._work)[work] = None
        if not self._announcing:
            self._start_batches()

    async def async_announced(self) -> None:
        """Wait until all listeners are notified and no work is left."""
        await self._batches_done.wait()

    @callback
    def _start_batches(self) -> None:
        if self._batches_done.is_set():
            self.config_entry.async_create_task(
                self.hass, self._async_batches(), f"{self.name} announcement"
            )

    async def _async_batches(self) -> None:
        """Notify listeners and do work in batches until nothing is left."""
        self._batches_done.clear()
        try:
            if self._first_work or not (self._keyed.look_up() and self._keyed.waiting):
                # The caller returns before the first batch begins.
                await asyncio.sleep(0)
            while True:
                if not self._do_next():
                    break
                await asyncio.sleep(0)
        finally:
            self._batches_done.set()

    def _do_next(self) -> bool:
        """Do a batch of work or notify some listeners; return whether anything is left."""
        if self._first_work:
            self._do_batch(self._first_work)
        elif self._keyed.look_up():
            waiting = self._keyed.waiting
            if not waiting and self._work:
                self._do_batch(self._work)
            ends = perf_counter() + SLICE
            for listener in tuple(islice(waiting, NOTIFIED_AT_ONCE)):
                if (update_callback := waiting.pop(listener, None)) is not None:
                    self._notify(update_callback)
                if perf_counter() > ends:
                    break
        return bool(self._first_work or self._keyed.changed or self._keyed.waiting or self._work)

    @callback
    def _do_batch(self, works: dict[Callable[[], bool], None]) -> None:
        work = next(iter(works))
        goes_on = False
        try:
            goes_on = work()
        except Exception:
            self.logger.exception("Work of %s failed", self.name)
        if not goes_on:
            works.pop(work, None)

    @callback
    def _notify(self, update_callback: CALLBACK_TYPE) -> None:
        try:
            update_callback()
        except Exception:
            self.logger.exception("A listener of %s failed", self.name)
