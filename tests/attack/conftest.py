"""What the attacks share."""

from typing import Final

from homeassistant.core import HomeAssistant
from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.download import async_download
from simulator.server import Simulator
from tests.conftest import setup

from .answers import Answers, collect

# The same examples in each run, and nothing of them is left behind.
BOUNDED: Final = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[*HealthCheck],
)


@pytest.fixture
async def answers(socket_enabled: None) -> Answers:
    """Return valid answers of both clouds, by target."""
    return await collect()


@pytest.fixture
async def gridduck(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> MockConfigEntry:
    """Return the GridDuck account in use; a data request is ready at once."""

    async def at_once(_seconds: float) -> None:
        """Take the place of `asyncio.sleep`."""

    defaults = async_download.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", at_once)
    simulator.gridduck.world.data_request_seconds = 0
    await setup(hass, gridduck_entry)
    return gridduck_entry


@pytest.fixture
async def heimdall(hass: HomeAssistant, heimdall_entry: MockConfigEntry) -> MockConfigEntry:
    """Return the Heimdall Power account in use."""
    await setup(hass, heimdall_entry)
    return heimdall_entry
