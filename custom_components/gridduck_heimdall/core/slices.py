"""Long computations in slices, between which the event loop runs, and waits for blocking jobs."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched
from math import inf
from time import perf_counter
from typing import Final

from homeassistant.core import HomeAssistant

SLICE: Final = 0.003
"""Seconds of computation per slice. The recorder's thread runs at the same time and can delay each
slice by the interpreter's switch interval, 5 ms."""


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
                # Callers that run in one turn of the loop share the rest of the slice.
                self._began = self._clock()
        return collected


in_slices: Final = Slices().collect
"""Collect in slices. Consecutive callers share a slice, so that together they do not exceed it."""


async def async_finish[T](hass: HomeAssistant, job: asyncio.Future[T]) -> T:
    """Return the result of a job in an executor; a cancelled caller waits until the job ends.

    Home Assistant waits for it too when it stops. Otherwise the recorder would close its SQLite
    connections while the job reads through one of them, which crashes the process.
    """
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        # A task of its own: Home Assistant does not wait for those that it has cancelled.
        waiting = hass.async_create_task(asyncio.wait((job,)), "wait for a blocking job")
        await asyncio.wait((waiting,))
        raise
