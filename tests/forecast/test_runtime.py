"""Expected loads and congestion in Home Assistant, from what is recorded."""

from datetime import UTC, datetime, timedelta
from functools import partial

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.const import (
    EVENT_RECORDER_HOURLY_STATISTICS_GENERATED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.core.line_forecast import Confidence
from custom_components.gridduck_heimdall.forecast.runtime import LOAD_FORECASTS
from simulator.server import Simulator
from tests.conftest import ask, first_device, pass_time, setup
from tests.heimdall.home import Home

from .history import async_recorded, evening_peak, record, record_energy

TOMORROW = datetime(2026, 11, 19, 18, tzinfo=UTC)
TONIGHT = datetime(2026, 11, 18, 18, tzinfo=UTC)


def line(home: Home) -> str:
    device = home.device("line", home.line)
    assert device is not None
    return device.id


async def record_line(home: Home, base: float = 100, peak: float = 3000, days: float = 28) -> None:
    """Record evening peaks of the first line, and let them be read."""
    load = evening_peak(base, peak)
    entity_id = home.sensor(home.line)
    await record(home.hass, entity_id, "A", load, days=days, unit_class="electric_current")
    await read_anew(home)


async def read_anew(home: Home) -> None:
    """Let loads be read after all of their hours have changed."""
    home.hass.data[LOAD_FORECASTS].async_read_anew()
    await hour_recorded(home)


async def hour_recorded(home: Home) -> None:
    """Let the recorder have computed an hour, and what follows pass."""
    home.hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
    await home.hass.async_block_till_done()
    await home.wait(minutes=3)


async def test_an_evening_peak_is_seen_before(home: Home) -> None:
    await record_line(home)
    state = home.state(home.line, "next_congestion")
    first = dt_util.parse_datetime(state.state)
    assert first is not None
    assert TONIGHT - timedelta(hours=2) <= first <= TONIGHT
    assert state.attributes["likelihood"] == "very_likely"
    shortfall = home.state(home.line, "expected_shortfall")
    assert 500 < float(shortfall.state) < 3000
    worst = dt_util.parse_datetime(shortfall.attributes["at"])
    assert worst in {
        moment + timedelta(hours=hours) for moment in (TONIGHT, TOMORROW) for hours in (0, 1, 2)
    }
    assert shortfall.attributes["apparent_power"] > 0


async def test_the_first_congestion_moves_on(home: Home) -> None:
    await record_line(home)
    before = home.value(home.line, "next_congestion")
    await home.wait(hours=12)
    after = dt_util.parse_datetime(home.value(home.line, "next_congestion"))
    assert after is not None
    assert TOMORROW - timedelta(hours=2) <= after <= TOMORROW
    assert dt_util.parse_datetime(before) != after


async def test_no_congestion_is_unknown_and_no_shortfall(home: Home) -> None:
    await record_line(home, 100, 120)
    assert home.value(home.line, "next_congestion") == STATE_UNKNOWN
    assert home.state(home.line, "next_congestion").attributes["likelihood"] == "unlikely"
    assert float(home.value(home.line, "expected_shortfall")) == 0


@pytest.mark.parametrize("days", [0.5, 2.9])
async def test_a_new_line_is_unavailable(home: Home, days: float) -> None:
    assert home.value(home.line, "next_congestion") == STATE_UNAVAILABLE
    await record_line(home, days=days)
    assert home.value(home.line, "next_congestion") == STATE_UNAVAILABLE
    assert home.value(home.line, "expected_shortfall") == STATE_UNAVAILABLE
    await record_line(home, days=4)
    assert home.value(home.line, "next_congestion") != STATE_UNAVAILABLE


async def test_an_unavailable_forecast_is_unavailable_here(home: Home) -> None:
    for product in ("dlr_forecast", "aar_forecast", "circuit_forecast"):
        home.fault(product, status=500)
    await home.wait(hours=1, minutes=5)
    for _ in range(9):
        await home.wait(hours=3)
    await record_line(home)
    assert home.hass.data[LOAD_FORECASTS].expected_load(line(home)) is not None
    assert home.hass.data[LOAD_FORECASTS].outlook(line(home)) is None
    assert home.value(home.line, "next_congestion") == STATE_UNAVAILABLE
    home.recover()
    await home.wait(hours=1, minutes=5)
    await home.wait(minutes=10)
    assert home.value(home.line, "next_congestion") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


async def test_a_renamed_sensor_is_followed(home: Home) -> None:
    await record_line(home)
    registry = er.async_get(home.hass)
    registry.async_update_entity(home.sensor(home.line), new_entity_id="sensor.other_name")
    await async_recorded(home.hass)
    forecasts = home.hass.data[LOAD_FORECASTS]
    before = forecasts.expected_load(line(home))
    await home.wait(hours=1)
    await hour_recorded(home)
    after = forecasts.expected_load(line(home))
    assert before is not None
    assert after is not None
    assert after.updated > before.updated
    assert len(after.hours) == 48
    outlook = forecasts.outlook(line(home))
    assert outlook is not None
    assert outlook.updated == after.updated


@pytest.mark.parametrize(
    ("start", "utc"), [("2026-10-24T08:20:00Z", 18), ("2027-03-27T08:20:00Z", 17)]
)
async def test_the_evening_after_the_clock_has_changed(home: Home, utc: int) -> None:
    """Its hour by the clock is that of all evenings before."""
    await home.hass.config.async_set_time_zone("Europe/Copenhagen")
    await record_line(home)
    outlook = home.hass.data[LOAD_FORECASTS].outlook(line(home))
    assert outlook is not None
    tomorrow = dt_util.utcnow().date() + timedelta(days=1)
    worst = max(
        (one for one in outlook.hours if one.start.date() == tomorrow),
        key=lambda one: one.expected.centre,
    )
    assert worst.start.hour == utc


async def test_nothing_is_recorded_of_the_future(home: Home) -> None:
    await record_line(home)
    instance = get_instance(home.hass)
    ids = await instance.async_add_executor_job(list_statistic_ids, home.hass)
    keys = {"next_congestion", "expected_shortfall"}
    ours = {home.entity_id(home.line, key) for key in keys}
    assert ours.isdisjoint(one["statistic_id"] for one in ids)
    ahead = await instance.async_add_executor_job(
        partial(
            statistics_during_period,
            home.hass,
            dt_util.utcnow(),
            None,
            None,
            "hour",
            None,
            {"mean", "sum"},
        )
    )
    assert not ahead
    for key in keys:
        assert len(home.state(home.line, key).attributes) < 10


async def test_a_reload_shows_the_same_again(home: Home) -> None:
    await record_line(home)
    before = home.value(home.line, "next_congestion")
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    await home.wait(seconds=15)
    assert home.value(home.line, "next_congestion") == before


async def test_listeners_are_called_after_each_change(home: Home) -> None:
    calls = list[None]()
    forecasts = home.hass.data[LOAD_FORECASTS]
    stop = forecasts.async_listen(line(home), lambda: calls.append(None))
    await record_line(home)
    assert calls
    stop()
    calls.clear()
    await home.wait(hours=1)
    await hour_recorded(home)
    assert not calls


@pytest.mark.parametrize("start", ["2026-11-18T12:52:00Z"])
async def test_the_hour_that_has_begun_stays_until_it_is_over(home: Home) -> None:
    """A forecast that is newer begins with the next hour."""
    await record_line(home)
    await home.wait(minutes=15)
    begins = set[datetime]()
    for _ in range(24):
        await home.wait(minutes=5)
        outlook, now = home.hass.data[LOAD_FORECASTS].outlook(line(home)), dt_util.utcnow()
        assert outlook is not None
        ahead = outlook.ahead(now)
        assert ahead[0].start <= now < ahead[1].start
        begins.add(ahead[0].start)
    assert len(begins) == 3


async def test_outlook_of_a_facility_is_that_of_its_line(home: Home) -> None:
    await record_line(home)
    forecasts, facility = home.hass.data[LOAD_FORECASTS], home.device("facility", home.facility)
    assert facility is not None
    outlook = forecasts.outlook(facility.id)
    assert outlook is not None
    assert outlook is forecasts.outlook(line(home))
    found = outlook.congestion(Confidence.P95, dt_util.utcnow())
    assert found is not None


async def test_expected_load_of_a_facility_before_the_first_refresh(home: Home) -> None:
    facility = home.device("facility", home.facility)
    assert facility is not None
    sensor = home.sensor(home.line)
    await record(home.hass, sensor, "A", evening_peak(100, 300), unit_class="electric_current")
    found = await ask(home.hass, "get_expected_load", device_id=facility.id)
    assert found == await ask(home.hass, "get_expected_load", device_id=line(home))
    assert (found["unit"], len(found["hours"])) == ("A", 48)


async def test_a_site_from_the_energy_of_its_meters(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
) -> None:
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to("2026-11-18T12:20:00Z")
    await setup(hass, gridduck_entry)
    site = first_device(hass, gridduck_entry, "site")
    load = gridduck_entry.runtime_data.measured_load(dr.async_get(hass).async_get(site))
    assert load is not None
    assert load.entity_id is not None
    for one in load.energy:
        await record_energy(hass, one, evening_peak(10, 30), days=10)
    hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
    await hass.async_block_till_done()
    await pass_time(hass, freezer, 180)
    expected = hass.data[LOAD_FORECASTS].expected_load(site)
    assert expected is not None
    assert expected.unit == "kW"
    peak = expected.peak(dt_util.utcnow(), 24)
    assert peak is not None
    assert peak.centre == pytest.approx(30 * len(load.energy), rel=0.05)
    assert peak.start.hour in {18, 19, 20}
