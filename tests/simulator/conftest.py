"""Fixtures of the simulator's tests."""

from collections.abc import AsyncGenerator

from aiohttp import ClientSession
import pytest

from simulator.clock import Clock
from simulator.server import running

from .support import NOW, Api


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still until it is advanced."""
    return Clock(NOW.timestamp)


@pytest.fixture
async def api(socket_enabled: None, clock: Clock) -> AsyncGenerator[Api]:
    """Run both services and return a client of the Heimdall one."""
    async with running(clock=clock) as simulator, ClientSession() as session:
        yield Api(simulator, session)
