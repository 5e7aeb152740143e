"""A poll of the list of all assets with nothing around it: aiohttp and orjson alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from itertools import cycle, islice
from typing import Final, TypedDict

import aiohttp
import orjson

from benchmarks.framework import Figures, Given, Work

from .measurements import ASSETS

_SCOPE: Final = "asset:view asset:boost_snooze"
_LIST: Final = "/asset/"
_PAGE_LIMIT: Final = 100
_SNOOZE_SECONDS: Final = 36_000

type Change = Callable[[], Coroutine[None, None, None]]
type Listed = list[dict[str, object]]


class _Pagination(TypedDict):
    total: int


class _Page(TypedDict):
    results: Listed
    pagination: _Pagination


@asynccontextmanager
async def bare(given: Given) -> AsyncIterator[Work]:
    """Get the same pages with aiohttp alone, as many at once, and parse them with orjson."""
    async with session_of(given) as session:

        async def run() -> Figures:
            return {ASSETS.key: len(await _all(session, given.number("parallel")))}

        yield Work(run=run, before=await changing(session, given))


@asynccontextmanager
async def session_of(given: Given) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session with a token of its own."""
    access = given.clouds["gridduck"]
    async with aiohttp.ClientSession(access["base_url"]) as session:
        session.headers["Authorization"] = f"Bearer {await _token(session, access)}"
        yield session


async def _token(session: aiohttp.ClientSession, access: Mapping[str, str]) -> str:
    async with session.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "scope": _SCOPE},
        auth=aiohttp.BasicAuth(access["client_id"], access["client_secret"]),
    ) as response:
        return str(orjson.loads(await response.read())["access_token"])


async def _all(session: aiohttp.ClientSession, parallel: int) -> Listed:
    """Return every asset: the first page tells how many there are, the others come at once."""
    first = await _page(session, 0)
    found = first["results"]
    waiting = iter(range(_PAGE_LIMIT, first["pagination"]["total"], _PAGE_LIMIT))

    async def work() -> None:
        for offset in waiting:
            found.extend((await _page(session, offset))["results"])

    await asyncio.gather(*(work() for _ in range(parallel)))
    return found


async def _page(session: aiohttp.ClientSession, offset: int) -> _Page:
    async with session.get(_LIST, params={"offset": offset, "limit": _PAGE_LIMIT}) as response:
        page: _Page = orjson.loads(await response.read())
        return page


async def changing(session: aiohttp.ClientSession, given: Given) -> Change:
    """Return what changes some of the assets, each time others: it snoozes them."""
    listed = await _all(session, given.number("parallel"))
    writable = cycle(str(asset["id"]) for asset in listed if not asset["read_only"])
    count = max(1, round(len(listed) * float(given.settings["changed"])))

    async def change() -> None:
        for asset_id in islice(writable, count):
            body = {"snooze_finish": _SNOOZE_SECONDS}
            async with session.put(f"{_LIST}{asset_id}", json=body) as response:
                response.raise_for_status()

    return change
