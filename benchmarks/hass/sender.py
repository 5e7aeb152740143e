"""Send messages to a data hook, all at once, and print how many of their items were news.

`python -m benchmarks.hass.sender URL FOLDER SLOW`: all files of the folder, beside as many bodies
as SLOW says that do not end, and one body of 5 MB. It begins when its standard input ends.

The bodies that do not end are there first. asyncio accepts all connections that wait in one
callback, so that very many at once would measure the system's `accept` and nothing of ours.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from pathlib import Path
import sys
from typing import Final

import aiohttp

_HEADERS: Final = {"Content-Type": "application/json"}
_LARGE: Final = b"[" + b" " * 5_000_000 + b"]"
_AGAIN: Final = 0.2
_APART: Final = 0.02
"""Seconds between two bodies that do not end."""
_LONGEST: Final = 60


async def _async_send(session: aiohttp.ClientSession, url: str, body: bytes) -> int:
    """Send a message until it is taken; return how many of its items were news."""
    while True:
        async with session.post(url, data=body, headers=_HEADERS) as response:
            if response.status == HTTPStatus.OK:
                return int((await response.json())["updated"])
            if response.status != HTTPStatus.SERVICE_UNAVAILABLE:
                raise RuntimeError(f"Status {response.status}: {await response.text()}")
        await asyncio.sleep(_AGAIN)


async def _async_refused(
    session: aiohttp.ClientSession, url: str, body: bytes | AsyncIterator[bytes]
) -> None:
    """Send what has to be refused, or cut off."""
    try:
        async with session.post(url, data=body, headers=_HEADERS) as response:
            if response.status == HTTPStatus.OK:
                raise RuntimeError("A body was taken that should not be")
    except aiohttp.ClientError:
        return


async def _slow() -> AsyncIterator[bytes]:
    yield b"["
    await asyncio.sleep(_LONGEST)


async def _async_main(url: str, messages: Sequence[bytes], slow: int) -> int:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        if slow:
            group.create_task(_async_refused(session, url, _LARGE))
        for _ in range(slow):
            group.create_task(_async_refused(session, url, _slow()))
            await asyncio.sleep(_APART)
        sent = [group.create_task(_async_send(session, url, body)) for body in messages]
    return sum(task.result() for task in sent)


if __name__ == "__main__":
    address, directory, count = sys.argv[1:]
    bodies = [path.read_bytes() for path in sorted(Path(directory).iterdir())]
    sys.stdin.read()
    print(asyncio.run(_async_main(address, bodies, int(count))))
