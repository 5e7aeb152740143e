"""Items of a message of a data hook or a WebSocket, parsed incrementally.

Contract: gridduck-api.md, Part 2, "Data hook" and "Real time".
"""

from collections.abc import Generator, Iterator
from contextlib import suppress
import re
from typing import Final

import msgspec

from ..decoding import repaired
from ..errors import UnexpectedAnswer

MOST_ITEMS: Final = 5000
"""Maximum items of one message."""

MOST_LENIENT: Final = 32 * 1024
"""Maximum size of an item for the lenient decoder, which takes some milliseconds, bytes."""

UNREADABLE: Final = b""
"""Represents an item that cannot be decoded."""

MOST_WRAPPERS: Final = 3
"""Objects around the items of a message of a WebSocket."""
# Keys under which such a message may have its items.
_WRAPPERS: Final = ("data", "results", "asset")
_WRAPPED: Final = msgspec.json.Decoder(
    msgspec.defstruct("Wrapped", [(name, msgspec.Raw, msgspec.Raw()) for name in _WRAPPERS])
)

_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_ANYTHING: Final = msgspec.json.Decoder(msgspec.Raw)
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"
# A list with more commas is split by hand: the decoder would first create all elements.
_MOST_COMMAS: Final = 100_000
# So is one with more brackets: it takes the decoder long to find that one is missing.
_MOST_BRACKETS: Final = 100_000
# Tokens per slice: they take a millisecond.
_TOKENS_AT_ONCE: Final = 4_000
_TOKEN: Final = re.compile(rb'["\[\]{},]')
# The rest of a string, or a part of one that has very many escapes.
_STRING: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+){0,20000}+(?P<end>"|\\?\Z)?', re.DOTALL)


def unwrapped(body: bytes) -> bytes:
    """Return the object or list of items in a message of a WebSocket, which may be wrapped.

    What is not an object, or has no items under a known key, is returned as it is.
    """
    for _ in range(MOST_WRAPPERS):
        inner = _inner(body.removeprefix(_BYTE_ORDER_MARK).strip(_SPACE))
        if inner is None:
            break
        body = inner
    return body


def _inner(body: bytes) -> bytes | None:
    """Return the object or list under the first key that may hold the items of a message."""
    if not body.startswith(b"{"):
        return None
    try:
        found = _WRAPPED.decode(body)
    except msgspec.MsgspecError, UnicodeDecodeError, RecursionError:
        # `items_of` says what is wrong, unless a lenient reader understands it.
        if len(body) > MOST_LENIENT:
            return None
        try:
            found = _WRAPPED.decode(repaired(body))
        except UnexpectedAnswer, msgspec.MsgspecError, RecursionError:
            return None
    values = (bytes(getattr(found, name)) for name in _WRAPPERS)
    return next((one for one in values if one[:1] in (b"{", b"[")), None)


def items_of(body: bytes) -> Iterator[bytes | None]:
    """Yield the items of a message, each as strict JSON for `read_item`.

    In between it yields None: no step takes more than a few milliseconds, whatever the body.
    An item of a list that only a lenient reader understands and that is larger than `MOST_LENIENT`
    is `UNREADABLE`.

    Raises:
        UnexpectedAnswer: the body is not JSON, neither an object nor a list, or too long a list.
    """
    body = body.removeprefix(_BYTE_ORDER_MARK).strip(_SPACE)
    if body[:1] not in (b"{", b"["):
        raise UnexpectedAnswer("The body is neither a JSON object nor a JSON list")
    yield None
    if (items := _strict(body)) is None:
        yield from _lenient(body)
        return
    if len(items) > MOST_ITEMS:
        raise _too_long()
    yield None
    yield from map(bytes, items)


def _strict(body: bytes) -> list[msgspec.Raw] | None:
    """Return the items of strict JSON; None for anything else."""
    try:
        if body.startswith(b"{"):
            return None if _opened(body) > _MOST_BRACKETS else [_ANYTHING.decode(body)]
        if body.count(b",") > _MOST_COMMAS or _opened(body) > _MOST_BRACKETS:
            return None
        return _LIST.decode(body)
    except msgspec.MsgspecError, UnicodeDecodeError, RecursionError:
        return None


def _opened(body: bytes) -> int:
    return body.count(b"[") + body.count(b"{")


def _lenient(body: bytes) -> Iterator[bytes | None]:
    """Yield the items of JSON as a lenient reader takes it."""
    count = 0
    for part in _split(body):
        if part is None:
            yield None
            continue
        count += 1
        if count > MOST_ITEMS:
            raise _too_long()
        item = _readable(part)
        if item == UNREADABLE and body.startswith(b"{"):
            raise UnexpectedAnswer(f"An object of over {MOST_LENIENT} bytes must be strict JSON")
        yield item


def _readable(item: bytes) -> bytes:
    """Return an item as strict JSON.

    Raises:
        UnexpectedAnswer: it is not JSON at all.
    """
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return bytes(_ANYTHING.decode(item))
    if len(item) > MOST_LENIENT:
        return UNREADABLE
    try:
        return repaired(item)
    except UnexpectedAnswer:
        raise _not_json() from None


def _split(body: bytes) -> Iterator[bytes | None]:
    """Yield the parts between the commas of a list, or the one object that the body is.

    Raises:
        UnexpectedAnswer: a bracket is missing, or something follows the last one.
    """
    is_list = body.startswith(b"[")
    begin, depth, position, tokens = int(is_list), 0, 0, 0
    while token := _TOKEN.search(body, position):
        position = token.end()
        match token[0]:
            case b'"':
                position = yield from _after_string(body, position)
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
            case _ if is_list and depth == 1:
                yield body[begin : position - 1]
                begin = position
        if not depth:
            break
        tokens += 1
        if not tokens % _TOKENS_AT_ONCE:
            yield None
    if depth or position != len(body):
        raise _not_json()
    yield body[begin : position - is_list]


def _after_string(body: bytes, position: int) -> Generator[None, None, int]:
    """Return the position after a string whose first character is at `position`."""
    while part := _STRING.match(body, position):
        position = part.end()
        if part["end"] is not None:
            break
        yield None
    return position


def _too_long() -> UnexpectedAnswer:
    return UnexpectedAnswer(f"The list has more than {MOST_ITEMS} items")


def _not_json() -> UnexpectedAnswer:
    return UnexpectedAnswer("The body is not JSON")
