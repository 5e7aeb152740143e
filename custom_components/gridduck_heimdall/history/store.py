"""What outlives a restart: which hours are covered, and which were asked for."""

from collections.abc import Iterator
from typing import Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from custom_components.gridduck_heimdall.const import DOMAIN

from .intervals import Hours
from .plan import Record

VERSION: Final = 1
SAVE_DELAY: Final = 10.0
"""Seconds of work that a crash can cost."""


class StoredSource(TypedDict):
    """A `Record` as it stands in the file."""

    origins: dict[str, int]
    covered: dict[str, list[list[int]]]
    refused: NotRequired[dict[str, list[list[int]]]]
    pending: list[list[int]]
    reread: int
    failing_since: float | None


class StoredHistory(TypedDict):
    """The whole file."""

    sources: dict[str, StoredSource]
    away: NotRequired[dict[str, float]]


def _file(hass: HomeAssistant, entry_id: str) -> Store[StoredHistory]:
    # Records never change once they are made, so that another thread may write them down.
    return Store(hass, VERSION, f"{DOMAIN}.history.{entry_id}", serialize_in_event_loop=False)


async def async_remove_store(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the file of an account that is removed."""
    await _file(hass, entry_id).async_remove()


class HistoryStore:
    """The records of one account's sources.

    Attributes:
        away: by what the account calls it, the unix seconds since which it could not send what it
            measured. Whoever changes it calls `save`.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file; nothing is read yet."""
        self._file = _file(hass, entry_id)
        self._records: dict[str, Record] = {}
        self.away: dict[str, float] = {}
        self._due = False
        self._closed = False

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        if (stored := await self._file.async_load()) is not None:
            self._records = {key: _record(one) for key, one in stored["sources"].items()}
            self.away.update(stored.get("away", {}))

    def __getitem__(self, key: str) -> Record:
        """Return what is known of a source; of a new one, nothing."""
        return self._records.get(key) or Record()

    def __setitem__(self, key: str, record: Record) -> None:
        """Take over what is known now; it is written down within `SAVE_DELAY`."""
        if self._closed or self._records.get(key) == record:
            return
        self._records[key] = record
        self.save()

    def save(self) -> None:
        """Have what has changed written down within `SAVE_DELAY`."""
        if self._closed:
            return
        # Asking again would put the writing off, for ever while the import is at work.
        if not self._due:
            self._due = True
            self._file.async_delay_save(self._snapshot, SAVE_DELAY)

    def __iter__(self) -> Iterator[str]:
        """Return the sources' keys."""
        return iter(tuple(self._records))

    def forget(self, key: str) -> None:
        """Drop a source that is gone for good; that is written down with the next change."""
        self._records.pop(key, None)

    async def async_close(self) -> None:
        """Write everything down; nothing that comes later is taken."""
        self._closed = True
        await self._file.async_save(self._snapshot())

    def _snapshot(self) -> StoredHistory:
        self._due = False
        return {
            "sources": {key: _stored(one) for key, one in self._records.copy().items()},
            "away": self.away.copy(),
        }


def _stored(record: Record) -> StoredSource:
    return {
        "origins": dict(record.origins),
        "covered": {key: _spans(hours) for key, hours in record.covered.items()},
        "refused": {key: _spans(hours) for key, hours in record.refused.items()},
        "pending": _spans(record.pending),
        "reread": record.reread,
        "failing_since": record.failing_since,
    }


def _spans(hours: Hours) -> list[list[int]]:
    return [list(span) for span in hours.spans]


def _hours(spans: list[list[int]]) -> Hours:
    return Hours.of(*((start, end) for start, end in spans))


def _record(stored: StoredSource) -> Record:
    return Record(
        origins=stored["origins"],
        covered={key: _hours(spans) for key, spans in stored["covered"].items()},
        refused={key: _hours(spans) for key, spans in stored.get("refused", {}).items()},
        pending=_hours(stored["pending"]),
        reread=stored["reread"],
        failing_since=stored["failing_since"],
    )
