"""What the target of an action means: what leads to assets, and what is excluded."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.const import ATTR_AREA_ID, ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_LABEL_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    label_registry as lr,
)
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.actions.targets import async_accounts_and_devices
from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Fault
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask, first_device

from .test_services import HOUR, act, controllable, device, entity, puts


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites."""
    return Options()


def group(hass: HomeAssistant, entry: MockConfigEntry, kind: str, item_id: str) -> str:
    """Return the id of the device of a site or gateway."""
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{kind}:{item_id}"), entry.entry_id
    )
    assert found is not None
    return found.id


def asked(simulator: Simulator) -> set[str]:
    """Return the ids of the assets to which commands came."""
    return {call.path.rpartition("/")[2] for call in puts(simulator)}


@pytest.mark.parametrize("by", ["device", "entity", "label", "gateway", "site"])
async def test_what_is_excluded_is_left_alone(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator, by: str
) -> None:
    """Whether it is named itself, or belongs to something that is."""
    world = simulator.gridduck.world
    assets = (world.assets[one] for one in controllable(simulator))
    # The switch of an asset that measures others is disabled at first.
    left = next(one for one in assets if one.gateway is not None and not one.children)
    assert left.gateway is not None
    here = {one.id for one in world.assets.values() if one.site is left.site}
    without: set[str] = {left.id}
    label = lr.async_get(hass).async_create("Never").label_id
    dr.async_get(hass).async_update_device(device(hass, account, left.id), labels={label})
    exclude: dict[str, Any]
    match by:
        case "device":
            exclude = {ATTR_DEVICE_ID: [device(hass, account, left.id)]}
        case "entity":
            exclude = {ATTR_ENTITY_ID: [entity(hass, account, left.id, "switch")]}
        case "label":
            exclude = {ATTR_LABEL_ID: [label]}
        case _:
            item = left.gateway.id if by == "gateway" else left.site.id
            exclude = {ATTR_DEVICE_ID: [group(hass, account, by, item)]}
            without = {
                one for one in here if by == "site" or world.assets[one].gateway is left.gateway
            }
    elsewhere = next(one for one in controllable(simulator) if one not in here)
    target = {
        ATTR_DEVICE_ID: [
            group(hass, account, "site", left.site.id),
            device(hass, account, left.id),
            device(hass, account, elsewhere),
        ],
        "exclude": exclude,
    }
    await act(hass, "snooze", target, duration=HOUR)
    able = {one for one in here if not world.record(one)["read_only"]}
    assert asked(simulator) == able - without | {elsewhere}


async def test_what_was_controlled_is_answered(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    first, second = controllable(simulator)[:2]
    devices = [device(hass, account, one) for one in (first, second)]
    answer = await ask(hass, "snooze", device_id=devices, duration=HOUR)
    end = (dt_util.utcnow() + timedelta(**HOUR)).replace(microsecond=0)
    assert {one["device_id"]: one["name"] for one in answer["assets"]} == {
        its: simulator.gridduck.world.assets[one].name
        for one, its in zip((first, second), devices, strict=True)
    }
    for one in answer["assets"]:
        assert abs(datetime.fromisoformat(one["until"]) - end) <= timedelta(seconds=2)
    assert not answer["failed"]
    answer = await ask(hass, "resume", device_id=devices[0])
    name = simulator.gridduck.world.assets[first].name
    assert answer == {
        "assets": [{"name": name, "device_id": devices[0]}],
        "failed": [],
        "passed_over": [],
    }


@pytest.mark.english
async def test_what_failed_is_answered_too(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    first, second = controllable(simulator)[:2]
    devices = [device(hass, account, one) for one in (first, second)]
    simulator.faults.add(
        Fault(service="gridduck", path=first, method="PUT", status=503, count=None)
    )
    answer = await ask(hass, "boost", device_id=devices, duration=HOUR)
    assert [one["device_id"] for one in answer["assets"]] == [devices[1]]
    (failed,) = answer["failed"]
    assert failed["device_id"] == devices[0]
    assert failed["message"].startswith("GridDuck is in trouble, so ")
    # Where nobody looks at an answer, and where there is nothing good to answer.
    with pytest.raises(HomeAssistantError, match="1 of 2"):
        await act(hass, "boost", {ATTR_DEVICE_ID: devices}, duration=HOUR)
    with pytest.raises(HomeAssistantError, match="GridDuck is in trouble, so "):
        await ask(hass, "boost", device_id=devices[0], duration=HOUR)


@pytest.mark.parametrize("how", ["area", "label"])
async def test_a_gateway_that_an_area_or_a_label_leads_to(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator, how: str
) -> None:
    world = simulator.gridduck.world
    gateway = next(one.gateway for one in world.assets.values() if one.gateway)
    found, devices = group(hass, account, "gateway", gateway.id), dr.async_get(hass)
    if how == "area":
        area = ar.async_get(hass).async_create("Cellar")
        devices.async_update_device(found, area_id=area.id)
        target = {ATTR_AREA_ID: area.id}
    else:
        label = lr.async_get(hass).async_create("Flexible").label_id
        devices.async_update_device(found, labels={label})
        target = {ATTR_LABEL_ID: label}
    await act(hass, "snooze", target, duration=HOUR)
    assert asked(simulator)
    assert asked(simulator) == {
        one.id
        for one in world.assets.values()
        if one.gateway is gateway and not world.record(one.id)["read_only"]
    }


async def test_what_is_excluded_has_no_history_to_import(
    hass: HomeAssistant, account: MockConfigEntry, lines: MockConfigEntry, simulator: Simulator
) -> None:
    world = simulator.gridduck.world
    left = world.assets[controllable(simulator)[0]]
    line = first_device(hass, lines, "line")
    data = {
        ATTR_DEVICE_ID: [
            group(hass, account, "site", left.site.id),
            first_device(hass, lines, "owner"),
        ],
        "exclude": {ATTR_DEVICE_ID: [device(hass, account, left.id), line]},
    }
    found = await async_accounts_and_devices(
        hass, ServiceCall(hass, DOMAIN, "import_history", data)
    )
    for entry, without in ((account, device(hass, account, left.id)), (lines, line)):
        own, excluded = entry.runtime_data, dr.async_get(hass).async_get(without)
        assert excluded is not None
        keys = {key for one in found.found[own] for key in own.importer.keys_of(one)}
        assert keys
        assert keys.isdisjoint(own.importer.keys_of(excluded))
