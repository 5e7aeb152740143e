"""What a target means: a site its assets, a facility its line, an entity its device."""

from collections.abc import Callable, Mapping

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
import pytest

from custom_components.gridduck_heimdall.automation.targets import with_all_beneath
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.gridduck.world import World
from tests.gridduck.conftest import Pass
from tests.gridduck.support import entity_of
from tests.heimdall.home import Home

from .support import TWO_LINES, automate, checker, current, device, reports_of

pytestmark = TWO_LINES

OVERLOAD, EASY = 5000.0, 10.0

type Find = Callable[[str, str], dr.DeviceEntry]
type Target = Mapping[str, object]


@pytest.fixture
def find(hass: HomeAssistant, account: GridDuckAccount) -> Find:
    """Return what finds the device of a site, gateway or asset."""

    def found(kind: str, item: str) -> dr.DeviceEntry:
        device = dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, f"{kind}:{item}"), account.entry.entry_id
        )
        assert device is not None
        return device

    return found


def override(hass: HomeAssistant, asset_id: str) -> str:
    """Return the entity that shows whether an asset is boosted or snoozed."""
    found = entity_of(hass, Platform.SENSOR, asset_id, "override")
    assert found is not None
    return found


def marked(hass: HomeAssistant, device: dr.DeviceEntry, how: str) -> Target:
    """Put a device into an area, a floor or a label, and return that as a target."""
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    if how == "label_id":
        found = lr.async_get(hass).async_create("Flexible").label_id
        devices.async_update_device(device.id, labels={found})
        return {how: found}
    floor = fr.async_get(hass).async_create("Ground")
    area = areas.async_create("Campus", floor_id=floor.floor_id)
    devices.async_update_device(device.id, area_id=area.id)
    return {how: area.id if how == "area_id" else floor.floor_id}


WAYS = ["site", "gateway", "area_id", "floor_id", "label_id", "power", "switch"]


@pytest.fixture(params=WAYS)
def target(
    request: pytest.FixtureRequest, hass: HomeAssistant, world: World, lamp: str, find: Find
) -> Target:
    """Return a target that leads to the lamp, though not to the sensor of its override."""
    asset = world.assets[lamp]
    assert asset.gateway is not None
    match request.param:
        case "site":
            return {"device_id": [find("site", asset.site.id).id]}
        case "gateway":
            return {"device_id": find("gateway", asset.gateway.id).id}
        case "power":
            return {"entity_id": entity_of(hass, Platform.SENSOR, asset.site.id, "power")}
        case "switch":
            return {"entity_id": entity_of(hass, Platform.SWITCH, lamp, "switch")}
        case how:
            return marked(hass, find("site", asset.site.id), how)


async def test_triggers(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: Target
) -> None:
    reported = await automate(hass, "boost_started", target)
    world.command(lamp, "boost", 3600)
    await passing(60)
    assert reports_of(reported, "entity_id") == [override(hass, lamp)]


async def test_conditions(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: Target
) -> None:
    boosted = await checker(hass, "asset_is_boosted", target)
    connected = await checker(hass, "asset_is_connected", target, behavior="all")
    for asset_id in world.assets:
        world.reconnect(asset_id)
    await passing(60)
    assert (boosted(), connected()) == (False, True)
    world.command(lamp, "boost", 3600)
    await passing(60)
    assert boosted()
    world.disconnect(lamp)
    await passing(60)
    assert not connected()


async def test_all_and_any(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find
) -> None:
    site = world.assets[lamp].site
    target = {"device_id": find("site", site.id).id}
    some = await checker(hass, "asset_is_snoozed", target)
    every = await checker(hass, "asset_is_snoozed", target, behavior="all")
    here = [asset.id for asset in world.assets.values() if asset.site is site]
    for asset_id in here:
        world.reconnect(asset_id)
    for asset_id in here[1:]:
        world.command(asset_id, "snooze", 3600)
    await passing(60)
    assert (some(), every()) == (True, False)
    world.command(here[0], "snooze", 3600)
    await passing(60)
    assert (some(), every()) == (True, True)


async def test_an_asset_that_appears_later(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find
) -> None:
    site = world.assets[lamp].site
    target = {"device_id": find("site", site.id).id}
    reported = await automate(hass, "snooze_started", target)
    snoozed = await checker(hass, "asset_is_snoozed", target)
    new = world.add_asset("Newcomer", site_id=site.id)
    await passing(60)
    assert not snoozed()
    world.command(new, "snooze", 3600)
    await passing(60)
    assert reports_of(reported, "entity_id") == [override(hass, new)]
    assert snoozed()


async def test_a_site_while_its_account_is_not_in_use(
    hass: HomeAssistant,
    world: World,
    account: GridDuckAccount,
    passing: Pass,
    lamp: str,
    find: Find,
) -> None:
    """Whatever changes in the registries meanwhile, its assets are followed afterwards."""
    target = {"device_id": find("site", world.assets[lamp].site.id).id}
    await hass.config_entries.async_unload(account.entry.entry_id)
    reported = await automate(hass, "boost_started", target)
    await hass.config_entries.async_setup(account.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    world.command(lamp, "boost", 3600)
    await passing(60)
    assert reports_of(reported, "entity_id") == [override(hass, lamp)]


@pytest.mark.parametrize("by", ["asset", "switch", "site"])
async def test_what_is_excluded(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find, by: str
) -> None:
    site = find("site", world.assets[lamp].site.id)
    exclude: Mapping[str, Target] = {
        "asset": {"device_id": find("asset", lamp).id},
        "switch": {"entity_id": [str(entity_of(hass, Platform.SWITCH, lamp, "switch"))]},
        "site": {"device_id": site.id},
    }
    target = {"device_id": [site.id, find("asset", lamp).id], "exclude": exclude[by]}
    reported = await automate(hass, "boost_started", target)
    snoozed = await checker(hass, "asset_is_boosted", target)
    world.command(lamp, "boost", 3600)
    await passing(60)
    assert not reported
    assert not snoozed()


async def test_it_is_the_same_as_in_actions(hass: HomeAssistant, account: GridDuckAccount) -> None:
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), account.entry.entry_id)
    sizes = set[int]()
    for one in devices:
        found = with_all_beneath(hass, {"device_id": one.id}, set())
        assets = account.assets_under([one])
        assert {override(hass, asset) for asset in assets} == found & {
            override(hass, asset) for asset in account.assets.data
        }
        sizes.add(len(assets))
    assert max(sizes) > 1


async def test_what_is_hidden_does_not_count(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find
) -> None:
    er.async_get(hass).async_update_entity(
        override(hass, lamp), hidden_by=er.RegistryEntryHider.USER
    )
    reported = await automate(
        hass, "boost_started", {"device_id": find("site", world.assets[lamp].site.id).id}
    )
    world.command(lamp, "boost", 3600)
    await passing(60)
    assert not reported


@pytest.mark.parametrize(("kind", "key"), [("facility", None), ("line", "current")])
async def test_a_facility_and_an_entity_mean_the_line(
    home: Home, hass: HomeAssistant, kind: str, key: str | None
) -> None:
    await home.open()
    target: Target = device(home, kind, home.facility if kind == "facility" else home.line)
    if key is not None:
        target = {"entity_id": home.entity_id(home.line, key)}
    reported = await automate(hass, "line_became_congested", target)
    congested = await checker(hass, "line_is_congested", target)
    stays = await checker(hass, "capacity_forecast_stays_above", target, threshold=1, hours=6)
    await current(home, EASY)
    assert not congested()
    await current(home, OVERLOAD)
    assert congested()
    assert stays()
    assert reports_of(reported, "entity_id") == [home.entity_id(home.line, "loading")]


async def test_a_line_does_not_mean_its_spans(home: Home, hass: HomeAssistant) -> None:
    await home.open(spans=True)
    found = with_all_beneath(hass, device(home, "facility", home.facility), set())
    entities = er.async_get(hass)
    keys = [one.translation_key for one in map(entities.async_get, found) if one is not None]
    assert keys.count("clearance_min") == 1
