"""Who may shed and restore, and targets that mean nothing."""

from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN

from .yard import AT_ONCE, HOUR, Yard, names


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
    with pytest.raises(vol.Invalid):
        await yard.shed(**data)
    assert not yard.puts()
