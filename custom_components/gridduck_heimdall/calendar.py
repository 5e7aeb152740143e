"""Calendar platform: what is ahead of the lines of an account, and the overrides that run."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.backend import AccountEntry
from .forecast.calendars import calendars_of

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: AccountEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the calendar of one account."""
    async_add_entities(calendars_of(entry.runtime_data))
