"""A line whose load is high each evening."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator
from tests.heimdall.history_support import REQUESTED, failing
from tests.heimdall.home import Home

NOW = "2026-11-18T12:20:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return two lines, and a small site."""
    return Options(lines=2, sites=1, assets=4)


@pytest.fixture
def start() -> str:
    """Return when the test begins; override it for another time."""
    return NOW


@pytest.fixture
async def home(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
    start: str,
) -> Home:
    """Return an account without recorded loads: those of the service would be recorded too."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(start)
    home = Home(hass, simulator, heimdall_entry, freezer)
    simulator.faults.add(failing(REQUESTED, 404))
    await home.open()
    return home
