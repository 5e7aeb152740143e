"""The demo: both accounts, every device and entity, commands, history and the log.

The tests share one Home Assistant and run in the order in which they stand here.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import msgspec
import pytest

from devtools import accounts
from devtools.background import in_background
from devtools.cloud_client import Asset, CloudClient, connected_clouds
from devtools.clouds import Clouds, clouds
from devtools.demo.energy import problems_of_energy, stored
from devtools.demo.history import imports, wait_until_in
from devtools.demo.relief import make_load_limit
from devtools.hass import Hass, connected
from devtools.home_assistant import home_assistant, unless_it_ends
from devtools.inventory import UNAVAILABLE, UNKNOWN, Entity, Inventory, State, take_inventory
from devtools.log import complaints
from devtools.ports import free_ports
from devtools.settings import DOMAIN, SERVICES, WORLD, Ports

from .expected_statistics import Expected, of_a_line, of_a_meter, rows_of

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

AT_LEAST: Final = {"site": 4, "asset": 31, "line": 7}
# How long the tests wait at most: several times what a busy machine needs.
SETTLE_SECONDS: Final = 180
EFFECT_SECONDS: Final = 60
HISTORY_SECONDS: Final = 900
EXPECTED_SECONDS: Final = 300
MINUTES: Final = 5
AHEAD: Final = {"next_congestion", "expected_shortfall", "load_limit_expected_peak"}
"""What needs three days of statistics first, or has no value where no congestion is expected."""


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demo that runs.

    Attributes:
        ports: of Home Assistant and the clouds.
        clouds: how to reach them.
        start: when Home Assistant was started.
    """

    ports: Ports
    clouds: Clouds
    start: datetime


@asynccontextmanager
async def launched(directory: Path) -> AsyncIterator[Demo]:
    """Launch everything, and add both accounts."""
    ports, start = free_ports(), datetime.now(UTC)
    async with (
        clouds(directory, ports, WORLD) as both,
        home_assistant(directory, ports.hass) as process,
    ):
        await unless_it_ends(process, set_up(ports, both))
        yield Demo(ports=ports, clouds=both, start=start)


async def set_up(ports: Ports, both: Clouds) -> None:
    async with connected(ports.hass) as hass:
        await accounts.add_accounts(hass, both)
        await accounts.wait_until_loaded(hass)
        await make_load_limit(hass)


@pytest.fixture(scope="module")
def running() -> Iterator[ExitStack]:
    with ExitStack() as running:
        yield running


@pytest.fixture(scope="module")
def demo(directory: Path, running: ExitStack) -> Demo:
    return running.enter_context(in_background(launched(directory)))


@pytest.fixture
async def home(demo: Demo) -> AsyncIterator[Hass]:
    async with connected(demo.ports.hass) as hass:
        yield hass


@pytest.fixture
async def cloud(demo: Demo) -> AsyncIterator[CloudClient]:
    async with connected_clouds(demo.clouds) as client:
        yield client


async def test_accounts(home: Hass) -> None:
    entries = await accounts.entries(home)
    assert [entry.state for entry in entries] == ["loaded"] * len(SERVICES)


async def test_entities_have_values(home: Hass, cloud: CloudClient) -> None:
    """Unless their asset is offline, or there is nothing to show just now."""
    assets = await cloud.assets()
    offline = [asset.id for asset in assets.values() if asset.offline]
    assert len(offline) == 1
    count, missing = -1, ["nothing was looked at"]
    for _ in range(SETTLE_SECONDS):
        inventory = await take_inventory(home)
        missing = [each.entity_id for each in without_value(inventory, offline)]
        if not missing and len(inventory.entities) == count:
            break
        count = len(inventory.entities)
        await asyncio.sleep(1)
    assert not missing
    assert UNAVAILABLE in map(inventory.state, entities_of(inventory, offline))


def without_value(inventory: Inventory, offline: Collection[str]) -> Iterator[Entity]:
    """Yield the enabled entities that should have a value and have none."""
    unreachable = [*entities_of(inventory, offline)]
    for entity in inventory.enabled():
        if entity.translation_key in AHEAD:
            continue
        match inventory.state(entity):
            case state if state == UNAVAILABLE:
                if entity not in unreachable and not is_idle(inventory, entity):
                    yield entity
            case state if state == UNKNOWN:
                # The buttons have never been pressed, and nothing was decided.
                if entity.domain not in ("button", "event"):
                    yield entity


def entities_of(inventory: Inventory, assets: Collection[str]) -> Iterator[Entity]:
    for device in inventory.devices_of("asset"):
        if device.own_id in assets:
            yield from inventory.entities_of(device)


def is_idle(inventory: Inventory, entity: Entity) -> bool:
    """Tell whether an entity is about a boost or snooze, and none runs."""
    if entity.translation_key == "load_limit_next_return":
        curtailed = inventory.sibling(entity, "load_limit_assets_curtailed")
        return curtailed is not None and inventory.state(curtailed) == "0"
    override = inventory.sibling(entity, "override")
    return (
        entity.translation_key in {"end_override", "override_ends"}
        and override is not None
        and inventory.state(override) == "none"
    )


async def test_devices(home: Hass, cloud: CloudClient) -> None:
    inventory = await take_inventory(home)
    counts = {kind: len(inventory.devices_of(kind)) for kind in AT_LEAST}
    assert {kind: counts[kind] >= least for kind, least in AT_LEAST.items()} == dict.fromkeys(
        AT_LEAST, True
    ), counts
    shown = {device.own_id for device in inventory.devices_of("asset")}
    assert (await cloud.assets()).keys() <= shown


async def test_the_user_interface_gets_its_actions(home: Hass) -> None:
    """It does not open without them."""
    actions = await home.command("get_services", dict[str, dict[str, object]])
    assert {"boost", "snooze", "shed_load", "import_history"} <= actions[DOMAIN].keys()


@pytest.mark.parametrize(
    ("action", "shown", "field"),
    [("boost", "on", "boost_finish"), ("snooze", "off", "snooze_finish")],
)
async def test_command(home: Hass, cloud: CloudClient, action: str, shown: str, field: str) -> None:
    """Home Assistant shows it, and GridDuck received it once and does it."""
    inventory, assets = await take_inventory(home), await cloud.assets()
    # One that the command changes visibly.
    switch, asset = next(
        (switch, asset)
        for switch, asset in idle_switches(inventory, assets)
        if inventory.state(switch) != shown
    )
    await home.act(f"{DOMAIN}.{action}", {"duration": {"minutes": MINUTES}}, switch.entity_id)
    override = inventory.sibling(switch, "override")
    assert override is not None
    wanted = {switch.entity_id: shown, override.entity_id: action}
    states: dict[str, str] = {}
    for _ in range(EFFECT_SECONDS * 2):
        found = await home.command("get_states", list[State])
        states = {each.entity_id: each.state for each in found if each.entity_id in wanted}
        if states == wanted:
            break
        await asyncio.sleep(0.5)
    assert states == wanted
    received = [
        each.status
        for each in await cloud.commands()
        if each.path.endswith(asset.id) and each.body == {field: MINUTES * 60}
    ]
    assert received == [204]
    assert (await cloud.assets())[asset.id].runs(action)


def idle_switches(inventory: Inventory, assets: dict[str, Asset]) -> Iterator[tuple[Entity, Asset]]:
    for entity in inventory.enabled():
        device = inventory.device(entity)
        asset = assets.get(device.own_id) if device else None
        if entity.domain == "switch" and asset is not None and asset.idle:
            yield entity, asset


async def test_history_is_in(home: Hass) -> None:
    try:
        async with asyncio.timeout(HISTORY_SECONDS):
            await wait_until_in(home)
    except TimeoutError:
        progress = {
            each.name: (each.state, each.attributes.get("percent"))
            for each in imports(await take_inventory(home))
        }
        pytest.fail(f"The history is not in after {HISTORY_SECONDS} s: {progress}")


async def test_the_next_evening_is_expected(home: Hass) -> None:
    """The overload of the feeder is foreseen from the history alone, also in a calendar."""
    found, events = list[datetime](), list[Event]()
    async with asyncio.timeout(EXPECTED_SECONDS):
        # Calendars follow some seconds after the sensors. In the evening itself a sensor shows the
        # present, in the middle of an event.
        while not found or not any(each.covers(min(found)) for each in events):
            await asyncio.sleep(1)
            found = list(congestion_ahead(await take_inventory(home)))
            events = await events_of_calendars(home, timedelta(days=2))
    assert min(found) <= datetime.now(UTC) + timedelta(days=1)


class Event(msgspec.Struct):
    """An event of a calendar."""

    start: dict[str, str]
    end: dict[str, str]

    def covers(self, when: datetime) -> bool:
        """Tell whether a time is within the event."""
        start, end = (datetime.fromisoformat(each["dateTime"]) for each in (self.start, self.end))
        return start <= when < end


async def events_of_calendars(home: Hass, span: timedelta) -> list[Event]:
    """Return the events of all calendars, from now on."""
    now = datetime.now(UTC)
    times = urlencode({"start": now.isoformat(), "end": (now + span).isoformat()})
    events = list[Event]()
    for entity in (await take_inventory(home)).enabled():
        if entity.entity_id.startswith("calendar."):
            path = f"/api/calendars/{entity.entity_id}?{times}"
            events += await home.get(path, list[Event]) or []
    return events


def congestion_ahead(inventory: Inventory) -> Iterator[datetime]:
    """Yield when lines are expected to be congested next."""
    for entity in inventory.enabled():
        state = inventory.states.get(entity.entity_id)
        if entity.translation_key == "next_congestion" and state is not None:
            with suppress(ValueError):
                yield datetime.fromisoformat(state.state)


@pytest.mark.parametrize("key", ["current", "dlr", "loading"])
async def test_history_of_a_line(home: Hass, cloud: CloudClient, demo: Demo, key: str) -> None:
    expected = await of_a_line(cloud, await take_inventory(home), key, demo.start)
    await compare(home, expected, demo.start)


async def test_history_of_a_meter(home: Hass, cloud: CloudClient, demo: Demo) -> None:
    expected = await of_a_meter(home, cloud, await take_inventory(home), demo.start)
    await compare(home, expected, demo.start)


async def compare(home: Hass, expected: Expected, start: datetime) -> None:
    """Compare a statistic with what the cloud has."""
    rows = await rows_of(home, expected, start)
    assert len(rows) >= expected.least_hours
    assert expected.missing(rows, start) == []
    assert expected.wrong(rows) == []


async def test_energy_dashboard(home: Hass) -> None:
    shown = await stored(home)
    assert shown is not None
    assert shown.energy_sources
    assert shown.device_consumption
    assert await problems_of_energy(home) == []


@pytest.mark.usefixtures("demo")
def test_log(running: ExitStack, directory: Path) -> None:
    """It holds no warning or error of the integration, also not of Home Assistant's end."""
    running.close()
    assert complaints(directory / "home-assistant.log") == []
