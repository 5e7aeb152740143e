"""Many rows read at once are what they would be one by one."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck import csv_file
from custom_components.gridduck_heimdall.api.gridduck.csv_block import BlockReader, NotPlain
from custom_components.gridduck_heimdall.api.gridduck.csv_file import CsvFile
from custom_components.gridduck_heimdall.api.gridduck.csv_header import read_header
from tests.csv_rows import rows_of

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


def outcome(path: Path) -> object:
    """Return all that reading a file tells."""
    file = CsvFile(path)
    try:
        rows = rows_of(file)
    except UnexpectedAnswer as error:
        return str(error)
    return rows, file.bad, file.count, file.first, file.last, file.in_order


def one_by_one(path: Path) -> object:
    """Return the same with every row looked at on its own."""

    def refuse(*_: object) -> None:
        raise NotPlain

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BlockReader, "read", refuse)
        return outcome(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.sampled_from(TIMES + VALUES), min_size=1, max_size=4), max_size=6),
    plain=st.lists(st.tuples(st.sampled_from(TIMES[:2]), st.sampled_from(VALUES[:4])), max_size=4),
    header=st.sampled_from(["time{}a", "a{}time", "time{}a{}b", "a{}time{}b"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    at_once=st.sampled_from([7, 30, 64 * 1024]),
)
def test_as_one_by_one(
    tmp_path: Path,
    rows: list[list[str]],
    plain: list[tuple[str, str]],
    header: str,
    delimiter: str,
    end: str,
    at_once: int,
) -> None:
    path = tmp_path / "file.csv"
    lines = [header.replace("{}", delimiter), *(delimiter.join(row) for row in (*plain, *rows))]
    path.write_bytes((end.join(lines) + end).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "_READ_CHARACTERS", at_once)
        assert repr(outcome(path)) == repr(one_by_one(path))


@pytest.mark.parametrize(
    ("header", "block"),
    [
        ("time,a", "2026-11-18T12:00:00Z,1.5\n2026-11-18T12:01:00Z,2\n"),
        ("time,a,b", "2026-11-18T12:00Z,1.5,\n2026-11-18T13:00Z,,2e1\n"),
        ("time,a,b", "2026-11-18T12:00Z,,\n2026-11-19T13:00:30Z,,\n"),
        ("time;a", "2026-11-18 12:00;2\n2026-11-18T13:00+01:00;3,25\n"),
        ("time\ta\tb", "2026-11-18T12:00:00Z\t1.5\t1\n2026-11-20T12:01:00Z\t2\t-0.5\n"),
        ("time,a", "1795003200,1.5\n1795003260,\n"),
        ("a,time", "1.5,1795003200\n2,1795003260\n"),
    ],
)
def test_plain_ones_are_read_at_once(tmp_path: Path, header: str, block: str) -> None:
    times, columns = BlockReader(read_header(header)).read(block)
    path = tmp_path / "file.csv"
    path.write_text(f"{header}\n{block}")
    one_by_one_rows = [*zip(times, zip(*columns, strict=True), strict=True)]
    found = one_by_one(path)
    assert isinstance(found, tuple)
    assert one_by_one_rows == found[0]


@pytest.mark.parametrize(
    "block",
    [
        '2026-11-18T12:00:00Z,"1.5"\n',
        '2026-11-18T12:00:00Z,"12:01:00Z"\n2026-11-18T12:01:00Z,1\n',
        "2026-11-18T12:0\\u0030:00Z,1.5\n",
        "2026-11-18T12:00:00Z,1.5\n,12:01:00Z\n",
        "2026-11-18T12:00:00Z,1.5\n12:01:00Z,2\n",
        "2026-11-18T12:00:00Z,1.5\n2026-11-19T12:00:00Z,1.5\n2026-11-18T12:01:00Z,2,3\n",
        "2026-11-18T12:00:00Z,,x,1\n2026-11-18T12:01:00Z\n",
        "2026-11-18T12:00:00Z,1.5,2\n2026-11-18T12:01:00Z\n",
        "1795003200,1,1795003260\n2\n",
        "2026-11-18,12:00T5\n",
        "2026-11-18,T12:00\n",
        "\n",
    ],
)
def test_others_are_not(block: str) -> None:
    with pytest.raises(NotPlain):
        BlockReader(read_header("time,a")).read(block)
