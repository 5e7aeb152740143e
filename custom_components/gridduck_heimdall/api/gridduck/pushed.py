"""What a data hook sends: fields of assets, as they change.

Contract: gridduck-api.md, Part 2, "Data hook".
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from custom_components.gridduck_heimdall.api.decoding import parse_anything
from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer

from .assumed import is_stamp, moment, seconds_left
from .models import Asset, Stamp

MOST_ITEMS: Final = 5000
"""Items of one message."""

CLOCK_TOLERANCE: Final = timedelta(seconds=10)
"""By how much the cloud's clock may be ahead of ours before a time of it is not believed."""

_ID: Final = "id"
_STAMP: Final = "stamp"
# What an asset is, where it is and what is allowed is for the list of assets alone to say.
_NOT_TAKEN: Final = frozenset(
    {
        _ID,
        "(silent)",
        "_permission",
        "children",
        "code",
        "gateway_id",
        "gateway_name",
        "name",
        "parent_asset",
        "read_only",
        "serial_no",
        "site_id",
        "site_name",
        "sku",
        "user_id",
    }
)
_FIELDS: Final = {
    field.encode_name: field
    for field in msgspec.structs.fields(Asset)
    if field.encode_name not in _NOT_TAKEN
}
_SPLIT: Final = msgspec.json.Decoder(list[msgspec.Raw])
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_CONTACT: Final = "last_contacted"
_STAMP_TYPE: Final = _FIELDS["boost_finish"].type
# The two fields that tell of one override: what is sent of one is all that holds of both.
_OVERRIDES: Final = (
    ("boost_finish", "boost_finish_stamp"),
    ("snooze_finish", "snooze_finish_stamp"),
)


@dataclass(frozen=True, slots=True)
class Pushed:
    """Fields of one asset.

    Attributes:
        asset_id: which asset.
        at: when they were so, or None where that is not said.
        fields: what they are, by the names of the model; those of a wrong type are left out.
    """

    asset_id: str
    at: datetime | None
    fields: Mapping[str, object]

    def believed(self, now: datetime) -> Pushed:
        """Return the same without times that are still to come: they count as now.

        Args:
            now: when this was received.
        """
        latest = now + CLOCK_TOLERANCE
        at = None if self.at is not None and self.at > latest else self.at
        contact = self.fields.get(_CONTACT)
        if isinstance(contact, float | str) and (when := moment(contact)) and when > latest:
            return Pushed(self.asset_id, at, {**self.fields, _CONTACT: now.timestamp()})
        return self if at is self.at else Pushed(self.asset_id, at, self.fields)

    def changes(self, now: datetime) -> Mapping[str, object]:
        """Return the fields of the asset that this says, and what follows from them.

        Args:
            now: when this was received.
        """
        fields = dict(self.fields)
        for finish, stamp in _OVERRIDES:
            if finish in fields or stamp in fields:
                left = _seconds_left(fields.setdefault(finish, None))
                names_end = _names_end(fields.setdefault(stamp, None))
                if left is not None and not names_end:
                    fields[stamp] = (self.at or now).timestamp() + left
        return fields


def split_items(body: bytes) -> list[object] | None:
    """Return the items of what a data hook sent, each still as bytes for `read_item`.

    That is fast. Of what only a lenient reader makes sense of, it is None: `read_items` reads it.

    Raises:
        UnexpectedAnswer: too long a list.
    """
    try:
        items = _SPLIT.decode(body.removeprefix(_BYTE_ORDER_MARK))
    except msgspec.MsgspecError, UnicodeDecodeError, RecursionError:
        return None
    return _bounded(items)


def read_items(body: bytes) -> list[object]:
    """Return the items of what a data hook sent, each still to be read by `read_item`.

    Raises:
        UnexpectedAnswer: it is not JSON, neither an object nor a list, or too long a list.
    """
    try:
        message = parse_anything(body)
    except UnexpectedAnswer:
        raise UnexpectedAnswer("The body is not JSON") from None
    match message:
        case dict() as item:
            return [item]
        case list() as items:
            return _bounded(items)
        case _:
            raise UnexpectedAnswer("The body is neither an object nor a list")


def _bounded(items: Sequence[object]) -> list[object]:
    if len(items) > MOST_ITEMS:
        raise UnexpectedAnswer(f"The list has more than {MOST_ITEMS} items")
    return list(items)


def read_item(item: object) -> Pushed | None:
    """Return an item; None where it has no usable id, or a stamp that is none."""
    if isinstance(item, msgspec.Raw):
        try:
            item = parse_anything(bytes(item))
        except UnexpectedAnswer:
            return None
    if not isinstance(item, dict):
        return None
    try:
        asset_id = _converted(item.get(_ID), str)
        stamp = msgspec.convert(item.get(_STAMP), Stamp | None, strict=False)
    except msgspec.ValidationError:
        return None
    at = moment(stamp)
    if stamp is not None and at is None:
        return None
    return Pushed(asset_id, at, dict(_usable(item)))


def _usable(item: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    """Yield the fields that a message has of an asset, and that have a type that is due."""
    for name, value in item.items():
        if isinstance(name, str) and (field := _FIELDS.get(name)) is not None:
            with suppress(msgspec.ValidationError):
                converted = _converted(value, field.type)
                # Text that is no time says nothing, and what is known stays.
                if (
                    field.type != _STAMP_TYPE
                    or not isinstance(converted, str)
                    or is_stamp(converted)
                ):
                    yield field.name, converted


def _converted[T](value: object, kind: type[T]) -> T:
    """Return a value as the model has it, a whole number as text where text is due.

    Raises:
        msgspec.ValidationError: it is something else.
    """
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        if isinstance(value, int) and not isinstance(value, bool):
            return msgspec.convert(str(value), kind, strict=False)
        raise


def _seconds_left(finish: object) -> float | None:
    return seconds_left(finish) if isinstance(finish, float | str) else None


def _names_end(stamp: object) -> bool:
    return isinstance(stamp, float | str) and moment(stamp) is not None
