"""Decode pages of lists, and salvage malformed ones.

The fast path decodes a whole page at once. If that fails, items are decoded separately, and of a
malformed item its fields: a field of a wrong type becomes None, and an item without a required
field is dropped and counted.

Contract: gridduck-api.md, "List assets".
"""

import contextlib
from dataclasses import dataclass
import re
from typing import Protocol

import msgspec

from ..addresses import is_path_segment
from ..decoding import decode, parse, repaired
from ..errors import UnexpectedAnswer

_NOTHING = msgspec.Raw(b"null")
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_WHOLE_NUMBER = re.compile(rb"-?\d{1,30}")


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """Its id."""


class Pagination(msgspec.Struct, frozen=True):
    """Position of a page in the list."""

    offset: int | None = None
    limit: int | None = None
    total: int | None = None


class Envelope[T](msgspec.Struct, frozen=True):
    """A page of a response; its links are ignored, as they must not be followed."""

    results: list[T]
    pagination: Pagination | None = None
    unit: str | None = None


class RawEnvelope(msgspec.Struct, frozen=True):
    """A page of which only the list is required."""

    results: list[msgspec.Raw]
    pagination: msgspec.Raw = _NOTHING
    unit: object = None


@dataclass(frozen=True, slots=True)
class Page[T]:
    """A decoded page.

    Attributes:
        items: the valid items.
        entries: the number of entries, valid or not.
        pagination: where it stands; all None where the service does not say.
        unit: unit of the items' values.
    """

    items: tuple[T, ...]
    entries: int
    pagination: Pagination
    unit: str | None


class ItemReader[T: msgspec.Struct]:
    """Decodes one object without its malformed fields."""

    def __init__(self, kind: type[T]) -> None:
        """Prepare for objects of `kind`."""
        self._decoder = msgspec.json.Decoder(kind, strict=False)
        self._fields: dict[str, msgspec.json.Decoder[object]] = {
            field.encode_name: msgspec.json.Decoder(field.type, strict=False)
            for field in msgspec.structs.fields(kind)
        }

    def read(self, body: bytes) -> T:
        """Decode an object that is the whole response.

        Raises:
            UnexpectedAnswer: it is not such an object.
        """
        if (found := self.salvage(repaired(body))) is None:
            raise UnexpectedAnswer("The answer has another shape")
        return found

    def salvage(self, item: bytes | msgspec.Raw) -> T | None:
        """Decode strict JSON; None if a required field is malformed."""
        try:
            return self._decoder.decode(item)
        except msgspec.ValidationError:
            return self._without_bad_fields(item)
        except RecursionError:
            return None

    def _without_bad_fields(self, item: bytes | msgspec.Raw) -> T | None:
        try:
            fields = _FIELDS.decode(item)
            good = {
                name: usable
                for name, raw in fields.items()
                if name in self._fields and (usable := _usable(self._fields[name], raw))
            }
            return self._decoder.decode(msgspec.json.encode(good))
        except msgspec.ValidationError, RecursionError:
            return None


def _usable(reader: msgspec.json.Decoder[object], raw: msgspec.Raw) -> msgspec.Raw | None:
    """Return a field's JSON if it has the right type; a number as text for a text field."""
    value = bytes(raw)
    candidates = (value, b'"%s"' % value) if _WHOLE_NUMBER.fullmatch(value) else (value,)
    for candidate in candidates:
        with contextlib.suppress(msgspec.ValidationError):
            reader.decode(candidate)
            return msgspec.Raw(candidate)
    return None


class PageReader[T: msgspec.Struct]:
    """Reads pages of one kind of item."""

    def __init__(self, kind: type[T], envelope: type[Envelope[T]]) -> None:
        """Prepare for items of `kind`, and for an envelope of them."""
        self._items = ItemReader(kind)
        self._decoder = msgspec.json.Decoder(envelope, strict=False)

    def read(self, body: bytes) -> Page[T]:
        """Read a page.

        Raises:
            UnexpectedAnswer: it is not a page at all.
        """
        try:
            page = parse(self._decoder, body)
        except msgspec.ValidationError:
            return self._salvage(body)
        items = tuple(page.results)
        return Page(items, len(items), page.pagination or Pagination(), page.unit)

    def _salvage(self, body: bytes) -> Page[T]:
        raw = decode(_RAW_ENVELOPE, repaired(body))
        found = [self._items.salvage(item) for item in raw.results]
        items = tuple(item for item in found if item is not None)
        pagination = _PAGINATION.salvage(raw.pagination) or Pagination()
        # A unit that is not text is unknown: without one, the usual unit would be assumed.
        unit = None if raw.unit is None else str(raw.unit)
        return Page(items, len(found), pagination, unit)


_PAGINATION = ItemReader(Pagination)
_RAW_ENVELOPE = msgspec.json.Decoder(RawEnvelope)


def without_unusable_ids[T: Identified](page: Page[T]) -> Page[T]:
    """Drop the items whose id cannot be part of a path."""
    items = tuple([item for item in page.items if is_path_segment(item.id)])
    return Page(items, page.entries, page.pagination, page.unit)
