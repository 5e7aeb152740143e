"""A Home Assistant core with one account, beside the simulator, on a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from benchmarks.hass.core import add_recorder, core, open_account, prepare, settle
from custom_components.gridduck_heimdall.const import (
    CONF_BASE_URL,
    CONF_SCOPE,
    CONF_SERVICE,
    CONF_TOKEN_URL,
    DOMAIN,
    Service,
)
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from simulator.options import Options
from simulator.server import Simulator, running

# Lets Home Assistant's clock be frozen.
import_module("pytest_homeassistant_custom_component.patch_time")

_START: Final = "2026-11-18T06:00:00Z"
_SPREAD: Final = timedelta(milliseconds=600)
"""Home Assistant begins a poll within half a second of its time: each step ends after that."""


@dataclass(frozen=True, slots=True)
class World:
    """A core in which the account is open.

    Attributes:
        hass: the core.
        entry: the account.
        recorded: whether a recorder runs.
    """

    hass: HomeAssistant
    entry: AccountEntry
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

    def device(self, kind: str) -> str:
        """Return the id of the account's first device of a kind."""
        devices = dr.async_entries_for_config_entry(dr.async_get(self.hass), self.entry.entry_id)
        return next(
            one.id
            for one in devices
            if any(identifier[1].startswith(f"{kind}:") for identifier in one.identifiers)
        )


@asynccontextmanager
async def world(options: Options, service: Service, *, recorded: bool) -> AsyncIterator[World]:
    """Run both clouds and a core with an account of one of them until the context ends.

    Args:
        options: the size of the simulated clouds.
        service: the cloud that the account is at.
        recorded: whether a recorder runs; without one no history is imported.
    """
    with freeze_time(_START) as clock, TemporaryDirectory(prefix="trace-") as folder:
        if not isinstance(clock, FrozenDateTimeFactory):
            raise TypeError(type(clock))
        async with running(options) as simulator, core(Path(folder)) as hass:
            if recorded:
                await add_recorder(hass, Path(folder))
            await prepare(hass)
            clock.tick(_SPREAD)
            entry = _entry(service, simulator)
            await open_account(hass, entry)
            opened = World(hass, entry, recorded, clock)
            await opened.settle()
            yield opened


def _entry(service: Service, simulator: Simulator) -> AccountEntry:
    """Return the config entry of an account of a simulated cloud."""
    data: dict[str, str]
    match service:
        case Service.GRIDDUCK:
            data = {
                CONF_CLIENT_ID: simulator.gridduck.client_id,
                CONF_CLIENT_SECRET: simulator.gridduck.client_secret,
                CONF_BASE_URL: simulator.gridduck.base_url,
            }
        case Service.HEIMDALL:
            data = {
                CONF_CLIENT_ID: simulator.heimdall.client_id,
                CONF_CLIENT_SECRET: simulator.heimdall.client_secret,
                CONF_BASE_URL: simulator.heimdall.base_url,
                CONF_TOKEN_URL: simulator.heimdall.token_url,
                CONF_SCOPE: simulator.heimdall.scope,
            }
    return ConfigEntry(
        data={CONF_SERVICE: service.value, **data},
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source=SOURCE_USER,
        subentries_data=(),
        title=service.value,
        unique_id=f"{service.value}_{data[CONF_CLIENT_ID]}",
        version=1,
    )
