"""Event entities: those of load limits."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.backend import AccountEntry
from .load_limits.entities import async_add_load_limits

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: AccountEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the event entities of the load limits of one account."""
    async_add_load_limits(hass, entry, Platform.EVENT, async_add_entities)
