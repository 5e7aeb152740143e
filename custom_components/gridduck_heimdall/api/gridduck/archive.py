"""Unpack ZIP files of a data request without trusting their headers.

Contract: gridduck-api.md, "Data download".
"""

from collections.abc import Iterator
from io import SEEK_SET, BufferedReader, FileIO
from pathlib import Path, PurePosixPath
import re
import stat
from typing import Final, override
import unicodedata
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
import zlib

from ..errors import UnreadableFile
from ..sanitizer import strip_marks

MOST_BYTES: Final = 512 * 1024 * 1024
"""Maximum size of the content, unpacked."""
MOST_MEMBERS: Final = 1000

CSV_SUFFIX: Final = ".csv"

_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK_BYTES: Final = 256 * 1024
_MOST_DIRECTORY_BYTES: Final = 4 * 1024 * 1024
_FARTHEST: Final = 2**63 - 1
_LONGEST_PART: Final = 200
_MOST_PARTS: Final = 16
_ENCRYPTED: Final = 0x1
# Others take up to 4 GiB for a window that the archive names, and have exceptions of their own.
_METHODS: Final = frozenset({ZIP_STORED, ZIP_DEFLATED})
_UNSAFE: Final = re.compile(r"^/|\\|:|[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_REGULAR: Final = frozenset({0, stat.S_IFREG, stat.S_IFDIR})


def is_archive(path: Path) -> bool:
    """Return whether a file is a ZIP, complete or not. Blocking."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC[0])) in _MAGIC


def unpack(
    archive: Path,
    folder: Path,
    *,
    most_bytes: int = MOST_BYTES,
    most_members: int = MOST_MEMBERS,
) -> list[Path]:
    """Unpack the CSV files of a ZIP; other files are skipped. Blocking.

    Args:
        archive: the ZIP.
        folder: an empty folder, which no file may leave.
        most_bytes: largest content of all files together.
        most_members: most entries, folders included.

    Raises:
        UnexpectedAnswer: it is broken, too large, has too many members, a member whose path is
            not plain, or no CSV file. Files may have been written by then.
        OSError: a file cannot be read or written.
    """
    try:
        with _Bounded(FileIO(archive)) as file, ZipFile(file) as packed:
            members = _checked(packed.infolist(), most_bytes, most_members)
            return list(_extracted(packed, members, folder, most_bytes))
    except (BadZipFile, EOFError, ValueError, zlib.error) as err:
        raise UnreadableFile("The archive is broken or cut off") from err
    except (NotImplementedError, RuntimeError) as err:
        raise UnreadableFile("The archive is packed in a way that cannot be read") from err


class _Bounded(BufferedReader):
    """File object that prevents reading at forged sizes and offsets of an archive."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_DIRECTORY_BYTES:
            raise UnreadableFile("The directory of the archive is too large")
        return super().read(size)

    @override
    def seek(self, target: int, whence: int = SEEK_SET, /) -> int:
        if whence == SEEK_SET and not 0 <= target <= _FARTHEST:
            raise BadZipFile("A place that no file has")
        return super().seek(target, whence)


def _checked(
    members: list[ZipInfo], most_bytes: int, most_members: int
) -> dict[PurePosixPath, ZipInfo]:
    """Return the CSV files by their path; every member must be harmless."""
    if len(members) > most_members:
        raise UnreadableFile(f"The archive has more than {most_members} members")
    if sum(member.file_size for member in members) > most_bytes:
        raise UnreadableFile(f"The archive holds more than {most_bytes} bytes")
    files: dict[PurePosixPath, ZipInfo] = {}
    folders: set[str] = set()
    names: set[str] = set()
    for member in members:
        path = _checked_path(member)
        folders.update(map(_folded, path.parents))
        if member.is_dir():
            folders.add(_folded(path))
            continue
        name = _folded(path)
        if name in names:
            raise UnreadableFile("The archive holds a file twice")
        names.add(name)
        if _is_wanted(path):
            files[path] = member
    if names & folders:
        raise UnreadableFile("The archive holds a file that is a folder as well")
    if not files:
        raise UnreadableFile("The archive holds no CSV file")
    return files


def _checked_path(member: ZipInfo) -> PurePosixPath:
    """Return the path of a member, which stays below the folder that it is put into."""
    # Everything after a zero byte is cut off from the other name.
    name = member.orig_filename
    path = PurePosixPath(strip_marks(name))
    if (
        not path.parts
        or _UNSAFE.search(name)
        or ".." in path.parts
        or len(path.parts) > _MOST_PARTS
        or any(len(part.encode(errors="replace")) > _LONGEST_PART for part in path.parts)
    ):
        raise UnreadableFile("The archive holds a file whose path is not allowed")
    if stat.S_IFMT(member.external_attr >> 16) not in _REGULAR:
        raise UnreadableFile("The archive holds something that is neither a file nor a folder")
    if member.flag_bits & _ENCRYPTED:
        raise UnreadableFile("The archive is encrypted")
    if member.compress_type not in _METHODS:
        raise UnreadableFile("The archive is packed in a way that cannot be read")
    return path


def _folded(path: PurePosixPath) -> str:
    """Return a normalized path, equal for paths that are the same on some file systems."""
    return unicodedata.normalize("NFC", str(path)).casefold()


def _is_wanted(path: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return path.suffix.casefold() == CSV_SUFFIX and not hidden


def _extracted(
    packed: ZipFile, members: dict[PurePosixPath, ZipInfo], folder: Path, most_bytes: int
) -> Iterator[Path]:
    left = most_bytes
    for path, member in members.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(member) as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise UnreadableFile(f"The archive holds more than {most_bytes} bytes")
                file.write(chunk)
        yield target
