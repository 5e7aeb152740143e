"""Forecasts whose hours do not begin with those of the clock: the contract leaves it open."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.util import dt as dt_util
import pytest

from simulator.options import Options
from tests.conftest import ask
from tests.heimdall.home import Home

from .history import record
from .test_runtime import hour_recorded, line, record_line

HOUR = timedelta(hours=1)


@pytest.fixture
def simulator_options() -> Options:
    """Return lines whose forecasts begin when they are made."""
    return Options(lines=2, sites=1, assets=4, forecast_start="issue")


def issued(home: Home) -> dict[datetime, dict[str, float]]:
    """Return what the service forecasts now of the dynamic rating, by the time of each bucket."""
    clouds = home.simulator.heimdall
    buckets = clouds.models.ratings.forecast(
        clouds.world.line(home.line), "dlr", home.simulator.clock.now(), 60
    )
    return {
        datetime.fromtimestamp(one.at, UTC): {
            level: rating.value for level, rating in one.levels.items()
        }
        for one in buckets
    }


async def test_each_hour_has_the_rating_that_holds_for_most_of_it(home: Home) -> None:
    await record_line(home)
    said = issued(home)
    assert all(one.minute for one in said)
    found: dict[str, Any] = await ask(
        home.hass, "get_forecast", device_id=line(home), kinds=["congestion"]
    )
    hours = found["congestion"]["hours"]
    now = dt_util.utcnow()
    assert len(hours) == 48
    for one in hours:
        start = datetime.fromisoformat(one["start"])
        assert (start.minute, start > now - HOUR) == (0, True)
        nearest = min(said, key=lambda begins: abs(begins - start))
        assert set(one["in_force"]) == set(said[nearest])
        assert one["in_force"]["prediction"] <= said[nearest]["prediction"] + 0.1
    assert home.value(home.line, "next_congestion") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


async def test_their_skill_is_measured(home: Home) -> None:
    await record_line(home)
    for _ in range(3):
        await home.wait(hours=1)
        dlr = home.sensor(home.line, "dlr")
        await record(home.hass, dlr, "A", lambda _: 700, unit_class="electric_current", days=2)
        await hour_recorded(home)
        await home.wait(minutes=3)
    said = (await ask(home.hass, "get_forecast_skill", device_id=line(home)))["rating"]
    assert said[0]["lead"] == 1
    assert said[0]["hours"] > 0
