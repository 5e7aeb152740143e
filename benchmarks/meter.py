"""What a run costs: time, processor time, the longest block of the event loop, memory."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
import gc
import os
from pathlib import Path
import re
import time
from typing import Final
from unittest.mock import patch

from .framework import BLOCK, CPU, MEMORY, WALL

_STATUS: Final = Path("/proc/self/status")
# Nanoseconds on a processor, nanoseconds of waiting for one, turns (Linux, sched-stats.rst).
_SCHEDULING: Final = Path("/proc/thread-self/schedstat")
_CLEAR_REFS: Final = Path("/proc/self/clear_refs")
# Written there, it resets VmHWM to what is resident now (proc(5)).
_RESET_PEAK: Final = "5"
_LINE_BYTES: Final = 128


@dataclass(slots=True)
class Meter:
    """The longest callback of the event loop so far, seconds."""

    longest: float = 0.0


def resident() -> int:
    """Return the resident bytes of this process."""
    return _from_status("VmRSS")


def _peak() -> int:
    return _from_status("VmHWM")


def _from_status(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _STATUS.read_text(), re.MULTILINE)
    if found is None:
        raise OSError(f"{_STATUS} has no {name}")
    return int(found[1]) * 1024


@contextmanager
def watching_loop() -> Iterator[Meter]:
    """Time every callback of this thread's event loop until the context ends.

    While a callback is ready to go on but another process has the processor, its time stands
    still: that says nothing of the callback.
    """
    meter, now = Meter(), time.perf_counter
    run: Callable[[asyncio.Handle], None] = vars(asyncio.Handle)["_run"]
    scheduling = _scheduling()

    def waited() -> float:
        return int(os.pread(scheduling, _LINE_BYTES, 0).split()[1]) / 1e9

    def timed(handle: asyncio.Handle) -> None:
        waited_before, began = waited(), now()
        run(handle)
        spent = now() - began
        if spent > meter.longest:
            meter.longest = max(meter.longest, spent - (waited() - waited_before))

    with patch.object(asyncio.Handle, "_run", timed):
        yield meter


@cache
def _scheduling() -> int:
    """Open what tells how long this thread waited; it stays open, as callbacks outlive runs."""
    return os.open(_SCHEDULING, os.O_RDONLY)


@contextmanager
def measuring() -> Iterator[dict[str, float]]:
    """Measure what is done in the context; the figures are there when it has ended."""
    figures: dict[str, float] = {}
    gc.collect()
    _CLEAR_REFS.write_text(_RESET_PEAK)
    start = resident()
    with watching_loop() as meter:
        wall, cpu = time.perf_counter(), time.process_time()
        yield figures
        figures[WALL.key] = time.perf_counter() - wall
        figures[CPU.key] = time.process_time() - cpu
    figures[BLOCK.key] = meter.longest
    figures[MEMORY.key] = float(max(_peak() - start, 0))
