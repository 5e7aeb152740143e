"""A load limit on the mean of a clock-aligned window, from the first minute to a restart."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.load_limits.record import Record
from tests.load_limits.yard import Yard

from .feeder import Feeder, add, shown


async def to_next_window(feeder: Feeder) -> None:
    """Let the quarter of an hour pass."""
    while dt_util.utcnow().minute % 15:
        await feeder.run(1)


def expected(hass: HomeAssistant, subentry: ConfigSubentry) -> float:
    return float(shown(hass, subentry, "sensor", "load_limit_expected_mean").state)


def at_risk(hass: HomeAssistant, subentry: ConfigSubentry) -> str:
    return shown(hass, subentry, "binary_sensor", "load_limit_peak_at_risk").state


async def test_a_peak_at_risk_shows_long_before_the_end(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It began quietly: what is still available is more than the limit."""
    subentry = await add(yard, 120, window=15, mode="advise")
    feeder.base = 80 - (feeder.load - feeder.base)
    await to_next_window(feeder)
    await feeder.run(5)
    assert expected(hass, subentry) == pytest.approx(80, abs=2)
    assert at_risk(hass, subentry) == "off"
    available = float(shown(hass, subentry, "sensor", "load_limit_available").state)
    # Ten minutes are left of fifteen: a mean of 120 then takes 140.
    assert available == pytest.approx(60, abs=5)
    feeder.base += 80
    await feeder.run(2)
    assert at_risk(hass, subentry) == "on"
    assert expected(hass, subentry) == pytest.approx((80 * 5 + 160 * 10) / 15, abs=5)


async def test_it_is_acted_upon_and_the_mean_stays_below(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    await to_next_window(feeder)
    subentry = await add(yard, feeder.load - 3, window=15)
    await feeder.run(14)
    assert expected(hass, subentry) <= feeder.load + 12
    assert expected(hass, subentry) <= 112.7 - 3 + 0.5
    assert at_risk(hass, subentry) == "off"
    assert yard.puts()


async def test_it_outlives_a_restart(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """What has passed of the window is in the file, also after a crash a minute later."""
    subentry = await add(yard, 120, window=15, mode="advise")
    await to_next_window(feeder)
    await feeder.run(5)
    before = expected(hass, subentry)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    record = Record(hass)
    await record.async_load()
    window = record.windows[subentry.subentry_id]
    assert window.length == 900
    assert window.covered >= 180
    now = dt_util.utcnow().timestamp()
    assert window.projected(feeder.load * 1000, now) / 1000 == pytest.approx(before, rel=0.01)


async def test_another_window_begins_anew(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    subentry = await add(yard, 120, window=15, mode="advise")
    await feeder.run(3)
    data = yard.entry.subentries[subentry.subentry_id].data
    current = yard.entry.subentries[subentry.subentry_id]
    hass.config_entries.async_update_subentry(yard.entry, current, data={**data, "window": 60})
    await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(2)
    assert expected(hass, subentry) == pytest.approx(feeder.load, abs=1)
    hass.config_entries.async_remove_subentry(yard.entry, subentry.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    record = Record(hass)
    await record.async_load()
    assert not record.windows


@pytest.mark.parametrize(
    ("zone", "start", "minute"),
    [
        # The clock goes back at 3:00 local time, half past the hour in UTC.
        ("Australia/Adelaide", "2026-04-04T16:28:00Z", 30),
        # 5 h 45 min ahead: the hour begins at a quarter past.
        ("Asia/Kathmandu", "2026-11-18T18:10:00Z", 15),
        ("Europe/Berlin", "2026-10-25T00:58:00Z", 0),
    ],
)
async def test_windows_are_aligned_to_the_local_clock(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, zone: str, start: str, minute: int
) -> None:
    await hass.config.async_set_time_zone(zone)
    yard.freezer.move_to(start)
    subentry = await add(yard, 120, window=60, mode="advise")
    feeder.base += 50
    await feeder.run(2)
    high = expected(hass, subentry)
    feeder.base -= 50
    while dt_util.utcnow().minute != minute:
        await feeder.run(1)
    await feeder.run(3)
    # Nothing of the hour before counts.
    assert expected(hass, subentry) == pytest.approx(feeder.load, abs=3)
    assert high > feeder.load + 8
