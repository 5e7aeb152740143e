"""Many rows of a CSV file at once, where they are as plain as most are.

Nothing is done for a single row here: a block is cut into columns, and each column is converted
as a whole. Where anything in a block is not plain, all of it is left to a reader that looks at
each row; what is read here is what that reader would make of it.
"""

from collections.abc import Iterable
from operator import add
import re
from typing import Final

import msgspec

from .csv_header import Header
from .csv_values import seconds

type Times = list[float]
type Values = list[float | None]

LONGEST_BLOCK: Final = 128 * 1024
"""Characters; `csv` takes no longer field either."""

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK: Final = re.compile(
    r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?\n?", re.ASCII
)
_DATE_LENGTH: Final = len("2026-11-18")
# From 2001 to 2286: of ten digits, and no milliseconds.
_FIRST_UNIX: Final = 1_000_000_000
_LAST_UNIX: Final = 9_999_999_999
_MOST_REMEMBERED: Final = 100_000

# JSON knows fewer ways to write a number than are taken here, and none that is not.
_numbers: Final = msgspec.json.Decoder(list[float | None]).decode
_whole_numbers: Final = msgspec.json.Decoder(list[int]).decode


class NotPlain(Exception):
    """Something in a block has to be looked at row by row."""


class _Parts(dict[str, float]):
    """Unix seconds by a part of a time's text: parts recur, and each is computed once."""

    def __init__(self, shape: re.Pattern[str], whole: str) -> None:
        """Take the shape of a part, and the format that makes a time of it."""
        super().__init__()
        self._shape = shape
        self._whole = whole

    def __missing__(self, text: str) -> float:
        """Compute and keep what a part stands for. Raises NotPlain for another shape."""
        whole = self._whole.format(text).rstrip()
        found = seconds(whole) if self._shape.fullmatch(text) else None
        if found is None:
            raise NotPlain
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[text] = found
        return found


class BlockReader:
    """Reads blocks of one file."""

    def __init__(self, header: Header) -> None:
        """Take what the file's first line says."""
        self._header = header
        self._days = _Parts(_DATE, "{}")
        self._clocks = _Parts(_CLOCK, "1970-01-01{}")

    def read(self, block: str) -> tuple[Times, list[Values]]:
        r"""Return the times of all rows, unix seconds, and the values of each column.

        Parameters:
            block: lines that each end with "\n".

        Raises:
            NotPlain: they have to be read one by one.
        """
        if '"' in block or len(block) > LONGEST_BLOCK:
            raise NotPlain
        block = _without_blank_lines(block)
        mark = self._mark(block)
        place, width = self._header.time, len(self._header.names)
        if not mark:
            columns = self._columns(block, width)
            times = _unix_times(columns[place])
        else:
            # Between date and clock a field ends, too: what recurs can then be looked up.
            columns = self._columns(block.replace(mark, self._header.delimiter + mark), width + 1)
            days = map(self._days.__getitem__, columns[place])
            clocks = map(self._clocks.__getitem__, columns.pop(place + 1))
            times = [*map(add, days, clocks, strict=True)]
        return times, [self._values(columns[place]) for place in self._header.values]

    def _mark(self, block: str) -> str:
        """Return what stands between date and clock in the first row; "" in a unix time."""
        first = block.partition("\n")[0].split(self._header.delimiter)
        if len(first) != len(self._header.names):
            raise NotPlain
        mark = first[self._header.time][_DATE_LENGTH : _DATE_LENGTH + 1]
        if mark not in {"T", " ", ""}:
            raise NotPlain
        return mark

    def _columns(self, block: str, width: int) -> list[list[str]]:
        """Cut a block into columns. Every line must have as many fields."""
        delimiter = self._header.delimiter
        # Each line end stays in the last field of its row: there it has to be, and nowhere else.
        cells = block.replace("\n", f"\n{delimiter}").split(delimiter)
        del cells[-1]
        lines = block.count("\n")
        if len(cells) != lines * width or "".join(cells[width - 1 :: width]).count("\n") != lines:
            raise NotPlain
        return [cells[place::width] for place in range(width)]

    def _values(self, column: list[str]) -> Values:
        try:
            try:
                values = _numbers(self._listed(column))
            except msgspec.DecodeError:
                values = _numbers(self._listed(text.strip() or "null" for text in column))
        except msgspec.DecodeError:
            raise NotPlain from None
        if len(values) != len(column):
            raise NotPlain
        return values

    def _listed(self, column: Iterable[str]) -> str:
        """Return values as a JSON list, decimal points in place of decimal commas."""
        delimiter = self._header.delimiter
        texts = delimiter.join(column)
        if delimiter != ",":
            texts = texts.replace(",", ".").replace(delimiter, ",")
        return f"[{texts}]"


def _without_blank_lines(block: str) -> str:
    while "\n\n" in block:
        block = block.replace("\n\n", "\n")
    return block.removeprefix("\n")


def _unix_times(column: list[str]) -> Times:
    texts = ",".join(column)
    try:
        times = _whole_numbers(f"[{texts}]")
    except msgspec.DecodeError:
        raise NotPlain from None
    # What JSON takes for whole numbers beside digits is no time.
    digits = texts.replace(",", "").replace("\n", "").isdecimal()
    if not digits or min(times) < _FIRST_UNIX or max(times) > _LAST_UNIX:
        raise NotPlain
    return [*map(float, times)]
