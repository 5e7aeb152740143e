"""What is registered of an account at first, and that what was there before stays as it was."""

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck import devices
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup

from .support import IDENTITY, entity_of, named, state_of

COUNTS = ("assets_online", "assets_disconnected", "assets_snoozed")


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites."""
    return Options()


def unit_of(hass: HomeAssistant, item: str, key: str) -> str | None:
    return state_of(hass, Platform.SENSOR, item, key).attributes.get(ATTR_UNIT_OF_MEASUREMENT)


def device_of(hass: HomeAssistant, entry: MockConfigEntry, kind: str, item: str) -> dr.DeviceEntry:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{kind}:{item}"), entry.entry_id
    )
    assert device is not None
    return device


async def test_a_new_account(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    world: World,
    lamp: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # At the usual address the dashboard is known.
    monkeypatch.setattr(devices, "BASE_URL", simulator.gridduck.base_url)
    world.set_field(lamp, "consumption", 27_207)
    await setup(hass, gridduck_entry)
    asset = world.assets[lamp]
    assert asset.gateway is not None
    area = ar.async_get(hass).async_get_area_by_name(asset.site.name)
    assert area is not None
    for kind, item in (("site", asset.site.id), ("gateway", asset.gateway.id), ("asset", lamp)):
        device = device_of(hass, gridduck_entry, kind, item)
        assert (device.area_id, device.configuration_url) == (area.id, devices.DASHBOARD), kind
    assert len(ar.async_get(hass).areas) == len(world.sites)

    assert state_of(hass, Platform.SENSOR, lamp, "power").state == "27.207"
    assert unit_of(hass, lamp, "power") == unit_of(hass, asset.site.id, "power") == "kW"
    assert unit_of(hass, named(world, "Heat pump"), "power") == "W"
    assert [unit_of(hass, asset.site.id, key) for key in COUNTS] == [None] * len(COUNTS)

    registry = er.async_get(hass)
    for one in world.assets.values():
        entity_id = entity_of(hass, Platform.SWITCH, one.id, "switch")
        if entity_id is not None:
            measures_others = any(other.parent is one for other in world.assets.values())
            assert registry.entities[entity_id].disabled is measures_others, one.name


async def test_an_account_from_before(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, world: World, lamp: str
) -> None:
    """Statistics and automations count on the units; what was enabled stays so."""
    meter, site = named(world, "Main meter"), world.assets[lamp].site.id
    world.set_field(lamp, "consumption", 27_207)
    before = {
        (lamp, "power"): "W",
        (site, "power"): "W",
        **{(site, key): "assets" for key in COUNTS},
    }
    registry = er.async_get(hass)
    for (item, key), unit in before.items():
        registry.async_get_or_create(
            Platform.SENSOR, DOMAIN, f"{IDENTITY}_{item}_{key}", unit_of_measurement=unit
        )
    registry.async_get_or_create(Platform.SWITCH, DOMAIN, f"{IDENTITY}_{meter}_switch")
    await setup(hass, gridduck_entry)
    assert {(item, key): unit_of(hass, item, key) for item, key in before} == before
    assert state_of(hass, Platform.SENSOR, lamp, "power").state == "27207.0"
    assert state_of(hass, Platform.SWITCH, meter, "switch").state == "on"
    # The dashboard of an address that is not the usual one is not known.
    assert device_of(hass, gridduck_entry, "asset", lamp).configuration_url is None
