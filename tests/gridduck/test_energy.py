"""Energy that a meter cannot have counted reaches no statistic."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.const import STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.energy import (
    NOISE,
    AcceptedReading,
    EnergyGuard,
    Observation,
    hourly_energy_bound,
    power_bound,
)
from simulator.gridduck.world import World
from simulator.options import Options

from .conftest import START, Pass
from .support import entity_of, named, value_of

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
METER = 12_964.0

type Reading = tuple[float, float | None]
"""A minute and what the counter reads then, kWh."""


def shown(
    *readings: Reading, power: float | None = 500.0, guard: EnergyGuard | None = None
) -> list[float | None]:
    """Return what is shown after each of some readings; each comes with a poll."""
    guard = guard or EnergyGuard()
    return [
        guard.check(
            Observation(
                counter=counter,
                now=NOON + timedelta(minutes=minute),
                power=power,
                polls=number,
                polled=NOON + timedelta(minutes=minute),
            )
        )
        for number, (minute, counter) in enumerate(readings)
    ]


def every_minute(start: int, *counters: float | None) -> list[Reading]:
    """Return readings of successive minutes."""
    return [(start + minute, counter) for minute, counter in enumerate(counters)]


@pytest.mark.parametrize(
    ("counters", "due"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ([100.0, 99.0, 91.0, 100.5], [100.0, 100.0, 100.0, 100.5]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([5.0, None, 4.9, 5.1], [5.0, None, 5.0, 5.1]),
        # Wrong once, or a few times in different ways.
        ([METER, 0.0, METER], [METER] * 3),
        ([METER, 1e9, METER], [METER] * 3),
        ([METER, 0.0, 1e9, 3.0, 0.0, METER + 0.1], [METER] * 5 + [METER + 0.1]),
        ([METER, METER + 50, METER + 1], [METER, METER, METER + 1]),
    ],
)
def test_wrong_readings(counters: list[float | None], due: list[float | None]) -> None:
    assert shown(*every_minute(0, *counters)) == due


@pytest.mark.parametrize("low", [0.0, 0.3])
def test_a_meter_that_was_exchanged(low: float) -> None:
    """It is accepted as soon as it counts on for some minutes."""
    counters = [low, low, low + 0.1, low + 0.1, low + 0.2, low + 0.2, low + 0.3]
    found = shown(*every_minute(0, METER, *counters, METER))
    assert found[:6] == [METER] * 6
    # The old counter does not come back: all that it has ever counted is not drawn again.
    assert found[6:] == pytest.approx([low + 0.2, low + 0.3, low + 0.3])


def test_a_counter_that_stands_at_zero() -> None:
    found = shown(*every_minute(0, METER, *[0.0] * 31))
    assert found == [*[METER] * 31, 0.0]


@pytest.mark.parametrize("other", [METER + 5_000, 1e9, METER - 5_000])
def test_another_counter(other: float) -> None:
    """What it counts from then on is added to what was shown; its reading was never drawn."""
    readings = every_minute(0, METER, *(other + minute / 10 for minute in range(10)))
    found = shown(*readings)
    assert found[:6] == [METER] * 6
    assert found[6:] == pytest.approx([METER + minute / 10 for minute in range(5, 10)])


@pytest.mark.parametrize("wrong", [METER + 5_000, 1e9, METER - 5_000])
def test_a_counter_that_jumps_and_returns(wrong: float) -> None:
    """Once it is back on its own scale for minutes, what it reads is shown, without an offset."""
    jumped = [wrong + minute / 10 for minute in range(10)]
    returned = [METER + 1 + minute / 10 for minute in range(10)]
    guard = EnergyGuard()
    found = shown(*every_minute(0, METER, *jumped, *returned), guard=guard)
    assert found[6:11] == pytest.approx([METER + minute / 10 for minute in range(5, 10)])
    assert found[11:16] == [found[10]] * 5
    assert found[16:] == pytest.approx([METER + 1 + minute / 10 for minute in range(5, 10)])
    stored = guard.stored(NOON)
    assert stored is not None
    assert (stored.offset, stored.origin) == (0, None)
    # It may jump again.
    again = [wrong + minute / 10 for minute in range(6)]
    found = shown(*every_minute(60, *again, METER + 2.5), guard=guard)
    assert found == pytest.approx([*[METER + 1.9] * 5, METER + 2.4, METER + 2.4])


def test_a_counter_that_returns_with_less_than_was_shown() -> None:
    """The value stands still until the counter has caught up: a sum would take a step down."""
    jumped = [1e9 + minute / 10 for minute in range(10)]
    returned = [METER + minute / 10 for minute in range(12)]
    found = shown(*every_minute(0, METER, *jumped, *returned))
    assert found[10:20] == pytest.approx([METER + 0.9] * 10)
    assert found[20:] == pytest.approx([METER + 0.9, METER + 1.0, METER + 1.1])


def test_a_counter_that_returns_to_what_was_shown() -> None:
    guard = EnergyGuard()
    assert set(shown(*every_minute(0, METER, *[1e9] * 6, *[METER] * 6), guard=guard)) == {METER}
    stored = guard.stored(NOON)
    assert stored is not None
    assert (stored.offset, guard.holds_back) == (0, False)


def test_a_counter_that_jumps_twice_and_returns() -> None:
    """It returns to the scale before the first jump."""
    guard = EnergyGuard()
    shown(*every_minute(0, METER, *[1e9] * 6, *[2e9] * 6, *[METER + 1] * 6), guard=guard)
    stored = guard.stored(NOON)
    assert stored is not None
    assert (stored.shown, stored.offset) == (METER + 1, 0)


def test_a_return_is_known_after_a_restart() -> None:
    guard = EnergyGuard()
    shown(*every_minute(0, METER, *(1e9 + minute / 10 for minute in range(7))), guard=guard)
    accepted = guard.stored(NOON + timedelta(minutes=8))
    assert accepted is not None
    again = EnergyGuard()
    restored = AcceptedReading.from_dict(accepted.as_dict())
    assert restored == accepted
    again.restore(restored)
    found = shown(*every_minute(10, *(METER + 2 + minute / 10 for minute in range(6))), guard=again)
    assert found[-1] == METER + 2.5
    whole_numbers = accepted.as_dict() | {"origin": {"counter": int(METER), "offset": 0}}
    assert AcceptedReading.from_dict(whole_numbers) == accepted
    # An earlier version has stored no scale to return to.
    old = accepted.as_dict()
    del old["origin"]
    known = AcceptedReading.from_dict(old)
    assert known is not None
    assert known.origin is None


def test_a_small_correction() -> None:
    """Home Assistant would count it as energy that was given back."""
    found = shown(*((minute, METER - 500 + minute / 100) for minute in range(1, 70)))
    assert found[0] == METER - 500 + 0.01
    corrected = [(minute, METER - 500 + minute / 100) for minute in range(1, 70)]
    found = shown((0, METER), *corrected)
    assert found[:61] == [METER] * 61
    assert found[61:] == pytest.approx([METER + (minute - 1) / 100 for minute in range(61, 70)])
    # One that stands still a little lower is never accepted.
    still = [(minute, METER - 1.0) for minute in range(1, 200)]
    assert shown((0, METER), *still, (200, METER + 0.1))[1:] == [METER] * 199 + [METER + 0.1]
    # An answer that is older than the one before comes from a second server, for hours.
    stale = [METER if minute % 2 else METER - 2 for minute in range(200)]
    assert set(shown((0, METER), *every_minute(1, *stale))) == {METER}


def test_few_polls_say_little_however_far_apart() -> None:
    readings = [(0, METER), (10, 0.3), (20, 0.4), (30, 0.5)]
    assert shown(*readings) == [METER, METER, METER, 0.5]


def test_a_tenth_less_is_no_correction() -> None:
    """Home Assistant takes it for a reset, and another counter it is."""
    guard = EnergyGuard()
    shown(*every_minute(0, METER, *[METER * (1 - NOISE)] * 6), guard=guard)
    assert not guard.holds_back


def test_what_can_be_drawn() -> None:
    """Ten times the demand, and at least that of a building, for the time without a reading."""
    assert power_bound(None, None) == 1_000
    assert power_bound(None, 14.0) == 200
    assert power_bound(50_000.0, 0.0) == 500
    assert power_bound(-50_000.0) == 500
    assert power_bound(1e12) == 10_000
    # The demand of now says little of an hour that is past.
    assert hourly_energy_bound(None) == hourly_energy_bound(14.0) == 1_000
    assert hourly_energy_bound(500_000.0) == 5_000
    assert shown((0, 5.0), (5, 25.0), power=0.0) == [5.0, 5.0]
    assert shown((0, 5.0), (5, 25.0), power=50_000.0) == [5.0, 25.0]
    # A service may hold up an hour, but a meter that stood still for a day has counted nothing.
    assert shown((0, 5.0), (1440, 200.0), (1441, 400.0)) == [5.0, 200.0, 200.0]
    assert shown((0, 5.0), (1439, 5.0), (1440, 300.0)) == [5.0, 5.0, 5.0]


def test_a_counter_that_runs_too_fast() -> None:
    """What goes up faster than anything can be drawn is never accepted."""
    readings = every_minute(0, METER, *(METER + 5_000 + 50 * minute for minute in range(30)))
    assert set(shown(*readings, power=50_000.0)) == {METER}


def test_in_doubt() -> None:
    """While a reading is held back, until another is accepted or none can be read."""
    guard = EnergyGuard()
    for reading, holds_back in (((0, METER), False), ((1, 0.0), True), ((2, METER), False)):
        shown(reading, guard=guard)
        assert guard.holds_back is holds_back
    shown((3, 0.0), guard=guard)
    guard.mark_stale(NOON)
    assert not guard.holds_back


def test_what_is_stored() -> None:
    """It was seen last when it is stored, unless it was out of sight by then."""
    guard, later = EnergyGuard(), NOON + timedelta(minutes=5)
    shown((0, 5.0), guard=guard)
    stored = guard.stored(later)
    assert stored == AcceptedReading(counter=5.0, offset=0.0, since=NOON, seen=later)
    assert AcceptedReading.from_dict(stored.as_dict()) == stored
    assert AcceptedReading.from_dict(stored.as_dict() | {"counter": 5, "offset": 0}) == stored
    guard.mark_stale(NOON + timedelta(minutes=1))
    out_of_sight = guard.stored(later)
    assert out_of_sight is not None
    assert out_of_sight.seen == NOON + timedelta(minutes=1)


@pytest.mark.parametrize("key", ["counter", "offset", "since", "seen"])
@pytest.mark.parametrize("value", [None, "never", "2026-11-18T12:00:00", []])
def test_what_is_stored_otherwise(key: str, value: object) -> None:
    stored = AcceptedReading(counter=5.0, offset=0.0, since=NOON, seen=NOON).as_dict()
    assert AcceptedReading.from_dict(stored | {key: value}) is None
    del stored[key]
    assert AcceptedReading.from_dict(stored) is None


def test_out_of_sight() -> None:
    """What was counted meanwhile comes at once; a wrong reading is no better for it."""
    guard = EnergyGuard()
    assert shown((0, METER), guard=guard) == [METER]
    guard.mark_stale(NOON + timedelta(minutes=1))
    assert shown((720, METER + 2_000), guard=guard) == [METER + 2_000]
    guard.mark_stale(NOON + timedelta(minutes=721))
    assert shown((725, 0.0), (726, METER + 2_001), guard=guard) == [METER + 2_000, METER + 2_001]


def test_restored() -> None:
    guard = EnergyGuard()
    assert guard.stored(NOON) is None
    shown((0, METER), *((minute, 1e6 + minute / 10) for minute in range(1, 8)), guard=guard)
    accepted = guard.stored(NOON + timedelta(minutes=10))
    assert accepted is not None
    assert accepted.shown == pytest.approx(METER + 0.6)
    restored = AcceptedReading.from_dict(accepted.as_dict())
    assert restored == accepted
    again = EnergyGuard()
    again.restore(restored)
    assert shown((20, 0.0), (21, 1e6 + 2), guard=again) == pytest.approx([METER + 0.6, METER + 1.9])
    damaged: tuple[object, ...] = (
        None,
        [],
        {},
        {**accepted.as_dict(), "since": "soon"},
        {"counter": "1"},
    )
    for wrong in damaged:
        assert AcceptedReading.from_dict(wrong) is None


class TestInHomeAssistant:
    """What the recorder makes of it."""

    @pytest.fixture
    def simulator_options(self) -> Options:
        """Return the smallest world."""
        return Options(sites=1, assets=1)

    @pytest.fixture
    def enable_statistics(self, freezer: FrozenDateTimeFactory) -> bool:
        """Have the recorder compile statistics as time passes."""
        freezer.move_to(START)
        return True

    @pytest.fixture
    def meter(self, world: World) -> str:
        """Return the id of the meter."""
        return named(world, "Main meter")

    @pytest.mark.usefixtures("recorder_mock", "short_history", "account")
    async def test_no_hour_jumps(
        self,
        hass: HomeAssistant,
        gridduck_entry: MockConfigEntry,
        world: World,
        passing: Pass,
        meter: str,
    ) -> None:
        """From the list, and after the account was closed; the price has statistics, too."""
        for _ in range(12):
            await passing(300)
        right = value_of(hass, meter, "energy")
        for wrong in (0, 1, 10**12, -5, 0):
            world.set_field(meter, "delivered", wrong)
            await passing(60)
            due = STATE_UNKNOWN if wrong < 0 else right
            assert value_of(hass, meter, "energy") == due
            world.unset_field(meter, "delivered")
            await passing(60)
            right = value_of(hass, meter, "energy")
        world.set_field(meter, "delivered", 0)
        await hass.config_entries.async_reload(gridduck_entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert value_of(hass, meter, "energy") == right
        await passing(60)
        world.unset_field(meter, "delivered")
        for _ in range(14):
            await passing(300)
        energy = await hourly(hass, entity_of(hass, Platform.SENSOR, meter, "energy"), "change")
        assert len(energy) >= 2
        # The meter counts about 0.6 kWh an hour.
        assert all(0 <= change < 10 for change in energy)
        site = world.assets[meter].site.id
        assert await hourly(hass, entity_of(hass, Platform.SENSOR, site, "price"), "mean")

        # A meter that was exchanged is shown as such, also where it stands still.
        world.reset_meter(meter)
        for _ in range(4):
            await passing(300)
        assert float(value_of(hass, meter, "energy")) < 1
        shown_before = float(value_of(hass, meter, "energy"))
        world.set_field(meter, "delivered", 0)
        for _ in range(40):
            await passing(60)
        assert value_of(hass, meter, "energy") == "0.0"
        assert shown_before > 0


async def hourly(
    hass: HomeAssistant, entity_id: str | None, what: Literal["change", "mean"]
) -> list[float]:
    """Return what the recorder's hourly statistics of an entity have."""
    assert entity_id is not None
    found = await get_instance(hass).async_add_executor_job(
        lambda: statistics_during_period(
            hass, dt_util.utc_from_timestamp(0), None, {entity_id}, "hour", None, {what}
        )
    )
    values = (row.get(what) for row in found.get(entity_id, ()))
    return [value for value in values if value is not None]
