"""What stands in a cell of a CSV file: a time or a value.

Contract: gridduck-api.md, "Data download" and Part 2.
"""

from datetime import UTC, datetime
import re
from typing import Final

from ..decoding import MOST
from .timestamps import moment

# Nine digits and more are seconds since 1973; fewer are a date without dashes.
_UNIX_TIME: Final = re.compile(r"\d{9,16}(?:[.,]\d*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NOTHING: Final = frozenset({"", "-", "null", "none", "nan", "n/a"})


def seconds(text: str) -> float | None:
    """Return a time as unix seconds, None where it is none; without a zone it is UTC."""
    try:
        if _UNIX_TIME.fullmatch(text):
            when = moment(float(text.replace(",", ".")))
        else:
            when = datetime.fromisoformat(text)
        if when is None:
            return None
        return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    except ValueError, OverflowError:
        return None


def value(text: str, delimiter: str) -> float | None:
    """Return a value, None where there is none.

    Raises:
        ValueError: it is something else, or beyond all measurements.
    """
    if text.casefold() in _NOTHING:
        return None
    if not _NUMBER.fullmatch(text) or (delimiter == "," and "," in text):
        raise ValueError("No number")
    number = float(text.replace(",", "."))
    if abs(number) > MOST:
        raise ValueError("No measurement")
    return number
