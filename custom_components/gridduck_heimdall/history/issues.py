"""The repair issue that says why an import has failed for long."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from custom_components.gridduck_heimdall.const import DOMAIN

ENTRY_ID: Final = "entry_id"


def _issue_id(entry_id: str) -> str:
    return f"import_failed_{entry_id}"


@callback
def async_raise[RuntimeT](hass: HomeAssistant, entry: ConfigEntry[RuntimeT], error: str) -> None:
    """Tell the user why the account's import fails."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry.entry_id),
        config_entry_id=entry.entry_id,
        data={ENTRY_ID: entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="import_failed",
        translation_placeholders={"title": entry.title, "error": error},
    )


@callback
def async_clear[RuntimeT](hass: HomeAssistant, entry: ConfigEntry[RuntimeT]) -> None:
    """Take the issue back, if there is one."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry.entry_id))
