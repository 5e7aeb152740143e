"""Shedding load: who gives way, who does not and why, and that the power really falls."""

import json
from typing import Any

from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest

from .yard import HOUR, Yard, names, reasons


async def test_the_power_falls(yard: Yard) -> None:
    before, power = yard.draws(*yard.every), yard.power(yard.pump)
    answer = await yard.verified(power=power)
    assert names(answer["shed"]) == ["Pump"]
    assert answer["goal"]["reached"]
    assert answer["shed"][0]["saved"] == answer["saved_power"] == power
    assert yard.draws(yard.pump) == 0
    assert yard.draws(*yard.every) == pytest.approx(before - power, rel=0.01)
    assert json.dumps(answer)


async def test_the_answer(yard: Yard) -> None:
    power = yard.power(yard.pump)
    answer = await yard.shed(power=power)
    assert answer == {
        "dry_run": False,
        "goal": {"power": power, "origin": "power", "reached": True},
        "shed": [
            {
                "name": "Pump",
                "device_id": yard.device(yard.pump),
                "power": power,
                "saved": None,
                "until": "2026-11-18T19:00:00+00:00",
                "limited_by": None,
            }
        ],
        "already_shed": [],
        "expected_power": power,
        "saved_power": 0.0,
        "passed_over": [
            {
                "name": "Lights",
                "device_id": yard.device(yard.lights),
                "reason": "not_interruptible",
            },
            {"name": "Charger", "device_id": yard.device(yard.charger), "reason": "not_needed"},
            {"name": "Freezers", "device_id": yard.device(yard.freezers), "reason": "not_needed"},
        ],
    }
    assert [(call.path.rsplit("/", 1)[-1], call.body) for call in yard.puts()] == [
        (yard.pump, {"snooze_finish": 3600})
    ]


async def test_dry_run_calls_nothing(yard: Yard) -> None:
    goal = yard.power(yard.pump)
    answer = await yard.shed(power=goal, dry_run=True, verify_for={"minutes": 30})
    assert names(answer["shed"]) == ["Pump"]
    assert answer["dry_run"]
    assert answer["goal"]["reached"]
    assert not yard.simulator.calls.all()
    assert not yard.requests.curtailed


async def test_fewest_and_least_excess(yard: Yard) -> None:
    """A goal that two could reach is reached by one, and by the smaller of two that could."""
    assert yard.power(yard.charger) > yard.power(yard.pump) > yard.power(yard.freezers)
    answer = await yard.shed(power=yard.power(yard.freezers) + 1, dry_run=True)
    assert names(answer["shed"]) == ["Pump"]
    answer = await yard.shed(power=yard.power(yard.charger, yard.freezers), dry_run=True)
    assert names(answer["shed"]) == ["Charger", "Freezers"]


async def test_not_enough(yard: Yard) -> None:
    answer = await yard.shed(power=1_000_000)
    assert sorted(names(answer["shed"])) == ["Charger", "Freezers", "Pump"]
    assert not answer["goal"]["reached"]
    ends = {item["until"] for item in answer["shed"]}
    assert len(ends) == 3
    assert max(ends) <= "2026-11-18T19:01:00+00:00"


async def test_non_interruptible_last(yard: Yard) -> None:
    lights = yard.power(yard.lights)
    answer = await yard.shed(power=lights, allow_non_interruptible=True, dry_run=True)
    assert names(answer["shed"]) == ["Pump"]
    everything = yard.power(*yard.every)
    answer = await yard.shed(power=everything, allow_non_interruptible=True, dry_run=True)
    assert sorted(names(answer["shed"])) == ["Charger", "Freezers", "Lights", "Pump"]
    assert answer["goal"]["reached"]


@pytest.mark.parametrize("on", ["device", "entity", "area"])
async def test_priority(yard: Yard, on: str) -> None:
    """Who has the first label gives way, though another would exceed the goal less."""
    devices, entities = dr.async_get(yard.hass), er.async_get(yard.hass)
    device_id = yard.device(yard.charger)
    if on == "device":
        devices.async_update_device(device_id, labels={"first"})
    elif on == "entity":
        entity = er.async_entries_for_device(entities, device_id)[0]
        entities.async_update_entity(entity.entity_id, labels={"first"})
    else:
        area = ar.async_get(yard.hass).async_create("Garage", labels={"first"})
        devices.async_update_device(device_id, area_id=area.id)
    devices.async_update_device(yard.device(yard.freezers), labels={"second"})
    goal = {"power": yard.power(yard.pump), "dry_run": True}
    assert names((await yard.shed(**goal))["shed"]) == ["Pump"]
    answer = await yard.shed(**goal, priority=["first", "second"])
    assert names(answer["shed"]) == ["Charger"]
    answer = await yard.shed(power=1, dry_run=True, priority=["second", "first"])
    assert names(answer["shed"]) == ["Freezers"]


async def test_passed_over(yard: Yard) -> None:
    world = yard.world
    others = {
        name: world.add_asset(name, "heat_pump", site_id=yard.site_id, created=0)
        for name in (
            "Read-only",
            "Lost",
            "Off",
            "Idle",
            "Unknown",
            "New",
            "Never",
            "Boosted",
            "Snoozed",
        )
    }
    for asset_id in others.values():
        world.set_field(asset_id, "min_time_on", None)
    world.set_field(others["Read-only"], "read_only", value=True)
    world.disconnect(others["Lost"])
    world.set_mode(others["Off"], "ALWAYS_OFF")
    world.set_field(others["Idle"], "consumption", 0)
    world.set_field(others["Unknown"], "consumption", None)
    world.set_field(others["New"], "min_time_on", 900)
    world.set_field(others["Never"], "max_time_off", 0)
    world.command(others["Boosted"], "boost", 7200)
    world.command(others["Snoozed"], "snooze", 7200)
    await yard.wait(61)
    answer = await yard.shed(power=1_000_000)
    assert reasons(answer) == {
        "Read-only": "read_only",
        "Lost": "disconnected",
        "Off": "off",
        "Idle": "no_power",
        "Unknown": "no_power",
        "New": "on_too_short",
        "Never": "off_too_long",
        "Boosted": "boosted",
        "Snoozed": "snoozed",
        "Lights": "not_interruptible",
    }
    assert not set(yard.commanded()) & set(others.values())


async def test_min_time_on(yard: Yard) -> None:
    """It counts from when it was first seen on: after a start nobody knows since when it is."""
    yard.world.set_field(yard.pump, "min_time_on", 300)
    await yard.wait(61)
    goal = {"power": 1, "duration": {"minutes": 5}}
    assert reasons(await yard.shed(yard.pump, **goal)) == {"Pump": "on_too_short"}
    await yard.wait(240)
    assert names((await yard.shed(yard.pump, **goal))["shed"]) == ["Pump"]
    # It comes back, and must be on for as long again.
    for _ in range(6):
        await yard.wait(60)
    assert reasons(await yard.shed(yard.pump, **goal)) == {"Pump": "on_too_short"}
    for _ in range(5):
        await yard.wait(60)
    assert names((await yard.shed(yard.pump, **goal))["shed"]) == ["Pump"]


async def test_max_time_off(yard: Yard) -> None:
    """It limits the snooze, time off already counts, and the ends differ all the same."""
    for asset_id in (yard.pump, yard.charger):
        yard.world.set_field(asset_id, "max_time_off", 1800)
    await yard.wait(61)
    answer = await yard.shed(yard.pump, yard.charger, power=1_000_000)
    assert {item["limited_by"] for item in answer["shed"]} == {"max_time_off"}
    seconds = [call.body["snooze_finish"] for call in yard.puts()]
    assert len(set(seconds)) == 2
    assert all(1740 <= one <= 1800 for one in seconds)
    await yard.wait(600)
    answer = await yard.shed(yard.pump, yard.charger, power=1_000_000)
    assert {item["limited_by"] for item in answer["already_shed"]} == {"max_time_off"}
    assert not yard.puts()


async def test_a_circuit_and_what_hangs_below_it(yard: Yard) -> None:
    """Never both, as the power would count twice; and what is off with it is not shed."""
    fields: dict[str, Any] = {"interruptible": True, "min_time_on": None}
    circuit = yard.world.add_asset("Circuit", "circuit", site_id=yard.site_id, created=0, **fields)
    yard.world.add_asset("Below", "heat_pump", parent_id=circuit, created=0, **fields)
    await yard.wait(61)
    assert yard.power(circuit) > yard.power(yard.pump)
    answer = await yard.shed(power=1_000_000)
    assert "Circuit" in names(answer["shed"])
    assert reasons(answer)["Below"] == "parent_shed"
    answer = await yard.shed(power=1_000_000)
    assert reasons(answer)["Below"] == "parent_shed"


async def test_a_circuit_of_which_a_part_is_shed(yard: Yard) -> None:
    """It waits until it is measured what the circuit draws without that part."""
    fields: dict[str, Any] = {"interruptible": True, "min_time_on": None}
    circuit = yard.world.add_asset("Circuit", "circuit", site_id=yard.site_id, created=0, **fields)
    below = yard.world.add_asset("Below", "heat_pump", parent_id=circuit, created=0, **fields)
    await yard.wait(61)
    await yard.shed(below, power=1)
    assert reasons(await yard.shed(circuit, power=1)) == {"Circuit": "child_shed"}
    await yard.wait(61)
    answer = await yard.shed(circuit, power=1)
    assert names(answer["shed"]) == ["Circuit"]
    assert answer["shed"][0]["power"] == yard.power(circuit) < 2_000


@pytest.mark.parametrize("by", ["site", "gateway", "area", "label", "entity"])
async def test_targets(yard: Yard, by: str) -> None:
    devices = dr.async_get(yard.hass)
    device_id, target = yard.device(yard.pump), dict[str, object]()
    if by == "site":
        target = {"device_id": yard.site}
    elif by == "gateway":
        gateway = yard.account.assets.data[yard.pump].gateway_id
        found = devices.async_get_device_by_identifier(
            ("gridduck_heimdall", f"gateway:{gateway}"), yard.entry.entry_id
        )
        assert found is not None
        target = {"device_id": found.id}
    elif by == "area":
        area = ar.async_get(yard.hass).async_create("Cellar")
        devices.async_update_device(device_id, area_id=area.id)
        target = {"device_id": [], "area_id": area.id}
    elif by == "label":
        devices.async_update_device(device_id, labels={"shed me"})
        target = {"device_id": [], "label_id": "shed me"}
    else:
        entity = er.async_entries_for_device(er.async_get(yard.hass), device_id)[0]
        target = {"device_id": [], "entity_id": entity.entity_id}
    answer = await yard.shed(power=yard.power(yard.pump), dry_run=True, **target)
    assert names(answer["shed"]) == ["Pump"]


async def test_without_an_answer(yard: Yard) -> None:
    await yard.hass.services.async_call(
        "gridduck_heimdall",
        "shed_load",
        {"device_id": yard.site, "power": 1, "duration": HOUR, "verify_for": 0},
        blocking=True,
    )
    assert yard.commanded() == [yard.freezers]
