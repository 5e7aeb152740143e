"""Base coordinator that notifies only the listeners of what has changed, in batches."""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from time import perf_counter
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from ..const import LOGGER
from .backend import AccountEntry
from .slices import SLICE

KEYS_AT_ONCE: Final = 1000
"""Keys whose listeners are looked up per batch: about a millisecond."""

NOTIFIED_AT_ONCE: Final = 40
"""Listeners notified per batch at most, if they take no longer than a slice."""

_IN_USE: Final = (ConfigEntryState.SETUP_IN_PROGRESS, ConfigEntryState.LOADED)


def for_one_slice[T](items: Iterable[T]) -> Iterator[T]:
    """Yield items until a slice has expired, but at least one; the caller's work counts."""
    began = perf_counter()
    for item in items:
        yield item
        if perf_counter() - began > SLICE:
            return


@callback
def _nothing() -> None:
    """Do nothing: the base class polls only while it has a listener."""


@dataclass(slots=True, eq=False)
class _Unsubscribe[KeyT: Hashable]:
    """Removes a listener, with a fraction of the objects that a closure takes."""

    listeners: KeyedListeners[KeyT]
    keys: Iterable[KeyT]
    listener: int

    def __call__(self) -> None:
        self.listeners.remove(self.listener, self.keys)


class KeyedListeners[KeyT: Hashable]:
    """The listeners of a coordinator, by the keys that they depend on.

    Listeners are numbered: the garbage collector does not track tuples of numbers.

    Attributes:
        waiting: the listeners to notify.
        changed: by announcement, the keys whose listeners have not been looked up yet.
    """

    def __init__(self, empty: CALLBACK_TYPE) -> None:
        """Start without listeners; `empty` is called when the last one is removed."""
        self._empty = empty
        self.waiting: dict[int, CALLBACK_TYPE] = {}
        self.changed: list[Iterator[KeyT]] = []
        self._callbacks: dict[int, CALLBACK_TYPE] = {}
        self._by_key: dict[KeyT, tuple[int, ...]] = {}
        self._last = 0

    def add(self, update_callback: CALLBACK_TYPE, keys: Iterable[KeyT]) -> _Unsubscribe[KeyT]:
        """Add a listener, and return a function that removes it."""
        self._last += 1
        self._callbacks[self._last] = update_callback
        for key in keys:
            self._by_key[key] = (*self._by_key.get(key, ()), self._last)
        return _Unsubscribe(self, keys, self._last)

    def remove(self, listener: int, keys: Iterable[KeyT]) -> None:
        """Remove a listener, if it exists."""
        if self._callbacks.pop(listener, None) is None:
            return
        self.waiting.pop(listener, None)
        for key in keys:
            left = tuple(one for one in self._by_key.pop(key, ()) if one != listener)
            if left:
                self._by_key[key] = left
        if not self._callbacks:
            self._empty()

    def enqueue(self, changed: AbstractSet[KeyT] | None) -> None:
        """Queue the listeners of changed keys; None queues all."""
        self.changed.append(iter(tuple(self._by_key) if changed is None else changed))

    def look_up(self) -> bool:
        """Look up the listeners of some keys, and return whether all are looked up."""
        if self.changed:
            keys = tuple(islice(self.changed[0], KEYS_AT_ONCE))
            for key in keys:
                for listener in self._by_key.get(key, ()):
                    self.waiting[listener] = self._callbacks[listener]
            if len(keys) < KEYS_AT_ONCE:
                del self.changed[0]
        return not self.changed


class AnnouncingCoordinator[KeyT: Hashable, DataT](DataUpdateCoordinator[DataT]):
    """Notify only the listeners of changes.

    A listener's context is the collection of keys that it shows. A listener without a context is
    notified first, of every announcement; so is an inventory listener, unless only values changed.
    The others are notified in batches of a slice, and see the data at that time.

    Attributes:
        announced: the keys of the current announcement; None for everything.
    """

    config_entry: AccountEntry

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
    def marked(self) -> bool:
        """Whether changes wait to be announced."""
        return self._changed != set()

    def _changes_inventory(self, changed: AbstractSet[KeyT]) -> bool:
        """Return whether any of the keys concerns existence or a device, not only a value."""
        return bool(changed)

    @callback
    def mark(self, keys: Iterable[KeyT]) -> None:
        """Mark keys for the next announcement."""
        if self._changed is not None:
            self._changed.update(keys)

    @callback
    def _mark_all(self) -> None:
        """Mark everything for the next announcement."""
        self._changed = None

    @callback
    def announce(self, keys: Iterable[KeyT] | None) -> None:
        """Notify the listeners of these keys, or all, without waiting for a poll."""
        if keys is None:
            self._mark_all()
        else:
            self.mark(keys)
        self.async_update_listeners()

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
        self._keyed.enqueue(changed)
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
            for listener in for_one_slice(tuple(islice(waiting, NOTIFIED_AT_ONCE))):
                if (update_callback := waiting.pop(listener, None)) is not None:
                    self._notify(update_callback)
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
