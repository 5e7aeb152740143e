"""The power has to fall: others take the place of what fails or does not obey."""

from datetime import timedelta
import re

from homeassistant.config_entries import ConfigEntryState
import pytest

from simulator.faults import Fault

from .yard import Yard, names, reasons


@pytest.mark.english
async def test_another_takes_the_place_of_one_that_fails(yard: Yard) -> None:
    yard.fail(yard.pump)
    answer = await yard.verified(power=yard.power(yard.pump))
    assert names(answer["shed"]) == ["Charger"]
    assert answer["goal"]["reached"]
    assert answer["saved_power"] > 0
    (failed,) = [one for one in answer["passed_over"] if one["reason"] == "failed"]
    assert failed["name"] == "Pump"
    assert failed["message"].startswith("GridDuck is in trouble, so Pump")


async def test_the_cloud_is_down(yard: Yard) -> None:
    yard.simulator.faults.add(Fault(service="gridduck", path="/asset/", kind="refuse", count=None))
    answer = await yard.verified(power=1)
    assert not answer["shed"]
    assert not answer["goal"]["reached"]
    assert set(reasons(answer).values()) == {"failed", "not_interruptible"}


async def test_a_cloud_that_stays_down_is_given_up(yard: Yard) -> None:
    """Not each of many assets is tried in vain."""
    for number in range(40):
        yard.world.add_asset(
            f"Plug {number}", "ev_charger", site_id=yard.site_id, created=0, min_time_on=None
        )
    await yard.wait(61)
    yard.simulator.faults.add(
        Fault(service="gridduck", path="/asset/.", method="PUT", status=500, count=None)
    )
    answer = await yard.shed(power=1_000_000)
    passed_over = list(reasons(answer).values())
    assert passed_over.count("unavailable") > 20
    assert passed_over.count("failed") < 20
    assert yard.hass.data


@pytest.mark.english
async def test_one_that_does_not_obey(yard: Yard) -> None:
    """It says that it is snoozed, and draws on: another gives way for what is missing."""
    goal = yard.power(yard.pump)
    yard.world.set_field(yard.pump, "consumption", goal)
    yard.world.set_field(yard.pump, "current_state", "ON")
    started = yard.freezer.time_to_freeze
    answer = await yard.verified(power=goal)
    assert names(answer["shed"]) == ["Pump", "Charger"]
    assert answer["shed"][0]["saved"] == 0
    assert answer["shed"][1]["saved"] == answer["shed"][1]["power"]
    assert answer["goal"]["reached"]
    assert yard.freezer.time_to_freeze - started < timedelta(minutes=2)
    why = {shed.name: shed.why for shed in yard.requests.curtailed}
    assert why["Charger"] == why["Pump"]
    assert re.fullmatch(r"Less power was asked for: \S+ kW of \S+ kW shed", why["Pump"])


async def test_what_is_left_when_time_is_up(yard: Yard) -> None:
    """What is missing then is shed without being verified."""
    goal = yard.power(yard.pump)
    yard.world.set_field(yard.pump, "consumption", goal)
    answer = await yard.verified(power=goal, verify_for={"seconds": 10})
    assert names(answer["shed"]) == ["Pump", "Charger"]
    assert [item["saved"] for item in answer["shed"]] == [0, None]
    assert answer["goal"]["reached"]


async def test_a_part_of_the_power(yard: Yard) -> None:
    goal = yard.power(yard.charger)
    yard.world.set_field(yard.charger, "consumption", goal - 100)
    await yard.wait(61)
    yard.world.set_field(yard.charger, "consumption", 100)
    goal = yard.power(yard.charger)
    answer = await yard.verified(yard.charger, yard.freezers, power=goal)
    assert names(answer["shed"]) == ["Charger", "Freezers"]
    assert answer["shed"][0]["saved"] == goal - 100
    assert answer["saved_power"] == pytest.approx(goal - 100 + yard.shed_power(yard.freezers))


async def test_polls_that_fail_meanwhile(yard: Yard) -> None:
    """What cannot be measured is not missing."""
    yard.simulator.faults.add(
        Fault(service="gridduck", path="^/asset/", method="GET", status=500, count=None)
    )
    answer = await yard.verified(power=yard.power(yard.pump), step=10)
    assert names(answer["shed"]) == ["Pump"]
    assert answer["shed"][0]["saved"] is None
    assert answer["goal"]["reached"]


async def test_an_account_that_is_not_in_use(yard: Yard) -> None:
    device, site = yard.device(yard.pump), yard.site
    await yard.hass.config_entries.async_unload(yard.entry.entry_id)
    assert yard.entry.state is ConfigEntryState.NOT_LOADED
    answer = await yard.shed(power=1, device_id=[device, site])
    assert reasons(answer) == {"Pump": "unavailable", "Yard": "unavailable"}
    assert not answer["goal"]["reached"]


async def test_an_account_that_does_not_serve(yard: Yard) -> None:
    yard.simulator.faults.add(Fault(service="gridduck", path="/asset/", status=500, count=None))
    for _ in range(4):
        await yard.wait(61)
    assert set(reasons(await yard.shed(power=1)).values()) == {"unavailable"}


async def test_home_assistant_stops_meanwhile(yard: Yard) -> None:
    """Nobody waits then; what was shed is noted."""
    yard.world.set_field(yard.pump, "consumption", 10_000)
    await yard.wait(61)
    task = yard.begin(yard.pump, power=1)
    await yard.until_it_waits(task)
    yard.requests.close()
    answer = await task
    assert names(answer["shed"]) == ["Pump"]
    assert yard.record(yard.pump) is not None
