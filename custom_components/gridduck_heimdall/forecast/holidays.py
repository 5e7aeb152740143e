"""Read the holidays of a calendar."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from homeassistant.components.calendar import (
    DOMAIN as CALENDAR,
    EVENT_END_DATETIME,
    EVENT_START_DATETIME,
    SERVICE_GET_EVENTS,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from .expected import DAYS

_DAY: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=4)


async def async_holidays(hass: HomeAssistant, calendar: str) -> frozenset[date]:
    """Return the days of the last weeks and the next ones with an all-day event.

    A calendar that cannot be read has no holidays; the log says so.
    """
    today = dt_util.start_of_local_day()
    request = {
        ATTR_ENTITY_ID: calendar,
        EVENT_START_DATETIME: (today - (DAYS + 1) * _DAY).isoformat(),
        EVENT_END_DATETIME: (today + _AHEAD).isoformat(),
    }
    try:
        answer = await hass.services.async_call(
            CALENDAR, SERVICE_GET_EVENTS, request, blocking=True, return_response=True
        )
    except HomeAssistantError as error:
        LOGGER.warning("The holidays of %s cannot be read: %s", calendar, error)
        return frozenset()
    found: Any = (answer or {}).get(calendar, {})
    return frozenset(day for event in found.get("events", ()) for day in _days(event))


def _days(event: Mapping[str, str]) -> Iterator[date]:
    """Yield the days of an all-day event, whose times are dates."""
    try:
        day, end = (date.fromisoformat(event[key]) for key in ("start", "end"))
    except ValueError:
        # It has a time of day.
        return
    while day < end:
        yield day
        day += _DAY
