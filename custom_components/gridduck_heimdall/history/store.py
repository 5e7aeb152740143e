"""The persisted progress of the import: which hours are covered, and which were requested."""

from collections.abc import Mapping
from sys import intern
from typing import Annotated, Any, Final, NotRequired, TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_fragment
import msgspec

from ..core.record_reader import LATEST, RecordReader, UnixSeconds
from ..core.storage import Content, PersistentDict, entry_file
from .hours import SECONDS, Hours
from .plan import NOWHERE, ImportRecord

FILE: Final = "history"
"""The kind of the file of a config entry."""

SAVE_WITHIN: Final = 300.0
"""Write delay, seconds: the records of thousands of sources are a large file. After a crash, the
hours imported since the last write are imported again, which changes no row."""

type Hour = Annotated[int, msgspec.Meta(ge=0, le=LATEST // SECONDS)]
type StoredSpan = tuple[Hour, Hour]


class StoredSource(TypedDict):
    """An `ImportRecord` in the file."""

    origins: dict[str, Hour]
    covered: dict[str, list[StoredSpan]]
    empty: NotRequired[dict[str, list[StoredSpan]]]
    unchecked: NotRequired[dict[str, list[StoredSpan]]]
    refused: NotRequired[dict[str, list[StoredSpan]]]
    pending: list[StoredSpan]
    reread: Hour
    failing_since: UnixSeconds | None


class HistoryStore(PersistentDict[ImportRecord]):
    """The records of one account's sources, by key of the source.

    Attributes:
        away: by the account's key, the unix seconds since which a device could not send what it
            measured. Call `save_within` after a change.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare the file without reading it."""
        self.away: dict[str, float] = {}
        super().__init__(
            hass,
            entry_file(FILE, entry_id),
            decode=self._decode_file,
            encode=self._encode_file,
            save_delay=SAVE_WITHIN,
            # Records are immutable, so that another thread may write them.
            in_loop=False,
        )

    def __missing__(self, key: str) -> ImportRecord:
        """Return the record of a new source, which is empty."""
        return ImportRecord()

    def _decode_file(self, reader: RecordReader, stored: Any) -> dict[str, ImportRecord]:
        self.away.update(reader.mapping(reader.part(stored, "away"), UnixSeconds, float))
        return reader.mapping(reader.part(stored, "sources"), StoredSource, _record)

    def _encode_file(self, records: Mapping[str, ImportRecord]) -> Content:
        # Encoded record by record: the objects of thousands of records at once take 20 MB.
        sources = {
            key: json_fragment(msgspec.json.encode(_stored(one))) for key, one in records.items()
        }
        return {"sources": sources, "away": self.away.copy()}


def _stored(record: ImportRecord) -> StoredSource:
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
    return {intern(key): _hours(spans) for key, spans in stored.items()} or NOWHERE


def _record(stored: StoredSource) -> ImportRecord:
    """Return the record in the file.

    Raises:
        ValueError: it is incomplete.
    """
    if stored["origins"].keys() != stored["covered"].keys():
        raise ValueError("The origins are of other series than the covered hours")
    return ImportRecord(
        # Each key appears several times in the file: interned, they share one copy.
        origins={intern(key): hour for key, hour in stored["origins"].items()},
        covered=_from_spans(stored["covered"]),
        empty=_from_spans(stored.get("empty", {})),
        unchecked=_from_spans(stored.get("unchecked", {})),
        refused=_from_spans(stored.get("refused", {})),
        pending=_hours(stored["pending"]),
        reread=stored["reread"],
        failing_since=stored["failing_since"],
    )
