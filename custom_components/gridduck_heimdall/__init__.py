"""GridDuck & Heimdall Power: buildings' assets and overhead lines in Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .account import AccountEntry
from .const import CONF_SERVICE, DOMAIN, PLATFORMS, Service
from .gridduck.download_files import async_sweep
from .heimdall.lasting import async_remove_store as async_remove_lasting
from .heimdall.told import async_remove_store as async_remove_told
from .history.store import async_remove_store
from .rooms import ROOMS
from .services import async_setup_services
from .shedding.domain import SHEDDING, async_forget_account, async_setup_shedding

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, which exist before any account does."""
    await async_setup_shedding(hass)
    async_setup_services(hass)
    hass.async_create_background_task(async_sweep(hass), f"{DOMAIN} leftovers")
    return True


async def async_setup_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Open one account."""
    account = ROOMS[Service(entry.data[CONF_SERVICE])].open(hass, entry)
    await account.async_open()
    entry.runtime_data = account
    entry.async_on_unload(account.async_close)
    hass.data[SHEDDING].follow(account)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)


async def async_unload_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Close one account."""
    # First of all: nothing more is sent while the platforms are unloaded.
    entry.runtime_data.lifetime.close()
    await hass.config_entries.async_unload_platforms_or_raise(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Forget what was noted for an account that is deleted; its statistics stay."""
    await async_remove_store(hass, entry.entry_id)
    await async_forget_account(hass, entry.entry_id)
    await async_remove_lasting(hass, entry.entry_id)
    await async_remove_told(hass, entry.entry_id)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: AccountEntry, device: AnyDeviceEntry
) -> bool:
    """Let a user remove a device that the service no longer has."""
    # Of an account that is not in use, nobody knows what the service still has.
    return entry.state is ConfigEntryState.LOADED and not entry.runtime_data.knows(device)
