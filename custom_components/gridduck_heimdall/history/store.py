"""What outlives a restart: which hours are covered, and which were asked for."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant
import msgspec

from ..const import DOMAIN
from ..core.storage import LATEST, Reader, StoredFile, UnixSeconds, async_remove_file
from .intervals import SECONDS, Hours
from .plan import Record

SAVE_DELAY: Final = 10.0
"""Seconds of work that a crash can cost."""


type Hour = Annotated[int, msgspec.Meta(ge=0, le=LATEST // SECONDS)]
type StoredSpan = tuple[Hour, Hour]


class StoredSource(TypedDict):
    """A `Record` as it stands in the file."""

    origins: dict[str, Hour]
    covered: dict[str, list[StoredSpan]]
    empty: NotRequired[dict[str, list[StoredSpan]]]
    unchecked: NotRequired[dict[str, list[StoredSpan]]]
    refused: NotRequired[dict[str, list[StoredSpan]]]
    pending: list[StoredSpan]
    reread: Hour
    failing_since: UnixSeconds | None


class StoredHistory(TypedDict):
    """The whole file."""

    sources: dict[str, StoredSource]
    away: NotRequired[dict[str, float]]


def _key(entry_id: str) -> str:
    return f"{DOMAIN}.history.{entry_id}"


async def async_remove_store(hass: HomeAssistant, entry_id: str) -> None:
    """Remove the file of an account that is removed."""
    await async_remove_file(hass, _key(entry_id))


class HistoryStore:
    """The records of one account's sources.

    Attributes:
        away: by what the account calls it, the unix seconds since which it could not send what it
            measured. Whoever changes it calls `save`.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the file; nothing is read yet."""
        # Records never change once they are made, so that another thread may write them down.
        self._file = StoredFile(hass, _key(entry_id), self._snapshot, in_loop=False)
        self._records: dict[str, Record] = {}
        self.away: dict[str, float] = {}
        self._due = False
        self._closed = False

    async def async_load(self) -> None:
        """Read the file, if there is one."""
        if (stored := await self._file.async_read(_read)) is not None:
            self._records, away = stored
            self.away.update(away)
            await self._file.async_settle()

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
            self._file.save_within(SAVE_DELAY)

    def __iter__(self) -> Iterator[str]:
        """Return the sources' keys."""
        return iter(tuple(self._records))

    def forget(self, key: str) -> None:
        """Drop a source that is gone for good; that is written down with the next change."""
        self._records.pop(key, None)

    async def async_close(self) -> None:
        """Write everything down; nothing that comes later is taken."""
        self._closed = True
        await self._file.async_close()

    def _snapshot(self) -> StoredHistory:
        self._due = False
        return {
            "sources": {key: _stored(one) for key, one in self._records.copy().items()},
            "away": self.away.copy(),
        }


def _read(reader: Reader, stored: Any) -> tuple[dict[str, Record], dict[str, float]]:
    return (
        reader.mapping(reader.part(stored, "sources"), StoredSource, _record),
        reader.mapping(reader.part(stored, "away"), UnixSeconds, float),
    )


def _stored(record: Record) -> StoredSource:
    return {
        "origins": dict(record.origins),
        "covered": _by_series(record.covered),
        "empty": _by_series(record.empty),
        "unchecked": _by_series(record.unchecked),
        "refused": _by_series(record.refused),
        "pending": _spans(record.pending),
        "reread": record.reread,
        "failing_since": record.failing_since,
    }


def _by_series(hours: Mapping[str, Hours]) -> dict[str, list[StoredSpan]]:
    return {key: _spans(one) for key, one in hours.items()}


def _spans(hours: Hours) -> list[StoredSpan]:
    return list(hours.spans)


def _hours(spans: list[StoredSpan]) -> Hours:
    return Hours.of(*spans)


def _from_spans(stored: Mapping[str, list[StoredSpan]]) -> Mapping[str, Hours]:
    return {key: _hours(spans) for key, spans in stored.items()}


def _record(stored: StoredSource) -> Record:
    """Return the record that stands in the file.

    Raises:
        ValueError: it is not whole.
    """
    if stored["origins"].keys() != stored["covered"].keys():
        raise ValueError("The origins are of other series than the covered hours")
    return Record(
        origins=stored["origins"],
        covered=_from_spans(stored["covered"]),
        empty=_from_spans(stored.get("empty", {})),
        unchecked=_from_spans(stored.get("unchecked", {})),
        refused=_from_spans(stored.get("refused", {})),
        pending=_hours(stored["pending"]),
        reread=stored["reread"],
        failing_since=stored["failing_since"],
    )
