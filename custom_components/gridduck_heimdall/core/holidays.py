"""The calendar with the holidays of an account, an option."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig
import voluptuous as vol

from .stored_options import text

CONF_HOLIDAYS: Final = "holidays"

HOLIDAY_FIELDS: Final = {
    vol.Optional(CONF_HOLIDAYS): EntitySelector(EntitySelectorConfig(domain=Platform.CALENDAR))
}


def holiday_calendar(hass: HomeAssistant, options: Mapping[str, Any]) -> str | None:
    """Return the entity id of the calendar; None if there is none, or it is gone."""
    stored = text(options, CONF_HOLIDAYS)
    return er.async_resolve_entity_id(er.async_get(hass), stored) if stored else None


def shown_holidays(hass: HomeAssistant, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as a form shows them: with the entity id of the calendar."""
    shown = {key: value for key, value in options.items() if key != CONF_HOLIDAYS}
    if (calendar := holiday_calendar(hass, options)) is not None:
        shown[CONF_HOLIDAYS] = calendar
    return shown


def stored_holidays(
    hass: HomeAssistant, options: Mapping[str, Any], entered: Mapping[str, Any]
) -> dict[str, Any]:
    """Return options as they are stored: with the registry's id, which outlives a renaming.

    Args:
        hass: Home Assistant.
        options: what is stored of other fields.
        entered: what was entered.
    """
    stored = {key: value for key, value in options.items() if key != CONF_HOLIDAYS}
    if (calendar := entered.get(CONF_HOLIDAYS)) is not None:
        entry = er.async_get(hass).async_get(calendar)
        stored[CONF_HOLIDAYS] = calendar if entry is None else entry.id
    return stored
