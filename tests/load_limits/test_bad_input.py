"""Load limits with invalid sensors, changed settings and manual overrides."""

from collections.abc import Awaitable, Callable
from typing import Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, label_registry as lr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from tests.conftest import ask, first_device, setup
from tests.repairs import own

from .feeder import Feeder, add, shown
from .test_at_once import sent, slow
from .test_hostile import change, curtailed
from .yard import HOUR, Yard

CURRENT: Final = "sensor.current"
AMPERE: Final = {"unit_of_measurement": "A"}


@pytest.mark.parametrize("number", ["1e300", "-1e300", "1e-300"])
@pytest.mark.parametrize("of_limit", [True, False])
async def test_a_number_that_cannot_be_computed_with_stops_no_other_limit(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, number: str, *, of_limit: bool
) -> None:
    other = "sensor.other"
    hass.states.async_set(other, number, {"unit_of_measurement": "kW"})
    if of_limit:
        await add(yard, 50, mode="advise", limit_entity=other, failsafe_after=1)
    else:
        await add(yard, 50, mode="advise", sensor=other)
    await add(yard, feeder.limit)
    await feeder.run(3)
    assert curtailed(hass)
    assert feeder.load <= feeder.limit


async def test_two_voltages_of_one_sensor(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """Each load limit compares its own load with its own limit."""
    hass.states.async_set(CURRENT, "63", AMPERE)
    one_phase = {"sensor": CURRENT, "unit": "A", "voltage": 230, "phases": "1", "mode": "advise"}
    await add(yard, 80, **one_phase)
    await add(yard, 60, **one_phase | {"voltage": 400, "phases": "3", "mode": "automatic"})
    for amperes in (63.1, 63.2):
        hass.states.async_set(CURRENT, str(amperes), AMPERE)
        await feeder.run(1)
    assert curtailed(hass)


@pytest.mark.parametrize("mode", ["off", "advise"])
async def test_another_limit_of_the_sensor_that_does_not_act_is_far_lower(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, mode: str
) -> None:
    """How much is curtailed, and what is taken for noise, is a share of the limit that acts."""
    await add(yard, 1, mode=mode)
    await add(yard, feeder.limit)
    await feeder.run(4)
    assert feeder.load <= feeder.limit
    assert curtailed(hass).keys() == {yard.charger}


async def test_decisions_name_their_own_limit(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """Also where load limits share the excess of one sensor."""
    limits = {105.0: await add(yard, 105, mode="advise"), 108.0: await add(yard, 108)}
    await feeder.run(2)
    answer = await ask(hass, "get_decisions")
    named = {one["limit_id"]: one["limit"] for one in answer["decisions"]}
    assert named == {one.subentry_id: limit for limit, one in limits.items()}


async def test_a_line_among_the_candidates(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, heimdall_entry: MockConfigEntry
) -> None:
    """A label may come to mean anything: what is no asset is passed over."""
    await setup(hass, heimdall_entry)
    label = lr.async_get(hass).async_create("flexible").label_id
    for device in (yard.device(yard.charger), first_device(hass, heimdall_entry, "line")):
        dr.async_get(hass).async_update_device(device, labels={label})
    await add(yard, feeder.limit, candidates={"label_id": [label]})
    await feeder.run(3)
    assert curtailed(hass).keys() == {yard.charger}
    assert not own(hass)


async def removed(yard: Yard, subentry: ConfigSubentry) -> None:
    yard.hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)


async def switched_off(yard: Yard, subentry: ConfigSubentry) -> None:
    change(yard, subentry, mode="off")


async def without_candidates(yard: Yard, subentry: ConfigSubentry) -> None:
    change(yard, subentry, candidates={"label_id": ["none"]})


async def raised(yard: Yard, subentry: ConfigSubentry) -> None:
    change(yard, subentry, limit=200)


async def reloaded_and_removed(yard: Yard, subentry: ConfigSubentry) -> None:
    await yard.hass.config_entries.async_reload(yard.entry.entry_id)
    await removed(yard, subentry)


@pytest.mark.parametrize(
    "happens", [removed, switched_off, without_candidates, raised, reloaded_and_removed]
)
async def test_settings_change_while_a_command_is_in_flight(
    hass: HomeAssistant,
    yard: Yard,
    feeder: Feeder,
    happens: Callable[[Yard, ConfigSubentry], Awaitable[None]],
) -> None:
    """What then arrives is not forgotten: it comes back without waiting for its end."""
    subentry = await add(yard, 300)
    slow(yard, "/asset/.")
    feeder.measure()
    change(yard, subentry, limit=feeder.limit)
    await sent(yard)
    await happens(yard, subentry)
    yard.simulator.faults.clear()
    await feeder.run(20)
    assert not curtailed(hass)
    now = yard.simulator.clock.now()
    assert all(yard.world.assets[one].on(now) for one in yard.every)


@pytest.mark.parametrize("action", ["boost", "snooze", "resume"])
async def test_a_person_overrides_while_it_is_off(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, action: str
) -> None:
    """It is theirs from then on: not extended, not returned, and left alone for an hour."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    (asset_id,) = curtailed(hass)
    data = {} if action == "resume" else {"duration": {"hours": 3}}
    await hass.services.async_call(
        "gridduck_heimdall",
        action,
        {"device_id": yard.device(asset_id), **data},
        blocking=True,
        return_response=False,
    )
    await feeder.run(2)
    yard.puts()
    await feeder.run(50)
    assert asset_id not in yard.commanded()
    assert asset_id not in curtailed(hass)


async def test_two_limits_of_which_one_goes_while_both_need_an_asset(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It returns once neither needs it; what an action keeps off stays until its end."""
    first, second = await add(yard, feeder.limit), await add(yard, feeder.limit)
    await feeder.run(3)
    off = curtailed(hass).keys()
    await yard.shed(*off, power=1, duration=HOUR)
    for one in (first, second):
        change(yard, one, mode="off")
        await feeder.run(5)
        assert curtailed(hass).keys() == off
    assert shown(hass, first, "sensor", "load_limit_state").state in {"idle", "restoring"}
    await feeder.run(60)
    assert not curtailed(hass)
    assert hass.data[LOAD_LIMITS].limits
