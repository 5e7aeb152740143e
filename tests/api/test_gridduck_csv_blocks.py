"""Rows that are read together are what each of them is alone."""

from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck.csv_file import CsvFile
from tests.csv_rows import Row, rows_of

TIMES = [
    "2026-11-18T12:00:00Z",
    "2026-11-18T12:01:00Z",
    "2026-11-18 12:02",
    "2026-11-18T13:00:00+01:00",
    "2026-11-18T24:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-11-18T12:00:00.5Z",
    "2026-11-18",
    "20261118T120000Z",
    "1795003200",
    "1795003260",
    "1795003200000",
    "1795003200.0",
    "1.795e9",
    "0001-01-01T00:00:00+01:00",
    " 1795003200",
    "",
    "T",
]
VALUES = ["1.5", "2", "-0.0", "1e3", "+1", ".5", "5.", "007", "1,5", "1_0", "1e999", "", " 2 "]
VALUES += [
    "-",
    "NaN",
    "null",
    "true",
    "[1]",
    "1T5",
    "T1",
    '"3"',
    "\u0661",
    "\x0c1",
    "1\xa0",
    "12:00T5",
]
VALUES += ['"a', '"1"2', "1e16", "1\u2028"]


def alone(path: Path, header: str, line: str) -> list[Row] | None:
    """Return what a row is in a file of its own: one row, none if blank, None if malformed."""
    path.write_text(f"{header}\n{line}\n", newline="")
    try:
        return rows_of(CsvFile(path))
    except UnexpectedAnswer:
        return None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.sampled_from(TIMES + VALUES), min_size=1, max_size=4), max_size=6),
    plain=st.lists(st.tuples(st.sampled_from(TIMES[:2]), st.sampled_from(VALUES[:4])), max_size=4),
    repeats=st.sampled_from([1, 1, 1, 1, 200]),
    header=st.sampled_from(["time{}a", "a{}time", "time{}a{}b", "a{}time{}b"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)
def test_as_one_by_one(
    tmp_path: Path,
    rows: list[list[str]],
    plain: list[tuple[str, str]],
    repeats: int,
    header: str,
    delimiter: str,
    end: str,
) -> None:
    """Also where the rows are many, so that they come in several blocks."""
    path = tmp_path / "file.csv"
    first = header.replace("{}", delimiter)
    lines = [delimiter.join(row) for row in (*plain, *rows)]
    each = [alone(path, first, line) for line in lines]
    expected = [row for found in each if found is not None for row in found]
    bad = each.count(None)
    path.write_text(end.join([first, *lines * repeats]) + end, newline="")
    file = CsvFile(path)
    if bad and not expected:
        try:
            rows_of(file)
        except UnexpectedAnswer:
            return
        raise AssertionError
    assert repr(rows_of(file)) == repr(expected * repeats)
    assert (file.count, file.bad) == (len(expected) * repeats, bad * repeats)
    times = [at for at, _ in expected * repeats]
    assert (file.first, file.last) == (min(times, default=None), max(times, default=None))
    rose = any(before < after for before, after in pairwise(times))
    fell = any(before > after for before, after in pairwise(times))
    assert file.in_order is not (rose and fell)
