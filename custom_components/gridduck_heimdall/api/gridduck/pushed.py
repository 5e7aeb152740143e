"""Items of a data hook: changed fields of assets.

Contract: gridduck-api.md, Part 2, "Data hook".
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ..decoding import parse_anything, repaired
from ..errors import UnexpectedAnswer
from .hook_message import MOST_LENIENT
from .models import Asset
from .timestamps import is_beyond, is_stamp, moment, seconds_left

CLOCK_TOLERANCE: Final = timedelta(seconds=10)
"""Maximum seconds that the cloud's clock may be ahead; later times are ignored."""

_ID: Final = "id"
_STAMP: Final = "stamp"
# Identity, location and permissions of an asset come only from the list of assets.
_NOT_TAKEN: Final = frozenset(
    {
        _ID,
        "(silent)",
        "_permission",
        "children",
        "gateway_id",
        "gateway_name",
        "name",
        "parent_asset",
        "read_only",
        "serial_no",
        "site_id",
        "site_name",
        "sku",
    }
)
_FIELDS: Final = {
    field.encode_name: field
    for field in msgspec.structs.fields(Asset)
    if field.encode_name not in _NOT_TAKEN
}
# A larger value is invalid, and decoding many of them would take long.
_MOST_VALUE: Final = 1024
# Any other field of an item is ignored.
_NAMES: Final = {f"f{number}": name for number, name in enumerate((_ID, _STAMP, *_FIELDS))}
_ITEM: Final = msgspec.json.Decoder(
    msgspec.defstruct(
        "Item",
        [(place, msgspec.Raw, msgspec.Raw()) for place in _NAMES],
        rename=_NAMES,
        gc=False,
    )
)
_CONTACT: Final = "last_contacted"
_STAMP_TYPE: Final = _FIELDS["boost_finish"].type
# The two fields of one override: if one is sent, the other one is cleared.
_OVERRIDES: Final = (
    ("boost_finish", "boost_finish_stamp"),
    ("snooze_finish", "snooze_finish_stamp"),
)


@dataclass(frozen=True, slots=True)
class Pushed:
    """Fields of one asset.

    Attributes:
        asset_id: the asset.
        at: their time; None if it is missing or out of range.
        fields: their values, by the names of the model, without those of a wrong type.
    """

    asset_id: str
    at: datetime | None
    fields: Mapping[str, object]

    def believed(self, now: datetime) -> Pushed:
        """Return a copy whose future times are replaced by now.

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
        """Return the changed fields of the asset, and those derived from them.

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


def read_item(item: bytes) -> Pushed | None:
    """Decode an item of `items_of`; None without a usable id or with an invalid stamp."""
    values = dict(_values(item))
    try:
        asset_id = _converted(values.pop(_ID, None), str)
        stamp = msgspec.convert(values.pop(_STAMP, None), float | str | None, strict=False)
    except msgspec.ValidationError:
        return None
    at = moment(stamp)
    if stamp is not None and at is None and not is_beyond(stamp):
        return None
    return Pushed(asset_id, at, dict(_usable(values)))


def _values(item: bytes) -> Iterator[tuple[str, object]]:
    """Yield the fields of an asset in an item; an unreadable value is left out."""
    for name, raw in _raw_values(item):
        if 0 < len(raw) <= _MOST_VALUE:
            with suppress(UnexpectedAnswer):
                yield name, parse_anything(raw)


def _raw_values(item: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the values of an item as JSON, empty where it has none."""
    try:
        found = _ITEM.decode(item)
    except msgspec.ValidationError:
        return
    except msgspec.DecodeError, UnicodeDecodeError, RecursionError:
        if (strict := _repaired(item)) is None:
            return
        found = strict
    for place, name in _NAMES.items():
        yield name, bytes(getattr(found, place))


def _repaired(item: bytes) -> msgspec.Struct | None:
    """Return an item whose names are no text, such as half a character, as far as it goes."""
    if not 0 < len(item) <= MOST_LENIENT:
        return None
    try:
        return _ITEM.decode(repaired(item))
    except UnexpectedAnswer, msgspec.MsgspecError:
        return None


def _usable(values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the fields of a message that an asset has, if their type is valid."""
    for name, value in values.items():
        field = _FIELDS[name]
        with suppress(msgspec.ValidationError):
            converted = _converted(value, field.type)
            # Text that is not a time is ignored.
            if field.type != _STAMP_TYPE or not isinstance(converted, str) or is_stamp(converted):
                yield field.name, converted


def _converted[T](value: object, kind: type[T]) -> T:
    """Convert a value to the type of the model; a whole number becomes text for a text field.

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
