"""Start the demo and keep it running."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
import sys
from typing import Final

import aiohttp

from . import accounts, folder
from .clouds import Clouds, clouds
from .dashboard import make_dashboard
from .hass import Disconnected, connected
from .history import DAYS, wait_until_in
from .ports import reusable_ports, store_ports, usual_ports
from .process import GRACE_SECONDS, child
from .relief import make_automation
from .settings import ROOT, WORLD, DemoError, Ports

DIRECTORY: Final = ROOT / ".demo"

# Only the voice assistant needs them, and they would have to be compiled.
_NOT_INSTALLED: Final = "pymicro-vad,pyspeex-noise"
_STAND_INS: Final = Path(__file__).with_name("voice")
# The exit status of a Home Assistant that was asked to restart.
_RESTART: Final = 100


@asynccontextmanager
async def home_assistant(
    directory: Path, port: int, grace: float = GRACE_SECONDS
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Home Assistant in this folder until the context ends.

    Args:
        directory: its configuration.
        port: of its HTTP server.
        grace: seconds that it gets to end in order.
    """
    folder.prepare(directory, port)
    command = [sys.executable, "-m", "homeassistant", "--config", str(directory)]
    command += ["--skip-pip-packages", _NOT_INSTALLED]
    async with child(
        command,
        directory=directory,
        log=directory / "console.log",
        environment={"PYTHONPATH": str(_STAND_INS)},
        grace=grace,
    ) as process:
        yield process


async def unless_it_ends[ResultT](
    process: asyncio.subprocess.Process, work: Coroutine[None, None, ResultT]
) -> ResultT:
    """Return the result of work that needs Home Assistant.

    Raises:
        DemoError: Home Assistant ended meanwhile.
    """
    task, end = asyncio.create_task(work), asyncio.create_task(process.wait())
    try:
        await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise DemoError(f"Home Assistant ended while it started (status {end.result()})")
        return task.result()
    finally:
        for each in (task, end):
            each.cancel()
        await asyncio.gather(task, end, return_exceptions=True)


async def serve(*, fresh: bool) -> None:
    """Run the demo in the foreground until it is cancelled.

    Raises:
        DemoError: it could not start, or Home Assistant ended by itself.
    """
    with folder.claimed(DIRECTORY):
        ports = None if fresh else reusable_ports(DIRECTORY)
        if ports is None:
            folder.clear(DIRECTORY)
            ports = usual_ports()
            DIRECTORY.mkdir(parents=True)
        store_ports(DIRECTORY, ports)
        async with clouds(DIRECTORY, ports, WORLD) as both:
            while await _serve_once(ports, both) == _RESTART:
                _say("Home Assistant restarts.")
    raise DemoError(f"Home Assistant ended by itself: see {DIRECTORY / 'home-assistant.log'}")


async def _serve_once(ports: Ports, both: Clouds) -> int:
    async with home_assistant(DIRECTORY, ports.hass) as process:
        address = await unless_it_ends(process, _set_up(ports, both))
        _say(f"\nHome Assistant: {address}\nCtrl-C ends it.")
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(_tell_of_history(ports))
            status = await process.wait()
            telling.cancel()
        return status


async def _set_up(ports: Ports, both: Clouds) -> str:
    """Add the accounts where there are none; return the address to open."""
    async with connected(ports.hass) as hass:
        known = await accounts.entries(hass)
        if not known:
            await accounts.add_accounts(hass, both)
        for entry in await accounts.wait_until_loaded(hass):
            _say(f"  {entry.title}")
        await make_automation(hass)
        return f"{hass.url}/{await make_dashboard(hass)}"


async def _tell_of_history(ports: Ports) -> None:
    """Say when the history is there, which takes longer than anything else."""
    try:
        async with connected(ports.hass) as hass:
            await wait_until_in(hass)
        _say(f"History of the last {DAYS} days is in.")
    except Disconnected, aiohttp.ClientError:
        # It ends, which is told elsewhere.
        return
    except DemoError as error:
        _say(f"demo: {error}")


def _say(text: str) -> None:
    print(text, flush=True)
