"""What a load limit reads: loads and limits of entities that fail in every way."""

from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
import voluptuous as vol

from custom_components.gridduck_heimdall.load_limits.meter import HELD, STALE, Meter, Problem
from custom_components.gridduck_heimdall.load_limits.settings.config import LimitConfig

SENSOR: Final = "sensor.feeder"
LIMIT: Final = "sensor.import_capacity"
MINUTES: Final = 10


def stored(**other: Any) -> dict[str, Any]:
    """Return the data of a config subentry that limits a sensor to 40 kW."""
    return {
        "measured": "sensor",
        "sensor": SENSOR,
        "limit": 40,
        "limit_unit": "of_sensor",
        "unit": "kW",
        "candidates": {"device_id": ["x"]},
        "mode": "automatic",
        "failsafe_after": MINUTES,
        **other,
    }


def show(hass: HomeAssistant, entity_id: str, state: object, unit: str | None = "kW") -> None:
    """Show a state, also if it is the same."""
    hass.states.async_set(
        entity_id, str(state), {} if unit is None else {"unit_of_measurement": unit}
    )


def now() -> float:
    """Return the Unix time."""
    return dt_util.utcnow().timestamp()


def meter(hass: HomeAssistant, **other: Any) -> Meter:
    """Return what reads a load limit."""
    return Meter(hass, LimitConfig.of(stored(**other)))


@pytest.mark.parametrize(
    ("state", "unit", "watts"),
    [
        ("63", "kW", 63_000),
        ("63000", "W", 63_000),
        ("0.063", "MW", 63_000),
        ("-5", "kW", -5_000),
        ("0", "kW", 0),
        ("nan", "kW", None),
        ("inf", "kW", None),
        # Its square is no number.
        ("1e300", "W", None),
        ("unavailable", "kW", None),
        ("unknown", "kW", None),
        ("high", "kW", None),
        ("63", "kWh", None),
        ("63", None, None),
        # Of a current the voltage is not known.
        ("63", "A", None),
    ],
)
async def test_the_load_is_a_power_in_any_unit(
    hass: HomeAssistant, state: str, unit: str | None, watts: float | None
) -> None:
    """What is none is no load, and is reported."""
    show(hass, SENSOR, state, unit)
    found = meter(hass)
    reading = found.read(now())[0]
    assert (None if reading is None else reading.value) == watts
    assert (Problem.SOURCE_MISSING in found.problems) is (watts is None)


@pytest.mark.parametrize(("state", "unit"), [("63", "A"), ("63000", "mA")])
async def test_the_load_is_a_current(hass: HomeAssistant, state: str, unit: str) -> None:
    show(hass, SENSOR, state, unit)
    found = meter(hass, unit="A", limit=80, voltage=230, phases="1")
    reading = found.read(now())[0]
    assert reading is not None
    assert reading.value == pytest.approx(63 * 230)
    assert found.shown(reading.value) == pytest.approx(63)
    assert found.read(now())[1] == pytest.approx(80 * 230)


async def test_the_unit_of_the_sensor_changes(hass: HomeAssistant) -> None:
    """The number of the limit stays in the unit in which it was entered."""
    show(hass, SENSOR, 63)
    found = meter(hass)
    assert found.read(now())[1] == 40_000
    show(hass, SENSOR, 63_000, "W")
    assert found.read(now())[1] == 40_000
    assert found.limit_unit == "kW"


async def test_the_sensor_is_renamed_and_removed(hass: HomeAssistant) -> None:
    registry = er.async_get(hass)
    entry = registry.async_get_or_create("sensor", "meter", "1", suggested_object_id="feeder")
    show(hass, SENSOR, 63)
    found = meter(hass, sensor=entry.id)
    assert found.entities() == {SENSOR}
    registry.async_update_entity(SENSOR, new_entity_id="sensor.other")
    hass.states.async_remove(SENSOR)
    show(hass, "sensor.other", 64)
    reading = found.read(now())[0]
    assert reading is not None
    assert reading.value == 64_000
    registry.async_remove("sensor.other")
    hass.states.async_remove("sensor.other")
    assert found.read(now())[0] is None
    assert found.problems == {Problem.SOURCE_MISSING}
    assert not found.entities()


async def test_a_sensor_that_reports_no_more(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Its last value holds for a while, and counts as one measurement for some minutes."""
    show(hass, SENSOR, 63)
    reported = now()
    found = meter(hass)
    freezer.tick(HELD - 10)
    reading = found.read(now())[0]
    assert reading is not None
    assert reading.time == pytest.approx(reported)
    freezer.tick(STALE - HELD)
    reading = found.read(now())[0]
    assert reading is not None
    assert reading.time == pytest.approx(now() - HELD)
    freezer.tick(HELD)
    assert found.read(now())[0] is None
    # The same value, reported again.
    show(hass, SENSOR, 63)
    reading = found.read(now())[0]
    assert reading is not None
    assert reading.time == pytest.approx(now())
    # The clock is set back.
    freezer.tick(-3600)
    reading = found.read(now())[0]
    assert reading is not None
    assert reading.time == pytest.approx(now())


@pytest.mark.parametrize(
    ("state", "unit", "watts"),
    [
        ("25", "kW", 25_000),
        ("25000", "W", 25_000),
        ("0.025", "MW", 25_000),
        # A helper without a unit.
        ("25", None, 25_000),
        # Neither means a limit that can be kept.
        ("0", "kW", None),
        ("-5", "kW", None),
        ("1e-200", "kW", None),
        ("1e200", "kW", None),
        ("nan", "kW", None),
        ("none", "kW", None),
        ("unavailable", "kW", None),
        # Not the unit of what is limited.
        ("25", "%", None),
        ("25", "A", None),
        ("25", "kWh", None),
    ],
)
async def test_the_limit_of_an_entity(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    state: str,
    unit: str | None,
    watts: float | None,
) -> None:
    """Without one the last one holds for a while, then the failsafe limit."""
    show(hass, SENSOR, 63)
    show(hass, LIMIT, 30)
    found = meter(hass, limit_entity=LIMIT)
    assert found.read(now())[1] == 30_000
    show(hass, LIMIT, state, unit)
    assert found.read(now())[1] == pytest.approx(30_000 if watts is None else watts)
    freezer.tick(MINUTES * 60 + 1)
    assert found.read(now())[1] == pytest.approx(40_000 if watts is None else watts)
    assert (Problem.LIMIT_SILENT in found.problems) is (watts is None)
    show(hass, LIMIT, 20)
    assert found.read(now())[1] == 20_000
    assert not found.problems


async def test_the_limit_in_milliamperes(hass: HomeAssistant) -> None:
    show(hass, SENSOR, 63, "A")
    show(hass, LIMIT, 16_000, "mA")
    found = meter(hass, unit="A", voltage=230, phases="1", limit_entity=LIMIT)
    assert found.read(now())[1] == pytest.approx(16 * 230)


async def test_no_limit_since_the_start(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The failsafe limit does not hold at once: the entity may need a moment to start."""
    show(hass, SENSOR, 63)
    found = meter(hass, limit_entity=LIMIT)
    assert found.read(now())[1] is None
    freezer.tick(MINUTES * 60 - 1)
    assert found.read(now())[1] is None
    assert not found.problems
    freezer.tick(2)
    assert found.read(now())[1] == 40_000
    assert found.problems == {Problem.LIMIT_SILENT}


async def test_a_change_of_another_setting_keeps_the_last_limit(hass: HomeAssistant) -> None:
    show(hass, SENSOR, 63)
    show(hass, LIMIT, 30)
    found = meter(hass, limit_entity=LIMIT)
    assert found.read(now())[1] == 30_000
    show(hass, LIMIT, "unavailable")
    limits = list[float | None]()
    for changed in ({"mode": "off"}, {"limit_entity": "sensor.other"}):
        found.configure(LimitConfig.of(stored(limit_entity=LIMIT) | changed))
        limits.append(found.read(now())[1])
    assert limits == [30_000, None]


@pytest.mark.parametrize("entity_repeats", [True, False])
async def test_a_clock_that_is_set_back_while_the_entity_is_silent(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, entity_repeats: bool
) -> None:
    """The last limit does not hold until the clock is there again."""
    show(hass, SENSOR, 63)
    show(hass, LIMIT, 30)
    found = meter(hass, limit_entity=LIMIT, limit_entity_repeats=entity_repeats)
    assert found.read(now())[1] == 30_000
    show(hass, LIMIT, "unavailable")
    found.read(now())
    freezer.tick(-365 * 86_400)
    found.read(now())
    freezer.tick(MINUTES * 60 + 1)
    assert found.read(now())[1] == 40_000


@pytest.mark.parametrize("entity_repeats", [True, False])
async def test_a_heartbeat_that_stops(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, entity_repeats: bool
) -> None:
    """As OpenADR and EEBus have it: the limit holds only while it is repeated."""
    show(hass, SENSOR, 63)
    found = meter(hass, limit_entity=LIMIT, limit_entity_repeats=entity_repeats)
    for _ in range(20):
        # The same value: only the time of the report changes.
        show(hass, LIMIT, 30)
        assert found.read(now())[1] == 30_000
        freezer.tick(60)
    freezer.tick((MINUTES - 1) * 60 + 1)
    holds = 40_000 if entity_repeats else 30_000
    assert found.read(now())[1] == holds
    assert (Problem.LIMIT_SILENT in found.problems) is entity_repeats
    # That it becomes unavailable as well is no new sign of life.
    show(hass, LIMIT, "unavailable")
    assert found.read(now())[1] == holds
    show(hass, LIMIT, 30)
    assert found.read(now())[1] == 30_000
    assert not found.problems


@pytest.mark.parametrize(
    "damage",
    [
        {"measured": "moon"},
        {"sensor": None},
        {"sensor": ""},
        {"measured": "line"},
        {"measured": "site", "device": "x"},
        {"limit_unit": "rating"},
        {"limit": 0},
        {"limit": float("nan")},
        {"limit": float("inf")},
        {"limit": "much"},
        {"act_above": 90, "down_to": 95},
        {"down_to": 90, "release_below": 90},
        {"act_above": float("nan")},
        {"candidates": []},
        {"candidates": {"device_id": 5}},
        {"candidates": {"device_id": [None]}},
        {"mode": "manual"},
        {"window": 7},
        {"unit": "kWh"},
        {"order": "a"},
        {"min_time_on": -1},
        {"phases": 2},
        {"limit_entity_repeats": "perhaps"},
    ],
)
def test_damaged_settings_are_refused(damage: dict[str, Any]) -> None:
    """What is on disk is not trusted."""
    with pytest.raises(vol.Invalid):
        LimitConfig.of(stored(**damage))
