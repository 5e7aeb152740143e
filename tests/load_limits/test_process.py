"""A Home Assistant that is ended in the middle, as a process: all comes back, and once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import signal

import aiohttp
import msgspec
import pytest

from devtools import accounts, folder
from devtools.cloud_client import CloudClient, connected_clouds
from devtools.clouds import Clouds, clouds
from devtools.hass import Disconnected, Hass, connected
from devtools.home_assistant import home_assistant
from devtools.ports import free_ports
from devtools.settings import DOMAIN, HOST, Ports
from simulator.feeder import SITE

# Its site may be shed as soon as it was seen on.
WORLD = ("--feeders=1", "--sites=1", "--assets=1", "--lines=1", "--tempo=60")
CONFIGURATION = f"""\
homeassistant:
  auth_providers:
    - type: trusted_networks
      trusted_networks: {HOST}/32
      allow_bypass_login: true
    - type: homeassistant
api:
config:
onboarding:
"""
ANSWERED = 3
INTERVAL = 3


class Device(msgspec.Struct):
    id: str
    name: str | None = None


class Call(msgspec.Struct):
    method: str
    path: str
    body: object = None


class Calls(msgspec.Struct):
    calls: list[Call]


class Named(msgspec.Struct):
    name: str


class Answer(msgspec.Struct):
    shed: list[Named] = []
    already_shed: list[Named] = []
    restored: list[Named] = []
    scheduled: list[Named] = []


class Called(msgspec.Struct):
    response: Answer


async def ask(hass: Hass, action: str, **data: object) -> Answer:
    called = await hass.command(
        "call_service",
        Called,
        domain=DOMAIN,
        service=action,
        service_data=data,
        return_response=True,
    )
    return called.response


async def shed(hass: Hass, **data: object) -> Answer:
    devices = await hass.command("config/device_registry/list", list[Device])
    target = [each.id for each in devices if each.name == SITE]
    given = {"power": 1e9, "duration": {"hours": 1}, "verify_for": {"seconds": 0}}
    return await ask(hass, "shed_load", device_id=target, **given | data)


async def until(condition: Callable[[], Coroutine[None, None, object]]) -> None:
    for _ in range(400):
        if await condition():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("It never came to that")


@asynccontextmanager
async def started(
    directory: Path, ports: Ports
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Hass]]:
    async with home_assistant(directory, ports.hass) as process, connected(ports.hass) as hass:
        yield process, hass


async def end(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    os.killpg(process.pid, number)
    await process.wait()


async def cut_off_while_it_sheds(
    directory: Path, ports: Ports, both: Clouds, cloud: CloudClient
) -> None:
    """Kill it when some assets have given way, and others have not been answered."""
    faults = f"{both.gridduck.base_url}/_control/faults"
    fault = {
        "service": "gridduck",
        "path": "/asset/.",
        "method": "PUT",
        # Answered when nobody listens any more.
        "status": 500,
        "delay": 10,
        "skip": ANSWERED,
        "count": None,
    }

    async def sent() -> bool:
        return len(await snoozed(cloud)) >= ANSWERED

    async with aiohttp.ClientSession() as session, started(directory, ports) as (process, hass):
        await accounts.add_accounts(hass, both)
        await accounts.wait_until_loaded(hass)
        await until(lambda: _could_shed(hass))
        async with session.post(faults, json=fault) as response:
            response.raise_for_status()
        async with asyncio.TaskGroup() as group:
            group.create_task(_shed_until_it_ends(hass))
            await until(sent)
            await end(process, signal.SIGKILL)
        async with session.delete(faults) as response:
            response.raise_for_status()


async def _could_shed(hass: Hass) -> bool:
    return len((await shed(hass, dry_run=True)).shed) > ANSWERED


async def _shed_until_it_ends(hass: Hass) -> None:
    with suppress(Disconnected):
        await shed(hass)


async def snoozed(cloud: CloudClient) -> set[str]:
    return {asset.name for asset in (await cloud.assets()).values() if asset.runs("snooze")}


async def counted(both: Clouds, cloud: CloudClient, *, ends: bool) -> Counter[str]:
    """Return how often each asset was asked to come back, or else to give way."""
    names = {asset_id: asset.name for asset_id, asset in (await cloud.assets()).items()}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{both.gridduck.base_url}/_control/calls") as response,
    ):
        calls = msgspec.json.decode(await response.read(), type=Calls).calls
    return Counter(
        names[call.path.rsplit("/", 1)[-1]]
        for call in calls
        if call.method == "PUT" and (call.body == {"snooze_finish": 0}) is ends
    )


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let aiohttp's heartbeat outlive a WebSocket whose other end was killed."""
    return True


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.timeout(300)
async def test_ended_in_the_middle(tmp_path: Path) -> None:
    ports, directory = free_ports(), tmp_path / "config"
    folder.prepare(directory, ports.hass)
    (directory / "configuration.yaml").write_text(CONFIGURATION, "utf-8")
    async with clouds(tmp_path, ports, WORLD) as both, connected_clouds(both) as cloud:
        await cut_off_while_it_sheds(directory, ports, both, cloud)
        async with started(directory, ports) as (process, hass):
            await accounts.wait_until_loaded(hass)
            off = await snoozed(cloud)
            assert len(off) >= ANSWERED
            known = await shed(hass, dry_run=True)
            assert {each.name for each in known.already_shed} == off
            answer = await ask(hass, "restore_load", interval={"seconds": INTERVAL})
            assert len(answer.restored) == 1
            assert off <= {each.name for each in (*answer.restored, *answer.scheduled)}
            await end(process, signal.SIGTERM)
        assert await snoozed(cloud) < off

        async def all_back() -> bool:
            return not await snoozed(cloud)

        async with started(directory, ports) as (process, hass):
            await until(all_back)
            await asyncio.sleep(INTERVAL)
            assert await counted(both, cloud, ends=True) == Counter(off)
            snoozes = await counted(both, cloud, ends=False)
            assert off <= snoozes.keys()
            assert set(snoozes.values()) == {1}
