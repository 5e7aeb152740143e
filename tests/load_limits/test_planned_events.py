"""What load limits plan, in the calendar of the account."""

from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, EVENT_RECORDER_HOURLY_STATISTICS_GENERATED, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from tests.forecast.history import evening_peak, record

from .feeder import SENSOR, Feeder, add
from .yard import Yard

pytestmark = pytest.mark.usefixtures("recorded_by_tests")


async def planned(hass: HomeAssistant, yard: Yard) -> list[dict[str, Any]]:
    """Return the events of tomorrow."""
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.CALENDAR, DOMAIN, f"{yard.account.identity}_overrides"
    )
    assert entity_id is not None
    answer: Any = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            ATTR_ENTITY_ID: entity_id,
            "start_date_time": "2026-11-19T00:00:00+00:00",
            "end_date_time": "2026-11-20T00:00:00+00:00",
        },
        blocking=True,
        return_response=True,
    )
    events: list[dict[str, Any]] = answer[entity_id]["events"]
    return events


@pytest.mark.parametrize(("mode", "count"), [("automatic", 1), ("advise", 0)])
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
