"""Writing the same statistics to the recorder with nothing around it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

import aiohttp
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from benchmarks.contenders.home import account
from benchmarks.framework import Figures, Given, Work
from custom_components.gridduck_heimdall.api.heimdall import region_headers
from custom_components.gridduck_heimdall.heimdall.access import Access

from .core import add_recorder, core, prepare, settle
from .importing import HOURS

_DAYS: Final = 30
_ROWS_AT_ONCE: Final = 500
_AT_ONCE: Final = 2
"""Lines at a time, as with the integration."""


@asynccontextmanager
async def write(given: Given) -> AsyncIterator[Work]:
    """Write rows that are ready: as many, in the same batches, a line after the other."""

    async def nothing(_line: str) -> None:
        """Fetch nothing."""

    async with core(given.directory) as hass:
        await add_recorder(hass, given.directory)
        yield _work(hass, [f"line_{number}" for number in range(given.number("lines"))], nothing)


@asynccontextmanager
async def fetch_and_write(given: Given) -> AsyncIterator[Work]:
    """Fetch the same bytes, as many requests at once, and write rows that are ready."""
    access = given.clouds["heimdall"]
    async with core(given.directory) as hass, aiohttp.ClientSession(access["base_url"]) as session:
        await add_recorder(hass, given.directory)
        await prepare(hass)
        reached = Access.of(hass, account("heimdall", access).data)
        token = await reached.tokens.async_get_token()
        session.headers.update({"Authorization": f"Bearer {token.value}", **region_headers(token)})
        assets = await reached.client.async_assets()
        lines = [line.id for *_, line in assets.instrumented_lines(dt_util.utcnow())]

        async def fetch(line: str) -> None:
            for start, end in _windows():
                await _fetch(session, line, start, end)

        yield _work(hass, lines, fetch)


def _work(hass: HomeAssistant, lines: list[str], fetch: Callable[[str], Awaitable[None]]) -> Work:
    ready = [(line, _metadata(number), _rows(number)) for number, line in enumerate(lines)]

    async def run() -> Figures:
        waiting = iter(ready)

        async def work() -> None:
            for line, metadata, rows in waiting:
                await fetch(line)
                for some in batched(rows, _ROWS_AT_ONCE, strict=False):
                    async_import_statistics(hass, metadata, some)
                    await asyncio.sleep(0)
                await settle(hass)

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(work())
        return {HOURS.key: sum(len(rows) for *_, rows in ready)}

    return Work(run=run)


def _end() -> datetime:
    return dt_util.utcnow().replace(minute=0, second=0, microsecond=0)


def _windows() -> Iterator[tuple[datetime, datetime]]:
    """Yield the ranges that a line is asked for: the longest first, and what is left."""
    end = _end()
    start = end - timedelta(days=_DAYS, hours=2)
    longest = start + timedelta(days=_DAYS)
    yield start, longest
    yield longest - timedelta(hours=1), end


async def _fetch(session: aiohttp.ClientSession, line: str, start: datetime, end: datetime) -> None:
    query = {"from_timestamp": f"{start:%FT%TZ}", "to_timestamp": f"{end:%FT%TZ}"}
    async with session.get(f"/grid_insights/v1/lines/{line}/currents", params=query) as response:
        response.raise_for_status()
        await response.read()


def _metadata(number: int) -> StatisticMetaData:
    return StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id=f"sensor.line_{number}_current",
        unit_class="electric_current",
        unit_of_measurement="A",
    )


def _rows(number: int) -> list[StatisticData]:
    first = _end() - timedelta(days=_DAYS)
    return [
        StatisticData(
            start=first + timedelta(hours=hour),
            mean=300.0 + (number + hour) % 97,
            min=290.0 + (number + hour) % 89,
            max=400.0 + (number + hour) % 83,
        )
        for hour in range(_DAYS * 24)
    ]
