"""CSV files of a data request, read row by row: a file is never whole in memory.

What is read is generous, as the format is only assumed: a byte order mark, commas, semicolons or
tabs, quoted fields, any line end, blank lines, ISO 8601 or unix times, and decimal commas where
the delimiter is no comma. A row that makes no sense costs that row, and is counted.

Contract: gridduck-api.md, "Data download" and Part 2.
"""

from collections.abc import Generator, Iterator
import csv
from dataclasses import dataclass
from datetime import UTC, datetime
import math
from pathlib import Path
import re
from typing import Final, TextIO

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer

from .assumed import moment

type Row = tuple[float, tuple[float | None, ...]]
"""Unix seconds, and a value for each column; None where there is none."""

_BLANK: Final[Row] = (0.0, ())

LONGEST_LINE: Final = 1024 * 1024
"""Characters of a line; what is longer is not CSV."""

# Of two that fit a header equally well the first counts.
_DELIMITERS: Final = (",", ";", "\t")
_TIME_NAMES: Final = frozenset(
    {
        "time",
        "timestamp",
        "time stamp",
        "stamp",
        "date",
        "datetime",
        "date time",
        "date and time",
        "unix time",
        "unix",
        "from",
        "start",
        "start time",
        "interval start",
    }
)
_ZONE: Final = re.compile(r"[(\[]\s*(?:utc|gmt|z)?\s*[)\]]")
_NO_LETTERS: Final = re.compile(r"[^a-z]+")
_WITH_UNIT: Final = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]+)[)\]]")
# Nine digits and more are seconds since 1973; fewer are a date without dashes.
_UNIX_TIME: Final = re.compile(r"\d{9,16}(?:[.,]\d*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NOTHING: Final = frozenset({"", "-", "null", "none", "nan", "n/a"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values.

    Attributes:
        name: as the header has it, without the unit.
        unit: what the header has in brackets behind the name, or None.
    """

    name: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Header:
    """What the first line says of all others; `certain` is whether it names its time column."""

    delimiter: str
    names: tuple[str, ...]
    time: int
    certain: bool

    @property
    def values(self) -> tuple[int, ...]:
        """Return the places of the columns of values."""
        return tuple(
            place
            for place, name in enumerate(self.names)
            if place != self.time and not _is_time(name)
        )


class CsvFile:
    """One file; what its attributes tell is complete once `rows` has come to its end.

    Attributes:
        columns: the columns of values; known from the first row on.
        count: rows that were read.
        bad: rows that were passed over, as they made no sense.
        first: time of the earliest row, unix seconds, or None.
        last: time of the latest row.
        in_order: whether times only rise, or only fall, from row to row.
    """

    def __init__(self, path: Path) -> None:
        """Take the file; it is opened by `rows`."""
        self._path = path
        self._cut = False
        self.columns: tuple[Column, ...] = ()
        self.count = 0
        self.bad = 0
        self.first: float | None = None
        self.last: float | None = None
        self.in_order = True
        self._former: float | None = None
        self._rising: bool | None = None

    def rows(self) -> Generator[Row]:
        """Yield the rows, in the file's order. Blocking: reads the file.

        Raises:
            UnexpectedAnswer: there is no header that names a time and a value, no row makes
                sense, or the file ends in the middle of a row.
            OSError: the file cannot be read.
        """
        with self._path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = self._lines(file)
            header = _header(next((line for line in lines if line.strip()), ""))
            self.columns = tuple(_column(header.names[place]) for place in header.values)
            for line in lines:
                if not line.strip():
                    continue
                row = _row(header, line)
                if row is None:
                    self._pass_over()
                elif row is not _BLANK:
                    self._note(row)
                    yield row
        if self.count:
            return
        if not header.certain:
            raise UnexpectedAnswer("The file has no column of times")
        if self.bad:
            raise UnexpectedAnswer("No row of the file can be read")

    def _lines(self, file: TextIO) -> Iterator[str]:
        while line := file.readline(LONGEST_LINE):
            self._cut = line[-1] not in "\r\n"
            if self._cut and len(line) == LONGEST_LINE:
                raise UnexpectedAnswer("The file has a line that is too long")
            yield line

    def _pass_over(self) -> None:
        if self._cut:
            raise UnexpectedAnswer("The file ends in the middle of a row")
        self.bad += 1

    def _note(self, row: Row) -> None:
        at, values = row
        if self._cut and all(value is None for value in values):
            raise UnexpectedAnswer("The file ends in the middle of a row")
        self.count += 1
        self.first = at if self.first is None else min(at, self.first)
        self.last = at if self.last is None else max(at, self.last)
        if self._former is not None and at != self._former:
            rising = at > self._former
            self.in_order &= self._rising in {rising, None}
            self._rising = rising
        self._former = at


def _header(line: str) -> _Header:
    """Read the first line.

    Raises:
        UnexpectedAnswer: it is no header.
    """
    found = [one for mark in _DELIMITERS if (one := _header_by(line, mark)) is not None]
    best = max(found, key=lambda one: (one.certain, len(one.names)), default=None)
    if best is None or not best.values:
        raise UnexpectedAnswer("The file does not begin with a header of a CSV file")
    if not best.certain and any(_seconds(one.names[one.time]) is not None for one in found):
        raise UnexpectedAnswer("The file has no header")
    return best


def _header_by(line: str, delimiter: str) -> _Header | None:
    names = _fields(line, delimiter)
    if names is None or len(names) == 1:
        return None
    times = [place for place, name in enumerate(names) if _is_time(name)]
    return _Header(delimiter, names, times[0] if times else 0, certain=bool(times))


def _is_time(name: str) -> bool:
    return _NO_LETTERS.sub(" ", _ZONE.sub("", name.casefold())).strip() in _TIME_NAMES


def _column(name: str) -> Column:
    if (found := _WITH_UNIT.fullmatch(name)) is None:
        return Column(name, None)
    return Column(found[1], found[2].strip())


def _fields(line: str, delimiter: str) -> tuple[str, ...] | None:
    """Return the fields of a line; None where its quotes do not close."""
    try:
        return tuple(map(str.strip, next(csv.reader((line,), delimiter=delimiter, strict=True))))
    except csv.Error:
        return None


def _row(header: _Header, line: str) -> Row | None:
    """Return a row, `_BLANK` where there is nothing in it; None where it makes no sense."""
    fields = _fields(line, header.delimiter)
    width = len(header.names)
    if fields is None or len(fields) < width or any(fields[width:]):
        return None
    if not any(fields):
        return _BLANK
    at = _seconds(fields[header.time])
    if at is None:
        return None
    try:
        values = tuple(_value(fields[place], header.delimiter) for place in header.values)
    except ValueError:
        return None
    return at, values


def _seconds(text: str) -> float | None:
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


def _value(text: str, delimiter: str) -> float | None:
    """Return a value, None where there is none.

    Raises:
        ValueError: it is something else.
    """
    if text.casefold() in _NOTHING:
        return None
    if not _NUMBER.fullmatch(text) or (delimiter == "," and "," in text):
        raise ValueError("No number")
    number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise ValueError("No measurement")
    return number
