"""Home Assistant and both simulated clouds with one clock, which moves when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Final

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import msgspec

from benchmarks.framework import Given
from simulator.__main__ import ready_line
from simulator.options import Options
from simulator.server import Simulator, running

from .core import core, prepare

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
    """

    hass: HomeAssistant
    simulator: Simulator
    clouds: Mapping[str, Mapping[str, str]]
    _clock: FrozenDateTimeFactory

    async def wait(self, span: timedelta) -> None:
        """Let time pass in one step, and wait until all that came due is done."""
        self._clock.tick(span)
        # What came due begins.
        await asyncio.sleep(0)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)


@asynccontextmanager
async def frozen(given: Given) -> AsyncIterator[Frozen]:
    """Stop the clock, and run a core and a simulation of the size that the settings say."""
    options = Options(
        assets=given.number("assets"), sites=given.number("sites"), lines=given.number("lines")
    )
    with freeze_time(_START) as clock:
        if not isinstance(clock, FrozenDateTimeFactory):
            raise TypeError(type(clock))
        async with running(options) as simulator, core(given.directory) as hass:
            await prepare(hass)
            clouds: dict[str, dict[str, str]] = msgspec.json.decode(ready_line(simulator))
            clock.tick(_SPREAD)
            yield Frozen(hass, simulator, clouds, clock)
