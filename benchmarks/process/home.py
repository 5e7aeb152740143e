"""A real Home Assistant with both accounts or with none: restarted, then watched from outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import time
from typing import Final

import msgspec

from benchmarks.framework import CPU, Figure, Figures, Given, Work
from devtools import accounts
from devtools.clouds import Clouds
from devtools.hass import Hass, connected
from devtools.home_assistant import home_assistant
from devtools.ports import free_ports

from .probe import longest_wait
from .proc import processor_time, resident

LOADED: Final = Figure(key="loaded", title="Restart until loaded", unit="s")
"""Seconds from the start of the process until it runs and its accounts are loaded."""
REGISTRY: Final = Figure(
    key="registry", title="core.entity_registry", unit="MB", scale=1e-6, digits=2
)
"""Bytes of the file."""
ENTITIES: Final = Figure(key="entities", title="Registered entities", unit="", digits=0)
RESIDENT: Final = Figure(key="resident", title="Memory", unit="MB", scale=1e-6, digits=0)
"""Resident bytes at the end of the watch."""
WAIT: Final = Figure(key="wait", title="Longest wait of a request", unit="ms", scale=1e3, digits=0)
"""Seconds that the slowest of the requests took."""

_REGISTRY_FILE: Final = Path(".storage/core.entity_registry")
# Home Assistant writes all its files before it ends.
_GRACE_SECONDS: Final = 60
_SETTLING_SECONDS: Final = 10
_LOADED_SECONDS: Final = 300
_SECONDS_A_MINUTE: Final = 60


@asynccontextmanager
async def with_accounts(given: Given) -> AsyncIterator[Work]:
    """Run Home Assistant with both accounts."""
    async with _work(given, msgspec.convert(given.clouds, Clouds)) as work:
        yield work


@asynccontextmanager
async def without_accounts(given: Given) -> AsyncIterator[Work]:
    """Run the same Home Assistant without them."""
    async with _work(given, None) as work:
        yield work


@asynccontextmanager
async def _work(given: Given, clouds: Clouds | None) -> AsyncIterator[Work]:
    """Set everything up in a process that then ends, so that the run is a restart."""
    home = _Home(given.directory / "config", free_ports().hass, clouds)
    seconds = float(given.settings["minutes"]) * _SECONDS_A_MINUTE
    if given.settings["restart"]:
        await home.set_up()
    yield Work(run=lambda: home.watch(seconds))


@dataclass(frozen=True, slots=True)
class _Home:
    directory: Path
    port: int
    clouds: Clouds | None

    async def set_up(self) -> None:
        """Add the accounts, and let Home Assistant write down what it has."""
        async with self._running():
            pass

    async def watch(self, seconds: float) -> Figures:
        """Restart, wait until everything is loaded, then ask for pages for a while."""
        began = time.perf_counter()
        async with self._running() as (hass, pid):
            loaded = time.perf_counter() - began
            await asyncio.sleep(_SETTLING_SECONDS)
            cpu = processor_time(pid)
            wait = await longest_wait(hass.url, seconds)
            figures = {
                LOADED.key: loaded,
                WAIT.key: wait,
                CPU.key: processor_time(pid) - cpu,
                RESIDENT.key: float(resident(pid)),
            }
        return {**figures, **self._registry()}

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[tuple[Hass, int]]:
        async with (
            home_assistant(self.directory, self.port, grace=_GRACE_SECONDS) as process,
            connected(self.port) as hass,
        ):
            if self.clouds is not None:
                if not await accounts.entries(hass):
                    await accounts.add_accounts(hass, self.clouds)
                await accounts.wait_until_loaded(hass, _LOADED_SECONDS)
            yield hass, process.pid

    def _registry(self) -> Figures:
        content = (self.directory / _REGISTRY_FILE).read_bytes()
        document = msgspec.json.decode(content, type=_Document)
        return {REGISTRY.key: len(content), ENTITIES.key: len(document.data.entities)}


class _Data(msgspec.Struct):
    entities: list[msgspec.Raw]


class _Document(msgspec.Struct):
    data: _Data
