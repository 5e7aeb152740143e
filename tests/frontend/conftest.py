"""An account with lines whose cards subscribe to data."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.server import Simulator
from tests.heimdall.home import Home

NOW = "2026-11-18T18:20:00Z"


@pytest.fixture
async def home(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
) -> Home:
    """Return an account that is set up."""
    assert await async_setup_component(hass, "websocket_api", {})
    freezer.move_to(NOW)
    home = Home(hass, simulator, heimdall_entry, freezer)
    await home.open()
    return home
