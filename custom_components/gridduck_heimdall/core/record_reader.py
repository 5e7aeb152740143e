"""Decode a file record by record, so that a damaged record costs only itself."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Final

import msgspec

from ..const import LOGGER

LATEST: Final = 253_402_300_799
"""The last second of the year 9999, the latest time that Python can represent."""

type UnixSeconds = Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
"""A time in a stored record."""

UNREADABLE: Final = (
    msgspec.ValidationError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    OSError,
)
"""Errors of a decoder for an invalid record."""


class RecordReader:
    """Validates the content of a file, record by record.

    Attributes:
        lost: how many records, or parts of the file, cannot be used.
    """

    def __init__(self) -> None:
        """Start with nothing lost."""
        self.lost = 0

    def mapping[StoredT, RecordT](
        self, stored: object, model: Any, build: Callable[[StoredT], RecordT]
    ) -> dict[str, RecordT]:
        """Return the records of a mapping, by key.

        Args:
            stored: the mapping.
            model: the type of a record as it is stored, for `msgspec.convert`.
            build: makes the record; it may reject one with any error of `UNREADABLE`.
        """
        match stored:
            case dict():
                return dict(self._records(stored.items(), model, build))
        self._lose("a mapping", stored)
        return {}

    def sequence[StoredT, RecordT](
        self, stored: object, model: Any, build: Callable[[StoredT], RecordT]
    ) -> list[RecordT]:
        """Return the records of a list.

        Args:
            stored: the list.
            model: as for `mapping`.
            build: as for `mapping`.
        """
        match stored:
            case list():
                return [one for _, one in self._records(enumerate(stored), model, build)]
        self._lose("a list", stored)
        return []

    def part(self, stored: object, name: str) -> object:
        """Return a part of a mapping, or an empty mapping in place of a missing part."""
        match stored:
            case dict():
                return stored.get(name, {})
        self._lose("a mapping", stored)
        return {}

    def _records[KeyT, StoredT, RecordT](
        self,
        stored: Iterable[tuple[KeyT, object]],
        model: Any,
        build: Callable[[StoredT], RecordT],
    ) -> Iterator[tuple[KeyT, RecordT]]:
        for key, one in stored:
            try:
                record = build(msgspec.convert(one, model))
            except UNREADABLE as error:
                LOGGER.debug("The stored record %s cannot be read: %r", key, error)
                self.lost += 1
            else:
                yield key, record

    def _lose(self, wanted: str, stored: object) -> None:
        LOGGER.debug("%s was stored in place of %s", type(stored).__name__, wanted)
        self.lost += 1
