"""Stream a CSV file of a data request, a block of rows at a time.

The format is only assumed, so the reader is tolerant: a byte order mark; commas, semicolons or
tabs; quoted fields; any line end; blank lines; ISO 8601 or unix times; decimal commas where the
delimiter is no comma; date and time of day in one column or in two; the end of an interval beside
its start. A malformed row is skipped and counted.

Contract: gridduck-api.md, "Data download" and Part 2.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
import re
from typing import Final, TextIO

from ..errors import UnreadableFile
from .csv_header import Column, Header, read_header
from .csv_values import Cells, lacks_zone, read_fields, seconds, times_of, value, values_of

__all__ = ["LONGEST_LINE", "Block", "Column", "CsvFile"]

type Times = list[float]
type Values = list[float | None]

LONGEST_LINE: Final = 1024 * 1024
"""Maximum characters per line; a longer one is not CSV."""

# Blank lines, and the line that declares the delimiter to spreadsheets.
_BEFORE_HEADER: Final = re.compile(r"(?:[^\S\n]*+(?:sep=[^\n]?)?+\n)*+", re.IGNORECASE)
_READ_CHARACTERS: Final = 32 * 1024
_DATE_CHARACTERS: Final = len("2026-11-30")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of consecutive rows.

    Attributes:
        times: of the rows, unix seconds.
        columns: the values of each column, one for each row; None where there is none.
    """

    times: Times
    columns: list[Values]


class CsvFile:
    """One file; its attributes are complete once `blocks` is exhausted.

    Attributes:
        columns: the columns of values; known from the first block on.
        count: rows that were read.
        bad: number of malformed rows.
        first: time of the earliest row, unix seconds, or None.
        last: time of the latest row.
        in_order: whether times only rise, or only fall, from row to row.
        contradicts: whether successive rows have one time and different values, as where times
            lack the time of day, or the zone in the hour that summer time repeats; or times lack
            the zone, and the header names another one than UTC.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to read the file; `blocks` opens it."""
        self._path = path
        self.columns: tuple[Column, ...] = ()
        self.count = 0
        self.bad = 0
        self.first: float | None = None
        self.last: float | None = None
        self._rose = False
        self._fell = False
        self.contradicts = False
        self._former: float | None = None
        self._former_values: list[float | None] = []

    @property
    def in_order(self) -> bool:
        """Whether times only rise, or only fall, from row to row."""
        return not (self._rose and self._fell)

    def blocks(self) -> Generator[Block]:
        """Yield the rows, in the file's order. Blocking: reads the file.

        Raises:
            UnexpectedAnswer: there is no header that names a time and a value, no row makes
                sense, or the file ends in the middle of a row.
            OSError: the file cannot be read.
        """
        with self._path.open(encoding="utf-8-sig", errors="replace") as file:
            pieces = _pieces(file)
            line, rest = _first_line(pieces)
            header = read_header(line)
            self.columns = header.columns
            for piece in chain((rest,), pieces):
                block = self._block(header, piece)
                if block.times:
                    self._note(block)
                    yield block
        if self.count:
            return
        if not header.certain:
            raise UnreadableFile("The file has no column of times")
        if self.bad:
            raise UnreadableFile("No row of the file can be read")

    def _block(self, header: Header, piece: str) -> Block:
        rows = read_fields([*filter(str.strip, piece.split("\n"))], header.delimiter)
        if header.clock is not None:
            for row in rows:
                _join_time(row, header.time, header.clock)
        if header.other_zone and rows and rows[0]:
            self.contradicts |= lacks_zone(rows[0][header.time])
        bad = self.bad
        block = _plain_block(header, rows) or self._row_by_row(header, rows)
        if piece.endswith("\n"):
            return block
        # After the last line end comes nothing, or a whole row: a value, and no malformed cell.
        if self.bad > bad or {*chain(*block.columns)} == {None}:
            raise UnreadableFile("The file ends in the middle of a row")
        return block

    def _row_by_row(self, header: Header, rows: list[Cells | None]) -> Block:
        block = Block([], [[] for _ in header.values])
        width = len(header.names)
        for row in rows:
            cells = [] if row is None else [*map(str.strip, row)]
            if len(cells) < width or any(cells[width:]):
                self.bad += 1
            elif any(cells):
                self._add(block, header, cells)
        return block

    def _add(self, block: Block, header: Header, cells: Cells) -> None:
        at = seconds(cells[header.time])
        try:
            values = [value(cells[place], header.delimiter) for place in header.values]
        except ValueError:
            at = None
        if at is None:
            self.bad += 1
            return
        block.times.append(at)
        for column, found in zip(block.columns, values, strict=True):
            column.append(found)

    def _compare_repeated(self, block: Block) -> None:
        """Compare the values of successive rows with one time; a missing value differs from none.

        Args:
            block: the rows.
        """
        former, former_values = self._former, self._former_values
        for at, *values in zip(block.times, *block.columns, strict=True):
            if at == former:
                self.contradicts |= any(map(_differ, former_values, values, strict=True))
            former, former_values = at, values

    def _note(self, block: Block) -> None:
        times = block.times
        if len({*times}) < len(times) or times[0] == self._former:
            self._compare_repeated(block)
        self._former_values = [column[-1] for column in block.columns]
        run = times if self._former is None else [self._former, *times]
        self._former = times[-1]
        # Checking sorted times is cheap.
        rises = run == sorted(run)
        falls = run[0] == run[-1] if rises else run == sorted(run, reverse=True)
        self._rose |= not falls
        self._fell |= not rises
        ends = (times[0], times[-1]) if rises or falls else times
        first, last = min(ends), max(ends)
        self.count += len(times)
        self.first = first if self.first is None else min(first, self.first)
        self.last = last if self.last is None else max(last, self.last)


def _differ(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one != other


def _join_time(row: Cells | None, date: int, clock: int) -> None:
    """Put date and time of day of a row together, unless one of the two has both."""
    if row is None or len(row) <= max(date, clock):
        return
    day, time_of_day = row[date].strip(), row[clock].strip()
    if seconds(time_of_day) is not None:
        row[date] = time_of_day
    elif len(day) <= _DATE_CHARACTERS:
        row[date] = f"{day} {time_of_day}"


def _pieces(file: TextIO) -> Iterator[str]:
    """Yield whole lines, many at once, and then what the file has after its last line end."""
    rest = ""
    while read := file.read(_READ_CHARACTERS):
        whole, end, after = read.rpartition("\n")
        first = read.find("\n") if end else len(read)
        if max(len(rest) + first, len(after)) >= LONGEST_LINE:
            raise UnreadableFile("The file has a line that is too long")
        if end:
            yield rest + whole + end
            rest = after
        else:
            rest += read
    yield rest


def _first_line(pieces: Iterator[str]) -> tuple[str, str]:
    """Return the line of the header, and what comes after it in its piece."""
    for piece in pieces:
        line, _, rest = _BEFORE_HEADER.sub("", piece, count=1).partition("\n")
        if line.strip():
            return line, rest
    return "", ""


def _plain_block(header: Header, rows: list[Cells | None]) -> Block | None:
    """Convert whole columns at once, which is much faster; None if a row is irregular."""
    if {0 if row is None else len(row) for row in rows} != {len(header.names)}:
        return None
    columns = [*zip(*filter(None, rows), strict=True)]
    try:
        values = [values_of(columns[place]) for place in header.values]
        return Block(times_of(columns[header.time]), values)
    except ValueError:
        return None
