"""Since when something has held without a break, also over a restart."""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypedDict

from homeassistant.core import HomeAssistant

from ..const import DOMAIN
from ..core.storage import Reader, StoredFile, UnixSeconds, async_remove_file

LONGEST_GAP: Final = timedelta(days=1)
"""What held before and after a time in which nothing was known has held during it, up to this."""
SAVE_SOON: Final = 10.0
SAVE_LATER: Final = 3600.0
"""Seconds until it is written down that something began or ended, or that it still holds."""


class Span(NamedTuple):
    """A time without a break, in unix seconds."""

    since: float
    seen: float


class StoredSpans(TypedDict):
    """The whole file."""

    spans: dict[str, list[float]]


def _key(entry_id: str) -> str:
    return f"{DOMAIN}.lasting.{entry_id}"


async def async_remove_store(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the file of an account that is removed."""
    await async_remove_file(hass, _key(entry_id))


def _read(reader: Reader, stored: Any) -> dict[str, Span]:
    spans = reader.part(stored, "spans")
    return reader.mapping(spans, tuple[UnixSeconds, UnixSeconds], Span._make)


class ConditionTimer:
    """What holds in one account, by key, and since when."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file; nothing is read yet."""
        self._file = StoredFile(hass, _key(entry_id), self._snapshot)
        self._spans: dict[str, Span] = {}
        self._due = False

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        if (spans := await self._file.async_read(_read)) is not None:
            self._spans = spans
            await self._file.async_settle()

    def note(self, key: str, when: datetime) -> None:
        """Note that something held at this time."""
        seen, old = when.timestamp(), self._spans.get(key)
        # One far ahead is from a clock that was.
        if old is None or abs(seen - old.seen) > LONGEST_GAP.total_seconds():
            self._spans[key] = Span(seen, seen)
            self._save(SAVE_SOON)
        elif seen > old.seen:
            self._spans[key] = Span(old.since, seen)
            if not self._due:
                # Asking again would put the writing off.
                self._save(SAVE_LATER)

    def end(self, key: str) -> None:
        """Note that something does not hold."""
        if self._spans.pop(key, None) is not None:
            self._save(SAVE_SOON)

    def keep(self, keys: Container[str], now: datetime) -> None:
        """Forget what is not among these, and what nothing is known of for too long."""
        oldest = now.timestamp() - LONGEST_GAP.total_seconds()
        for key, span in tuple(self._spans.items()):
            if key not in keys or span.seen < oldest:
                self.end(key)

    def lasts(self, key: str, span: timedelta) -> bool:
        """Whether something has held for at least this long."""
        held = self._spans.get(key)
        return held is not None and held.seen - held.since >= span.total_seconds()

    async def async_close(self) -> None:
        """Write everything down."""
        if self._due:
            await self._file.async_close()

    def _save(self, delay: float) -> None:
        self._due = True
        self._file.save_within(delay)

    def _snapshot(self) -> StoredSpans:
        self._due = False
        return {"spans": {key: list(span) for key, span in self._spans.items()}}
