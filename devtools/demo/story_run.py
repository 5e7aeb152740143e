"""Runs the story in a demo of its own: `script/demo --story [--check]`."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from .. import accounts
from ..cloud_client import connected_clouds
from ..clouds import Clouds, clouds
from ..hass import Hass, connected
from ..home_assistant import home_assistant, unless_it_ends
from ..ports import free_ports, usual_ports
from ..settings import DOMAIN, WORLD, Ports
from .check import DIRECTORY, examine
from .dashboard import make_dashboard
from .glimpse import Onlooker
from .log import complaints
from .peak_view import PATH
from .relief import AUTOMATION, make_automation, wait_for_feeder
from .story import RECOVERED_BELOW, SHED_TO, Pace, Teller

WATCHED: Final = Pace(evening_in=1.5, evening_lasts=2.5, step=20)
CHECKED: Final = Pace(evening_in=0.8, evening_lasts=1.5, step=10)

# Small, so that nothing else takes the machine's time, and measured every 15 seconds.
_WORLD: Final = (*WORLD, "--sites=1", "--assets=8", "--lines=2", "--tempo=20")
_TOO_SHORT: Final = "on_too_short"


class _Passed(msgspec.Struct):
    name: str
    reason: str


class _Answer(msgspec.Struct):
    passed_over: list[_Passed]


class _Called(msgspec.Struct):
    response: _Answer


class _Notification(msgspec.Struct):
    message: str


class _Trace(msgspec.Struct):
    error: str | None = None


async def tell_story(*, checked: bool) -> int:
    """Tell the story; return the exit status.

    Args:
        checked: whether to end when it is told; else Home Assistant goes on until it is ended.
    """

    async def run() -> list[str]:
        return await _run(free_ports() if checked else usual_ports(), checked=checked)

    return await examine(run)


async def _run(ports: Ports, *, checked: bool) -> list[str]:
    pace = CHECKED if checked else WATCHED
    evening = (f"--evening-in={pace.evening_in}", f"--evening-lasts={pace.evening_lasts}")
    async with home_assistant(DIRECTORY, ports.hass) as process:
        # The evening is reckoned from the start of the clouds, and Home Assistant takes its time.
        await unless_it_ends(process, _wait_for(ports))
        start = datetime.now(UTC)
        async with clouds(DIRECTORY, ports, (*_WORLD, *evening)) as both:
            faults = await unless_it_ends(process, _tell(ports, both, start, pace))
            if not (checked or faults):
                print("\nThe story is told. Ctrl-C ends the demo.", flush=True)
                await process.wait()
    return faults + complaints(DIRECTORY / "home-assistant.log")


async def _wait_for(ports: Ports) -> None:
    async with connected(ports.hass):
        return


async def _tell(ports: Ports, both: Clouds, start: datetime, pace: Pace) -> list[str]:
    async with connected(ports.hass) as hass, connected_clouds(both) as cloud:
        opened = datetime.now(UTC)
        await accounts.add_accounts(hass, both)
        await accounts.wait_until_loaded(hass)
        line, site = await wait_for_feeder(hass)
        faults = await _must_wait(hass, site.id)
        inputs = {
            "shed_to": SHED_TO,
            "recovered_below": RECOVERED_BELOW,
            "recovered_for": {"seconds": 5},
            "step_interval": {"seconds": pace.step},
        }
        await make_automation(hass, inputs)
        address = f"{hass.url}/{await make_dashboard(hass)}/{PATH}"
        print(f"Home Assistant: {address}\n", flush=True)
        ends = start + timedelta(minutes=pace.evening_in + pace.evening_lasts)
        faults += await Teller(Onlooker(hass, cloud, line), opened, ends).tell()
        print("What the automation told:")
        return faults + await _what_was_told(hass)


async def _must_wait(hass: Hass, site_id: str) -> list[str]:
    """See that nothing may give way that has not been on for long enough, without doing it."""
    called = await hass.command(
        "call_service",
        _Called,
        domain=DOMAIN,
        service="shed_load",
        service_data={"power": 1_000_000_000, "duration": {"minutes": 1}, "dry_run": True},
        target={"device_id": site_id},
        return_response=True,
    )
    held = [each.name for each in called.response.passed_over if each.reason == _TOO_SHORT]
    print(f"They have to be on for a while before they may give way: {', '.join(held)}.")
    return [] if held else ["Assets may give way that have just been seen to be on"]


async def _what_was_told(hass: Hass) -> list[str]:
    """Print the automation's messages; return what is wrong with it."""
    messages = [
        each.message
        for each in await hass.command("persistent_notification/get", list[_Notification])
    ]
    for message in messages:
        print(f"  {message}")
    faults = [
        f"The automation told nobody that {what}"
        for what in ("is congested", "has recovered")
        if not any(what in message for message in messages)
    ]
    traces = await hass.command("trace/list", list[_Trace], domain="automation", item_id=AUTOMATION)
    if not traces:
        faults.append("The automation left no trace")
    return faults + [f"The automation failed: {each.error}" for each in traces if each.error]
