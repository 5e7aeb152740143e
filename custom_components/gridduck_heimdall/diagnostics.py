"""What a user can download to find a fault; nothing in it identifies an account or a place."""

from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET, CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .account import AccountEntry
from .const import CONF_SCOPE

REDACTED: Final = frozenset(
    {
        CONF_CLIENT_ID,
        CONF_CLIENT_SECRET,
        CONF_NAME,
        CONF_SCOPE,
        "code",
        "gateway_name",
        "mast_name_a",
        "mast_name_b",
        "serial_no",
        "site_name",
        "tags",
        "title",
        "unique_id",
        "user_id",
    }
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: AccountEntry
) -> dict[str, Any]:
    """Return the state of an account."""
    return async_redact_data(
        {
            "entry": {"data": dict(entry.data), "options": dict(entry.options)},
            "account": entry.runtime_data.diagnostics(),
        },
        REDACTED,
    )


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: AccountEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return what is known of one device."""
    return async_redact_data(entry.runtime_data.device_diagnostics(device), REDACTED)
