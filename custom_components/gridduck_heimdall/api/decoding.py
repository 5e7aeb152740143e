"""Decode bytes into values, with readable errors."""

import json
import math
from typing import Annotated, Final

import msgspec

from .errors import ErrorReason, UnexpectedAnswer
from .sanitizer import sanitize_text

LARGEST_NUMBER: Final = 1e15
"""Maximum absolute value of a measurement."""

type Number = Annotated[float, msgspec.Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
"""A number that can be a measurement: a field of this type never holds NaN or an infinity."""

_ANYTHING = msgspec.json.Decoder(object)
_MOST_DIGITS = 30


def decode[T](decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Decode a body.

    Raises:
        UnexpectedAnswer: it is not JSON, or has another shape.
    """
    try:
        return parse(decoder, body)
    except msgspec.ValidationError as err:
        text = sanitize_text(str(err))
        raise UnexpectedAnswer(f"The answer has another shape: {text}") from None


def parse[T](decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Decode a body, for callers that salvage parts of an invalid one.

    Raises:
        msgspec.ValidationError: it is JSON of another shape.
        UnexpectedAnswer: it is not JSON.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError, UnicodeDecodeError, RecursionError:
        # Not raised in the handler: a chained exception can contain the body, and that a token.
        pass
    strict = repaired(body)
    try:
        return decoder.decode(strict)
    except RecursionError:
        raise UnexpectedAnswer("The answer is nested too deeply") from None


def parse_anything(body: bytes) -> object:
    """Decode JSON of any shape; an unrepresentable value is None.

    Raises:
        UnexpectedAnswer: it is not JSON.
    """
    try:
        return parse(_ANYTHING, body)
    except msgspec.ValidationError:
        # A number beyond the range of floats fits no type, not even `Any`.
        return parse(_ANYTHING, repaired(body))


def repaired(body: bytes) -> bytes:
    """Return the body as strict JSON, as far as a lenient decoder can read it.

    Lone surrogates, invalid UTF-8, a byte order mark and NaN occur in names and computed values.
    Each costs only its own value, which becomes null.

    Raises:
        UnexpectedAnswer: it is not JSON at all.
    """
    if not body.strip():
        raise UnexpectedAnswer("The answer is empty").because(ErrorReason.EMPTY_ANSWER)
    if (strict := _strict(body)) is None:
        if body.lstrip()[:1] == b"<":
            raise UnexpectedAnswer("The answer is a web page").because(ErrorReason.WEB_PAGE)
        raise UnexpectedAnswer("The answer is not JSON")
    return strict


def _strict(body: bytes) -> bytes | None:
    try:
        value: object = json.loads(
            body.decode("utf-8-sig", "replace"),
            parse_constant=_nothing,
            parse_float=_finite,
            parse_int=_short,
        )
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    except ValueError, RecursionError:
        return None


def _nothing(_: str) -> None:
    """Replace NaN and the infinities."""


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _short(text: str) -> int | None:
    return int(text) if len(text) <= _MOST_DIGITS else None
