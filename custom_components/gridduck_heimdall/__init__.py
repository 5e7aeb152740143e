"""The GridDuck & Heimdall Power integration."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api.sanitizer import sanitize_name
from .automation.risen import async_remove_risen
from .backends import BACKENDS
from .const import DOMAIN, MINOR_VERSION, PLATFORMS
from .core.backend import AccountEntry, backend_of
from .core.device_kind import kind_and_id
from .core.garbage_collection import async_freeze_when_loaded
from .core.storage import async_remove_entry_files
from .core.texts import async_follow_language
from .core.titles import is_generated, registered_names, title_of
from .forecast.agenda import FILE as AGENDA_FILE
from .forecast.runtime import LOAD_FORECASTS, LoadForecasts
from .forecast.skill_record import FILE as SKILL_FILE
from .forecast.skill_runtime import FORECAST_SKILL, ForecastSkill
from .frontend import FRONTEND, async_setup_frontend
from .frontend.module import FrontendModule
from .history.store import FILE as HISTORY_FILE
from .load_limits.planning.boost_ahead import BoostAhead
from .load_limits.record import Record
from .load_limits.runtime import LOAD_LIMITS, LoadLimits
from .load_limits.settings.config import SUBENTRY_TYPE
from .load_limits.settings.replaced_blueprint import async_watch_blueprint
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions and what the browser gets."""
    async_follow_language(hass)
    hass.data[LOAD_LIMITS] = load_limits = LoadLimits(hass)
    await load_limits.async_load()
    hass.data[LOAD_FORECASTS] = load_forecasts = LoadForecasts(hass)
    load_forecasts.async_setup()
    hass.data[FORECAST_SKILL] = forecast_skill = ForecastSkill(hass)
    forecast_skill.async_setup()
    BoostAhead(hass, load_limits).async_setup()
    async_setup_services(hass)
    async_setup_frontend(hass)
    async_watch_blueprint(hass)
    for backend in BACKENDS.values():
        hass.async_create_background_task(
            backend.clean_up(hass), f"{DOMAIN} {backend.service} clean-up"
        )
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Migrate an account of an earlier version."""
    if entry.minor_version < MINOR_VERSION:
        names = registered_names(hass, entry)
        generated = is_generated(entry.title, entry.data, names)
        # A title that the user has changed stays.
        title = title_of(entry.data, names) if generated else entry.title
        hass.config_entries.async_update_entry(entry, title=title, minor_version=MINOR_VERSION)


async def async_setup_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Set up an account."""
    # First: a dashboard needs it also while the service does not answer.
    await hass.data[FRONTEND].async_add()
    account = backend_of(entry.data).account(hass, entry)
    await account.async_open()
    entry.runtime_data = account
    entry.async_on_unload(account.async_close)
    hass.data[LOAD_LIMITS].async_follow(account)
    hass.data[LOAD_FORECASTS].async_follow(account)
    await hass.data[FORECAST_SKILL].async_follow(account)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_freeze_when_loaded(hass, entry)


async def async_unload_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Unload an account."""
    # First, so that no more commands are sent while the platforms are unloaded.
    entry.runtime_data.lifetime.close()
    await hass.config_entries.async_unload_platforms_or_raise(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: AccountEntry) -> None:
    """Remove the files of a deleted account; its statistics stay."""
    files = (HISTORY_FILE, AGENDA_FILE, SKILL_FILE, *backend_of(entry.data).files)
    await async_remove_entry_files(hass, entry.entry_id, files)
    if (load_limits := hass.data.get(LOAD_LIMITS)) is not None:
        await load_limits.requests.async_forget(entry.entry_id)
    if not hass.config_entries.async_entries(DOMAIN):
        await async_remove_risen(hass)
        # Nothing was set up in this run if all accounts were disabled.
        await (load_limits.record if load_limits else Record(hass)).async_remove()
        await hass.data.get(FRONTEND, FrontendModule(hass)).async_remove()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: AccountEntry, device: AnyDeviceEntry
) -> bool:
    """Let a user remove a device that the service no longer lists.

    Raises:
        HomeAssistantError: the service lists it, or that is unknown.
    """
    placeholders = {
        "device": sanitize_name(device.name_by_user, device.name, device.id),
        "service": backend_of(entry.data).title,
    }
    kind, item = kind_and_id(device)
    if kind == SUBENTRY_TYPE and item in entry.subentries:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="device_of_load_limit",
            translation_placeholders=placeholders,
        )
    if entry.state is not ConfigEntryState.LOADED:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="device_of_unused_account",
            translation_placeholders=placeholders,
        )
    if entry.runtime_data.knows(device):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="device_still_listed",
            translation_placeholders=placeholders,
        )
    return True
