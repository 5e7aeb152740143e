"""An hour is an hour, also on the days on which the clocks are changed."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from tests.heimdall.home import Home

from .ages import GRIDDUCK, HEIMDALL
from .duck import Duck
from .test_gridduck import AGING, ALL
from .test_heimdall import current

# Half an hour before the clocks in Berlin are changed.
CHANGES = ["2026-03-29T00:30:00Z", "2026-10-25T00:30:00Z"]


@pytest.fixture(autouse=True)
def six_in_the_evening(request: pytest.FixtureRequest, freezer: FrozenDateTimeFactory) -> None:
    """Begin before the change instead."""
    freezer.move_to(request.getfixturevalue("begin"))


@pytest.mark.parametrize("begin", CHANGES)
async def test_a_silent_line(home: Home, begin: str) -> None:
    await home.hass.config.async_set_time_zone("Europe/Berlin")
    await home.polls(1)
    home.world.freeze(home.line, home.simulator.clock.now())
    home.world.freeze(home.icy_line, home.simulator.clock.now())
    await home.polls(11)
    assert current(home, HEIMDALL["current"]) >= {
        shown for shown in HEIMDALL["current"] if shown.item == "line"
    }
    await home.polls(2)
    assert current(home, HEIMDALL["current"]) == set()


@pytest.mark.parametrize("begin", CHANGES)
async def test_a_silent_asset(duck: Duck, monkeypatch: pytest.MonkeyPatch, begin: str) -> None:
    await duck.hass.config.async_set_time_zone("Europe/Berlin")
    now = duck.simulator.clock.now()
    monkeypatch.setattr(duck.simulator.clock, "now", lambda: now)
    await duck.polls(58)
    assert {one for one in duck.current(GRIDDUCK) if one.key != "temperature"} == {
        one for one in ALL if one.key != "temperature"
    }
    await duck.polls(5)
    assert duck.current(GRIDDUCK) == ALL - AGING
