"""How long the HTTP server of a process keeps a request waiting."""

import asyncio
import time
from typing import Final

import aiohttp

_PATH: Final = "/manifest.json"
_EVERY: Final = 0.02


async def longest_wait(url: str, seconds: float) -> float:
    """Ask one request after the other, and return the seconds that the slowest took.

    Args:
        url: the server.
        seconds: how long to ask.
    """
    longest, end = 0.0, time.perf_counter() + seconds
    async with aiohttp.ClientSession(url) as session:
        while (began := time.perf_counter()) < end:
            async with session.get(_PATH) as response:
                await response.read()
                response.raise_for_status()
            longest = max(longest, time.perf_counter() - began)
            await asyncio.sleep(_EVERY)
    return longest
