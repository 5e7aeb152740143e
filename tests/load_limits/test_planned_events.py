"""What load limits plan, in the calendar of the account."""

from typing import Any

from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import HomeAssistant
import pytest

from tests.calendars import calendar_of, get_events
from tests.forecast.history import evening_peak, record

from .feeder import SENSOR, Feeder, add
from .yard import Yard

pytestmark = pytest.mark.usefixtures("recorded_by_tests")


async def planned(hass: HomeAssistant, yard: Yard) -> list[dict[str, Any]]:
    """Return the events of tomorrow."""
    return await get_events(
        hass,
        calendar_of(hass, yard.entry, "overrides"),
        start_date_time="2026-11-19T00:00:00+00:00",
        end_date_time="2026-11-20T00:00:00+00:00",
    )


@pytest.mark.parametrize(("mode", "count"), [("automatic", 1), ("advise", 0)])
@pytest.mark.english
async def test_the_evening_of_tomorrow(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, mode: str, count: int
) -> None:
    await record(hass, SENSOR, "kW", evening_peak(80, 116), unit_class="power")
    await add(yard, 110, mode=mode)
    hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
    await feeder.run(8)
    found = await planned(hass, yard)
    assert len(found) == count
    for event in found:
        assert event["summary"] == "Charger: snooze planned"
        assert event["start"] <= "2026-11-19T19:00:00+00:00" < event["end"]
    # The limit is raised: nothing has to be curtailed any more.
    if found:
        [subentry] = yard.entry.subentries.values()
        hass.config_entries.async_update_subentry(
            yard.entry, subentry, data={**subentry.data, "limit": 200}
        )
        hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
        await feeder.run(8)
        assert not await planned(hass, yard)
