"""Keys that have changed, worked off by one task at a time."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Hashable, Iterable
from typing import Any


class Worklist[KeyT: Hashable]:
    """Collects keys and works them off; those that are added meanwhile lead to another round."""

    def __init__(
        self,
        work: Callable[[Collection[KeyT]], Awaitable[object]],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """Begin with none.

        Args:
            work: works keys off, in slices if they are many.
            start: starts a task; a task that is cancelled leaves its keys out.
        """
        self._work, self._start = work, start
        self._waiting = dict[KeyT, None]()
        self._working = False

    def add(self, keys: Iterable[KeyT]) -> None:
        """Have keys worked off, in the order in which they were added first."""
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
