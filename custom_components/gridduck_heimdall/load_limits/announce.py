"""Fires an event on the event bus for each decision, which the logbook shows as a sentence."""

from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..core.events import Details, EventType, async_fire
from .active_limit import ActiveLimit
from .clock import iso
from .journal import Entry

DECISION_KEY: Final = "load_limit_decision"
"""Key of the event entity of a load limit."""


@callback
def announce(hass: HomeAssistant, limit: ActiveLimit, entry: Entry) -> None:
    """Fire the event of a decision; a load limit without a device is about to be removed."""
    if not isinstance(device := limit.device, dr.DeviceEntry):
        return
    details = Details(
        action=entry.action,
        reason=entry.reason,
        asset=entry.asset,
        sent=entry.sent,
        power=entry.power,
        unit=entry.unit,
    )
    if entry.until is not None:
        details["until"] = iso(entry.until)
    if entry.load is not None and entry.limit is not None:
        details["load"], details["limit"] = entry.load, entry.limit
    if entry.error is not None:
        details["error"] = entry.error
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.EVENT, DOMAIN, f"{limit.id}_{DECISION_KEY}"
    )
    async_fire(hass, EventType.LOAD_LIMIT_DECIDED, device, entity_id, details)
