"""What an assistant that is a language model may do, and what it is refused."""

import asyncio
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.shedding.domain import SHEDDING
from simulator.faults import Fault
from simulator.options import Options
from simulator.server import Simulator

from .conftest import pass_time
from .llm_support import APIInstance, assistant, expose, expose_all, open_house, use
from .shedding.yard import until

LOADS = {"Charger": "ev_charger", "Pump": "heat_pump"}
GOAL = {"power": 500, "minutes": 60, "names": ["Charger", "Pump"]}


@pytest.fixture
def simulator_options(freezer: FrozenDateTimeFactory) -> Options:
    """Stop the clock, and return a small world."""
    freezer.move_to("2026-11-18T18:00:00Z")
    return Options(sites=1, assets=2, lines=1)


@pytest.fixture
async def api(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> APIInstance:
    """Return the tools of an assistant to which all is exposed."""
    world = simulator.gridduck.world
    site = world.add_site("Yard")
    for name, kind in LOADS.items():
        world.add_asset(name, kind, site_id=site, created=0, min_time_on=None, max_time_off=None)
    await open_house(hass, gridduck_entry, heimdall_entry)
    expose_all(hass)
    simulator.calls.clear()
    return await assistant(hass)


def commands(simulator: Simulator) -> int:
    return simulator.calls.count(service="gridduck", method="PUT")


async def refused(api: APIInstance, tool: str, **arguments: Any) -> str | None:
    """Call a tool that is to refuse, and return why it did."""
    with pytest.raises(ServiceValidationError) as caught:
        await use(api, tool, **arguments)
    assert "Failed" not in str(caught.value)
    return caught.value.translation_key


async def shed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, api: APIInstance, **arguments: Any
) -> dict[str, Any]:
    """Shed load, and let time pass until the power is seen to have fallen."""
    task = asyncio.ensure_future(use(api, "shed_load", **arguments))
    watches = hass.data[SHEDDING]._watches.values()
    while not task.done():
        await until(lambda: task.done() or any(watch._waiting for watch in watches))
        await pass_time(hass, freezer, 2)
    return dict(task.result())


async def test_boost_snooze_and_resume(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    answer = await use(api, "snooze", names=["pump"], minutes=30)
    assert answer == {
        "done": "snooze",
        "assets": [{"name": "Pump", "override": "snooze", "until": "2026-11-18 10:30"}],
    }
    answer = await use(api, "boost", site="yard", minutes=5)
    assert [one["override"] for one in answer["assets"]] == ["boost", "boost"]
    answer = await use(api, "resume", names=["Pump", "Charger"])
    assert [one["override"] for one in answer["assets"]] == ["none", "none"]
    bodies = [call.body for call in simulator.calls.list(method="PUT")]
    assert bodies[0] == {"snooze_finish": 1800}
    assert len(bodies) == 5


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "assets_not_said"),
        ({"names": ["Kettle"]}, "not_exposed"),
        ({"area": "Nowhere"}, "nothing_exposed"),
        ({"names": ["Pum"]}, "not_exposed"),
        ({"names": ["Pump"], "site": "Elsewhere"}, "not_exposed"),
        ({"names": ["  PUMP "], "site": "yard"}, None),
    ],
    ids=str,
)
async def test_which_assets(
    api: APIInstance, simulator: Simulator, arguments: dict[str, Any], why: str | None
) -> None:
    """Nothing is guessed, and all assets are too much for an oversight."""
    if why is None:
        assert await use(api, "resume", **arguments)
    else:
        assert await refused(api, "resume", **arguments) == why
        assert commands(simulator) == 0


async def test_several_are_not_guessed(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    world = simulator.gridduck.world
    world.add_asset("Pump", "heat_pump", site_id=world.add_site("Dock"), created=0)
    await pass_time(hass, freezer, 61)
    expose_all(hass)
    assert await refused(api, "snooze", names=["Pump"], minutes=5) == "several_named"
    answer = await use(api, "resume", names=["Pump"], site="Dock")
    assert [one["name"] for one in answer["assets"]] == ["Pump"]
    for wrong in ({"minutes": 0}, {"minutes": 1441}, {"minutes": "soon"}, {}):
        with pytest.raises(vol.Invalid):
            await use(api, "snooze", names=["Charger"], **wrong)
    assert commands(simulator) == 0


async def test_only_what_is_exposed_is_controlled(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    expose(hass, ["switch.pump"], exposed=False)
    assert await refused(api, "snooze", names=["Pump"], minutes=5) == "not_exposed"
    assert await refused(api, "plan_load_shedding", **GOAL) == "not_exposed"
    answer = await use(api, "plan_load_shedding", power=1_000_000, minutes=5, site="Yard")
    assert [one["name"] for one in answer["would_be_snoozed"]] == ["Charger"]
    assert "Pump" not in str(answer)
    assert commands(simulator) == 0


async def test_the_user_must_be_allowed_to_control(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    user = MockUser(groups=[]).add_to_hass(hass)
    user.mock_policy({CAT_ENTITIES: {"all": {"read": True}}})
    reader = await assistant(hass, user.id)
    with pytest.raises(Unauthorized):
        await use(reader, "snooze", names=["Pump"], minutes=5)
    with pytest.raises(Unauthorized):
        await use(reader, "plan_load_shedding", **GOAL)
    assert commands(simulator) == 0


async def test_shed_by_a_plan(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    plan = await use(api, "plan_load_shedding", **GOAL)
    assert plan["done"] is False
    assert plan["goal"] == "500 W"
    assert len(plan["would_be_snoozed"]) == 1
    assert commands(simulator) == 0
    answer = await shed(hass, freezer, api, plan_id=plan["plan_id"], **GOAL)
    assert answer["done"]
    assert answer["goal_reached"]
    assert answer["snoozed"][0]["name"] == plan["would_be_snoozed"][0]["name"]
    assert answer["measured_saving"] != "unknown"
    assert commands(simulator) == 1
    (override,) = (await use(api, "get_overrides"))["overrides"]
    assert override["why"].startswith("Load was shed. Less power was asked for")
    assert await refused(api, "shed_load", plan_id=plan["plan_id"], **GOAL) == "plan_unknown"


async def test_no_shedding_without_a_plan(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    with pytest.raises(vol.Invalid):
        await use(api, "shed_load", **GOAL)
    assert await refused(api, "shed_load", plan_id="made-up", **GOAL) == "plan_unknown"
    plan = await use(api, "plan_load_shedding", **GOAL)
    plan_id = plan["plan_id"]
    for other in ({"power": 501}, {"minutes": 61}, {"names": ["Pump"]}, {"site": "Yard"}):
        why = await refused(api, "shed_load", plan_id=plan_id, **GOAL | other)
        assert why == "plan_of_another_goal"
    user = MockUser().add_to_hass(hass)
    assert await refused(await assistant(hass, user.id), "shed_load", plan_id=plan_id, **GOAL) == (
        "plan_unknown"
    )
    await pass_time(hass, freezer, timedelta(minutes=5))
    assert await refused(api, "shed_load", plan_id=plan_id, **GOAL) == "plan_expired"
    assert commands(simulator) == 0


async def test_a_plan_for_a_line(hass: HomeAssistant, api: APIInstance) -> None:
    line = (await use(api, "get_lines"))["lines"][0]["name"]
    target = {"minutes": 60, "site": "Yard"}
    plan = await use(api, "plan_load_shedding", line=line, current=1, **target)
    assert plan["goal"].endswith(" W")
    assert plan["plan_id"]
    assert await refused(api, "plan_load_shedding", **target) == "no_goal"
    assert await refused(api, "plan_load_shedding", line="Kettle", current=1, **target) == (
        "not_exposed"
    )


async def test_a_plan_of_nothing_is_none(api: APIInstance) -> None:
    line = (await use(api, "get_lines"))["lines"][0]["name"]
    plan = await use(api, "plan_load_shedding", line=line, to_loading=200, minutes=60, site="Yard")
    assert plan["plan_id"] is None
    assert plan["would_be_snoozed"] == []


async def test_what_the_cloud_refuses_is_told(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    simulator.faults.add(
        Fault(service="gridduck", path="/asset", method="PUT", status=500, count=None)
    )
    with pytest.raises(HomeAssistantError):
        await use(api, "snooze", names=["Pump"], minutes=5)
