"""The demo's feeder: tomorrow's evening is seen the day before, from imported history alone."""

from datetime import UTC, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.feeder import LINE
from simulator.options import Options
from simulator.server import Simulator
from tests.heimdall.home import Home

NIGHT = "2026-11-18T22:20:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return a feeder, whose evening begins at 16:30 UTC and lasts four hours."""
    return Options(lines=1, sites=1, assets=4, feeders=1)


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
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.CALENDAR, DOMAIN, f"{heimdall_entry.unique_id}_line_forecasts"
    )
    assert entity_id is not None
    answer: Any = await hass.services.async_call(
        "calendar",
        "get_events",
        {ATTR_ENTITY_ID: entity_id, "duration": {"hours": 48}},
        blocking=True,
        return_response=True,
    )
    starts = [
        datetime.fromisoformat(one["start"])
        for one in answer[entity_id]["events"]
        if one["summary"] == f"{LINE}: congestion expected"
    ]
    assert starts[0] == first
