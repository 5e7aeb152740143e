"""Binary sensor platform: entities of an account and of its load limits."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.backend import AccountEntry
from .load_limits.entities import async_add_load_limits

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: AccountEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensor entities of one account and its load limits."""
    await entry.runtime_data.async_add_entities(Platform.BINARY_SENSOR, async_add_entities)
    async_add_load_limits(hass, entry, Platform.BINARY_SENSOR, async_add_entities)
