"""Home Assistant and both simulated clouds with one clock, which moves only on request."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Final

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import msgspec

from benchmarks.framework import Given
from simulator.__main__ import ready_line
from simulator.options import Options
from simulator.server import Simulator, running

from .core import add_recorder, core, prepare, settle

# It makes Home Assistant's clock one that can be stopped; it has no types.
import_module("pytest_homeassistant_custom_component.patch_time")

_START: Final = "2026-11-18T06:00:00Z"
_SPREAD: Final = timedelta(milliseconds=600)
"""Home Assistant begins a poll within half a second of its time: each step ends after that."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A core and a simulation beside it.

    Attributes:
        hass: the core, in which accounts can be opened.
        simulator: both clouds.
        clouds: how to reach them, as contenders are given it.
        recorded: whether a recorder runs.
    """

    hass: HomeAssistant
    simulator: Simulator
    clouds: Mapping[str, Mapping[str, str]]
    recorded: bool
    _clock: FrozenDateTimeFactory

    async def wait(self, span: timedelta) -> None:
        """Let time pass in one step, and wait until everything due has run."""
        self._clock.tick(span)
        # One turn of the loop for the timers that are due.
        await asyncio.sleep(0)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no task is left, nor anything to record."""
        await self.hass.async_block_till_done(wait_background_tasks=True)
        if self.recorded:
            await settle(self.hass)


def size_of(given: Given) -> Options:
    """Return the size of the simulation that the settings of a case name."""
    return Options(
        assets=given.number("assets"), sites=given.number("sites"), lines=given.number("lines")
    )


@asynccontextmanager
async def frozen(
    options: Options, directory: Path, *, recorded: bool = False
) -> AsyncIterator[Frozen]:
    """Stop the clock, and run a core beside both simulated clouds until the context ends.

    Args:
        options: the size of the clouds.
        directory: the configuration of the core.
        recorded: whether a recorder runs.
    """
    with freeze_time(_START) as clock:
        if not isinstance(clock, FrozenDateTimeFactory):
            raise TypeError(type(clock))
        async with running(options) as simulator, core(directory) as hass:
            if recorded:
                await add_recorder(hass, directory)
            await prepare(hass)
            clouds: dict[str, dict[str, str]] = msgspec.json.decode(ready_line(simulator))
            clock.tick(_SPREAD)
            yield Frozen(hass, simulator, clouds, recorded, clock)
