"""Raise and clear repair issues: no lines, and ratings that remain on fallback."""

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypedDict

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..core.backend import AccountEntry
from ..core.issues import NO_INSTRUMENTED_LINE, RATING_FALLBACK, async_clear, async_raise
from ..core.record_reader import RecordReader, UnixSeconds
from ..core.storage import SAVE_SOON, PersistentDict, entry_file
from .assets_coordinator import ASSETS_INTERVAL, AssetsCoordinator
from .coordinator import ReadingsCoordinator
from .inventory import FacilityItem, GridItem, LineItem
from .latest import NO_READING
from .products import CIRCUIT, DLR, Product, reading_key

NO_LINE: Final = "no_instrumented_line"
# Polls begin up to a second early, and the second poll must count.
NO_LINE_LASTS: Final = ASSETS_INTERVAL - timedelta(minutes=1)
FALLBACK_LASTS: Final = timedelta(hours=24)
NAMED: Final = 10
"""Lines that the issue names; it only counts the others."""

FILE: Final = "lasting"
"""The kind of the file of a config entry."""
LONGEST_GAP: Final = timedelta(days=1)
"""Maximum time between two observations for which a condition counts as uninterrupted."""
SAVE_LATER: Final = 3600.0
"""Write delay for conditions that still hold, seconds."""


class Period(NamedTuple):
    """A time without interruption, in unix seconds."""

    since: float
    seen: float


class StoredSpans(TypedDict):
    """The whole file."""

    spans: dict[str, list[float]]


def _decode(reader: RecordReader, stored: Any) -> dict[str, Period]:
    spans = reader.part(stored, "spans")
    return reader.mapping(spans, tuple[UnixSeconds, UnixSeconds], Period._make)


def _encode(spans: Mapping[str, Period]) -> StoredSpans:
    return {"spans": {key: list(span) for key, span in spans.items()}}


class ConditionTimer(PersistentDict[Period]):
    """Since when each condition has held without interruption, across restarts, by key."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file without reading it."""
        super().__init__(
            hass, entry_file(FILE, entry_id), decode=_decode, encode=_encode, save_delay=SAVE_LATER
        )

    def note(self, key: str, when: datetime) -> None:
        """Record that a condition held at this time."""
        seen, old = when.timestamp(), self.get(key)
        # A time far in the future comes from a wrong clock.
        if old is None or abs(seen - old.seen) > LONGEST_GAP.total_seconds():
            self[key] = Period(seen, seen)
            self.save_within(SAVE_SOON)
        elif seen > old.seen:
            self[key] = Period(old.since, seen)

    def end(self, key: str) -> None:
        """Record that a condition does not hold."""
        if self.pop(key, None) is not None:
            self.save_within(SAVE_SOON)

    def retain_recent(self, keys: Container[str], now: datetime) -> None:
        """Drop all conditions but these, and those that were last seen too long ago."""
        oldest = now.timestamp() - LONGEST_GAP.total_seconds()
        for key, span in tuple(self.items()):
            if key not in keys or span.seen < oldest:
                self.end(key)

    def lasts(self, key: str, span: timedelta) -> bool:
        """Return whether a condition has held for at least this long."""
        held = self.get(key)
        return held is not None and held.seen - held.since >= span.total_seconds()


class Issues:
    """Raise an issue for a condition of assets or ratings that persists.

    Attributes:
        follows_fallbacks: whether a rating was a fallback at the last check, or may have been.
    """

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
        self.follows_fallbacks = True
        # The title and the lines of the last check; None before the first.
        self._fallbacks: tuple[str, list[str]] | None = None

    async def async_open(self) -> None:
        """Load the persisted conditions, and check the assets after each poll."""
        await self._persistent.async_load()
        self._entry.async_on_unload(self._persistent.async_close)
        self._assets.after_poll.append(self._look_for_lines)

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
    def look_for_fallbacks(self) -> None:
        """Raise an issue for lines and facilities whose rating has been a fallback for a day.

        Durations are measured by the service's own times. An unknown value changes nothing.
        """
        asked_for = self._ratings.schedule.slots.keys()
        self._persistent.retain_recent(asked_for | {NO_LINE}, dt_util.utcnow())
        persistent = list[GridItem]()
        for item in self._assets.data.grid_items.values():
            if not isinstance(item, LineItem | FacilityItem):
                continue
            product: Product[Any] = DLR if isinstance(item, LineItem) else CIRCUIT
            key = reading_key(product, item.id)
            answer = self._ratings.data.readings.get(key, NO_READING).payload
            if answer is not None and answer.rating.is_fallback:
                self._persistent.note(key, answer.rating.timestamp)
            elif answer is not None and answer.rating.is_fallback is False:
                self._persistent.end(key)
            if self._persistent.lasts(key, FALLBACK_LASTS):
                persistent.append(item)
        self.follows_fallbacks = bool(self._persistent)
        # A line represents its facility, too.
        of_lines = {item.facility.id for item in persistent if isinstance(item, LineItem)}
        names = [item.name for item in persistent if item.id not in of_lines]
        if (shown := (self._entry.title, names)) == self._fallbacks:
            return
        self._fallbacks = shown
        if names:
            more = ", …" if len(names) > NAMED else ""
            lines = ", ".join(names[:NAMED]) + more
            async_raise(
                self._hass, self._entry, RATING_FALLBACK, lines=lines, count=str(len(names))
            )
        else:
            async_clear(self._hass, self._entry, RATING_FALLBACK)
