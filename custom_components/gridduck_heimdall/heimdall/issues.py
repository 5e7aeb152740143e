"""Raise and clear repair issues: no lines, and ratings that remain on fallback."""

from datetime import timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..core.backend import AccountEntry
from ..core.issues import NO_INSTRUMENTED_LINE, RATING_FALLBACK, async_clear, async_raise
from .assets_coordinator import ASSETS_INTERVAL, AssetsCoordinator
from .condition_timer import ConditionTimer
from .coordinator import ReadingsCoordinator
from .inventory import FacilityItem, GridItem, LineItem
from .products import CIRCUIT, DLR, Product, reading_key

NO_LINE: Final = "no_instrumented_line"
# Polls begin up to a second early: the one after the first is to count.
NO_LINE_LASTS: Final = ASSETS_INTERVAL - timedelta(minutes=1)
FALLBACK_LASTS: Final = timedelta(hours=24)
NAMED: Final = 10
"""Lines that the issue names; it only counts the others."""


class Issues:
    """Check assets and ratings after each poll; raise an issue for a condition that persists."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AccountEntry,
        assets: AssetsCoordinator,
        ratings: ReadingsCoordinator,
    ) -> None:
        """Prepare the checks without loading anything."""
        self._hass = hass
        self._entry = entry
        self._assets = assets
        self._ratings = ratings
        self._persistent = ConditionTimer(hass, entry.entry_id)

    async def async_open(self) -> None:
        """Load the persisted conditions, and check after each poll."""
        await self._persistent.async_load()
        self._entry.async_on_unload(self._persistent.async_close)
        self._assets.after_poll.append(self._look_for_lines)
        self._ratings.after_poll.append(self._look_for_fallbacks)

    @callback
    def _look_for_lines(self) -> None:
        """Raise an issue if no line carries a sensor, in more than one response."""
        if not self._assets.last_update_success:
            return
        # A line that the options exclude may carry one.
        if self._assets.data.parts:
            self._persistent.end(NO_LINE)
            async_clear(self._hass, self._entry, NO_INSTRUMENTED_LINE)
        elif not self._assets.malformed:
            # A line that could not be read may carry one.
            self._persistent.note(NO_LINE, dt_util.utcnow())
            if self._persistent.lasts(NO_LINE, NO_LINE_LASTS):
                async_raise(self._hass, self._entry, NO_INSTRUMENTED_LINE)

    @callback
    def _look_for_fallbacks(self) -> None:
        """Raise an issue for lines and facilities whose rating has been a fallback for a day.

        By the service's own times. An unknown value changes nothing.
        """
        asked_for = self._ratings.schedule.slots.keys()
        self._persistent.retain(asked_for | {NO_LINE}, dt_util.utcnow())
        persistent = list[GridItem]()
        for item in self._assets.data.grid_items.values():
            if not isinstance(item, LineItem | FacilityItem):
                continue
            product: Product[Any] = DLR if isinstance(item, LineItem) else CIRCUIT
            key = reading_key(product, item.id)
            answer = self._ratings.data.get(product, item.id).payload
            if answer is not None and answer.rating.is_fallback:
                self._persistent.note(key, answer.rating.timestamp)
            elif answer is not None and answer.rating.is_fallback is False:
                self._persistent.end(key)
            if self._persistent.lasts(key, FALLBACK_LASTS):
                persistent.append(item)
        # A line stands for its facility, too.
        of_lines = {item.facility.id for item in persistent if isinstance(item, LineItem)}
        if names := [item.name for item in persistent if item.id not in of_lines]:
            more = ", …" if len(names) > NAMED else ""
            lines = ", ".join(names[:NAMED]) + more
            async_raise(
                self._hass, self._entry, RATING_FALLBACK, lines=lines, count=str(len(names))
            )
        else:
            async_clear(self._hass, self._entry, RATING_FALLBACK)
