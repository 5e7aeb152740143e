"""How long a condition has held without interruption, across restarts."""

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypedDict

from homeassistant.core import HomeAssistant

from ..core.persistent_dict import PersistentDict
from ..core.record_reader import RecordReader, UnixSeconds
from ..core.storage import SAVE_SOON, entry_file

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


class ConditionTimer:
    """The conditions that hold in one account, by key, and since when."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file without reading it."""
        self._spans = PersistentDict(
            hass,
            entry_file(FILE, entry_id),
            decode=_decode,
            encode=_encode,
            save_delay=None,
        )

    async def async_load(self) -> None:
        """Read the file, if it exists."""
        await self._spans.async_load()

    def note(self, key: str, when: datetime) -> None:
        """Record that a condition held at this time."""
        seen, old = when.timestamp(), self._spans.get(key)
        # A time far in the future comes from a wrong clock.
        if old is None or abs(seen - old.seen) > LONGEST_GAP.total_seconds():
            self._spans[key] = Period(seen, seen)
            self._spans.save_within(SAVE_SOON)
        elif seen > old.seen:
            self._spans[key] = Period(old.since, seen)
            self._spans.save_within(SAVE_LATER)

    def end(self, key: str) -> None:
        """Record that a condition does not hold."""
        if self._spans.pop(key, None) is not None:
            self._spans.save_within(SAVE_SOON)

    def retain(self, keys: Container[str], now: datetime) -> None:
        """Drop all conditions but these, and those that were last seen too long ago."""
        oldest = now.timestamp() - LONGEST_GAP.total_seconds()
        for key, span in tuple(self._spans.items()):
            if key not in keys or span.seen < oldest:
                self.end(key)

    def lasts(self, key: str, span: timedelta) -> bool:
        """Whether a condition has held for at least this long."""
        held = self._spans.get(key)
        return held is not None and held.seen - held.since >= span.total_seconds()

    async def async_close(self) -> None:
        """Write what has changed."""
        await self._spans.async_close()
