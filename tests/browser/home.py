"""The Home Assistant that the browser visits: a demo at a time of day that is always the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from devtools import accounts, folder
from devtools.cloud_client import CloudClient, connected_clouds
from devtools.clouds import Clouds, clouds
from devtools.hass import Hass, connected
from devtools.home_assistant import home_assistant, unless_it_ends
from devtools.inventory import Device, Inventory, take_inventory
from devtools.ports import free_ports
from devtools.recorder import recorded
from devtools.settings import ROOT, SERVICES, WORLD, Ports
from devtools.shifted_clock import shift_to, shifted

from .groups import add_strangers

DIRECTORY: Final = ROOT / ".browser-check"
"""Where Home Assistant runs."""
FAILURES: Final = ROOT / ".browser-failures"
"""Where failures leave their screenshots and logs."""
NOW: Final = datetime(2026, 11, 12, 13, 40, tzinfo=UTC)
"""When the demo starts, on its own clock: a Thursday, before the feeder's evening peak."""
REAL_TIME: Final = (*WORLD, "--sites=2", "--assets=10", "--lines=6")
# The feeder is measured every 12 seconds, so that the line soon shows what was curtailed.
SMALL: Final = (*REAL_TIME, "--tempo=5")


_PATIENCE_SECONDS: Final = 240
_PAUSE_SECONDS: Final = 0.5
_DAY: Final = timedelta(days=1)
_FINISHED_HOURS: Final = 23
"""Hours of the last day that are over."""
_RUNNING: Final = "running.json"


class _Running(msgspec.Struct, frozen=True, kw_only=True):
    """How to find a Home Assistant that another process has launched."""

    ports: Ports
    clouds: Clouds
    shift: timedelta


@dataclass(frozen=True, kw_only=True)
class Home:
    """A Home Assistant that runs, and both clouds.

    Attributes:
        hass: client of its administrator.
        cloud: client of both clouds.
        clouds: how to reach them.
        shift: by how much the clock of Home Assistant and the clouds is shifted.
    """

    hass: Hass
    cloud: CloudClient
    clouds: Clouds
    shift: timedelta

    @property
    def now(self) -> datetime:
        """The time on the clock of Home Assistant."""
        return datetime.now(UTC) + self.shift

    async def inventory(self) -> Inventory:
        """Return all devices and entities of both accounts."""
        return await take_inventory(self.hass)

    async def device(self, kind: str, name: str | None = None) -> Device:
        """Return the first device of a kind, or that with a name."""
        found = (await self.inventory()).devices_of(kind)
        return next(each for each in found if name in (None, each.name))


@asynccontextmanager
async def launched(
    directory: Path = DIRECTORY, world: Sequence[str] = SMALL, now: datetime = NOW
) -> AsyncIterator[Home]:
    """Launch Home Assistant, without accounts, and both clouds; their clocks show `now`."""
    shift = shift_to(now)
    environment = shifted(shift)
    ports = free_ports()
    with folder.claimed(directory):
        folder.clear(directory)
        await asyncio.to_thread(directory.mkdir)
        add_strangers(directory)
        async with (
            clouds(directory, ports, world, environment) as both,
            home_assistant(directory, ports.hass, environment=environment) as process,
            connected_clouds(both) as cloud,
        ):
            await unless_it_ends(process, _wait_for(ports.hass))
            running_one = _Running(ports=ports, clouds=both, shift=shift)
            (directory / _RUNNING).write_bytes(msgspec.json.encode(running_one))
            async with connected(ports.hass) as hass:
                yield Home(hass=hass, cloud=cloud, clouds=both, shift=shift)


@asynccontextmanager
async def running(directory: Path = DIRECTORY) -> AsyncIterator[Home]:
    """Use what another process has launched."""
    found = msgspec.json.decode((directory / _RUNNING).read_bytes(), type=_Running)
    async with (
        connected_clouds(found.clouds) as cloud,
        connected(found.ports.hass) as hass,
    ):
        yield Home(hass=hass, cloud=cloud, clouds=found.clouds, shift=found.shift)


async def have_accounts(home: Home) -> None:
    """Add both accounts, unless a test has added them through the user interface."""
    if len(await accounts.entries(home.hass)) < len(SERVICES):
        await accounts.add_accounts(home.hass, home.clouds)
    await accounts.wait_until_loaded(home.hass)


async def have_past(home: Home, seconds: float = _PATIENCE_SECONDS) -> None:
    """Wait until the last day of every line is imported, which charts show.

    Args:
        home: where it is recorded.
        seconds: how long it may take.
    """
    await until(partial(_has_past, home), "the last day of each line is imported", seconds)


async def _has_past(home: Home) -> bool:
    inventory = await home.inventory()
    lines = inventory.devices_of("line")
    sensors = [inventory.of_key(line, key) for line in lines for key in ("current", "dlr")]
    wanted = {each.entity_id for each in sensors if each is not None}
    rows = await recorded(home.hass, wanted, home.now - _DAY, home.now)
    return bool(wanted) and all(len(rows.get(each, ())) >= _FINISHED_HOURS for each in wanted)


async def until(
    condition: Callable[[], Awaitable[object]], what: str, seconds: float = _PATIENCE_SECONDS
) -> None:
    """Wait for a condition of Home Assistant or a cloud.

    Args:
        condition: is polled.
        what: the condition in words.
        seconds: how long it may take.

    Raises:
        AssertionError: it does not come true; `what` says what it is.
    """
    for _ in range(round(seconds / _PAUSE_SECONDS)):
        if await condition():
            return
        await asyncio.sleep(_PAUSE_SECONDS)
    raise AssertionError(f"Not within {seconds:.0f} s: {what}")


async def _wait_for(port: int) -> None:
    async with connected(port):
        return
