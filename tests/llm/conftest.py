"""Fixtures of the tests of assistants."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.llm import APIInstance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator

from .support import open_yard

LOADS = {"Charger": "ev_charger", "Pump": "heat_pump"}


@pytest.fixture
def simulator_options(freezer: FrozenDateTimeFactory) -> Options:
    """Stop the clock, and return a small world."""
    freezer.move_to("2026-11-18T18:00:00Z")
    return Options(sites=1, assets=2, lines=1)


@pytest.fixture
async def api(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> APIInstance:
    """Return the tools of an assistant to which all is exposed."""
    return await open_yard(hass, simulator, gridduck_entry, heimdall_entry, loads=LOADS)
