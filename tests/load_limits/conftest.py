"""Fixtures of the tests of load limits and of the actions that shed load."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup
from tests.forecast.history import no_history

from .feeder import Feeder
from .yard import SITE, Yard

START = "2026-11-18T18:00:00Z"


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> None:
    if "simulator" in request.fixturenames:
        # Before the simulator and Home Assistant start.
        freezer: FrozenDateTimeFactory = request.getfixturevalue("freezer")
        freezer.move_to(START)


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=8, lines=1)


@pytest.fixture
async def recorded_by_tests(
    recorder_mock: Recorder, hass: HomeAssistant, simulator: Simulator
) -> None:
    """Have nothing recorded but what a test records, in UTC."""
    await hass.config.async_set_time_zone("UTC")
    no_history(simulator)


@pytest.fixture
async def yard(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> Yard:
    """Return the account in use, with a site of loads that know no limits of time."""
    world = simulator.gridduck.world
    site = world.add_site(SITE)

    def load(name: str, kind: str) -> str:
        return world.add_asset(
            name, kind, site_id=site, created=0, min_time_on=None, max_time_off=None
        )

    found = Yard(
        hass=hass,
        simulator=simulator,
        entry=gridduck_entry,
        freezer=freezer,
        site_id=site,
        charger=load("Charger", "ev_charger"),
        pump=load("Pump", "heat_pump"),
        freezers=load("Freezers", "freezer"),
        lights=load("Lights", "lighting"),
    )
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    simulator.calls.clear()
    return found


@pytest.fixture
async def feeder(yard: Yard) -> Feeder:
    """Return a feeder whose limit is exceeded by less than the charger draws."""
    found = Feeder(yard)
    # The account has seen what each draws.
    await found.run(2)
    return found
