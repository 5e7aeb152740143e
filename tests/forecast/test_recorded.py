"""Recorded means of loads, and what is cached of them from hour to hour."""

import asyncio
from datetime import datetime, timedelta
import math

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.core.measured_load import MeasuredLoad
from custom_components.gridduck_heimdall.forecast.expected import HOURS_BEHIND
from custom_components.gridduck_heimdall.forecast.recorded import Means, RecordedLoads
from custom_components.gridduck_heimdall.history.hours import hour_of

from .history import record

LOAD = MeasuredLoad(device_id="line", unit="A", entity_id="sensor.current")


@pytest.fixture
async def loads(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> RecordedLoads:
    """Return what reads a load of which four weeks are recorded."""
    freezer.move_to("2026-11-18T12:20:00Z")
    await record(hass, "sensor.current", "A", by_hour, unit_class="electric_current")
    return RecordedLoads(hass)


def by_hour(moment: datetime) -> float:
    return 100.0 + moment.hour


def now() -> int:
    return hour_of(dt_util.utcnow())


async def read(loads: RecordedLoads) -> Means:
    [[(load, means)]] = [some async for some in loads.async_means([LOAD], now())]
    assert load is LOAD
    assert len(means) == HOURS_BEHIND
    return means


async def test_the_newest_hours_are_read_and_the_others_cached(
    hass: HomeAssistant, loads: RecordedLoads, freezer: FrozenDateTimeFactory
) -> None:
    assert not loads.is_cached(LOAD, now())
    before = await read(loads)
    assert (before[-1], before[-24 * 7]) == (111.0, 112.0)
    assert loads.is_cached(LOAD, now())
    freezer.tick(timedelta(hours=2))
    # The newest hours are recorded, and all those before have been changed.
    await record(hass, "sensor.current", "A", lambda _: 7.0, unit_class="electric_current")
    means = await read(loads)
    assert list(means[-4:]) == [7.0] * 4
    assert list(means[:-4]) == list(before[2:-2])
    loads.forget()
    assert list(await read(loads)) == [7.0] * HOURS_BEHIND


async def test_what_was_read_before_a_change_is_not_cached(loads: RecordedLoads) -> None:
    """An import may end while the hours that it changes are read."""
    reading = asyncio.create_task(read(loads))
    await asyncio.sleep(0)
    loads.forget()
    await reading
    assert not loads.is_cached(LOAD, now())
    await read(loads)
    assert loads.is_cached(LOAD, now())


async def test_all_is_read_once_a_day(
    hass: HomeAssistant, loads: RecordedLoads, freezer: FrozenDateTimeFactory
) -> None:
    await read(loads)
    cached = 0
    for _ in range(24):
        freezer.tick(timedelta(hours=1))
        if loads.is_cached(LOAD, now()):
            cached += 1
            await read(loads)
    assert cached == 23


async def test_a_gap_stays_unknown(
    hass: HomeAssistant, loads: RecordedLoads, freezer: FrozenDateTimeFactory
) -> None:
    await read(loads)
    freezer.tick(timedelta(hours=5))
    means = await read(loads)
    assert all(math.isnan(one) for one in means[-5:])
    assert means[-6] == 111.0


async def test_a_renamed_sensor_is_read_anew(hass: HomeAssistant, loads: RecordedLoads) -> None:
    await read(loads)
    renamed = MeasuredLoad(device_id="line", unit="A", entity_id="sensor.renamed")
    assert not loads.is_cached(renamed, now())
    swapped = MeasuredLoad(device_id="other line", unit="A", entity_id="sensor.current")
    assert not loads.is_cached(swapped, now())


async def test_what_is_not_read_is_forgotten(
    loads: RecordedLoads, freezer: FrozenDateTimeFactory
) -> None:
    await read(loads)
    freezer.tick(timedelta(hours=3))
    loads.retain(now())
    assert not loads.is_cached(LOAD, now())


async def test_a_new_sensor_is_not_cached(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Until it has recorded two weeks, the energy of meters fills in what came before."""
    freezer.move_to("2026-11-18T12:20:00Z")
    await record(hass, "sensor.current", "A", by_hour, days=5, unit_class="electric_current")
    loads = RecordedLoads(hass)
    means = await read(loads)
    assert math.isnan(means[0])
    assert not loads.is_cached(LOAD, now())
