"""Start the demo and keep it running."""

import asyncio
from typing import Final

import aiohttp

from .. import accounts, folder
from ..clouds import Clouds, clouds
from ..hass import Disconnected, connected
from ..home_assistant import home_assistant, unless_it_ends
from ..ports import reusable_ports, store_ports, usual_ports
from ..settings import ROOT, WORLD, LaunchError, Ports
from .dashboard import make_dashboard
from .history import DAYS, wait_until_in
from .relief import make_load_limit

DIRECTORY: Final = ROOT / ".demo"

# The exit status of a Home Assistant that was asked to restart.
_RESTART: Final = 100


async def serve(*, fresh: bool) -> None:
    """Run the demo in the foreground until it is cancelled.

    Raises:
        LaunchError: it could not start, or Home Assistant ended by itself.
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
    raise LaunchError(f"Home Assistant ended by itself: see {DIRECTORY / 'home-assistant.log'}")


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
        await make_load_limit(hass)
        return f"{hass.url}/{await make_dashboard(hass)}"


async def _tell_of_history(ports: Ports) -> None:
    """Say when the history is there, which takes longer than anything else."""
    try:
        async with connected(ports.hass) as hass:
            await wait_until_in(hass)
        _say(f"History of the last {DAYS} days is in.")
    except Disconnected, aiohttp.ClientError:
        # Home Assistant ends, which `serve` reports.
        return
    except LaunchError as error:
        _say(f"demo: {error}")


def _say(text: str) -> None:
    print(text, flush=True)
