"""The story in a demo of its own: `script/demo --story`."""

from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from .. import accounts, folder
from ..cloud_client import connected_clouds
from ..clouds import Clouds, clouds
from ..hass import Hass, connected
from ..home_assistant import home_assistant, unless_it_ends
from ..inventory import Device, take_inventory
from ..ports import usual_ports
from ..settings import CHECKED, DOMAIN, WORLD, LaunchError, Ports
from .dashboard import make_dashboard
from .observation import Observer
from .peak_view import PATH
from .relief import make_load_limit, shown, wait_for_feeder
from .story import Pace, Storyteller

_WATCHED: Final = Pace(evening_in=1.5, evening_lasts=4)

# Small, so that nothing else takes the machine's time, and measured every 12 seconds.
_WORLD: Final = (*WORLD, "--sites=1", "--assets=8", "--lines=6", "--tempo=5")


class Decision(msgspec.Struct, frozen=True):
    """A decision of a load limit, and why it was taken."""

    at: str
    limit_name: str
    action: str
    asset: str
    reason: str
    sent: bool
    power: float


class _Decisions(msgspec.Struct):
    decisions: list[Decision]


class _Answer(msgspec.Struct):
    response: _Decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the story happens.

    Attributes:
        ports: of Home Assistant and the clouds.
        clouds: how to reach them.
        evening_ends: when the evening is over.
    """

    ports: Ports
    clouds: Clouds
    evening_ends: datetime


async def watch() -> None:
    """Tell the story, and let Home Assistant run on until it is cancelled.

    Raises:
        LaunchError: it could not start, or a step of the story did not come.
    """
    with folder.claimed(CHECKED):
        folder.clear(CHECKED)
        CHECKED.mkdir()
        async with stage(CHECKED, usual_ports(), _WATCHED) as (ready, process):
            await unless_it_ends(process, _tell(ready))
            print("\nThe story is over. Ctrl-C ends the demo.", flush=True)
            await process.wait()


@asynccontextmanager
async def stage(directory: Path, ports: Ports, pace: Pace) -> AsyncIterator[tuple[Stage, Process]]:
    """Start Home Assistant, and then the clouds: their start is what the evening follows."""
    evening = (f"--evening-in={pace.evening_in}", f"--evening-lasts={pace.evening_lasts}")
    # The clouds end last: a poll of a Home Assistant that ends is still answered.
    async with (
        AsyncExitStack() as ends_last,
        home_assistant(directory, ports.hass) as process,
    ):
        await unless_it_ends(process, _wait_for(ports))
        ends = datetime.now(UTC) + timedelta(minutes=pace.evening_in + pace.evening_lasts)
        both = await ends_last.enter_async_context(clouds(directory, ports, (*_WORLD, *evening)))
        yield Stage(ports=ports, clouds=both, evening_ends=ends), process


async def open_accounts(hass: Hass, both: Clouds) -> tuple[Device, Device]:
    """Add both accounts; return the feeder and its site."""
    await accounts.add_accounts(hass, both)
    await accounts.wait_until_loaded(hass)
    return await wait_for_feeder(hass)


async def start_relief(hass: Hass) -> Device:
    """Add the load limit and the dashboard; return the device of the load limit."""
    # What is on when the accounts are added may be curtailed in the evening that follows.
    limit = await make_load_limit(hass, {"min_time_on": 0})
    address = f"{hass.url}/{await make_dashboard(hass)}/{PATH}"
    print(f"Home Assistant: {address}\n", flush=True)
    return limit


async def restore(hass: Hass, limit: Device) -> None:
    """Press the button of a load limit that restores what is curtailed.

    Raises:
        LaunchError: there is no such button.
    """
    button = shown(await take_inventory(hass), limit, "load_limit_restore")
    if button is None:
        raise LaunchError(f"{limit.name} has no button to restore")
    await hass.act("button.press", {}, button.entity_id)


async def decisions(hass: Hass) -> list[Decision]:
    """Return the last decisions of all load limits, with their reasons."""
    answer = await hass.command(
        "call_service",
        _Answer,
        domain=DOMAIN,
        service="get_decisions",
        service_data={},
        return_response=True,
    )
    return answer.response.decisions


async def _wait_for(ports: Ports) -> None:
    async with connected(ports.hass):
        return


async def _tell(ready: Stage) -> None:
    async with connected(ready.ports.hass) as hass, connected_clouds(ready.clouds) as cloud:
        line, _ = await open_accounts(hass, ready.clouds)
        limit = await start_relief(hass)
        await Storyteller(
            Observer(hass, cloud, line), ready.evening_ends, lambda: restore(hass, limit)
        ).tell()
        print("The decisions of the load limit:")
        for one in await decisions(hass):
            print(f"  {one.at}  {one.action} {one.asset}: {one.reason}")
