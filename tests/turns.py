"""Turns of the event loop: they show that long computing lets other callbacks run in between."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Turns:
    """Counts the turns that the event loop has taken.

    Attributes:
        count: how many there were so far.
    """

    def __init__(self, look: Callable[[], object] | None = None) -> None:
        """Begin to count; `look` is called in each turn."""
        self.count = 0
        self._look = look
        self._next = asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self.count += 1
        if self._look is not None:
            self._look()
        self._next = asyncio.get_running_loop().call_soon(self._turn)

    def end(self) -> None:
        """Count no further."""
        self._next.cancel()


@contextmanager
def counting(look: Callable[[], object] | None = None) -> Iterator[Turns]:
    """Count turns of the event loop for a while, and look at something in each."""
    turns = Turns(look)
    try:
        yield turns
    finally:
        turns.end()
