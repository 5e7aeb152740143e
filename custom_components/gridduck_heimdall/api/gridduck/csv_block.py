"""Many rows of a CSV file at once, where they are as plain as most are.

Nothing is done for a single row here: a block is cut into columns, and each column is converted
as a whole. Where anything in a block is not plain, all of it is left to a reader that looks at
each row; what is read here is what that reader would make of it.
"""

from bisect import bisect_left
from collections.abc import Iterable
import re
from typing import Final, cast

import msgspec

from ..decoding import Number
from .csv_header import Header
from .csv_values import seconds

type Times = list[float]
type Values = list[float | None]
type Cell = str | float | None

LONGEST_BLOCK: Final = 128 * 1024
"""Characters; `csv` takes no longer field either."""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]", re.ASCII)
_CLOCK: Final = re.compile(
    r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)
_TIME_AND_VALUE: Final = 2
_DAY_LENGTH: Final = len("2026-11-18T")
# From 2001 to 2286: of ten digits, and no milliseconds.
_FIRST_UNIX: Final = 1_000_000_000
_LAST_UNIX: Final = 9_999_999_999
_MOST_REMEMBERED: Final = 100_000

# JSON knows fewer ways to write a number than are taken here, and none that is not.
_cells: Final = msgspec.json.Decoder(list[str | Number | None]).decode
_numbers: Final = msgspec.json.Decoder(list[Number | None]).decode
_whole_numbers: Final = msgspec.json.Decoder(list[int]).decode


class NotPlain(Exception):
    """Something in a block has to be looked at row by row."""


class _Clocks(dict[Cell, float]):
    """Seconds of a day by the text of a time of day: it recurs, and each is computed once."""

    def __missing__(self, text: Cell) -> float:
        """Compute and keep what a text stands for. Raises NotPlain where it is no time of day."""
        if not isinstance(text, str) or not _CLOCK.fullmatch(text):
            raise NotPlain
        found = seconds(f"1970-01-01T{text}")
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
        self._clocks = _Clocks()

    def read(self, block: str) -> tuple[Times, list[Values]]:
        r"""Return the times of all rows, unix seconds, and the values of each column.

        Args:
            block: lines that each end with "\n".

        Raises:
            NotPlain: they have to be read one by one.
        """
        if len(block) > LONGEST_BLOCK or "\\" in block:
            raise NotPlain
        return self._days(block) if _DAY.match(block) else self._unix(block)

    def _days(self, block: str) -> tuple[Times, list[Values]]:
        """Read rows that begin with a date; those of one day stand together."""
        width = len(self._header.names)
        if self._header.time:
            raise NotPlain
        times: Times = []
        columns: list[Values] = [[] for _ in self._header.values]
        start = 0
        while start < len(block):
            day = block[start : start + _DAY_LENGTH]
            midnight, end = _midnight(day), _end_of(day, block, start)
            cells = self._cells_of(day, block[start:end])
            times += [midnight + self._clocks[text] for text in cells[::width]]
            for place, column in enumerate(columns, 1):
                # All texts there are stand where times do.
                column.extend(cast("Values", cells[place::width]))
            start = end
        return times, columns

    def _cells_of(self, day: str, lines: str) -> list[Cell]:
        """Return the cells of lines that begin with a day: the time of day, and then values.

        There are as many texts as lines, each at the beginning of one. So every line has as many
        cells as it should where each text stands where a time of day does.
        """
        delimiter, width = self._header.delimiter, len(self._header.names)
        # What a time of day ends with, since it has to stand in quotes.
        mark = delimiter if width == _TIME_AND_VALUE else f"Z{delimiter}"
        texts = lines[_DAY_LENGTH:-1]
        if delimiter != ",":
            texts = texts.replace(",", ".")
        texts = texts.replace(mark, f'{mark[:-1]}"{delimiter}').replace(f"\n{day}", f'{delimiter}"')
        if delimiter != ",":
            texts = texts.replace(delimiter, ",")
        count = lines.count("\n")
        if texts.count('"') + 1 != count * 2:
            raise NotPlain
        cells = _decoded(f'"{texts}')
        if len(cells) != count * width:
            raise NotPlain
        return cells

    def _unix(self, block: str) -> tuple[Times, list[Values]]:
        if '"' in block:
            raise NotPlain
        columns = self._columns(block, len(self._header.names))
        times = _unix_times(columns[self._header.time])
        return times, [self._values(columns[place]) for place in self._header.values]

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


def _decoded(texts: str) -> list[Cell]:
    """Return cells that stand in a row, a comma between them; an empty one is None."""
    try:
        return _cells(f"[{texts}]")
    except msgspec.DecodeError:
        # Between each two of three commas in a row there is nothing.
        filled = f"{texts},".replace(",,", ",null,").replace(",,", ",null,")
    try:
        return _cells(f"[{filled[:-1]}]")
    except msgspec.DecodeError:
        raise NotPlain from None


def _end_of(day: str, block: str, start: int) -> int:
    """Return where the lines end that begin with a day, the first of them at `start`."""

    def is_past(place: int) -> bool:
        return not block.startswith(day, block.rfind("\n", 0, place) + 1)

    return bisect_left(range(len(block)), x=True, lo=start + 1, key=is_past)


def _midnight(day: str) -> float:
    """Return when a day begins, unix seconds. Raises NotPlain where there is no such day."""
    found = seconds(day[:-1]) if _DAY.fullmatch(day) else None
    if found is None:
        raise NotPlain
    return found


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
