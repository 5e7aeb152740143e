"""The actions: whom they reach, what they refuse, what they answer."""

from typing import Any

from homeassistant.auth.models import Group
from homeassistant.auth.permissions import PolicyType
from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.actions.lines import CONGESTION
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.heimdall.line_response import (
    FORECAST_KINDS,
    MEASUREMENT_KINDS,
)
from simulator.calls import Call
from simulator.faults import Fault
from simulator.server import Simulator
from tests.conftest import ask, first_device as line_device, setup

HOUR = {"hours": 1}


def controllable(simulator: Simulator) -> list[str]:
    """Return the ids of assets that are connected and may be controlled."""
    world = simulator.gridduck.world
    return [
        asset_id
        for asset_id in world.ids()
        if (record := world.record(asset_id))
        and not record["read_only"]
        and not record["lost"]
        and record["current_state"] == "ON"
        # The switch of an asset with others behind it is disabled at first.
        and not record["children"]
    ]


def read_only(simulator: Simulator) -> str:
    """Return the id of the asset that may not be controlled."""
    world = simulator.gridduck.world
    return next(key for key in world.ids() if world.record(key)["read_only"])


def device(hass: HomeAssistant, entry: MockConfigEntry, asset_id: str) -> str:
    """Return the id of the device of an asset."""
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"asset:{asset_id}"), entry.entry_id
    )
    assert found
    return found.id


def entity(hass: HomeAssistant, entry: MockConfigEntry, asset_id: str, domain: str) -> str:
    """Return the entity of an asset that says whether it is on."""
    device_id = device(hass, entry, asset_id)
    return next(
        one.entity_id
        for one in er.async_entries_for_device(er.async_get(hass), device_id)
        if one.domain == domain and one.entity_category is None
    )


def puts(simulator: Simulator) -> list[Call]:
    """Return the commands that reached GridDuck."""
    return simulator.calls.list(service="gridduck", method="PUT")


async def act(hass: HomeAssistant, action: str, target: dict[str, Any], **data: object) -> None:
    """Call an action and wait for it."""
    await hass.services.async_call(DOMAIN, action, {**target, **data}, blocking=True)


async def test_snooze_and_resume(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    asset_id = controllable(simulator)[0]
    switch = entity(hass, account, asset_id, "switch")
    await act(hass, "snooze", {ATTR_ENTITY_ID: switch}, duration=HOUR)
    assert [call.body for call in puts(simulator)] == [{"snooze_finish": 3600}]
    assert hass.states.is_state(switch, STATE_OFF)
    await act(hass, "resume", {ATTR_ENTITY_ID: switch})
    assert puts(simulator)[-1].body == {"snooze_finish": 0}
    assert hass.states.is_state(switch, STATE_ON)


async def test_boost_a_device(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    asset_id = controllable(simulator)[0]
    target = {ATTR_DEVICE_ID: device(hass, account, asset_id)}
    await act(hass, "boost", target, duration="00:00:01")
    (call,) = puts(simulator)
    assert call.body == {"boost_finish": 1}
    assert call.path.endswith(asset_id)


async def test_an_asset_that_is_named_twice_is_asked_once(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    first, second = controllable(simulator)[:2]
    target = {
        ATTR_DEVICE_ID: [device(hass, account, first)],
        ATTR_ENTITY_ID: [entity(hass, account, asset, "switch") for asset in (first, second)],
    }
    await act(hass, "snooze", target, duration=HOUR)
    assert len(puts(simulator)) == 2


async def test_named_and_passed_over(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What cannot be controlled keeps none of the others from it, and is answered and logged."""
    hass.states.async_set("light.desk", "on")
    first, second, third = controllable(simulator)[:3]
    bad = read_only(simulator)
    devices = [device(hass, account, one) for one in (first, second, third)]
    dr.async_get(hass).async_update_device(devices[2], disabled_by=dr.DeviceEntryDisabler.USER)
    by_entity = entity(hass, account, bad, "binary_sensor")
    answer = await ask(
        hass,
        "boost",
        device_id=["removed", *devices, device(hass, account, bad)],
        entity_id=["switch.removed", "light.desk", by_entity],
        duration=HOUR,
    )
    assert {one["device_id"] for one in answer["assets"]} == {*devices[:2]}
    world = simulator.gridduck.world
    assert {one["name"]: one["reason"] for one in answer["passed_over"]} == {
        "removed": "missing",
        "switch.removed": "missing",
        "light.desk": "other_integration",
        world.assets[third].name: "disabled",
        world.assets[bad].name: "read_only",
    }
    assert {call.path.rsplit("/", 1)[-1] for call in puts(simulator)} == {first, second}
    assert "Referenced devices removed, entities switch.removed are missing" in caplog.text
    assert "light.desk (other_integration)" in caplog.text
    simulator.calls.clear()
    for target, key in (
        ({ATTR_DEVICE_ID: device(hass, account, bad)}, "asset_read_only"),
        ({ATTR_ENTITY_ID: by_entity}, "asset_read_only"),
        ({ATTR_DEVICE_ID: devices[2]}, "target_disabled"),
        ({ATTR_DEVICE_ID: ["removed"]}, "not_an_asset"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, "boost", target, duration=HOUR)
        assert caught.value.translation_key == key
    assert not puts(simulator)


async def test_an_area_passes_over_what_cannot_be_controlled(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    area = ar.async_get(hass).async_create("Workshop")
    good, bad = controllable(simulator)[0], read_only(simulator)
    for asset_id in (good, bad):
        dr.async_get(hass).async_update_device(device(hass, account, asset_id), area_id=area.id)
    await act(hass, "snooze", {ATTR_AREA_ID: area.id}, duration=HOUR)
    (call,) = puts(simulator)
    assert call.path.endswith(good)


async def test_a_site_means_its_assets(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    """All that may be controlled; the others are passed over."""
    world = simulator.gridduck.world
    site_id = world.assets[read_only(simulator)].site.id
    site = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"site:{site_id}"), account.entry_id
    )
    assert site is not None
    await act(hass, "snooze", {ATTR_DEVICE_ID: site.id}, duration=HOUR)
    asked = [call.path.rpartition("/")[2] for call in puts(simulator)]
    ids = world.ids(site_id=site_id)
    assert sorted(asked) == sorted(one for one in ids if not world.record(one)["read_only"])
    assert 1 < len(asked) < len(ids)


async def test_an_area_without_assets(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    area = ar.async_get(hass).async_create("Attic")
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "snooze", {ATTR_AREA_ID: area.id}, duration=HOUR)
    assert caught.value.translation_key == "no_asset"


@pytest.mark.parametrize("duration", [0, -1, "24:00:01", {"days": 2}, "soon"])
async def test_durations_out_of_range(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator, duration: object
) -> None:
    target = {ATTR_DEVICE_ID: device(hass, account, controllable(simulator)[0])}
    with pytest.raises((vol.Invalid, ServiceValidationError)) as raised:
        await act(hass, "boost", target, duration=duration)
    if isinstance(raised.value, ServiceValidationError):
        assert raised.value.translation_key == "duration_out_of_range"
    assert not puts(simulator)


async def test_not_an_asset(
    hass: HomeAssistant,
    account: MockConfigEntry,
    lines: MockConfigEntry,
    simulator: Simulator,
) -> None:
    """Nothing else than a line, an entity of something else, or what does not exist is named."""
    hass.states.async_set("light.desk", "on")
    registry = dr.async_get(hass)
    strangers: list[dict[str, str]] = [
        {ATTR_ENTITY_ID: "light.desk"},
        {ATTR_ENTITY_ID: "switch.nowhere"},
        {ATTR_DEVICE_ID: "nothing"},
    ]
    line = dr.async_entries_for_config_entry(registry, lines.entry_id)[0]
    strangers.append({ATTR_DEVICE_ID: line.id})
    for target in strangers:
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, "boost", target, duration=HOUR)
        assert caught.value.translation_key == "not_an_asset"
    assert not puts(simulator)


async def test_account_that_is_not_in_use(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    target = {ATTR_DEVICE_ID: device(hass, account, controllable(simulator)[0])}
    await hass.config_entries.async_unload(account.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "boost", target, duration=HOUR)
    assert caught.value.translation_key == "not_in_use"


async def test_users_without_permission(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: Simulator,
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    asset_id = controllable(simulator)[0]
    data = {ATTR_ENTITY_ID: entity(hass, account, asset_id, "switch"), "duration": HOUR}
    by_device = {ATTR_DEVICE_ID: device(hass, account, asset_id), "duration": HOUR}
    for user_id in (hass_read_only_user.id, "nobody"):
        for refused in (data, by_device):
            with pytest.raises(Unauthorized):
                await hass.services.async_call(
                    DOMAIN, "snooze", refused, blocking=True, context=Context(user_id=user_id)
                )
    assert not puts(simulator)
    await hass.services.async_call(
        DOMAIN, "snooze", data, blocking=True, context=Context(user_id=hass_admin_user.id)
    )
    assert len(puts(simulator)) == 1


@pytest.mark.parametrize(
    ("action", "kind", "data"),
    [
        ("get_measurements", "line", {}),
        ("get_forecast", "facility", {}),
        ("get_history", "line", {"kind": "current", "start": "2026-11-18T10:00:00Z"}),
        ("get_telemetry", "asset", {"kind": "energy", "start": "2026-11-18T10:00:00Z"}),
    ],
)
async def test_reading_needs_permission(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    simulator: Simulator,
    hass_read_only_user: MockUser,
    action: str,
    kind: str,
    data: dict[str, Any],
) -> None:
    """Without permission to read there is no answer, and no request to the service."""
    entry = gridduck_entry if kind == "asset" else heimdall_entry
    await setup(hass, entry)
    data = {**data, ATTR_DEVICE_ID: line_device(hass, entry, kind)}
    context = Context(user_id=hass_read_only_user.id)

    async def read() -> object:
        return await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True, context=context
        )

    simulator.calls.clear()
    allowed = hass_read_only_user.permissions
    hass_read_only_user.mock_policy({"entities": {"domains": {"light": True}}})
    with pytest.raises(Unauthorized):
        await read()
    assert not simulator.calls.list()
    hass_read_only_user.permissions = allowed
    assert await read()


async def test_permission_without_entities(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    """Of an asset none of whose entities is registered, it is asked by device, area and domain."""
    first, second = (device(hass, account, one) for one in controllable(simulator)[:2])
    registry, devices = er.async_get(hass), dr.async_get(hass)
    for one in (first, second):
        for entry in er.async_entries_for_device(registry, one, include_disabled_entities=True):
            registry.async_remove(entry.entity_id)
    area = ar.async_get(hass).async_create("Workshop").id
    devices.async_update_device(first, area_id=area)
    control = {"control": True}
    policies: list[tuple[PolicyType, bool]] = [
        ({}, False),
        ({"entities": {"all": {"read": True}}}, False),
        ({"entities": {"all": control}}, True),
        ({"entities": {"domains": {"switch": control}}}, True),
        ({"entities": {"domains": {"light": control}}}, False),
        ({"entities": {"device_ids": {first: control}}}, True),
        ({"entities": {"device_ids": {second: control}}}, False),
        ({"entities": {"area_ids": {area: control}}}, True),
        ({"entities": {"area_ids": {area: {"read": True}}}}, False),
    ]
    for policy, allowed in policies:
        user = MockUser(groups=[Group("Some", policy)]).add_to_hass(hass)
        data = {ATTR_DEVICE_ID: first, "duration": HOUR}
        snooze = hass.services.async_call(
            DOMAIN, "snooze", data, blocking=True, context=Context(user_id=user.id)
        )
        simulator.calls.clear()
        if allowed:
            await snooze
        else:
            with pytest.raises(Unauthorized):
                await snooze
        assert bool(puts(simulator)) is allowed, policy


async def test_one_failure_stops_none_of_the_others(
    hass: HomeAssistant, account: MockConfigEntry, simulator: Simulator
) -> None:
    ids = controllable(simulator)[:4]
    simulator.faults.add(Fault(service="gridduck", path=ids[0], method="PUT", status=500))
    target = {ATTR_DEVICE_ID: [device(hass, account, asset_id) for asset_id in ids]}
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "snooze", target, duration=HOUR)
    assert caught.value.translation_key == "assets_not_controlled"
    name = simulator.gridduck.world.assets[ids[0]].name
    assert str(caught.value).startswith(f"1 of 4 assets could not be controlled: {name}. GridDuck")
    done = {call.path.rsplit("/", 1)[-1] for call in puts(simulator) if call.status == 204}
    assert done == set(ids[1:])


@pytest.mark.parametrize("kind", ["line", "facility"])
@pytest.mark.parametrize(
    ("action", "kinds", "values"),
    [
        ("get_measurements", MEASUREMENT_KINDS, "heimdall_dlr"),
        ("get_forecast", FORECAST_KINDS | {CONGESTION}, "heimdall_dlr_forecasts"),
    ],
)
async def test_answers(
    hass: HomeAssistant,
    lines: MockConfigEntry,
    simulator: Simulator,
    kind: str,
    action: str,
    kinds: frozenset[str],
    values: str,
) -> None:
    """All kinds at once, of a line or of its facility."""
    simulator.calls.clear()
    answer = await ask(hass, action, device_id=line_device(hass, lines, kind))
    assert set(answer) - {"no_data"} | set(answer["no_data"]) == kinds
    assert answer["dlr"]["unit"] == "Ampere"
    assert answer["dlr"][values]
    asked = {call.path for call in simulator.calls.list(service="heimdall")}
    assert any("/lines/" in path for path in asked)
    assert any("/facilities/" in path for path in asked)


async def test_one_kind_in_mva(
    hass: HomeAssistant, lines: MockConfigEntry, simulator: Simulator
) -> None:
    simulator.calls.clear()
    await ask(
        hass,
        "get_measurements",
        device_id=line_device(hass, lines, "line"),
        kinds="dlr",
        quantity="apparent_power",
        include_details=True,
    )
    (call,) = simulator.calls.list(service="heimdall")
    assert call.path.endswith("/heimdall_dlrs/latest")
    assert call.query == {"quantity": "apparent_power", "include": "spans"}


async def test_unknown_kind(hass: HomeAssistant, lines: MockConfigEntry) -> None:
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_forecast", device_id=line_device(hass, lines, "line"), kinds="weather")


async def test_a_device_that_is_no_line(
    hass: HomeAssistant, lines: MockConfigEntry, account: MockConfigEntry, simulator: Simulator
) -> None:
    owner = line_device(hass, lines, "owner")
    asset = device(hass, account, controllable(simulator)[0])
    for device_id in (owner, asset):
        with pytest.raises(ServiceValidationError) as caught:
            await ask(hass, "get_forecast", device_id=device_id)
        assert caught.value.translation_key == "not_a_line"
    with pytest.raises(ServiceValidationError):
        await ask(hass, "get_forecast", device_id="nothing")


async def test_an_answer_that_fails(
    hass: HomeAssistant, lines: MockConfigEntry, simulator: Simulator
) -> None:
    simulator.faults.add(Fault(service="heimdall", path="/heimdall_dlrs/", status=500, count=None))
    with pytest.raises(HomeAssistantError) as caught:
        await ask(
            hass, "get_measurements", device_id=line_device(hass, lines, "line"), kinds=["dlr"]
        )
    assert caught.value.translation_key == "server_error"
