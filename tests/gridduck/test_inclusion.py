"""Sites that the options of an account include, and what is left out."""

from collections.abc import Callable

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.entity_choice import EntityChoice, Extent
from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE, UNASSIGNED, Inclusion
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup

from .conftest import Pass
from .support import LIST_PATH, entity_of, named, value_of

LAMP = "Lamp"


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites."""
    return Options()


@pytest.fixture
def lamp(world: World) -> str:
    return named(world, LAMP)


@pytest.fixture
def other(world: World, lamp: str) -> str:
    """Return an asset at another site than the lamp."""
    here = world.assets[lamp].site
    return next(asset.id for asset in world.assets.values() if asset.site is not here)


@pytest.fixture
def known(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> Callable[[], set[str]]:
    """Return what returns the identifiers of all devices of the account."""

    def find() -> set[str]:
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), gridduck_entry.entry_id)
        return {item for device in devices for _, item in device.identifiers}

    return find


async def include(hass: HomeAssistant, entry: MockConfigEntry, *parts: str) -> None:
    """Choose what to include, in the options of an account that is in use."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(
        result["flow_id"], {CONF_INCLUDE: list(parts), "data_hook": False}
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_what_is_left_out_goes_and_comes_back(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    known: Callable[[], set[str]],
    lamp: str,
    other: str,
) -> None:
    """Devices and entities go at once, and return with the same unique ids."""
    await setup(hass, gridduck_entry)
    # Which assets have a temperature is found out bit by bit.
    await passing(300)
    before, registry = known(), er.async_get(hass)
    entities = {
        one.unique_id: one.entity_id
        for one in er.async_entries_for_config_entry(registry, gridduck_entry.entry_id)
    }
    site = world.assets[lamp].site
    await include(hass, gridduck_entry, site.id)
    here = [asset for asset in world.assets.values() if asset.site is site]
    gateways = {asset.gateway.id for asset in here if asset.gateway is not None}
    assert known() == {
        f"site:{site.id}",
        *(f"asset:{asset.id}" for asset in here),
        *(f"gateway:{gateway}" for gateway in gateways),
    }
    assert entity_of(hass, Platform.SENSOR, other, "power") is None
    assert value_of(hass, lamp, "power") not in {"unknown", "unavailable"}
    await include(hass, gridduck_entry)
    assert known() == before
    await passing(300)
    assert entities == {
        one.unique_id: one.entity_id
        for one in er.async_entries_for_config_entry(registry, gridduck_entry.entry_id)
    }


async def test_no_call_for_what_is_left_out(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    await setup(hass, gridduck_entry)
    await include(hass, gridduck_entry, world.assets[lamp].site.id)
    simulator.calls.clear()
    for _ in range(15):
        await passing(60)
    await hass.async_block_till_done(wait_background_tasks=True)
    here = {asset.id for asset in world.assets.values() if asset.site is world.assets[lamp].site}
    about = {call.path.split("/")[2] for call in simulator.calls.list(path="/telemetry/")}
    assert about <= here


async def test_a_new_asset_and_a_new_site(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    known: Callable[[], set[str]],
    lamp: str,
    other: str,
) -> None:
    """An asset appears where its site is included; a site that is not chosen does not."""
    await setup(hass, gridduck_entry)
    site = world.assets[lamp].site
    await include(hass, gridduck_entry, site.id)
    new = world.add_asset("New plug", consumption=7)
    stranger = world.add_asset("Stranger", consumption=7)
    world.set_field(new, "site_id", site.id)
    world.set_field(stranger, "site_id", "somewhere new")
    await passing(60)
    assert f"asset:{new}" in known()
    assert f"asset:{stranger}" not in known()
    # It moves: with the next list it has left.
    world.set_field(new, "site_id", "somewhere new")
    await passing(60)
    assert f"asset:{new}" not in known()


async def test_assets_without_a_site(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    known: Callable[[], set[str]],
    lamp: str,
    other: str,
) -> None:
    """They can be chosen like a site, and are left out where others alone are."""
    world.set_field(lamp, "site_id", None)
    world.set_field(lamp, "site_name", None)
    await setup(hass, gridduck_entry)
    await include(hass, gridduck_entry, UNASSIGNED)
    assert f"asset:{lamp}" in known()
    assert f"asset:{other}" not in known()
    await include(hass, gridduck_entry, world.assets[other].site.id)
    assert f"asset:{lamp}" not in known()
    assert f"asset:{other}" in known()


async def test_a_meter_at_another_site(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    lamp: str,
    other: str,
) -> None:
    """A meter whose parent is left out hangs from its site, and counts as a meter of its own."""
    world.set_field(lamp, "parent_asset", other)
    world.set_field(lamp, "gateway_id", None)
    await setup(hass, gridduck_entry)
    registry, entry_id = dr.async_get(hass), gridduck_entry.entry_id
    site = world.assets[lamp].site
    await include(hass, gridduck_entry, site.id)
    device = registry.async_get_device_by_identifier((DOMAIN, f"asset:{lamp}"), entry_id)
    above = registry.async_get_device_by_identifier((DOMAIN, f"site:{site.id}"), entry_id)
    assert device is not None
    assert above is not None
    assert device.via_device_id == above.id
    roots = gridduck_entry.runtime_data.assets.inventory.sites[site.id].roots
    assert lamp in {asset.id for asset in roots}
    every = EntityChoice(extent=Extent.ALL)
    account = gridduck_entry.runtime_data
    count = await account.async_count_enabled(every, Inclusion())
    assert count == await account.async_count_enabled(every, Inclusion(frozenset({site.id})))
    assert count > await account.async_count_enabled(every, Inclusion(frozenset({"none"})))


async def test_an_incomplete_list_removes_nothing(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    known: Callable[[], set[str]],
    lamp: str,
) -> None:
    await setup(hass, gridduck_entry)
    await include(hass, gridduck_entry, world.assets[lamp].site.id)
    before = known()
    patch: dict[str, object] = {
        "results": [],
        "pagination": {"offset": 0, "limit": 100, "total": 6},
    }
    fault = Fault(service="gridduck", path=LIST_PATH, kind="patch", patch=patch)
    simulator.faults.add(fault)
    for _ in range(5):
        await passing(60)
    assert known() == before


async def test_a_message_about_what_is_left_out(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    gridduck_entry: MockConfigEntry,
    world: World,
    lamp: str,
    other: str,
) -> None:
    """A data hook ignores it."""
    assert await async_setup_component(hass, "http", {})
    assert await async_setup_component(hass, "webhook", {})
    options = {CONF_INCLUDE: [world.assets[lamp].site.id], "data_hook": True, "webhook_id": "hook"}
    object.__setattr__(gridduck_entry, "options", options)
    await setup(hass, gridduck_entry)
    client = await hass_client_no_auth()
    message = [{"id": lamp, "consumption": 41}, {"id": other, "consumption": 42}]
    response = await client.post("/api/webhook/hook", json=message)
    assert await response.json() == {"updated": 1, "ignored": 1}
    assert value_of(hass, lamp, "power") == "41.0"


async def test_actions_pass_over_what_is_left_out(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, world: World, lamp: str, other: str
) -> None:
    """A boost that runs there goes on; the device of the asset is no target any more."""
    world.command(other, "boost", 600)
    await setup(hass, gridduck_entry)
    account = gridduck_entry.runtime_data
    assert account.has_asset(other)
    await include(hass, gridduck_entry, world.assets[lamp].site.id)
    account = gridduck_entry.runtime_data
    assert not account.has_asset(other)
    assert account.diagnostics()["counts"]["excluded"] > 0
    assert account.diagnostics()["list"]["complete"]
    assert world.record(other)["boost_finish"]


async def test_none_of_what_is_chosen_is_left(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    lamp: str,
) -> None:
    """A repair says so, the form shows the choice by its id, and another choice ends both."""
    object.__setattr__(gridduck_entry, "options", {CONF_INCLUDE: ["gone"]})
    await setup(hass, gridduck_entry)
    issue = f"nothing_included_{gridduck_entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None
    await include(hass, gridduck_entry, "gone")
    assert gridduck_entry.options[CONF_INCLUDE] == ["gone"]
    await include(hass, gridduck_entry, world.assets[lamp].site.id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None
    assert value_of(hass, lamp, "power") not in {"unknown", "unavailable"}
    await include(hass, gridduck_entry)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None
