"""Diagnostics; nothing in them identifies an account or a place."""

from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET, CONF_NAME, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .const import CONF_SCOPE
from .core.backend import AccountEntry
from .core.device_kind import kind_and_id
from .forecast.skill_runtime import FORECAST_SKILL
from .load_limits.diagnostics import async_limits_of, limit_diagnostics
from .load_limits.runtime import LOAD_LIMITS
from .load_limits.settings.config import SUBENTRY_TYPE

REDACTED: Final = frozenset(
    {
        CONF_CLIENT_ID,
        CONF_CLIENT_SECRET,
        CONF_NAME,
        CONF_SCOPE,
        CONF_WEBHOOK_ID,
        "code",
        "gateway_name",
        "mast_name_a",
        "mast_name_b",
        "real_time_address",
        "real_time_message",
        "serial_no",
        "site_name",
        "title",
        "unique_id",
        "user_id",
    }
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: AccountEntry
) -> dict[str, Any]:
    """Return the diagnostics of an account; without setup, its error."""
    return async_redact_data(
        {
            "entry": {
                "data": dict(entry.data),
                "options": dict(entry.options),
                "state": entry.state.value,
                "reason": entry.reason,
            },
            "account": entry.runtime_data.diagnostics() if _in_use(entry) else None,
            "forecast_skill": await hass.data[FORECAST_SKILL].async_diagnostics(entry.entry_id),
            "load_limits": await async_limits_of(hass.data[LOAD_LIMITS], entry),
        },
        REDACTED,
    )


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: AccountEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return the diagnostics of a device."""
    kind, item = kind_and_id(device)
    if kind == SUBENTRY_TYPE and item in entry.subentries:
        load_limits, stored = hass.data[LOAD_LIMITS], entry.subentries[item].data
        found = limit_diagnostics(load_limits, item, stored)
    else:
        found = entry.runtime_data.device_diagnostics(device) if _in_use(entry) else {}
    return async_redact_data(found, REDACTED)


def _in_use(entry: AccountEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED
