"""Who may shed and restore, and targets that mean nothing."""

from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from tests.conftest import first_device, setup

from .yard import AT_ONCE, HOUR, Yard, names, reasons


async def as_user(yard: Yard, user: MockUser, action: str, **data: object) -> None:
    await yard.hass.services.async_call(
        DOMAIN, action, data, blocking=True, context=Context(user_id=user.id)
    )


async def test_who_may(
    yard: Yard, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """Control of a site's device is control of its assets: they are what counts."""
    shed = {"device_id": yard.site, "power": 1, "duration": HOUR, "verify_for": 0}
    with pytest.raises(Unauthorized):
        await as_user(yard, hass_read_only_user, "shed_load", **shed)
    assert not yard.puts()
    await as_user(yard, hass_admin_user, "shed_load", **shed)
    assert yard.commanded() == [yard.freezers]
    for target in ({}, {"device_id": yard.site}):
        with pytest.raises(Unauthorized):
            await as_user(yard, hass_read_only_user, "restore_load", **target)
    assert not yard.puts()
    await as_user(yard, hass_admin_user, "restore_load")
    assert yard.commanded() == [yard.freezers]


async def test_who_may_control_the_site_but_none_of_its_assets(
    yard: Yard, hass_read_only_user: MockUser
) -> None:
    entities = [one for one in yard.hass.states.async_entity_ids("sensor") if "yard" in one]
    policy = {"entities": {"entity_ids": dict.fromkeys(entities, True)}}
    hass_read_only_user.mock_policy(policy)
    shed = {"device_id": yard.site, "power": 1, "duration": HOUR, "verify_for": 0}
    with pytest.raises(Unauthorized):
        await as_user(yard, hass_read_only_user, "shed_load", **shed)
    assert not yard.puts()


@pytest.mark.parametrize("hidden", [True, False])
async def test_permission_does_not_hang_on_entities(
    yard: Yard, hass_read_only_user: MockUser, *, hidden: bool
) -> None:
    """All entities of one asset are hidden or disabled; the user may control all others."""
    registry, charger = er.async_get(yard.hass), yard.device(yard.charger)
    others = [one.entity_id for one in registry.entities.values() if one.device_id != charger]
    policy = {"entities": {"entity_ids": dict.fromkeys(others, True)}}
    hass_read_only_user.mock_policy(policy)
    for one in er.async_entries_for_device(registry, charger, include_disabled_entities=True):
        if hidden:
            registry.async_update_entity(one.entity_id, hidden_by=er.RegistryEntryHider.USER)
        else:
            registry.async_update_entity(one.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await yard.hass.async_block_till_done()
    yard.puts()
    user, hour = hass_read_only_user, {"duration": HOUR}
    shed = hour | {"power": 1, "verify_for": 0, "allow_non_interruptible": True}
    for target in (charger, yard.site):
        for action, data in (
            ("snooze", hour),
            ("resume", {}),
            ("shed_load", shed),
            ("shed_load", shed | {"dry_run": True}),
            ("restore_load", {}),
        ):
            with pytest.raises(Unauthorized):
                await as_user(yard, user, action, device_id=target, **data)
    await as_user(yard, user, "snooze", device_id=yard.device(yard.pump), **hour)
    assert yard.commanded() == [yard.pump]


async def test_a_dry_run_needs_the_permission_to_read(
    yard: Yard, heimdall_entry: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Of the assets, and of the line whose loading it tells."""
    await setup(yard.hass, heimdall_entry)
    registry, charger = er.async_get(yard.hass), yard.device(yard.charger)
    line = first_device(yard.hass, heimdall_entry, "line")
    own, its = (
        [one.entity_id for one in er.async_entries_for_device(registry, device)]
        for device in (charger, line)
    )
    data = {"device_id": charger, "line": line, "current": 1, "duration": HOUR, "dry_run": True}
    control, read = {"control": True}, {"read": True}
    for assets, lines, allowed in (
        (True, {}, False),
        (control, read, False),
        (control | read, read, True),
    ):
        entities = dict.fromkeys(own, assets) | (dict.fromkeys(its, lines) if lines else {})
        hass_read_only_user.mock_policy({"entities": {"entity_ids": entities}})
        if allowed:
            await as_user(yard, hass_read_only_user, "shed_load", **data)
        else:
            with pytest.raises(Unauthorized):
                await as_user(yard, hass_read_only_user, "shed_load", **data)


async def test_a_device_that_is_disabled_is_left_alone(yard: Yard) -> None:
    """By shedding, by what comes back of it, and by an area, a site and its own name."""
    await yard.shed(yard.charger, yard.pump, power=1e9)
    await yard.restore(interval={"minutes": 1}, device_id=yard.device(yard.pump))
    registry = dr.async_get(yard.hass)
    for asset in (yard.charger, yard.freezers):
        disabler = dr.DeviceEntryDisabler.USER
        registry.async_update_device(yard.device(asset), disabled_by=disabler)
    await yard.hass.async_block_till_done(wait_background_tasks=True)
    yard.puts()
    answer = await yard.restore(interval=AT_ONCE)
    assert {"Charger": "disabled"}.items() <= reasons(answer).items()
    assert not yard.puts()
    answer = await yard.shed(yard.freezers, yard.pump, power=1e9)
    assert names(answer["shed"]) == ["Pump"]
    assert {"Freezers": "disabled"}.items() <= reasons(answer).items()
    answer = await yard.shed(power=1e9, allow_non_interruptible=True)
    assert {"Charger": "disabled", "Freezers": "disabled"}.items() <= reasons(answer).items()
    assert {yard.charger, yard.freezers}.isdisjoint(yard.commanded())


async def test_one_that_is_gone_among_several(yard: Yard) -> None:
    devices = ["removed", *yard.devices(yard.charger, yard.pump)]
    answer = await yard.shed(power=1e9, device_id=devices)
    assert sorted(names(answer["shed"])) == ["Charger", "Pump"]
    assert reasons(answer) == {"removed": "missing"}
    exclude = {"device_id": ["removed", yard.device(yard.pump)]}
    answer = await yard.restore(device_id=devices, exclude=exclude, interval=AT_ONCE)
    assert names(answer["restored"]) == ["Charger"]
    assert not answer["passed_over"]


@pytest.mark.parametrize("in_use", [True, False])
async def test_what_is_excluded_stays_as_it_is(yard: Yard, *, in_use: bool) -> None:
    """Of a site, too, and of an account that is not in use as far as the registry knows it."""
    answer = await yard.shed(power=1e9, exclude={"device_id": yard.device(yard.charger)})
    assert sorted(names(answer["shed"])) == ["Freezers", "Pump"]
    target = {"device_id": yard.site, "exclude": {"device_id": [yard.device(yard.pump)]}}
    if not in_use:
        await yard.hass.config_entries.async_unload(yard.entry.entry_id)
    answer = await yard.restore(**target, interval=AT_ONCE, assets_per_step=10)
    brought_back = answer["restored"] if in_use else answer["scheduled"]
    assert names(brought_back) == ["Freezers"]
    assert not answer["passed_over"]


async def test_nothing_is_left(yard: Yard) -> None:
    with pytest.raises(ServiceValidationError) as caught:
        await yard.shed(power=1, exclude={"device_id": yard.site})
    assert caught.value.translation_key == "no_asset"


async def test_excluded_from_nothing(yard: Yard) -> None:
    """Without a target all comes back: then nothing can be meant to stay off."""
    await yard.shed(power=1)
    with pytest.raises(ServiceValidationError) as caught:
        await yard.restore(exclude={"device_id": yard.site})
    assert caught.value.translation_key == "no_asset"
    assert len(yard.puts()) == 1


async def test_no_candidate(yard: Yard) -> None:
    yard.hass.states.async_set("light.desk", "on")
    for target, key in (
        ({"device_id": [], "area_id": "nowhere"}, "no_asset"),
        ({"device_id": [], "entity_id": "light.desk"}, "not_an_asset"),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await yard.shed(power=1, **target)
        assert caught.value.translation_key == key


@pytest.mark.parametrize(
    "data",
    [
        {"power": 0},
        {"power": -1},
        {"power": 1, "duration": 0},
        {"power": 1, "duration": {"hours": 25}},
        {"power": 1, "verify_for": {"minutes": 31}},
        {"power": 1, "verify_for": "1e300"},
    ],
    ids=str,
)
async def test_out_of_range(yard: Yard, data: dict[str, object]) -> None:
    with pytest.raises((vol.Invalid, ServiceValidationError)):
        await yard.shed(**data)
    assert not yard.puts()
