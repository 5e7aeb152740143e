"""Process changed keys, one task at a time."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Hashable, Iterable
from typing import Any


class Worklist[KeyT: Hashable]:
    """Collects keys and processes them; keys added meanwhile are processed in another round."""

    def __init__(
        self,
        work: Callable[[Collection[KeyT]], Awaitable[object]],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """Start without keys.

        Args:
            work: processes keys, in slices if there are many.
            start: starts a task; the keys of a task that is cancelled are dropped.
        """
        self._work, self._start = work, start
        self._waiting = dict[KeyT, None]()
        self._working = False

    def add(self, keys: Iterable[KeyT]) -> None:
        """Queue keys to be processed, in the order in which they were first added."""
        self._waiting.update(dict.fromkeys(keys))
        if self._waiting and not self._working:
            self._working = True
            self._start(self._async_work())

    async def _async_work(self) -> None:
        try:
            while self._waiting:
                keys, self._waiting = tuple(self._waiting), {}
                await self._work(keys)
        finally:
            self._working = False
