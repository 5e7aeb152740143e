"""A real recorder, and a clock that stands at half past twelve."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .support import NOW, new_entry

# The same examples in each run, and nothing of them is left behind.
settings.register_profile("history", deadline=None, derandomize=True, database=None)
settings.load_profile("history")


@pytest.fixture
def entry(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> MockConfigEntry:
    """Return an account beside a recorder."""
    freezer.move_to(NOW)
    return new_entry(hass)
