"""Fixtures of the tests of blueprints."""

from collections.abc import AsyncGenerator
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup

from .house import AUTOMATION, House

TUESDAY_NOON = "2026-11-17T12:00:00Z"


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world; override it for a feeder or a line that ices."""
    return Options(lines=1, assets=8, sites=1)


@pytest.fixture
def start() -> str:
    """Return when the test begins; override it for another time."""
    return TUESDAY_NOON


@pytest.fixture(autouse=True)
def _clock(freezer: FrozenDateTimeFactory, start: str) -> None:
    # Before the simulator and Home Assistant start.
    freezer.move_to(start)


@pytest.fixture
async def house(
    hass: HomeAssistant,
    tmp_path: Path,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> AsyncGenerator[House]:
    """Yield a Home Assistant with both accounts; in the end no automation waits for anything."""
    hass.config.config_dir = str(tmp_path)
    await hass.config.async_set_time_zone("UTC")
    assert await async_setup_component(hass, "persistent_notification", {})
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    yield House(hass, simulator, gridduck_entry, heimdall_entry, freezer)
    if hass.states.get(AUTOMATION) is not None:
        await hass.services.async_call(
            "automation", "turn_off", {ATTR_ENTITY_ID: AUTOMATION}, blocking=True
        )
