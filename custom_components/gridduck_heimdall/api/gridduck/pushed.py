"""What a data hook sends: fields of assets, as they change.

Contract: gridduck-api.md, Part 2, "Data hook".
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeGuard

import msgspec

from custom_components.gridduck_heimdall.api.decoding import Number, parse_anything
from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer

from .assumed import is_relative, moment
from .models import Asset

MOST_ITEMS: Final = 5000
"""Items of one message."""

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

    def merged(self, asset: Asset, now: datetime) -> Asset:
        """Return the asset with these fields, and all others as they were.

        Args:
            asset: as it is known.
            now: when this was received.
        """
        fields = dict(self.fields)
        for finish, stamp in _OVERRIDES:
            if finish in fields or stamp in fields:
                left = fields.setdefault(finish, None)
                if not fields.setdefault(stamp, None) and _counts_down(left):
                    fields[stamp] = (self.at or now).timestamp() + left
        return msgspec.structs.replace(asset, **fields)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was read.

    Attributes:
        items: what is usable of it.
        malformed: items without a usable id or with a stamp that is none.
    """

    items: tuple[Pushed, ...]
    malformed: int


def read_message(body: bytes) -> Message:
    """Read what a data hook sent.

    Raises:
        UnexpectedAnswer: it is not JSON, neither an object nor a list, or too long a list.
    """
    try:
        message = parse_anything(body)
    except UnexpectedAnswer:
        raise UnexpectedAnswer("The body is not JSON") from None
    match message:
        case dict() as item:
            items: list[object] = [item]
        case list() as items if len(items) <= MOST_ITEMS:
            pass
        case list():
            raise UnexpectedAnswer(f"The list has more than {MOST_ITEMS} items")
        case _:
            raise UnexpectedAnswer("The body is neither an object nor a list")
    found = tuple(pushed for item in items if (pushed := _pushed(item)) is not None)
    return Message(found, len(items) - len(found))


def _pushed(item: object) -> Pushed | None:
    if not isinstance(item, dict):
        return None
    try:
        asset_id = _converted(item.get(_ID), str)
        stamp = msgspec.convert(item.get(_STAMP), Number | None, strict=False)
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
                yield field.name, _converted(value, field.type)


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


def _counts_down(finish: object) -> TypeGuard[float]:
    """Tell whether a finish says how many seconds are left."""
    return isinstance(finish, float) and is_relative(finish)
