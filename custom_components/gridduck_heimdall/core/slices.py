"""Computing in slices, between which the event loop runs everything else."""

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
    """Computing that lets others run every few milliseconds, however many small parts it has."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        """Begin with a slice that has used up its time: the caller may have computed before."""
        self._clock = clock
        self._began = -inf

    async def collect[T](self, items: Iterable[T], *, at_once: int = 1) -> list[T]:
        """Collect what takes computing.

        Args:
            items: what to collect.
            at_once: after how many items the time is checked: several where each takes little.
        """
        collected = list[T]()
        for some in batched(items, at_once, strict=False):
            collected.extend(some)
            if self._clock() - self._began > SLICE:
                await asyncio.sleep(0)
                # Where all ran within one turn of the loop, the next slices share what is left.
                self._began = self._clock()
        return collected


in_slices: Final = Slices().collect
"""Collect in slices. Callers share the slices: one after another, they compute no longer."""
