"""A whole Home Assistant core, started as its own bootstrap does, and the account in it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from homeassistant import auth, loader
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.config_entries import ConfigEntries, ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.recorder import async_initialize_recorder
from homeassistant.setup import async_setup_component

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from devtools.folder import prepare as prepare_folder
from devtools.ports import free_ports

_RECORDER: Final = "recorder"


@asynccontextmanager
async def core(directory: Path) -> AsyncIterator[HomeAssistant]:
    """Start a Home Assistant that runs until the context ends; it has no integration yet.

    Args:
        directory: its configuration, an empty folder.
    """
    # A port of its own: other cores may be running.
    prepare_folder(directory, free_ports().hass)
    hass = HomeAssistant(str(directory))
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    loader.async_setup(hass)
    await loader.async_get_custom_components(hass)
    await async_load_base_functionality(hass)
    hass.auth = await auth.auth_manager_from_config(hass, [], [])
    hass.set_state(CoreState.running)
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


async def add_recorder(hass: HomeAssistant, directory: Path) -> None:
    """Let the core record into a file; raises RuntimeError where that does not work."""
    async_initialize_recorder(hass)
    await add_component(
        hass, _RECORDER, {_RECORDER: {"db_url": f"sqlite:///{directory / 'recorder.db'}"}}
    )


async def settle(hass: HomeAssistant) -> None:
    """Wait until the recorder has written all that it was told so far."""
    done: asyncio.Future[None] = hass.loop.create_future()
    get_instance(hass).queue_task(SynchronizeTask(done))
    await done


async def add_component(
    hass: HomeAssistant, domain: str, config: Mapping[str, object] | None = None
) -> None:
    """Set a component up. Raises RuntimeError where it cannot be."""
    if not await async_setup_component(hass, domain, dict(config or {})):
        raise RuntimeError(f"{domain} cannot be set up")


async def prepare(hass: HomeAssistant) -> None:
    """Set up what an account of the integration needs, so that opening it is all there is to do."""
    await add_component(hass, DOMAIN)
    for platform in ("binary_sensor", "button", "number", "sensor", "switch"):
        await add_component(hass, platform)


async def open_account(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Add an account and wait until it is quiet. Raises RuntimeError where it fails."""
    await hass.config_entries.async_add(entry)
    await hass.async_block_till_done()
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"The account is in the state {entry.state.value}: {entry.reason}")
