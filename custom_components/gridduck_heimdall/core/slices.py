"""Run long computations in slices, between which the event loop runs."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched
from math import inf
from time import perf_counter
from typing import Final

SLICE: Final = 0.003
"""Seconds of computing after which others may run. The recorder's thread computes at the same time
and can hold up each slice for as long as the interpreter lets it, 5 ms."""


class Slices:
    """Long computations that yield to the event loop every few milliseconds."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        """Start with an expired slice, as the caller may have computed before."""
        self._clock = clock
        self._began = -inf

    async def collect[T](self, items: Iterable[T], *, at_once: int = 1) -> list[T]:
        """Collect computed items.

        Args:
            items: the items, computed on iteration.
            at_once: items between checks of the time; several if each is cheap.
        """
        collected = list[T]()
        for some in batched(items, at_once, strict=False):
            collected.extend(some)
            if self._clock() - self._began > SLICE:
                await asyncio.sleep(0)
                # If all ran within one turn of the loop, the next slices share the rest of it.
                self._began = self._clock()
        return collected


in_slices: Final = Slices().collect
"""Collect in slices. Callers share the slices: one after another, they compute no longer."""
