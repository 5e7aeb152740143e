"""A real recorder, and a clock that stands at half past twelve."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.history import plan

from .support import FIRST_DAYS, NOW, new_entry


@pytest.fixture
def first_days() -> int:
    """Return how many days the first import takes; fewer are quicker than a month."""
    return FIRST_DAYS


@pytest.fixture(autouse=True)
def _first_range(monkeypatch: pytest.MonkeyPatch, first_days: int) -> None:
    monkeypatch.setattr(plan, "FIRST_RANGE", timedelta(days=first_days))


@pytest.fixture
def entry(
    recorder_mock: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> MockConfigEntry:
    """Return an account beside a recorder."""
    freezer.move_to(NOW)
    return new_entry(hass)
