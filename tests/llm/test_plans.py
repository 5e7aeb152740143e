"""Load that a language model sheds by a plan, and by nothing else."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.llm import APIInstance
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import voluptuous as vol

from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import ask, pass_time
from tests.gridduck.support import named

from .support import (
    assistant,
    commands,
    expose,
    expose_all,
    refused,
    shed,
    use,
)

GOAL = {"power": 500, "minutes": 60, "names": ["Charger", "Pump"]}
ALL = {"power": 1_000_000, "minutes": 60, "site": "Yard"}


@pytest.fixture
def world(api: APIInstance, simulator: Simulator) -> World:
    """Return GridDuck's world, in use."""
    return simulator.gridduck.world


def would_is_shed(world: World, plan: dict[str, Any]) -> str:
    """Return the id of the one asset that a plan is about."""
    (one,) = plan["would_be_snoozed"]
    return named(world, one["name"])


@pytest.mark.english
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
    assert plan["goal"].endswith(" kW")
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


async def test_nobody_else_is_shed(
    hass: HomeAssistant,
    api: APIInstance,
    simulator: Simulator,
    world: World,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The asset that was agreed on has gone: another would do, but nobody agreed to that."""
    plan = await use(api, "plan_load_shedding", **GOAL)
    world.disconnect(would_is_shed(world, plan))
    await pass_time(hass, freezer, 61)
    answer = await shed(hass, freezer, api, plan_id=plan["plan_id"], **GOAL)
    assert not answer["goal_reached"]
    assert answer["snoozed"] == []
    assert answer["measured_saving"] == "unknown"
    assert "make a new plan" in answer["next"]
    assert commands(simulator) == 0
    other = await use(api, "plan_load_shedding", **GOAL)
    assert other["would_be_snoozed"] != plan["would_be_snoozed"]
    answer = await shed(hass, freezer, api, plan_id=other["plan_id"], **GOAL)
    assert answer["goal_reached"]
    assert "next" not in answer


async def test_nobody_takes_the_place_of_what_does_not_obey(
    hass: HomeAssistant,
    api: APIInstance,
    simulator: Simulator,
    world: World,
    freezer: FrozenDateTimeFactory,
) -> None:
    plan = await use(api, "plan_load_shedding", **GOAL)
    stubborn = would_is_shed(world, plan)
    world.set_field(stubborn, "consumption", world.record(stubborn)["consumption"])
    world.set_field(stubborn, "current_state", "ON")
    answer = await shed(hass, freezer, api, plan_id=plan["plan_id"], **GOAL)
    assert not answer["goal_reached"]
    assert answer["measured_saving"] == "0 W"
    assert commands(simulator) == 1


async def test_what_came_back_is_not_snoozed_anew(
    hass: HomeAssistant,
    api: APIInstance,
    simulator: Simulator,
    world: World,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It was told as snoozed already; meanwhile a person has resumed it."""
    await ask(
        hass,
        "shed_load",
        entity_id="switch.yard_pump",
        power=1,
        duration={"hours": 1},
        verify_for={"seconds": 0},
    )
    await pass_time(hass, freezer, 61)
    plan = await use(api, "plan_load_shedding", **ALL)
    assert [one["name"] for one in plan["already_snoozed"]] == ["Pump"]
    charger, pump = would_is_shed(world, plan), named(world, "Pump")
    world.command(pump, "snooze", 0)
    await pass_time(hass, freezer, 61)
    simulator.calls.clear()
    await shed(hass, freezer, api, plan_id=plan["plan_id"], **ALL)
    (command,) = simulator.calls.list(service="gridduck", method="PUT")
    assert command.path.endswith(charger)


async def test_what_is_off_already_counts(
    hass: HomeAssistant,
    api: APIInstance,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """It is kept off for as long as what the plan takes in addition."""
    first = await use(api, "plan_load_shedding", **GOAL)
    await shed(hass, freezer, api, plan_id=first["plan_id"], **GOAL)
    await pass_time(hass, freezer, timedelta(minutes=30))
    plan = await use(api, "plan_load_shedding", **ALL)
    simulator.calls.clear()
    answer = await shed(hass, freezer, api, plan_id=plan["plan_id"], **ALL)
    assert len(answer["snoozed"]) == len(answer["already_snoozed"]) == 1
    assert commands(simulator) == 2


async def test_what_is_not_exposed_any_more_is_left_alone(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    plan = await use(api, "plan_load_shedding", **ALL)
    expose(hass, ["switch.yard_pump", "switch.yard_charger"], exposed=False)
    assert await refused(api, "shed_load", plan_id=plan["plan_id"], **ALL) == "nothing_exposed"
    assert commands(simulator) == 0


async def test_a_plan_names_what_the_user_has_named(
    hass: HomeAssistant, api: APIInstance, world: World, gridduck_entry: MockConfigEntry
) -> None:
    device = gridduck_entry.runtime_data.device_of(named(world, "Pump"))
    dr.async_get(hass).async_update_device(device.id, name_by_user="Big pump")
    plan = await use(api, "plan_load_shedding", power=1, minutes=5, names=["Big pump"])
    assert [one["name"] for one in plan["would_be_snoozed"]] == ["Big pump"]


async def test_a_plan_says_how_many_it_does_not_name(
    hass: HomeAssistant, api: APIInstance, world: World, freezer: FrozenDateTimeFactory
) -> None:
    dock = world.add_site("Dock")
    for number in range(45):
        world.add_asset(
            f"Charger {number}", "ev_charger", site_id=dock, created=0, min_time_on=None
        )
    await pass_time(hass, freezer, 61)
    expose_all(hass)
    plan = await use(api, "plan_load_shedding", power=1_000_000, minutes=60, site="Dock")
    assert len(plan["would_be_snoozed"]) == 40
    assert plan["would_be_snoozed_left_out"] == 5
