"""The listeners of a coordinator by key, looked up in batches."""

from collections.abc import Hashable, Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from typing import Final

from homeassistant.core import CALLBACK_TYPE

KEYS_AT_ONCE: Final = 1000
"""Keys whose listeners are looked up per batch: about a millisecond."""


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
        changed: the keys whose listeners have not been looked up yet, by announcement.
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

    def await_turn(self, changed: AbstractSet[KeyT] | None) -> None:
        """Mark keys as changed, so that their listeners are notified; None marks all keys."""
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
