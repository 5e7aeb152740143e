"""Read the holidays of a calendar."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from homeassistant.components.calendar import (
    DOMAIN as CALENDAR,
    EVENT_END_DATETIME,
    EVENT_START_DATETIME,
    SERVICE_GET_EVENTS,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import LOGGER
from .expected import DAYS

TIMEOUT: Final = 30.0
"""Seconds within which a calendar has to answer: all forecasts wait for it."""

_DAY: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=4)


class Holidays:
    """The holidays of calendars; those that were read last count while one cannot be read."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._hass = hass
        self._known = dict[str, frozenset[date]]()
        self._failed = set[str]()

    async def async_of(self, calendar: str) -> frozenset[date]:
        """Return the days of the last weeks and the next ones with an all-day event.

        Args:
            calendar: the entity. Where it cannot be read, the log says so once.
        """
        problem: object = STATE_UNAVAILABLE
        try:
            async with asyncio.timeout(TIMEOUT):
                found = await self._async_events(calendar)
        except Exception as error:  # noqa: BLE001 - any integration can provide the calendar
            found, problem = None, error
        if found is not None:
            self._known[calendar] = frozenset(day for event in found for day in _days(event))
            self._failed.discard(calendar)
        elif calendar not in self._failed:
            self._failed.add(calendar)
            LOGGER.warning("The holidays of %s cannot be read: %r", calendar, problem)
        return self._known.get(calendar, frozenset())

    async def _async_events(self, calendar: str) -> Iterable[Mapping[str, str]] | None:
        """Return the events of a calendar; None while it is unavailable."""
        today = dt_util.start_of_local_day()
        request = {
            ATTR_ENTITY_ID: calendar,
            EVENT_START_DATETIME: (today - (DAYS + 1) * _DAY).isoformat(),
            EVENT_END_DATETIME: (today + _AHEAD).isoformat(),
        }
        answer = await self._hass.services.async_call(
            CALENDAR, SERVICE_GET_EVENTS, request, blocking=True, return_response=True
        )
        found: Any = (answer or {}).get(calendar)
        return None if found is None else found["events"]


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
