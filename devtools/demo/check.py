"""Whether the demo is what it should be."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
import msgspec

from .. import accounts, folder
from ..cloud_client import Asset, connected_clouds
from ..clouds import Clouds, clouds
from ..hass import Hass, connected
from ..home_assistant import home_assistant, unless_it_ends
from ..inventory import Inventory, take_inventory
from ..ports import free_ports
from ..settings import ROOT, WORLD, LaunchError
from .commands import try_commands
from .history_check import check_history
from .judgement import Judgement, judge
from .log import complaints
from .relief import make_automation
from .report import device_table, devices_table, entities_table

DIRECTORY: Final = ROOT / ".demo-check"
_SETTLE_SECONDS: Final = 30
# From the first start until the history of the last days is there.
_HISTORY_LIMIT: Final = timedelta(seconds=120)
_LOG_LINES: Final = 20

# Kind of device, and how many there are at least.
_AT_LEAST: Final = (("site", 4), ("asset", 31), ("line", 7))


async def check() -> int:
    """Start a demo of its own, look at everything, end it; return the exit status."""
    return await examine(_run)


async def examine(run: Callable[[], Awaitable[list[str]]]) -> int:
    """Have a demo run in a folder of its own, tell what is wrong; return the exit status.

    Args:
        run: starts the demo in `DIRECTORY`, ends it, and returns its faults in plain words.
    """
    with folder.claimed(DIRECTORY):
        folder.clear(DIRECTORY)
        DIRECTORY.mkdir()
        try:
            faults = await run()
        except (LaunchError, aiohttp.ClientError, msgspec.DecodeError) as error:
            faults = [f"It broke off: {error}"]
        if not faults:
            folder.clear(DIRECTORY)
            print("The demo is all right.")
            return 0
    for fault in faults:
        print(f"WRONG: {fault}")
    print(f"\nWhat it left is in {DIRECTORY}; its logs end with:")
    for name in ("simulator.log", "console.log"):
        if (log := DIRECTORY / name).exists():
            print(f"-- {name}", *log.read_text().splitlines()[-_LOG_LINES:], sep="\n")
    return 1


async def _run() -> list[str]:
    """Run the demo and return what is wrong with it, in plain words."""
    ports = free_ports()
    start = datetime.now(UTC)
    async with (
        clouds(DIRECTORY, ports, WORLD) as both,
        home_assistant(DIRECTORY, ports.hass) as process,
    ):
        faults = await unless_it_ends(process, _look(ports.hass, both, start))
    # Also of its end.
    return faults + complaints(DIRECTORY / "home-assistant.log")


async def _look(port: int, both: Clouds, start: datetime) -> list[str]:
    async with connected(port) as hass, connected_clouds(both) as cloud:
        await accounts.add_accounts(hass, both)
        for entry in await accounts.wait_until_loaded(hass):
            print(f"{entry.title}: {entry.state}")
        print(f"Automation: {await make_automation(hass)}")
        assets = await cloud.assets()
        inventory, judgement = await _settled(hass, assets)
        _show(inventory, judgement, assets)
        faults = [*judgement.faults, *_missing(inventory, judgement, assets)]
        # Without them the user interface does not open.
        await hass.command("get_services", object)
        print("\nCommands")
        faults += await try_commands(hass, cloud, inventory, assets)
        print("\nHistory")
        return faults + await check_history(hass, cloud, start, _HISTORY_LIMIT)


async def _settled(hass: Hass, assets: dict[str, Asset]) -> tuple[Inventory, Judgement]:
    """Look until everything is right and stays so, or the time is over."""
    offline = {asset.id for asset in assets.values() if asset.offline}
    entities = -1
    for _ in range(_SETTLE_SECONDS):
        inventory = await take_inventory(hass)
        judgement = judge(inventory, offline)
        if not judgement.faults and len(inventory.entities) == entities:
            break
        entities = len(inventory.entities)
        await asyncio.sleep(1)
    return inventory, judgement


def _missing(inventory: Inventory, judgement: Judgement, assets: dict[str, Asset]) -> list[str]:
    """Compare the devices with what the clouds have."""
    faults = [
        f"There are {count} devices of kind {kind}, not {least} or more"
        for kind, least in _AT_LEAST
        if (count := len(inventory.devices_of(kind))) < least
    ]
    shown = {device.own_id for device in inventory.devices_of("asset")}
    faults += [
        f"GridDuck has {assets[each].name}, Home Assistant not" for each in assets.keys() - shown
    ]
    if not judgement.offline:
        faults.append("The asset that is kept offline is shown as if it were there")
    if sum(asset.offline for asset in assets.values()) != 1:
        faults.append("The simulator does not keep exactly one asset offline")
    return faults


def _show(inventory: Inventory, judgement: Judgement, assets: dict[str, Asset]) -> None:
    offline = [asset.name for asset in assets.values() if asset.offline]
    print(f"\n{devices_table(inventory)}\n\n{entities_table(inventory)}\n")
    print(f"Unavailable, as {', '.join(offline)} is kept offline: {judgement.offline}")
    for reason, count in judgement.explained.items():
        print(f"Unknown, as {reason}: {count}")
    for kind in ("asset", "line"):
        devices = inventory.devices_of(kind)
        # The one with the most to show.
        fullest = max(devices, key=lambda each: len(inventory.entities_of(each)), default=None)
        if fullest is not None:
            print(f"\n{device_table(inventory, fullest)}")
