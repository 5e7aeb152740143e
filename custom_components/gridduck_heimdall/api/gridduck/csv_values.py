"""Split lines of a CSV file into cells, and parse times and values.

Contract: gridduck-api.md, "Data download" and Part 2.
"""

from collections.abc import Sequence
import csv
from datetime import UTC, datetime
import re
from typing import Final

from ..decoding import LARGEST_NUMBER
from .timestamps import moment

type Cells = list[str]

# Nine digits and more are seconds since 1973; fewer are a date without dashes.
_UNIX_TIME: Final = re.compile(r"\d{9,16}(?:[.,]\d*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# What float() reads of these characters, a plain number of JSON or not, is a number here too.
_PLAIN_NUMBERS: Final = re.compile(r"[-+.0-9eE\n]*", re.ASCII)
_NOTHING: Final = frozenset({"", "-", "null", "none", "nan", "n/a"})


def read_fields(lines: Sequence[str], delimiter: str) -> list[Cells | None]:
    """Split lines into cells; an empty line has none, one with an unclosed quote is None."""
    try:
        rows: list[Cells | None] = [*csv.reader(lines, delimiter=delimiter, strict=True)]
    except csv.Error:
        rows = []
    if len(rows) == len(lines):
        return rows
    # An unclosed quote must not swallow the following lines.
    return [_read_line(line, delimiter) for line in lines]


def _read_line(line: str, delimiter: str) -> Cells | None:
    try:
        return next(csv.reader((line,), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def seconds(text: str) -> float | None:
    """Return a time as unix seconds, by default in UTC; None if it is invalid."""
    try:
        # A dash after the year avoids the regular expression for most times.
        if text[4:5] != "-" and _UNIX_TIME.fullmatch(text):
            when = moment(float(text.replace(",", ".")))
        else:
            when = datetime.fromisoformat(text)
        if when is None:
            return None
        return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    except ValueError, OverflowError:
        return None


def lacks_zone(text: str) -> bool:
    """Return whether a text is a time in ISO 8601 without a zone."""
    try:
        return datetime.fromisoformat(text.strip()).tzinfo is None
    except ValueError:
        return False


def value(text: str, delimiter: str) -> float | None:
    """Return a value; None for an empty cell.

    Raises:
        ValueError: it is not a number, or out of range.
    """
    if text.casefold() in _NOTHING:
        return None
    if not _NUMBER.fullmatch(text) or (delimiter == "," and "," in text):
        raise ValueError("No number")
    number = float(text.replace(",", "."))
    if abs(number) > LARGEST_NUMBER:
        raise ValueError("No measurement")
    return number


def times_of(cells: Sequence[str]) -> list[float]:
    """Return the times of many cells at once.

    Raises:
        ValueError: one of them is no time, or has blanks around it.
    """
    times = [at for text in cells if (at := seconds(text)) is not None]
    if len(times) != len(cells):
        raise ValueError("No time")
    return times


def values_of(cells: Sequence[str]) -> list[float | None]:
    """Return the values of many cells at once.

    Raises:
        ValueError: one of them is something else than a plain number or nothing.
    """
    if not _PLAIN_NUMBERS.fullmatch("\n".join(cells)):
        raise ValueError("No plain numbers")
    numbers = [float(text) if text else None for text in cells]
    if any(number is not None and abs(number) > LARGEST_NUMBER for number in numbers):
        raise ValueError("No measurement")
    return numbers
