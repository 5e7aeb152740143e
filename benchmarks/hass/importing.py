"""Bringing the past of many lines into the recorder's statistics."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from unittest.mock import AsyncMock, patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from benchmarks.contenders.home import account
from benchmarks.framework import Figure, Figures, Given, Work
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from custom_components.gridduck_heimdall.heimdall.backend import HeimdallAccount
from custom_components.gridduck_heimdall.history.importer import Importer
from custom_components.gridduck_heimdall.history.work import ImportState

from .core import add_recorder, core, open_account, prepare, settle

HOURS: Final = Figure(key="hours", title="Rows", unit="", digits=0)
"""One for each hour of each line."""
SERIES: Final = "_current"
"""How the unique id of each entity ends whose history is imported; all others are disabled."""


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Let the integration import; its account is open and has been polled once."""
    async with core(given.directory) as hass:
        await add_recorder(hass, given.directory)
        await prepare(hass)
        entry = account("heimdall", given.clouds["heimdall"])
        # The import waits until it is measured.
        with patch.object(Importer, "async_start", AsyncMock()):
            await open_account(hass, entry)
        hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
        disable_all_but(hass, entry, SERIES)
        await hass.async_block_till_done(wait_background_tasks=True)
        await settle(hass)
        importer = opened(entry).importer

        async def run() -> Figures:
            idle = asyncio.Event()

            def look() -> None:
                if importer.progress.state is not ImportState.IMPORTING:
                    idle.set()

            importer.progress.listeners.append(look)
            await importer.async_start()
            await idle.wait()
            importer.progress.listeners.remove(look)
            return {HOURS.key: importer.progress.hours_done}

        yield Work(run=run)


def opened(entry: AccountEntry) -> HeimdallAccount:
    """Return an account that is open. Raises TypeError where it is not one of Heimdall Power."""
    runtime: object = entry.runtime_data
    if not isinstance(runtime, HeimdallAccount):
        raise TypeError(type(runtime))
    return runtime


def disable_all_but(hass: HomeAssistant, entry: AccountEntry, ending: str) -> None:
    """Disable every entity of an account but those whose unique ids end so."""
    registry = er.async_get(hass)
    for one in er.async_entries_for_config_entry(registry, entry.entry_id):
        if not one.unique_id.endswith(ending):
            registry.async_update_entity(one.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
