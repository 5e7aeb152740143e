"""Files of a download: saved, unpacked and read in pieces, outside the event loop."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
import re
from secrets import token_hex
import shutil
from tempfile import mkdtemp
from typing import Final

from aiohttp import ClientSession
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.ssl import get_default_context

from ..api.download import download
from ..api.gridduck.archive import MOST_BYTES, is_archive, unpack
from ..api.gridduck.csv_file import Block, Column, CsvFile
from ..api.public_only import public_session
from ..const import DOMAIN
from ..core.exceptions import failure
from ..core.slices import async_finish

# Some milliseconds of work: less is not worth a thread switch.
BLOCKS_AT_ONCE: Final = 32
WRITE_BYTES: Final = 1024 * 1024

_PARTIAL: Final = ".partial-"
# Incomplete folders of an earlier run are never finished.
_THIS_RUN: Final = f"{_PARTIAL}{token_hex(4)}-"
_LEFT: Final = re.compile(re.escape(_PARTIAL) + r"[0-9a-f]{8}-.+")
_RECEIVED: Final = "received"
_FILES: Final = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """Contents of one file.

    Attributes:
        path: below the folder of the download.
        columns: its columns of values.
        rows: rows that were read.
        bad_rows: rows that made no sense.
        first: time of the earliest row, unix seconds; None where there is none.
        last: time of the latest row.
        in_order: whether times only rise, or only fall, from row to row.
        contradicts: whether successive rows have one time and different values, or its times are
            of a zone that is not known.
    """

    path: Path
    columns: tuple[Column, ...]
    rows: int
    bad_rows: int
    first: float | None
    last: float | None
    in_order: bool
    contradicts: bool


async def async_run[T](hass: HomeAssistant, job: Callable[[], T]) -> T:
    """Run a job on files; a cancelled caller waits until the job ends.

    Raises:
        HomeAssistantError: in place of an `OSError`, with a translation key.
    """
    try:
        return await async_finish(hass, hass.async_add_executor_job(job))
    except OSError as error:
        raise failure(HomeAssistantError, "download_not_saved", error) from error


@asynccontextmanager
async def async_partial_folder(hass: HomeAssistant, parent: Path) -> AsyncIterator[Path]:
    """Make a folder for incomplete files, which are removed at the end.

    Raises:
        HomeAssistantError: the folder cannot be made.
    """
    folder = await async_run(hass, partial(_make_folder, parent))
    try:
        yield folder
    finally:
        await async_run(hass, partial(shutil.rmtree, folder, ignore_errors=True))


async def async_save(
    hass: HomeAssistant, link: str, folder: Path, *, public_only: bool = True
) -> None:
    """Download the file of a link into a partial folder, without a token.

    Args:
        hass: Home Assistant.
        link: the file's address.
        folder: the partial folder.
        public_only: refuse a link that leads to this machine or into its own network.

    Raises:
        ApiError: it could not be downloaded completely.
        HomeAssistantError: it cannot be written.
    """
    file = await async_run(hass, lambda: (folder / _RECEIVED).open("wb"))
    try:
        async with (
            _session(hass, public_only=public_only) as session,
            aclosing(download(session, link, limit_bytes=MOST_BYTES)) as blocks,
        ):
            gathered = bytearray()
            async for block in blocks:
                gathered += block
                if len(gathered) >= WRITE_BYTES:
                    await async_run(hass, partial(file.write, bytes(gathered)))
                    gathered.clear()
        await async_run(hass, partial(file.write, bytes(gathered)))
    finally:
        await async_run(hass, file.close)


@asynccontextmanager
async def _session(hass: HomeAssistant, *, public_only: bool) -> AsyncIterator[ClientSession]:
    """Return Home Assistant's session, or one that connects to public addresses only."""
    if not public_only:
        yield async_get_clientsession(hass)
        return
    async with public_session(get_default_context()) as session:
        yield session


async def async_unpacked(hass: HomeAssistant, folder: Path, name: str) -> Path:
    """Return the folder of what came: the CSV files of a ZIP, or else the one, under a name.

    Raises:
        UnexpectedAnswer: as `archive.unpack`.
        HomeAssistantError: a file cannot be written.
    """
    return await async_run(hass, partial(_unpacked, folder, name))


async def async_list(hass: HomeAssistant, files: Path) -> list[Path]:
    """Return the paths of the files of a folder, and of those below it, as seen from there."""
    return await async_run(hass, partial(_list, files))


async def async_read(
    hass: HomeAssistant, folder: Path, path: Path, take: Callable[[Block], object] | None = None
) -> ReadFile:
    """Read a CSV file from its beginning to its end, to see that it is whole.

    Args:
        hass: Home Assistant.
        folder: of the download.
        path: the file's, below that folder.
        take: is handed the rows, a block at a time, off the loop.

    Raises:
        UnexpectedAnswer: it is broken or cut off.
        HomeAssistantError: it cannot be read.
    """
    file = CsvFile(folder / path)
    blocks = file.blocks()

    def take_some() -> bool:
        block = None
        for block in islice(blocks, BLOCKS_AT_ONCE):
            if take is not None:
                take(block)
        return block is not None

    try:
        while await async_run(hass, take_some):
            pass
    finally:
        await async_run(hass, blocks.close)
    return ReadFile(
        path=path,
        columns=file.columns,
        rows=file.count,
        bad_rows=file.bad,
        first=file.first,
        last=file.last,
        in_order=file.in_order,
        contradicts=file.contradicts,
    )


async def async_move_into_place(hass: HomeAssistant, files: Path, parent: Path, name: str) -> Path:
    """Move a complete folder to its place, and return its path.

    Raises:
        HomeAssistantError: it cannot be moved.
    """
    return await async_run(hass, partial(_move, files, parent, name))


async def async_remove(hass: HomeAssistant, folder: Path) -> None:
    """Remove the folder of a download with its files.

    Raises:
        HomeAssistantError: it cannot be removed.
    """
    await async_run(hass, partial(shutil.rmtree, folder))


async def async_sweep(hass: HomeAssistant) -> None:
    """Remove leftovers of interrupted downloads."""
    await async_run(hass, partial(_sweep, Path(hass.config.path(DOMAIN))))


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"*/{_PARTIAL}*"):
        if _LEFT.fullmatch(left.name) and not left.name.startswith(_THIS_RUN):
            # It does not follow links; a leftover that cannot be removed does no harm.
            shutil.rmtree(left, ignore_errors=True)


def _make_folder(parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix=_THIS_RUN, dir=parent))


def _unpacked(partial_folder: Path, name: str) -> Path:
    received, files = partial_folder / _RECEIVED, partial_folder / _FILES
    files.mkdir()
    if is_archive(received):
        unpack(received, files)
    else:
        received.rename(files / name)
    return files


def _list(files: Path) -> list[Path]:
    return sorted(path.relative_to(files) for path in files.rglob("*") if path.is_file())


def _move(files: Path, parent: Path, name: str) -> Path:
    names = chain((name,), (f"{name}-{number}" for number in count(2)))
    return files.rename(next(path for one in names if not (path := parent / one).exists()))
