"""Devices follow the cloud: their tree, names, coming and going."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util.async_ import create_eager_task
from homeassistant.util.event_type import EventType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck import devices, permissions
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import THREE_SITES, setup

from .conftest import Pass
from .support import entity_of, named, state_of, value_of

type Find = Callable[[str, str], dr.DeviceEntry | None]


@pytest.fixture
def device(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> Find:
    """Return what finds the device of a kind and an id."""

    def find(kind: str, item: str) -> dr.DeviceEntry | None:
        return dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, f"{kind}:{item}"), gridduck_entry.entry_id
        )

    return find


def there(found: dr.DeviceEntry | None) -> dr.DeviceEntry:
    assert found is not None
    return found


async def test_tree(account: GridDuckAccount, world: World, device: Find) -> None:
    """Site, gateway, asset, and an asset behind another one."""
    circuit = world.assets[named(world, "Lighting circuit")]
    assert circuit.parent is not None
    assert circuit.parent.gateway is not None
    child, parent = there(device("asset", circuit.id)), there(device("asset", circuit.parent.id))
    gateway = there(device("gateway", circuit.parent.gateway.id))
    site = there(device("site", circuit.site.id))
    assert child.via_device_id == parent.id
    assert parent.via_device_id == gateway.id
    assert gateway.via_device_id == site.id
    assert site.via_device_id is None
    assert (child.name, child.model, child.manufacturer) == (
        "Lighting circuit",
        "CLP-60",
        "GridDuck",
    )
    assert child.serial_number == f"GD{circuit.number:08d}"
    assert (site.name, site.entry_type) == ("Harbour Office", dr.DeviceEntryType.SERVICE)
    bare = there(device("asset", named(world, 'Café "Quayside", freezer')))
    assert bare.via_device_id == site.id


async def test_a_meter_and_its_circuit_on_different_gateways(
    hass: HomeAssistant, account: GridDuckAccount, world: World, device: Find, passing: Pass
) -> None:
    """Each command to the one and the other leaves both where they are."""
    circuit = world.assets[named(world, "Lighting circuit")]
    assert circuit.parent is not None
    meter = circuit.parent
    assert meter.gateway is not None
    world.set_field(circuit.id, "gateway_id", "another")
    world.set_field(circuit.id, "gateway_name", "Another hub")
    await passing(60)
    moved = list[str]()

    @callback
    def changed(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        moved.append(event.data["device_id"])

    hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, changed)
    for asset_id in (circuit.id, meter.id, circuit.id):
        world.command(asset_id, "boost", 600)
        world.rename_asset(asset_id, world.assets[asset_id].name + "+")
        await passing(60)
        assert there(device("asset", meter.id)).via_device_id == (
            there(device("gateway", meter.gateway.id)).id
        )
        assert there(device("asset", circuit.id)).via_device_id == (
            there(device("asset", meter.id)).id
        )
    assert there(device("gateway", "another")).name == "Another hub"
    # Each has its new name, and nothing else has changed.
    assert len(moved) == 3


async def test_names_follow(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    device: Find,
    passing: Pass,
    lamp: str,
) -> None:
    """A new name shows without a reload; a name that the user gave stays."""
    kettle = named(world, "Kettle")
    dr.async_get(hass).async_update_device(there(device("asset", kettle)).id, name_by_user="Mine")
    site = world.assets[lamp].site.id
    world.rename_asset(lamp, "Desk lamp")
    world.rename_asset(kettle, "Boiler")
    world.rename_site(site, "Quay Office")
    await passing(60)
    assert there(device("asset", lamp)).name == "Desk lamp"
    assert there(device("asset", kettle)).name == "Boiler"
    assert there(device("asset", kettle)).name_by_user == "Mine"
    assert there(device("site", site)).name == "Quay Office"
    switch = state_of(hass, Platform.SWITCH, lamp, "switch")
    assert switch.attributes["friendly_name"] == "Desk lamp"


async def test_nameless(
    account: GridDuckAccount, world: World, device: Find, passing: Pass, lamp: str
) -> None:
    world.set_field(lamp, "name", None)
    world.set_field(lamp, "gateway_id", "hub 7")
    world.set_field(lamp, "gateway_name", None)
    await passing(60)
    assert there(device("asset", lamp)).name == "PLU-UK"
    assert there(device("gateway", "hub 7")).name == "hub 7"
    world.set_field(lamp, "sku", None)
    world.set_field(lamp, "site_id", None)
    world.set_field(lamp, "gateway_id", None)
    await passing(60)
    assert there(device("asset", lamp)).name == lamp
    assert there(device("asset", lamp)).via_device_id is None


async def test_new_asset(
    hass: HomeAssistant, account: GridDuckAccount, world: World, device: Find, passing: Pass
) -> None:
    """A new asset appears with its entities, without a reload."""
    new = world.add_asset("New plug", consumption=7)
    await passing(60)
    assert there(device("asset", new)).name == "New plug"
    assert value_of(hass, new, "power") == "7.0"
    assert entity_of(hass, Platform.SWITCH, new, "switch") == "switch.harbour_office_new_plug"
    child = world.add_asset("Child", parent_id=new)
    await passing(60)
    assert there(device("asset", child)).via_device_id == there(device("asset", new)).id


@contextmanager
def per_turn(hass: HomeAssistant, kind: EventType[Any], action: str) -> Generator[list[int]]:
    """Count the changes of a registry in each turn of the event loop."""
    counts = [0]

    @callback
    def changed(event: Event[Any]) -> None:
        counts[-1] += event.data["action"] == action

    async def next_turn() -> None:
        while True:
            await asyncio.sleep(0)
            counts.append(0)

    stop, turns = hass.bus.async_listen(kind, changed), create_eager_task(next_turn())
    yield counts
    turns.cancel()
    stop()


@THREE_SITES
async def test_many_devices_of_a_new_account(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, world: World
) -> None:
    """They are registered a few at a time, and others run in between."""
    with per_turn(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED, "create") as counts:
        await setup(hass, gridduck_entry)
    assert sum(counts) > 4 * devices.REGISTERED_AT_ONCE
    # The last asset of a batch may come with its site, its gateway and a meter above it.
    assert max(counts) <= devices.REGISTERED_AT_ONCE + 3


async def test_many_changes_at_once(
    hass: HomeAssistant, account: GridDuckAccount, world: World, device: Find, passing: Pass
) -> None:
    """Devices come, change and go a few at a time, and each is there before its entities."""
    without_device = list[str]()

    @callback
    def created(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        entry = er.async_get(hass).async_get(event.data["entity_id"])
        if event.data["action"] == "create" and (entry is None or entry.device_id is None):
            without_device.append(event.data["entity_id"])

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, created)
    with per_turn(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED, "create") as counts:
        new = [world.add_asset(f"New {number}") for number in range(40)]
        await passing(60)
    assert sum(counts) == len(new)
    assert max(counts) <= devices.REGISTERED_AT_ONCE
    assert {entity_of(hass, Platform.SWITCH, one, "switch") for one in new}.isdisjoint({None})
    assert not without_device
    with per_turn(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED, "update") as counts:
        for number, one in enumerate(new):
            world.rename_asset(one, f"Newer {number}")
        await passing(60)
    assert sum(counts) == len(new)
    assert max(counts) <= devices.REGISTERED_AT_ONCE
    with per_turn(hass, er.EVENT_ENTITY_REGISTRY_UPDATED, "remove") as counts:
        for one in new:
            world.set_field(one, "read_only", value=True)
        await passing(60)
    assert sum(counts) >= 2 * len(new)
    # The last asset of a batch loses all of its entities.
    assert max(counts) <= permissions.REMOVED_AT_ONCE + sum(counts) / len(new)
    assert {entity_of(hass, Platform.SWITCH, one, "switch") for one in new} == {None}
    with per_turn(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED, "remove") as counts:
        for one in new:
            world.remove_asset(one)
        for _ in range(3):
            await passing(60)
    assert sum(counts) == len(new)
    assert max(counts) <= devices.REMOVED_AT_ONCE
    assert {device("asset", one) for one in new} == {None}


async def test_gone_after_three_polls(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    device: Find,
    passing: Pass,
    lamp: str,
) -> None:
    gone = there(device("asset", lamp))
    world.remove_asset(lamp)
    await passing(60)
    await passing(60)
    assert value_of(hass, lamp, "power") != "unavailable"
    assert account.knows(gone)
    await passing(60)
    assert device("asset", lamp) is None
    assert not account.knows(gone)
    assert entity_of(hass, Platform.SENSOR, lamp, "power") is None
    assert hass.states.get("switch.harbour_office_lamp") is None


async def test_back_again(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    device: Find,
    passing: Pass,
    lamp: str,
) -> None:
    asset = world.assets[lamp]
    world.remove_asset(lamp)
    for _ in range(3):
        await passing(60)
    assert device("asset", lamp) is None
    world.assets[lamp] = asset
    await passing(60)
    assert there(device("asset", lamp)).name == "Lamp"
    assert entity_of(hass, Platform.SWITCH, lamp, "switch") == "switch.harbour_office_lamp"
    assert hass.states.get("switch.harbour_office_lamp") is not None


async def test_a_parent_that_goes_leaves_its_children(
    account: GridDuckAccount, world: World, device: Find, passing: Pass
) -> None:
    circuit = world.assets[named(world, "Lighting circuit")]
    assert circuit.parent is not None
    assert circuit.gateway is not None
    meter, gateway = circuit.parent, circuit.gateway
    world.remove_asset(meter.id)
    # The cloud may name a parent that it no longer lists.
    world.set_field(circuit.id, "parent_asset", meter.id)
    for _ in range(3):
        await passing(60)
    assert device("asset", meter.id) is None
    assert (
        there(device("asset", circuit.id)).via_device_id == there(device("gateway", gateway.id)).id
    )


@THREE_SITES
async def test_a_site_that_goes_takes_its_gateways(
    hass: HomeAssistant, account: GridDuckAccount, world: World, device: Find, passing: Pass
) -> None:
    site = [*world.sites.values()][-1]
    gone = [there(device("gateway", gateway.id)) for gateway in site.gateways]
    for asset_id in world.ids(site_id=site.id):
        world.remove_asset(asset_id)
    await passing(60)
    assert all(account.knows(gateway) for gateway in gone)
    for _ in range(2):
        await passing(60)
    assert device("site", site.id) is None
    for gateway in site.gateways:
        assert device("gateway", gateway.id) is None
    assert entity_of(hass, Platform.SENSOR, site.id, "power") is None


@THREE_SITES
async def test_one_bad_list_removes_nothing(
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    device: Find,
    passing: Pass,
    lamp: str,
) -> None:
    """An empty answer, or one that lacks entries by its own count, proves nothing."""
    empty: dict[str, object] = {
        "results": [],
        "pagination": {"offset": 0, "limit": 100, "total": 0},
    }
    short: dict[str, object] = {"results": []}
    for patch, times in ((empty, 2), (short, 5)):
        simulator.faults.add(
            Fault(service="gridduck", path=r"/asset/\?", kind="patch", patch=patch, count=times)
        )
        for _ in range(times):
            await passing(60)
        assert device("asset", lamp) is not None
        await passing(60)
    assert device("asset", lamp) is not None


async def test_gone_while_home_assistant_was_down(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    device: Find,
    passing: Pass,
) -> None:
    gridduck_entry.add_to_hass(hass)
    registry = dr.async_get(hass)
    for identifier in ("asset:old", "gateway:old", "site:old", "else"):
        registry.async_get_or_create(
            config_entry_id=gridduck_entry.entry_id, identifiers={(DOMAIN, identifier)}
        )
    await setup(hass, gridduck_entry)
    await passing(60)
    assert device("asset", "old") is not None
    await passing(60)
    for kind in ("asset", "gateway", "site"):
        assert device(kind, "old") is None


async def test_everything_is_looked_at_after_an_outage(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    device: Find,
    passing: Pass,
    lamp: str,
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=r"/asset/\?", status=500, count=4))
    world.rename_asset(lamp, "Desk lamp")
    for _ in range(5):
        await passing(60)
    assert there(device("asset", lamp)).name == "Desk lamp"


async def test_what_a_device_is(
    hass: HomeAssistant, account: GridDuckAccount, world: World, device: Find, lamp: str
) -> None:
    site, gateway = world.assets[lamp].site, world.assets[lamp].gateway
    assert gateway is not None
    lamp_device = there(device("asset", lamp))
    site_device = there(device("site", site.id))
    gateway_device = there(device("gateway", gateway.id))
    assert account.asset_of(lamp_device) == lamp
    assert account.asset_of(site_device) is None
    assert all(account.knows(one) for one in (lamp_device, site_device, gateway_device))
    assert [one["id"] for one in account.device_diagnostics(lamp_device)["assets"]] == [lamp]
    of_site = account.device_diagnostics(site_device)["assets"]
    assert {one["id"] for one in of_site} == set(world.ids(site_id=site.id))
    assert lamp in {one["id"] for one in account.device_diagnostics(gateway_device)["assets"]}
    stranger = dr.async_get(hass).async_get_or_create(
        config_entry_id=account.entry.entry_id, identifiers={(DOMAIN, "stranger")}
    )
    assert not account.knows(stranger)
    assert account.asset_of(stranger) is None
    assert account.device_diagnostics(stranger) == {"assets": []}


async def test_a_device_that_was_removed_elsewhere(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    device: Find,
    passing: Pass,
    lamp: str,
) -> None:
    dr.async_get(hass).async_remove_device(there(device("asset", lamp)).id)
    world.remove_asset(lamp)
    for _ in range(3):
        await passing(60)
    assert device("asset", lamp) is None
    assert account.assets.last_update_success
