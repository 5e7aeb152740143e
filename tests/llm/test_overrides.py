"""Who overrides a schedule, and why: told also where the cloud's clock is not ours."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.llm import APIInstance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from simulator.server import Simulator
from tests.conftest import pass_time
from tests.gridduck.support import named

from .support import assistant, open_yard, shed, use

GOAL = {"power": 1, "minutes": 240, "names": ["Pump"]}
APART = [-900, 120, 7_200]


@pytest.fixture
async def api(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    hass_admin_user: MockUser,
) -> APIInstance:
    """Return the tools of an assistant of a user, to which all is exposed."""
    await open_yard(hass, simulator, gridduck_entry, loads={"Pump": "heat_pump"})
    return await assistant(hass, hass_admin_user.id)


async def shed_pump(
    hass: HomeAssistant,
    api: APIInstance,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    seconds: int,
) -> None:
    """Shed a load on a cloud whose clock is apart, and let time pass until that shows."""
    simulator.clock.shift(seconds)
    plan = await use(api, "plan_load_shedding", **GOAL)
    await shed(hass, freezer, api, plan_id=plan["plan_id"], **GOAL)
    await pass_time(hass, freezer, 61)


async def override(api: APIInstance) -> dict[str, Any]:
    (one,) = (await use(api, "get_overrides", site="Yard"))["overrides"]
    return dict(one)


@pytest.mark.parametrize("seconds", [0, *APART])
@pytest.mark.english
async def test_why_and_by_whom(
    hass: HomeAssistant,
    api: APIInstance,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    hass_admin_user: MockUser,
    seconds: int,
) -> None:
    await shed_pump(hass, api, freezer, simulator, seconds)
    reported = await override(api)
    assert str(reported["why"]).startswith("Load was shed. Less power was asked for")
    assert reported["by"] == hass_admin_user.name


@pytest.mark.parametrize("seconds", APART)
@pytest.mark.parametrize("how", ["boost", "longer", "to our end"])
async def test_what_a_person_changed_is_not_shed(
    hass: HomeAssistant,
    api: APIInstance,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    seconds: int,
    how: str,
) -> None:
    """Also where the end that the cloud shows is the one that we would show."""
    await shed_pump(hass, api, freezer, simulator, seconds)
    world = simulator.gridduck.world
    pump = named(world, "Pump")
    match how:
        case "boost":
            world.command(pump, "boost", 3_600)
        case "longer":
            world.command(pump, "snooze", 20_000)
        case _:
            (noted,) = hass.data[LOAD_LIMITS].requests.curtailed
            left = noted.until - simulator.clock.now()
            world.command(pump, "snooze", round(left))
    await pass_time(hass, freezer, 61)
    reported = await override(api)
    assert "why" not in reported
    assert str(reported["by"]).startswith("unknown: in GridDuck")
