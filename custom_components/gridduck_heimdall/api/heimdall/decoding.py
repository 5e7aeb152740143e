"""Decode a response: strictly and fast, or if that fails, part by part.

A part that cannot be decoded is dropped alone: a value becomes None, an item is missing from its
list, a line from its facility. A response is rejected if not even its outline is valid.

Contract: heimdall-api.md §2.2, §3.1, §9.
"""

from contextlib import suppress
from datetime import UTC, datetime
import logging
import math
from typing import Final, Protocol

import msgspec
from msgspec import inspect

from ..decoding import Number, parse_anything, repaired
from ..errors import UnexpectedAnswer
from .models.common import Payload
from .models.forecasts import ForecastResponse, RatingForecast

_LOGGER: Final = logging.getLogger(__name__)
UNREADABLE_UNIT: Final = "?"
"""Replaces a unit that is not text; it is no known unit."""

_UNIT: Final = "unit"
_NAMED_PARTS: Final = 10
"""Maximum number of dropped parts to name in the log."""


class _Envelope(msgspec.Struct, frozen=True):
    data: msgspec.Raw


class _Unreadable(Exception):
    """A part of a response is invalid."""


class Decoder[T: Payload](Protocol):
    """Decodes the body of a response."""

    def decode(self, body: bytes, /) -> T:
        """Return the payload of a response.

        Raises:
            UnexpectedAnswer: it is not JSON, or not even its outline is valid.
        """


class PayloadDecoder[T: Payload]:
    """Decode the `data` member of the body of a response."""

    _envelope: Final = msgspec.json.Decoder(_Envelope)

    def __init__(self, payload: type[T]) -> None:
        """Prepare for one type of payload."""
        self._payload: Final = payload
        self._decode: Final = msgspec.json.Decoder(payload).decode

    def decode(self, body: bytes) -> T:
        """Return the payload of a response; its `malformed` counts the dropped parts.

        Raises:
            UnexpectedAnswer: it is not JSON, or not even its outline is valid.
        """
        # The slower path locates the error.
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._decode(self._envelope.decode(body).data)
        return self._salvage(body)

    def _salvage(self, body: bytes) -> T:
        answer = parse_anything(repaired(body))
        if not isinstance(answer, dict) or "data" not in answer:
            raise UnexpectedAnswer("The answer holds no data")
        cleaner = _Cleaner()
        try:
            data = cleaner.clean(answer["data"], inspect.type_info(self._payload), "data")
        except _Unreadable as err:
            raise UnexpectedAnswer(f"The answer has an unexpected shape: {err}") from None
        if cleaner.left_out:
            _LOGGER.debug(
                "Left %d parts out of %s: %s",
                len(cleaner.left_out),
                self._payload.__name__,
                "; ".join(cleaner.left_out[:_NAMED_PARTS]),
            )
        payload = msgspec.convert(data, self._payload)
        return msgspec.structs.replace(payload, malformed=len(cleaner.left_out))


class ForecastDecoder:
    """Decode the body of a response with the forecast of a rating."""

    def __init__(self, response: Decoder[ForecastResponse]) -> None:
        """Pack what another decoder returns."""
        self._response: Final = response

    def decode(self, body: bytes) -> RatingForecast:
        """Return the forecast in a response; as `PayloadDecoder.decode`."""
        return self._response.decode(body).forecast()


class _Cleaner:
    """Remove the parts of a decoded response that do not fit its type."""

    def __init__(self) -> None:
        """Start without dropped parts."""
        self.left_out: Final[list[str]] = []

    def clean(self, value: object, kind: inspect.Type, where: str) -> object:
        """Return the valid parts of a value.

        Raises:
            _Unreadable: nothing is.
        """
        match kind:
            case inspect.StructType():
                return self._clean_object(value, kind, where)
            case inspect.VarTupleType():
                return self._clean_list(value, kind.item_type, where)
            case inspect.UnionType():  # of something and None
                [wanted] = (one for one in kind.types if not isinstance(one, inspect.NoneType))
                return self.clean(value, wanted, where)
        try:
            return _leaf(value, kind)
        except msgspec.ValidationError:
            raise _Unreadable(f"{where} cannot be read") from None

    def _clean_object(self, value: object, kind: inspect.StructType, where: str) -> object:
        if not isinstance(value, dict):
            raise _Unreadable(f"{where} is not an object")
        # Nearly all items are valid; this is the fast check.
        with suppress(msgspec.ValidationError):
            msgspec.convert(value, kind.cls)
            return value
        cleaned: dict[str, object] = {}
        for field in kind.fields:
            name = field.encode_name
            try:
                # Null counts as absent, also for fields that do not allow None.
                if field.required or value.get(name) is not None:
                    cleaned[name] = self.clean(value.get(name), field.type, f"{where}.{name}")
            except _Unreadable as err:
                if field.required:
                    raise
                self.left_out.append(str(err))
                if name == _UNIT:
                    # Without a unit, the value would count as in the requested one.
                    cleaned[name] = UNREADABLE_UNIT
        return cleaned

    def _clean_list(self, value: object, kind: inspect.Type, where: str) -> object:
        if not isinstance(value, list):
            raise _Unreadable(f"{where} is not a list")
        cleaned: list[object] = []
        for index, item in enumerate(value):
            try:
                cleaned.append(self.clean(item, kind, f"{where}[{index}]"))
            except _Unreadable as err:
                self.left_out.append(str(err))
        return cleaned


def _leaf(value: object, kind: inspect.Type) -> object:
    """Return a single value; text is accepted for numbers, a time without zone is in UTC."""
    match kind:
        case inspect.FloatType():
            number = msgspec.convert(value, float, strict=False)
            # Text can say NaN, which no bound excludes.
            return msgspec.convert(number if math.isfinite(number) else None, Number)
        case inspect.IntType():
            return msgspec.convert(value, int, strict=False)
        case inspect.BoolType():
            return msgspec.convert(value, bool, strict=False)
        case inspect.DateTimeType():
            when = msgspec.convert(value, datetime)
            return when if when.tzinfo else when.replace(tzinfo=UTC)
        case inspect.StrType() if isinstance(value, str) and len(value) >= (kind.min_length or 0):
            return value
    raise msgspec.ValidationError
