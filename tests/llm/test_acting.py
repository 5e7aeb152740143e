"""What an assistant that is a language model may do, and what it is refused."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.permissions.const import CAT_ENTITIES
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.llm import APIInstance
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Fault
from simulator.server import Simulator
from tests.conftest import pass_time
from tests.gridduck.support import named

from .support import (
    assistant,
    commands,
    expose,
    expose_all,
    refused,
    use,
)

GOAL = {"power": 500, "minutes": 60, "names": ["Charger", "Pump"]}


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


async def test_an_unknown_name_costs_itself_alone(api: APIInstance, simulator: Simulator) -> None:
    answer = await use(api, "snooze", names=["Kettle", "Pump", "Pum"], minutes=30)
    assert [one["name"] for one in answer["assets"]] == ["Pump"]
    assert answer["not_found"] == ["Kettle", "Pum"]
    assert commands(simulator) == 1
    plan = await use(api, "plan_load_shedding", **GOAL | {"names": ["Charger", "Kettle"]})
    assert plan["not_found"] == ["Kettle"]


async def test_one_that_fails_is_reported(api: APIInstance, simulator: Simulator) -> None:
    charger = named(simulator.gridduck.world, "Charger")
    simulator.faults.add(
        Fault(service="gridduck", path=f"/asset/{charger}", method="PUT", status=500, count=None)
    )
    answer = await use(api, "snooze", names=["Pump", "Charger"], minutes=30)
    assert [one["name"] for one in answer["assets"]] == ["Pump"]
    (failed,) = answer["failed"]
    assert failed["name"] == "Charger"
    assert failed["message"]


async def test_one_that_is_disabled_is_not_found(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    charger = named(simulator.gridduck.world, "Charger")
    registry = dr.async_get(hass)
    (device,) = (one for one in registry.devices if (DOMAIN, f"asset:{charger}") in one.identifiers)
    registry.async_update_device(device.id, disabled_by=dr.DeviceEntryDisabler.USER)
    answer = await use(api, "snooze", names=["Pump", "Charger"], minutes=30)
    assert [one["name"] for one in answer["assets"]] == ["Pump"]
    assert answer["not_found"] == ["Charger"]


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
    expose(hass, ["switch.yard_pump"], exposed=False)
    assert await refused(api, "snooze", names=["Pump"], minutes=5) == "not_exposed"
    plan = await use(api, "plan_load_shedding", **GOAL)
    assert [one["name"] for one in plan["would_be_snoozed"]] == ["Charger"]
    assert plan["not_found"] == ["Pump"]
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


async def test_a_long_answer_is_cut(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    world = simulator.gridduck.world
    dock = world.add_site("Dock")
    for number in range(45):
        world.add_asset(f"Charger {number}", "ev_charger", site_id=dock, created=0)
    await pass_time(hass, freezer, 61)
    expose_all(hass)
    answer = await use(api, "boost", site="Dock", minutes=5)
    assert len(answer["assets"]) == 40
    assert answer["assets_left_out"] == 5
    assert commands(simulator) == 45
    answer = await use(api, "get_overrides", site="Dock")
    assert answer["overrides_left_out"] == 5


async def test_what_is_out_of_reach_is_unknown(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody knows whether it is boosted, also where only that may be seen of it."""
    world = simulator.gridduck.world
    world.disconnect(named(world, "Pump"))
    await pass_time(hass, freezer, 61)
    answer = await use(api, "boost", names=["Pump"], minutes=5)
    assert answer["assets"] == [{"name": "Pump", "override": "unknown"}]
    expose(hass, ["switch.yard_pump"], exposed=False)
    (pump,) = (await use(api, "get_assets", name="Pump"))["assets"]
    assert pump["override"] == "unknown"


async def test_what_the_cloud_refuses_is_reported(
    hass: HomeAssistant, api: APIInstance, simulator: Simulator
) -> None:
    simulator.faults.add(
        Fault(service="gridduck", path="/asset", method="PUT", status=500, count=None)
    )
    with pytest.raises(HomeAssistantError):
        await use(api, "snooze", names=["Pump"], minutes=5)
