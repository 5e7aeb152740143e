"""The calendars of accounts, and what Home Assistant's own action reads of them."""

from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN


def calendar_of(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return the entity id of the calendar of an account."""
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.CALENDAR, DOMAIN, f"{entry.unique_id}_{key}"
    )
    assert entity_id is not None
    return entity_id


async def get_events(hass: HomeAssistant, entity_id: str, **period: object) -> list[dict[str, Any]]:
    """Return the events of a calendar in a period, given in the fields of the action."""
    response: Any = await hass.services.async_call(
        Platform.CALENDAR,
        "get_events",
        {ATTR_ENTITY_ID: entity_id, **period},
        blocking=True,
        return_response=True,
    )
    events: list[dict[str, Any]] = response[entity_id]["events"]
    return events
