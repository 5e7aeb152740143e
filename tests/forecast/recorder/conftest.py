"""Fixtures of the tests of reports and forecasts: both accounts beside a real recorder."""

from datetime import timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.history import plan
from simulator.options import Options
from simulator.server import Simulator
from tests.heimdall.home import Home

NOW = "2026-11-18T18:00:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=8, lines=2)


@pytest.fixture(autouse=True)
def _clock(freezer: FrozenDateTimeFactory) -> None:
    # Before the simulator and Home Assistant start.
    freezer.move_to(NOW)


@pytest.fixture(autouse=True)
def _recorder(_clock: None, recorder_mock: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record for real; the first import is short."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    monkeypatch.setattr(plan, "FIRST_RANGE", timedelta(hours=2))


@pytest.fixture
def home(
    hass: HomeAssistant,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Home:
    """Return Home Assistant with an account of lines that is not set up yet."""
    return Home(hass, simulator, heimdall_entry, freezer)
