"""Hostile files: CSV and ZIP."""

from io import BytesIO
from pathlib import Path
import stat
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck.archive import unpack
from custom_components.gridduck_heimdall.api.gridduck.csv_file import CsvFile
from tests.csv_rows import rows_of

from .conftest import BOUNDED
from .targets import attack

CSV = "time,Lamp (Wh)\n1795003200,1.5\n"
FIELDS = st.sampled_from(
    [
        *("time", "Lamp (Wh)", "stamp (UTC)", "1795003200", "1795003200000", "9999999999999999"),
        *(
            "2026-11-18T18:00:00Z",
            "20261118",
            "0001-01-01T00:00+23:59",
            "1.5",
            "1,5",
            "-0",
            "1e999",
        ),
        *(
            "nan",
            "-inf",
            "",
            " ",
            '"',
            '""',
            '"a',
            "x" * 5000,
            "\x00",
            "\ufeff",
            "(",
            "( )",
            "\u2028",
        ),
    ]
) | st.text(max_size=6)
LINES = st.lists(FIELDS, max_size=5)
NAMES = st.sampled_from(
    [
        *("a.csv", "b/c.csv", "../up.csv", "/root.csv", "a/../../up.csv", "..\\up.csv", "C:x.csv"),
        *("a.csv\x00.txt", "A.CSV", ".hidden.csv", "dir/", "a.csv/", "", ".", "a\u202evsc.csv"),
        *("x" * 300 + ".csv", "a/" * 900 + "x.csv", "inner.zip", "a.csv/b.csv", "\u00e9.csv"),
    ]
) | st.text(max_size=12)


@BOUNDED
@given(
    lines=st.lists(LINES, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", ", ", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r", ""]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
)
def test_csv(lines: list[list[str]], delimiter: str, end: str, encoding: str) -> None:
    text = end.join(delimiter.join(fields) for fields in lines)
    attack("csv", text.encode(encoding, "replace"))
    attack("csv", (CSV + text).encode(encoding, "replace"))


@pytest.mark.parametrize(
    "header",
    ["(" + " " * 900_000 + "x", "x(" * 400_000, "x ( " * 200_000, '"' * 900_001, "a," * 500_000],
    ids=["blanks", "brackets", "both", "quotes", "columns"],
)
def test_a_header_of_a_megabyte(header: str) -> None:
    """A time that grows with the square of the length would be hours."""
    attack("csv", f"time,{header}\n1795003200,1\n".encode())


def archive_of(names: list[str], content: bytes, mode: int, flags: int) -> bytes:
    """Return a ZIP of members with these names, of which the last has a mode and flags."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in names:
            member = ZipInfo("x")
            member.filename = name
            member.external_attr = mode << 16
            if len(name.encode(errors="replace")) < 65_000:
                archive.writestr(member, content)
            member.flag_bits |= flags
    return file.getvalue()


@settings(BOUNDED, max_examples=150)
@given(
    names=st.lists(NAMES, min_size=1, max_size=4),
    content=st.sampled_from([CSV.encode(), b"", b" " * 3_000_000, b"PK\x03\x04"]),
    mode=st.sampled_from([0, stat.S_IFREG, stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFDIR]),
    flags=st.sampled_from([0, 0x1, 0x40, 0x800]),
    change=st.none() | st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=6)),
)
@pytest.mark.filterwarnings("ignore:Duplicate name", "ignore:Overlapped entries")
def test_archive(
    names: list[str], content: bytes, mode: int, flags: int, change: tuple[int, bytes] | None
) -> None:
    try:
        body = archive_of(names, content, mode, flags)
    except UnicodeEncodeError, ValueError:
        return
    if change is not None:
        # From the end: there is the directory, which says how large what is, and where.
        at = max(len(body) - change[0], 0)
        body = body[:at] + change[1] + body[at + len(change[1]) :]
    attack("archive", body)


@pytest.mark.parametrize(
    "name",
    ["a/" * 32_000 + "x.csv", "a/" * 1_900 + "x.csv", "a/" * 30 + "x.csv"],
    ids=["memory", "recursion", "deep"],
)
def test_folders_in_folders(tmp_path: Path, name: str) -> None:
    """Neither memory nor the stack is spent on a path, and nothing is written."""
    packed, files = tmp_path / "packed", tmp_path / "files"
    packed.write_bytes(archive_of([name], CSV.encode(), 0, 0))
    files.mkdir()
    with pytest.raises(UnexpectedAnswer, match="path"):
        unpack(packed, files)
    assert not any(files.iterdir())


def test_marks_in_a_name(tmp_path: Path) -> None:
    """A file is called as it reads: nothing in its name turns the direction of writing."""
    packed, files = tmp_path / "packed", tmp_path / "files"
    packed.write_bytes(archive_of(["site/a\u202elive.csv", "b\u200b.csv"], CSV.encode(), 0, 0))
    files.mkdir()
    found = [str(one.relative_to(files)) for one in unpack(packed, files)]
    assert found == ["site/alive.csv", "b.csv"]


@pytest.mark.parametrize("name", [".\u202e./up.csv", "a/.\u200b.\u200b/up.csv", "a\u2028b.csv"])
def test_marks_hide_no_way_out(tmp_path: Path, name: str) -> None:
    packed, files = tmp_path / "packed", tmp_path / "files"
    packed.write_bytes(archive_of([name], CSV.encode(), 0, 0))
    files.mkdir()
    with pytest.raises(UnexpectedAnswer, match="path"):
        unpack(packed, files)


def test_many_columns(tmp_path: Path) -> None:
    """As many as fit into a line; each row has its values."""
    path = tmp_path / "wide.csv"
    path.write_text("time" + ",x" * 50_000 + "\n1795003200" + ",1" * 50_000 + "\n")
    file = CsvFile(path)
    assert [len(values) for _, values in rows_of(file)] == [50_000]
