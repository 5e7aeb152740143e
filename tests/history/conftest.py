"""A real recorder, and a clock that stands at half past twelve."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .support import NOW, new_entry


@pytest.fixture
def entry(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> MockConfigEntry:
    """Return an account beside a recorder."""
    freezer.move_to(NOW)
    return new_entry(hass)
