"""Both clouds in Home Assistant, at six in the evening, with everything they can show."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup
from tests.gridduck.conftest import START
from tests.gridduck.support import enable
from tests.heimdall.home import Home

from .duck import Duck


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of two lines and some assets."""
    return Options(sites=1, assets=6, lines=2)


@pytest.fixture(autouse=True)
def six_in_the_evening(freezer: FrozenDateTimeFactory) -> None:
    """Stop the clock before anything starts."""
    freezer.move_to(START)


@pytest.fixture
async def home(
    hass: HomeAssistant,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Home:
    """Return the Heimdall account, set up with all that it can show."""
    home = Home(hass, simulator, heimdall_entry, freezer)
    await home.open(spans=True, sensors=True)
    return home


@pytest.fixture
async def duck(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Duck:
    """Return the GridDuck account, set up, with a plug that is boosted for two days."""
    duck = Duck(hass, simulator, gridduck_entry, freezer)
    duck.world.command(duck.items["asset"], "boost", 172_800)
    enable(hass, duck.items["asset"])
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return duck
