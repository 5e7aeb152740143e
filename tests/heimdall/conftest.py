"""Fixtures of the tests of Heimdall Power in Home Assistant."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator

from .home import Home

NOW = "2026-11-18T18:00:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world; line 0 has all but icing, line 1 icing too."""
    return Options(lines=2)


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> None:
    if "simulator" in request.fixturenames:
        # Before the simulator and Home Assistant start.
        freezer: FrozenDateTimeFactory = request.getfixturevalue("freezer")
        freezer.move_to(NOW)


@pytest.fixture
def home(
    hass: HomeAssistant,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Home:
    """Return Home Assistant with an account that is not set up yet."""
    return Home(hass, simulator, heimdall_entry, freezer)
