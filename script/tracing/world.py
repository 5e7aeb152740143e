"""A Home Assistant core with one account, beside the simulator, on a clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from homeassistant.helpers import device_registry as dr

from benchmarks.contenders.home import account
from benchmarks.hass.core import open_account
from benchmarks.hass.frozen import Frozen, frozen
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from simulator.options import Options


@dataclass(frozen=True, slots=True)
class World:
    """A core in which the account is open.

    Attributes:
        core: the core, and the clock.
        entry: the account.
    """

    core: Frozen
    entry: AccountEntry

    def device(self, kind: str) -> str:
        """Return the id of the account's first device of a kind."""
        registry = dr.async_get(self.core.hass)
        devices = dr.async_entries_for_config_entry(registry, self.entry.entry_id)
        return next(
            one.id
            for one in devices
            if any(identifier[1].startswith(f"{kind}:") for identifier in one.identifiers)
        )


@asynccontextmanager
async def world(options: Options, service: str, *, recorded: bool) -> AsyncIterator[World]:
    """Run both clouds and a core with an account of one of them until the context ends.

    Args:
        options: the size of the simulated clouds.
        service: the cloud that the account is at.
        recorded: whether a recorder runs; without one no history is imported.
    """
    with TemporaryDirectory(prefix="trace-") as folder:
        async with frozen(options, Path(folder), recorded=recorded) as opened:
            entry = account(service, opened.clouds[service])
            await open_account(opened.hass, entry)
            await opened.settle()
            yield World(opened, entry)
