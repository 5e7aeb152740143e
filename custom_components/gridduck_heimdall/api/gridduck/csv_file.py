"""CSV files of a data request, read row by row: a file is never whole in memory.

What is read is generous, as the format is only assumed: a byte order mark, commas, semicolons or
tabs, quoted fields, any line end, blank lines, ISO 8601 or unix times, and decimal commas where
the delimiter is no comma. A row that makes no sense costs that row, and is counted.

Contract: gridduck-api.md, "Data download" and Part 2.
"""

from collections.abc import Generator, Iterable, Iterator
from itertools import chain, islice
from operator import gt, lt
from pathlib import Path
import re
from typing import Final, TextIO

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer

from .csv_block import BlockReader, NotPlain, Times
from .csv_header import Column, Header, fields, read_header
from .csv_values import seconds, value

__all__ = ["LONGEST_LINE", "Column", "CsvFile", "Row"]

type Row = tuple[float, tuple[float | None, ...]]
"""Unix seconds, and a value for each column; None where there is none."""

LONGEST_LINE: Final = 1024 * 1024
"""Characters of a line; what is longer is not CSV."""

_BLANK: Final[Row] = (0.0, ())
_BLANK_LINES: Final = re.compile(r"(?:[^\S\n]*+\n)*+")
_READ_CHARACTERS: Final = 64 * 1024


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
        self.columns: tuple[Column, ...] = ()
        self.count = 0
        self.bad = 0
        self.first: float | None = None
        self.last: float | None = None
        self._rose = False
        self._fell = False
        self._former: float | None = None

    @property
    def in_order(self) -> bool:
        """Whether times only rise, or only fall, from row to row."""
        return not (self._rose and self._fell)

    def rows(self) -> Generator[Row]:
        """Yield the rows, in the file's order. Blocking: reads the file.

        Raises:
            UnexpectedAnswer: there is no header that names a time and a value, no row makes
                sense, or the file ends in the middle of a row.
            OSError: the file cannot be read.
        """
        with self._path.open(encoding="utf-8-sig", errors="replace") as file:
            blocks = _blocks(file)
            line, rest = _first_line(blocks)
            header = read_header(line)
            self.columns = header.columns
            reader = BlockReader(header)
            for block in chain((rest,), blocks):
                yield from self._rows(header, reader, block)
        if self.count:
            return
        if not header.certain:
            raise UnexpectedAnswer("The file has no column of times")
        if self.bad:
            raise UnexpectedAnswer("No row of the file can be read")

    def _rows(self, header: Header, reader: BlockReader, block: str) -> Iterable[Row]:
        if not block.endswith("\n"):
            return self._last_row(header, block)
        try:
            times, columns = reader.read(block)
        except NotPlain:
            return self._one_by_one(header, block)
        self._note(times)
        return zip(times, zip(*columns, strict=True), strict=True)

    def _one_by_one(self, header: Header, block: str) -> list[Row]:
        found = [_row(header, line) for line in block.split("\n") if line.strip()]
        rows = [row for row in found if row is not None and row is not _BLANK]
        self.bad += found.count(None)
        self._note([at for at, _ in rows])
        return rows

    def _last_row(self, header: Header, line: str) -> list[Row]:
        """Read what comes after the last line end: nothing, or a row that has none."""
        bad = self.bad
        rows = self._one_by_one(header, line)
        if self.bad > bad or any(set(values) == {None} for _, values in rows):
            raise UnexpectedAnswer("The file ends in the middle of a row")
        return rows

    def _note(self, times: Times) -> None:
        if not times:
            return
        run = times if self._former is None else [self._former, *times]
        self._former = times[-1]
        rose = any(map(lt, run, islice(run, 1, None), strict=False))
        fell = any(map(gt, run, islice(run, 1, None), strict=False))
        self._rose |= rose
        self._fell |= fell
        ends = times if rose and fell else (times[0], times[-1])
        first, last = min(ends), max(ends)
        self.count += len(times)
        self.first = first if self.first is None else min(first, self.first)
        self.last = last if self.last is None else max(last, self.last)


def _blocks(file: TextIO) -> Iterator[str]:
    """Yield whole lines, many at once, and then what the file has after its last line end."""
    rest = ""
    while read := file.read(_READ_CHARACTERS):
        whole, end, after = read.rpartition("\n")
        first = read.find("\n") if end else len(read)
        if max(len(rest) + first, len(after)) >= LONGEST_LINE:
            raise UnexpectedAnswer("The file has a line that is too long")
        if end:
            yield rest + whole + end
            rest = after
        else:
            rest += read
    yield rest


def _first_line(blocks: Iterator[str]) -> tuple[str, str]:
    """Return the first line that is not blank, and what comes after it in its block."""
    for block in blocks:
        line, _, rest = _BLANK_LINES.sub("", block, count=1).partition("\n")
        if line.strip():
            return line, rest
    return "", ""


def _row(header: Header, line: str) -> Row | None:
    """Return a row, `_BLANK` where there is nothing in it; None where it makes no sense."""
    cells = fields(line, header.delimiter)
    width = len(header.names)
    if cells is None or len(cells) < width or any(cells[width:]):
        return None
    if not any(cells):
        return _BLANK
    at = seconds(cells[header.time])
    if at is None:
        return None
    try:
        values = tuple(value(cells[place], header.delimiter) for place in header.values)
    except ValueError:
        return None
    return at, values
