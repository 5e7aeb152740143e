"""Fixtures of the GridDuck tests."""

from collections.abc import Callable, Coroutine
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.history import plan
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import pass_time, setup

from .support import enable, named

type Pass = Callable[[float], Coroutine[object, object, None]]

START = "2026-11-18T18:00:00Z"


@pytest.fixture(autouse=True)
def six_in_the_evening(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything starts."""
    freezer.move_to(START)


@pytest.fixture
def first_days() -> int:
    """Return how many days the first import of history covers; override it for a whole month."""
    return 4


@pytest.fixture
def first_range(monkeypatch: pytest.MonkeyPatch, first_days: int) -> timedelta:
    """Limit the first import of history to this number of days."""
    first = timedelta(days=first_days)
    monkeypatch.setattr(plan, "FIRST_RANGE", first)
    return first


@pytest.fixture
def world(simulator: Simulator) -> World:
    """Return what there is behind the simulated GridDuck."""
    return simulator.gridduck.world


@pytest.fixture
def passing(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Pass:
    """Return what lets seconds pass."""

    async def pass_seconds(seconds: float) -> None:
        await pass_time(hass, freezer, seconds)

    return pass_seconds


@pytest.fixture
async def account(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry, world: World
) -> GridDuckAccount:
    """Return the account, set up and quiet; of the lamp, all sensors but one are enabled."""
    if any(asset.name == "Lamp" for asset in world.assets.values()):
        enable(hass, named(world, "Lamp"))
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.calls.clear()
    found: GridDuckAccount = gridduck_entry.runtime_data
    return found


@pytest.fixture
def lamp(world: World) -> str:
    """Return the id of an ordinary plug that is always on."""
    return named(world, "Lamp")
