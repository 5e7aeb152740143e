"""A running simulation: both services on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import socket
from typing import Final

from aiohttp import web

from .app import make_app
from .calls import Calls
from .clock import Clock
from .core import Core, Service
from .faults import Faults
from .feeder import add_feeder
from .gridduck import GridDuckService
from .heimdall import HeimdallService
from .options import Options

_HOST: Final = "127.0.0.1"
_SHUTDOWN_SECONDS: Final = 0.2
_BACKLOG: Final = 128
# Of the event loop, after which an accepted connection has its transport.
_TURNS: Final = 5
_DEFAULTS: Final = Options()


@dataclass(slots=True, kw_only=True)
class Simulator:
    """A running simulation and the means to steer it."""

    clock: Clock
    faults: Faults
    calls: Calls
    options: Options
    gridduck: GridDuckService
    heimdall: HeimdallService


@asynccontextmanager
async def running(
    options: Options = _DEFAULTS, clock: Clock | None = None
) -> AsyncIterator[Simulator]:
    """Serve both services until the context ends; raise OSError where a port is taken."""
    core = Core(
        options=options,
        clock=clock or Clock(speed=options.speed),
        faults=Faults(),
        calls=Calls(),
    )
    gridduck = GridDuckService(core)
    heimdall = HeimdallService(core)
    if options.feeders:
        add_feeder(gridduck.world, heimdall.world, core)
    async with AsyncExitStack() as stack:
        await _serve(stack, core, "gridduck", gridduck, options.gridduck_port)
        await _serve(stack, core, "heimdall", heimdall, options.heimdall_port)
        yield Simulator(
            clock=core.clock,
            faults=core.faults,
            calls=core.calls,
            options=options,
            gridduck=gridduck,
            heimdall=heimdall,
        )


async def _serve(stack: AsyncExitStack, core: Core, name: str, service: Service, port: int) -> None:
    app = make_app(core, name, service.routes(), service.authenticate, service.error)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    listening = socket.create_server((_HOST, port), backlog=_BACKLOG)
    await web.SockSite(runner, listening).start()
    stack.push_async_callback(_stop_accepting, listening)
    service.base_url = f"http://{_HOST}:{runner.addresses[0][1]}"


async def _stop_accepting(listening: socket.socket) -> None:
    """Accept no more connections, and let those that were accepted get their transport.

    asyncio fails on a connection that it has accepted if the server is closed in that moment.
    """
    asyncio.get_running_loop().remove_reader(listening.fileno())
    for _ in range(_TURNS):
        await asyncio.sleep(0)
