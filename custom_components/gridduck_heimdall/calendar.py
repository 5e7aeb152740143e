"""Calendar platform: what is ahead of lines, and overrides that run or are planned."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .core.backend import AccountEntry
from .forecast.calendars import calendars_of
from .load_limits.planning.planned_events import async_planned_events

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant, entry: AccountEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the calendar of one account."""
    async_add_entities(calendars_of(entry.runtime_data, partial(async_planned_events, hass)))
