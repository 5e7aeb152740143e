"""Reading a long CSV file: as a download is read, and with the standard library alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.framework import Figure, Figures, Given, Work
from custom_components.gridduck_heimdall.gridduck.download_files import async_read

from .core import core

ROWS: Final = Figure(key="rows", title="Rows", unit="", digits=0)

_NAME: Final = Path("energy.csv")
_FIRST: Final = datetime(2024, 11, 18, tzinfo=UTC)


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Read it as a download is read: a piece at a time, off the loop, into times and numbers."""
    async with core(given.directory) as hass:
        await hass.async_add_executor_job(_write, given)

        async def run() -> Figures:
            read = await async_read(hass, given.directory, _NAME)
            return {ROWS.key: read.rows}

        yield Work(run=run)


@asynccontextmanager
async def plain(given: Given) -> AsyncIterator[Work]:
    """Read it off the loop with `csv.reader`, `datetime.fromisoformat` and `float`, unchecked."""
    async with core(given.directory) as hass:
        await hass.async_add_executor_job(_write, given)

        async def run() -> Figures:
            rows = await hass.async_add_executor_job(_read, given.directory / _NAME)
            return {ROWS.key: rows}

        yield Work(run=run)


def _read(path: Path) -> int:
    times: list[float] = []
    values: list[float] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for time, value in reader:
            times.append(datetime.fromisoformat(time).timestamp())
            values.append(float(value))
    return len(times)


def _write(given: Given) -> None:
    """Write the energy of each minute, as the service does."""
    with (given.directory / _NAME).open("w", encoding="utf-8") as file:
        file.write("time,Lamp energy (Wh)\n")
        for number in range(given.number("rows")):
            at = _FIRST + timedelta(minutes=number)
            file.write(f"{at:%Y-%m-%dT%H:%M:%SZ},{number * 7919 % 50_000 / 1000}\n")
