"""Archives, hostile ones above all."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
import stat
import struct
from zipfile import (
    ZIP_BZIP2,
    ZIP_DEFLATED,
    ZIP_LZMA,
    ZIP_STORED,
    ZIP_ZSTANDARD,
    ZipFile,
    ZipInfo,
)

import pytest

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck.archive import is_archive, unpack

CSV = "time,Lamp (Wh)\n1795003200,1.5\n"
EVIL = "evil.csv"


def packed(tmp_path: Path, *members: str | ZipInfo, content: str = CSV) -> Path:
    """Return an archive with these members."""
    path = tmp_path / "archive.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member, content)
    return path


def unpacked(tmp_path: Path, archive: Path, **limits: int) -> list[str]:
    """Unpack an archive and return the names of all that then lies in the folder."""
    folder = tmp_path / "outer" / "folder"
    folder.mkdir(parents=True)
    found = unpack(archive, folder, **limits)
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert sorted(str(path.relative_to(folder)) for path in found) == names
    return names


def everything(tmp_path: Path) -> set[str]:
    """Return all files below a folder."""
    return {str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()}


def test_csv_files_and_nothing_else(tmp_path: Path) -> None:
    archive = packed(
        tmp_path,
        "lamp.csv",
        "a/b/Boiler.CSV",
        "./c/./fan.csv",
        "empty/",
        "read me.txt",
        "__MACOSX/._lamp.csv",
        ".hidden.csv",
    )
    assert is_archive(archive)
    assert unpacked(tmp_path, archive) == ["a/b/Boiler.CSV", "c/fan.csv", "lamp.csv"]
    assert (tmp_path / "outer/folder/lamp.csv").read_text() == CSV


@pytest.mark.parametrize(
    "name",
    [
        "../evil.csv",
        "a/../../evil.csv",
        "/evil.csv",
        "//host/evil.csv",
        "..\\evil.csv",
        "a\\evil.csv",
        "C:evil.csv",
        "C:/evil.csv",
        "evil.csv\x00.txt",
        "ev\nil.csv",
        "evil.csv:stream",
        "..",
        "a/..",
        "../",
        "x" * 300 + ".csv",
        "../read me.txt",
        "__MACOSX/../../evil.csv",
    ],
)
def test_paths_that_leave(tmp_path: Path, name: str) -> None:
    member = ZipInfo("placeholder")
    # The constructor would mend some of them.
    member.filename = name
    archive = packed(tmp_path, "lamp.csv", member)
    before = everything(tmp_path)
    with pytest.raises(UnexpectedAnswer):
        unpacked(tmp_path, archive)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_neither_file_nor_folder(tmp_path: Path, kind: int) -> None:
    member = ZipInfo(EVIL)
    member.external_attr = (kind | 0o777) << 16
    archive = packed(tmp_path, member, content="/etc/passwd")
    with pytest.raises(UnexpectedAnswer, match="neither a file nor a folder"):
        unpacked(tmp_path, archive)


@pytest.mark.parametrize(
    "second", ["lamp.csv", "LAMP.csv", "./lamp.csv", "lamp.csv/other.csv", "lamp.csv/"]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_twice_the_same(tmp_path: Path, second: str) -> None:
    archive = packed(tmp_path, "lamp.csv", second)
    with pytest.raises(UnexpectedAnswer, match=r"twice|folder as well"):
        unpacked(tmp_path, archive)


def test_too_many_members(tmp_path: Path) -> None:
    archive = packed(tmp_path, *(f"{number}.csv" for number in range(1001)))
    with pytest.raises(UnexpectedAnswer, match="more than 1000 members"):
        unpacked(tmp_path, archive)


def test_as_many_members_as_allowed(tmp_path: Path) -> None:
    archive = packed(tmp_path, *(f"{number}.csv" for number in range(1000)))
    assert len(unpacked(tmp_path, archive)) == 1000


def test_bomb(tmp_path: Path) -> None:
    archive = packed(tmp_path, "a.csv", "b.csv", content="0" * 600_000)
    with pytest.raises(UnexpectedAnswer, match="more than 1000000 bytes"):
        unpacked(tmp_path, archive, most_bytes=1_000_000)


def test_bomb_that_understates_itself(tmp_path: Path) -> None:
    archive = packed(tmp_path, "a.csv", content="0" * 600_000)
    forged = archive.read_bytes().replace(struct.pack("<L", 600_000), struct.pack("<L", 10))
    archive.write_bytes(forged)
    with pytest.raises(UnexpectedAnswer, match="broken"):
        unpacked(tmp_path, archive)
    assert all(path.stat().st_size <= 10 for path in (tmp_path / "outer").rglob("*.csv"))


def test_forged_directory(tmp_path: Path) -> None:
    """A directory of millions of entries is not read into memory."""
    archive = packed(tmp_path, "a.csv")
    content = archive.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    size = 5 * 1024 * 1024
    grown = content[:end] + bytes(size)
    tail = bytearray(content[end:])
    struct.pack_into("<L", tail, 12, size)
    archive.write_bytes(grown + tail)
    with pytest.raises(UnexpectedAnswer, match="directory of the archive"):
        unpacked(tmp_path, archive)


def overlapping(archive: Path) -> None:
    """Let both members have the same data."""
    content = archive.read_bytes()
    second = content.rindex(b"PK\x01\x02")
    changed = bytearray(content)
    struct.pack_into("<L", changed, second + 42, 0)
    archive.write_bytes(changed)


def encrypted(archive: Path) -> None:
    """Say that the first member is encrypted."""
    changed = bytearray(archive.read_bytes())
    struct.pack_into("<H", changed, bytes(changed).index(b"PK\x01\x02") + 8, 1)
    archive.write_bytes(changed)


def strange_method(archive: Path) -> None:
    """Say that the first member is packed in a way that nobody knows."""
    changed = bytearray(archive.read_bytes())
    struct.pack_into("<H", changed, bytes(changed).index(b"PK\x01\x02") + 10, 77)
    struct.pack_into("<H", changed, 8, 77)
    archive.write_bytes(changed)


def cut(archive: Path) -> None:
    """Cut the archive off."""
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])


def scratched(archive: Path) -> None:
    """Change a byte of the content."""
    changed = bytearray(archive.read_bytes())
    changed[40] ^= 0xFF
    archive.write_bytes(changed)


@pytest.mark.parametrize("spoil", [overlapping, encrypted, strange_method, cut, scratched])
def test_broken(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    archive = packed(tmp_path, "a.csv", "b.csv")
    spoil(archive)
    assert is_archive(archive)
    with pytest.raises(UnexpectedAnswer, match=r"broken|encrypted|cannot be read"):
        unpacked(tmp_path, archive)


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA, ZIP_ZSTANDARD])
@pytest.mark.parametrize("spoil", [None, scratched, cut])
def test_other_methods(tmp_path: Path, method: int, spoil: Callable[[Path], None] | None) -> None:
    """What is damaged in one of them is no failure of the disk."""
    path = tmp_path / "archive.zip"
    with ZipFile(path, "w", method) as archive:
        archive.writestr("a.csv", CSV)
    if spoil is not None:
        spoil(path)
    with pytest.raises(UnexpectedAnswer, match=r"broken|cannot be read"):
        unpacked(tmp_path, path)


def test_stored_with_something_in_front(tmp_path: Path) -> None:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        archive.writestr("a.csv", CSV)
    path = tmp_path / "archive.zip"
    path.write_bytes(b"PK in front" + content.getvalue())
    assert unpacked(tmp_path, path) == ["a.csv"]


@pytest.mark.parametrize("members", [(), ("read me.txt",), ("folder.csv/",)])
def test_without_a_csv_file(tmp_path: Path, members: tuple[str, ...]) -> None:
    archive = packed(tmp_path, *members)
    with pytest.raises(UnexpectedAnswer, match="no CSV file"):
        unpacked(tmp_path, archive)


def test_not_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(CSV)
    assert not is_archive(path)
    with pytest.raises(UnexpectedAnswer, match="broken"):
        unpacked(tmp_path, path)
