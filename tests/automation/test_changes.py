"""Targets are looked at anew only after something that may have changed what they mean."""

from collections.abc import Iterator
from unittest.mock import Mock, patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.automation.entity_filter import EntityFilter
from custom_components.gridduck_heimdall.automation.targets import with_all_beneath
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.gridduck.world import World
from tests.gridduck.conftest import Pass

from .support import TWO_LINES, automate, reports_of
from .test_targets import Find, find, override

pytestmark = TWO_LINES

__all__ = ["find"]


@pytest.fixture
def looks() -> Iterator[Mock]:
    """Return what counts how often all that is under a target was looked for."""
    with patch(f"{EntityFilter.__module__}.with_all_beneath", wraps=with_all_beneath) as spy:
        yield spy


@pytest.mark.parametrize("key", ["boost_started", "boost_ended", "asset_disconnected"])
async def test_a_trigger_looks_once(
    hass: HomeAssistant, world: World, lamp: str, find: Find, looks: Mock, key: str
) -> None:
    await automate(hass, key, {"device_id": find("site", world.assets[lamp].site.id).id})
    assert looks.call_count == 1


async def test_what_others_do_is_not_looked_at(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find, looks: Mock
) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    devices, entities = dr.async_get(hass), er.async_get(hass)
    reported = await automate(
        hass, "boost_started", {"device_id": find("site", world.assets[lamp].site.id).id}
    )
    looks.reset_mock()
    for number in range(25):
        device = devices.async_get_or_create(
            config_entry_id=other.entry_id, identifiers={("other", str(number))}
        )
        entity = entities.async_get_or_create(
            "light", "other", str(number), config_entry=other, device_id=device.id
        )
        entities.async_update_entity(entity.entity_id, new_entity_id=f"light.other_{number}_now")
        devices.async_remove_device(device.id)
    # Such as what is exposed to an assistant.
    entities.async_update_entity_options(override(hass, lamp), "conversation", {"expose": True})
    await hass.async_block_till_done()
    assert looks.call_count == 0
    world.command(lamp, "boost", 3600)
    await passing(60)
    assert reports_of(reported, "entity_id") == [override(hass, lamp)]


async def test_a_new_asset(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find, looks: Mock
) -> None:
    reported = await automate(
        hass, "boost_started", {"device_id": find("site", world.assets[lamp].site.id).id}
    )
    looks.reset_mock()
    new = world.add_asset("Newcomer", site_id=world.assets[lamp].site.id)
    await passing(60)
    assert looks.call_count > 0
    world.command(new, "boost", 3600)
    await passing(60)
    assert reports_of(reported, "entity_id") == [override(hass, new)]


@pytest.mark.parametrize("how", ["area_id", "label_id", "floor_id"])
async def test_what_comes_into_the_target_and_leaves_it(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, find: Find, looks: Mock, how: str
) -> None:
    area = ar.async_get(hass).async_create("Campus")
    label = lr.async_get(hass).async_create("Flexible").label_id
    site, devices = find("site", world.assets[lamp].site.id), dr.async_get(hass)
    target = {"area_id": area.id, "label_id": label, "floor_id": "ground"}[how]
    reported = await automate(hass, "boost_started", {how: target})
    for inside in (True, False):
        looks.reset_mock()
        match how:
            case "label_id":
                devices.async_update_device(site.id, labels={label} if inside else set())
            case "area_id":
                devices.async_update_device(site.id, area_id=area.id if inside else None)
            case _:
                devices.async_update_device(site.id, area_id=area.id)
                ar.async_get(hass).async_update(area.id, floor_id="ground" if inside else None)
        await hass.async_block_till_done()
        assert looks.call_count > 0
        world.command(lamp, "boost", 3600)
        await passing(60)
        assert reports_of(reported, "entity_id") == [override(hass, lamp)]
        world.command(lamp, "boost", 0)
        await passing(60)


async def test_what_is_gone_or_hidden(
    hass: HomeAssistant, world: World, lamp: str, find: Find, looks: Mock
) -> None:
    target = {"device_id": find("site", world.assets[lamp].site.id).id}
    await automate(hass, "boost_started", target)
    entities = er.async_get(hass)
    entity_id = override(hass, lamp)
    looks.reset_mock()
    entities.async_update_entity(entity_id, hidden_by=er.RegistryEntryHider.USER)
    assert looks.call_count == 1
    entities.async_update_entity(entity_id, new_entity_id="sensor.elsewhere")
    assert looks.call_count == 2
    entities.async_remove("sensor.elsewhere")
    assert looks.call_count == 3
    dr.async_get(hass).async_remove_device(find("asset", lamp).id)
    assert looks.call_count > 3


async def test_an_account_that_is_not_in_use_any_more(
    hass: HomeAssistant, account: GridDuckAccount, world: World, lamp: str, find: Find, looks: Mock
) -> None:
    """Who is at a site the registry says then."""
    await automate(
        hass, "boost_started", {"device_id": find("site", world.assets[lamp].site.id).id}
    )
    await hass.config_entries.async_unload(account.entry.entry_id)
    looks.reset_mock()
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "one")}
    )
    assert looks.call_count == 1
