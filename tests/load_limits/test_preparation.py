"""A load limit that boosts ahead, with a real recorder and the simulator."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er, label_registry as lr
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.planning.boost_ahead import BoostAhead
from custom_components.gridduck_heimdall.load_limits.record import FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS, LoadLimits
from simulator.faults import Fault, FaultKind
from simulator.gridduck.timeline import Mode
from simulator.server import Simulator
from tests.conftest import ask
from tests.forecast.history import async_recorded, evening_peak, record

from .feeder import SENSOR, Feeder, add, device_of, shown
from .yard import Yard, failing

pytestmark = pytest.mark.usefixtures("recorded_by_tests")

PEAK = 20.0
"""The local hour of the highest load; tests begin at 18:00."""
EVENING = evening_peak(60, 116, PEAK)


@dataclass
class Store:
    """A charger that stores, is off before the evening, and draws its power at the peak."""

    hass: HomeAssistant
    yard: Yard
    feeder: Feeder
    subentry: ConfigSubentry

    def change(self, **data: object) -> None:
        self.hass.config_entries.async_update_subentry(
            self.yard.entry, self.subentry, data={**self.subentry.data, **data}
        )

    def is_on(self) -> bool:
        """Whether the charger is on."""
        return self.yard.world.assets[self.yard.charger].on(self.yard.simulator.clock.now())

    async def decisions(self) -> list[tuple[str, str]]:
        """Return what was done to the charger and why, the oldest first."""
        found: list[dict[str, Any]] = (await ask(self.hass, "get_decisions"))["decisions"]
        return [
            (one["action"], one["reason"]) for one in reversed(found) if one["asset"] == "Charger"
        ]


type Limited = Callable[..., Awaitable[Store]]


def charging(moment: datetime) -> float:
    """Return what the charger draws: nothing until 20 o'clock."""
    return 8000.0 if dt_util.as_local(moment).hour >= PEAK else 0.0


def late_evening(moment: datetime) -> float:
    """Return a load that is high for three hours, so that the charger is boosted for two."""
    return 116.0 if dt_util.as_local(moment).hour >= PEAK + 1 else 60.0


@pytest.fixture
async def limited(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> Limited:
    """Return what adds a load limit that is exceeded late in the evening."""

    async def build(
        load: Callable[[datetime], float] = EVENING,
        days: float = 28,
        **data: object,
    ) -> Store:
        await record(hass, SENSOR, "kW", load, days=days, unit_class="power")
        label = lr.async_get(hass).async_create("Can store").label_id
        charger = yard.device(yard.charger)
        dr.async_get(hass).async_update_device(charger, labels={label})
        await record(hass, yard.power_sensor(charger), "W", charging, unit_class="power")
        off = yard.simulator.clock.now()
        yard.world.assets[yard.charger].control.set_mode(off, Mode.ALWAYS_OFF)
        # For the integration, its schedule has it off.
        yard.world.set_field(yard.charger, "user_state", Mode.SCHEDULE.value)
        feeder.base = 60.0
        await feeder.run(2)
        yard.puts()
        subentry = await add(yard, 110, **{"boost_ahead": [label], **data})
        hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
        return Store(hass, yard, feeder, subentry)

    return build


async def test_it_is_off_at_first(limited: Limited) -> None:
    store = await limited(boost_ahead=[])
    await store.feeder.run(90)
    assert not store.is_on()
    assert not store.yard.puts()


async def test_boosted_before_the_evening(limited: Limited, hass: HomeAssistant) -> None:
    store = await limited()
    await store.feeder.run(3)
    assert store.is_on()
    assert await store.decisions() == [("boost", "expected_above_limit")]
    state = shown(hass, store.subentry, "event", "load_limit_decision")
    assert state.attributes["event_type"] == "boost"
    assert state.attributes["reason"] == "expected_above_limit"
    limit = device_of(store.yard, store.subentry)
    plan = await ask(hass, "plan_load", device_id=limit.id)
    assert [one["asset"] for one in plan["hours"][0]["boost"]] == ["Charger"]
    # The limit is raised: the forecast needs it no longer.
    store.change(limit=200)
    await store.feeder.run(2)
    assert not store.is_on()
    assert (await store.decisions())[1:] == [("end_boost", "no_longer_expected")]


async def test_what_was_switched_off_for_good_stays_off(limited: Limited) -> None:
    store = await limited(mode="off")
    store.yard.world.set_field(store.yard.charger, "user_state", Mode.ALWAYS_OFF.value)
    await store.feeder.run(2)
    store.change(mode="automatic")
    await store.feeder.run(3)
    assert not store.is_on()
    assert not store.yard.puts()


async def test_a_load_that_is_recorded_for_two_days_only(limited: Limited) -> None:
    """Nothing is expected of it yet, so nothing is boosted."""
    store = await limited(days=2)
    await store.feeder.run(3)
    assert not store.is_on()
    assert not store.yard.puts()


async def test_a_renamed_power_sensor(limited: Limited, hass: HomeAssistant) -> None:
    """What the charger is expected to draw is known as before."""
    store = await limited()
    power = store.yard.power_sensor(store.yard.device(store.yard.charger))
    er.async_get(hass).async_update_entity(power, new_entity_id="sensor.other_name")
    await async_recorded(hass)
    await store.feeder.run(3)
    assert store.is_on()


async def test_it_ends_where_there_is_no_room(limited: Limited) -> None:
    store = await limited()
    await store.feeder.run(3)
    assert store.is_on()
    store.feeder.base = 104.0
    await store.feeder.run(4)
    assert not store.is_on()
    assert ("end_boost", "no_room") in await store.decisions()


async def test_advice_boosts_nothing(limited: Limited, hass: HomeAssistant) -> None:
    store = await limited(mode="advise")
    await store.feeder.run(3)
    assert not store.is_on()
    assert not store.yard.puts()
    assert await store.decisions() == [("boost", "expected_above_limit")]
    state = shown(hass, store.subentry, "event", "load_limit_decision")
    assert state.attributes["event_type"] == "advice"


async def test_a_person_who_ends_it_is_respected(limited: Limited, hass: HomeAssistant) -> None:
    store = await limited()
    await store.feeder.run(3)
    await ask(hass, "resume", device_id=store.yard.device(store.yard.charger))
    store.yard.puts()
    await store.feeder.run(45)
    assert not store.is_on()
    assert not store.yard.puts()


@pytest.mark.parametrize("kind", ["cut", "refuse"])
async def test_a_renewal_without_an_answer(limited: Limited, kind: FaultKind) -> None:
    """Whether it has arrived or not, the boost goes on, and ends when it is to."""
    store = await limited(late_evening)
    await store.feeder.run(55)
    assert store.is_on()
    store.yard.puts()
    with failing(store.yard, kind=kind):
        await store.feeder.run(10)
        assert store.yard.puts()
    await store.feeder.run(35)
    assert store.is_on()
    store.change(limit=200)
    await store.feeder.run(2)
    assert not store.is_on()


async def test_an_end_without_an_answer(limited: Limited) -> None:
    """It is no person's: the asset is boosted again where that is planned, after its rest."""
    store = await limited(late_evening)
    await store.feeder.run(3)
    store.change(limit=200)
    with failing(store.yard, kind="cut"):
        await store.feeder.run(2)
    assert not store.is_on()
    await store.feeder.run(2)
    store.change(limit=110)
    await store.feeder.run(20)
    assert store.is_on()


async def test_a_restart_keeps_and_ends_it(limited: Limited, hass: HomeAssistant) -> None:
    store = await limited()
    await store.feeder.run(3)
    assert store.is_on()
    store.yard.puts()
    assert await hass.config_entries.async_reload(store.yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await store.feeder.run(3)
    assert store.is_on()
    assert not store.yard.puts()
    store.change(boost_ahead=[])
    await store.feeder.run(2)
    assert not store.is_on()
    assert (await store.decisions())[-1] == ("end_boost", "no_longer_expected")


async def test_commands_that_fail_are_few_and_it_begins_once_they_succeed(
    limited: Limited, hass: HomeAssistant, simulator: Simulator
) -> None:
    store = await limited(mode="off")
    fault = Fault(service="gridduck", path=store.yard.charger, method="PUT", status=500, count=None)
    simulator.faults.add(fault)
    store.change(mode="automatic")
    await store.feeder.run(12)
    assert not store.is_on()
    assert 1 <= len(store.yard.puts()) <= 12
    assert await store.decisions() == [("boost", "expected_above_limit")]
    simulator.faults.clear()
    await store.feeder.run(16)
    assert store.is_on()


@pytest.mark.parametrize("when", ["sent", "accepted"])
async def test_killed_while_it_boosts(
    limited: Limited, hass: HomeAssistant, hass_storage: dict[str, Any], when: str
) -> None:
    """What was noted before the command is enough to go on with the boost, and to end it."""
    store = await limited()
    for _ in range(10):
        await store.feeder.run(1)
        if store.is_on():
            break
    assert store.is_on()
    written = deepcopy(hass_storage[FILE])
    if when == "sent":
        [noted] = written["data"]["boosted"]
        noted |= {"accepted": False, "shown": None}
    store.yard.puts()
    await hass.config_entries.async_unload(store.yard.entry.entry_id)
    await hass.data[LOAD_LIMITS].async_close()
    hass_storage[FILE] = written
    hass.data[LOAD_LIMITS] = load_limits = LoadLimits(hass)
    await load_limits.async_load()
    BoostAhead(hass, load_limits).async_setup()
    await hass.config_entries.async_setup(store.yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await store.feeder.run(4)
    assert store.is_on()
    assert not store.yard.puts()
    store.feeder.base = 104.0
    await store.feeder.run(4)
    assert not store.is_on()


async def test_an_account_that_is_not_loaded(
    limited: Limited, hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    store = await limited()
    assert await hass.config_entries.async_unload(store.yard.entry.entry_id)
    await store.feeder.run(3)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert not store.yard.puts()
    assert await hass.config_entries.async_setup(store.yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await store.feeder.run(3)
    assert store.is_on()


async def test_what_is_stored_is_known_after_a_restart(
    limited: Limited, hass_storage: dict[str, Any]
) -> None:
    store = await limited()
    await store.feeder.run(4)
    data = hass_storage[f"{DOMAIN}.load_limits"]["data"]
    [boosted] = data["boosted"]
    assert boosted["key"].endswith(store.yard.charger)
    assert boosted["accepted"]


@pytest.mark.parametrize("how", ["removed", "no_candidate"])
async def test_it_ends_with_its_load_limit(limited: Limited, hass: HomeAssistant, how: str) -> None:
    store = await limited()
    await store.feeder.run(3)
    assert store.is_on()
    if how == "removed":
        hass.config_entries.async_remove_subentry(store.yard.entry, store.subentry.subentry_id)
    else:
        store.change(candidates={"device_id": [store.yard.device(store.yard.pump)]})
    await hass.async_block_till_done(wait_background_tasks=True)
    await store.feeder.run(2)
    assert not store.is_on()


async def test_it_ends_where_load_is_shed(limited: Limited) -> None:
    store = await limited()
    await store.feeder.run(3)
    assert store.is_on()
    await store.yard.shed(store.yard.pump, power=1)
    await store.feeder.run(2)
    assert not store.is_on()
    assert (await store.decisions())[-1] == ("end_boost", "no_room")
