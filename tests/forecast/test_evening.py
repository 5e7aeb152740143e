"""The demo's feeder: tomorrow's evening is seen the day before, from imported history alone."""

from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.feeder import LINE
from simulator.options import Options
from simulator.server import Simulator
from tests.calendars import calendar_of, get_events
from tests.heimdall.home import Home

NIGHT = "2026-11-18T22:20:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return a feeder, whose evening begins at 16:30 UTC and lasts four hours."""
    return Options(lines=1, sites=1, assets=4, feeders=1)


@pytest.mark.english
async def test_tomorrows_evening_is_expected(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
) -> None:
    freezer.move_to(NIGHT)
    home = Home(hass, simulator, heimdall_entry, freezer)
    await home.open()
    await home.wait(seconds=15)
    feeder = next(one for one in home.world.lines() if one.name == LINE)
    first = dt_util.parse_datetime(home.value(feeder.id, "next_congestion"))
    assert first is not None
    evening = datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert 0 <= (first - evening).total_seconds() <= 3 * 3600
    assert float(home.value(feeder.id, "expected_shortfall")) > 0
    await home.wait(seconds=15)
    calendar = calendar_of(hass, heimdall_entry, "line_forecasts")
    starts = [
        datetime.fromisoformat(one["start"])
        for one in await get_events(hass, calendar, duration={"hours": 48})
        if one["summary"] == f"{LINE}: congestion expected"
    ]
    assert starts[0] == first
