"""Shedding again: what is shed already counts, and nothing is done twice."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from custom_components.gridduck_heimdall.api.gridduck import Override
from custom_components.gridduck_heimdall.load_limits.clock import iso

from .yard import AT_ONCE, Yard, names


async def test_twice(yard: Yard) -> None:
    goal = yard.power(yard.pump)
    first = await yard.verified(power=goal)
    yard.puts()
    again = await yard.verified(power=goal)
    assert not again["shed"]
    assert [{**item, "device_id": ""} for item in again["already_shed"]] == [
        {**item, "device_id": ""} for item in first["shed"]
    ]
    assert again["goal"]["reached"]
    assert again["saved_power"] == first["saved_power"]
    assert not yard.puts()


async def test_more_than_before(yard: Yard) -> None:
    """Only what is missing is shed on top."""
    await yard.shed(power=yard.power(yard.pump))
    yard.puts()
    answer = await yard.shed(power=yard.power(yard.pump) + 1)
    assert names(answer["already_shed"]) == ["Pump"]
    assert names(answer["shed"]) == ["Freezers"]
    assert yard.commanded() == [yard.freezers]


async def test_later_it_stays_off_for_longer(yard: Yard) -> None:
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    yard.puts()
    await yard.wait(60)
    await yard.shed(power=goal)
    assert not yard.puts()
    await yard.wait(1_000)
    answer = await yard.shed(power=goal)
    assert answer["already_shed"][0]["until"] == "2026-11-18T19:17:40+00:00"
    (call,) = yard.puts()
    assert call.body == {"snooze_finish": 3600}
    shed = yard.record(yard.pump)
    assert shed is not None
    assert iso(shed.since) == "2026-11-18T18:00:00+00:00"


async def test_what_stays_off_for_longer_does_not_come_back_at_once(yard: Yard) -> None:
    goal = yard.power(yard.pump, yard.charger, yard.freezers)
    await yard.shed(power=goal)
    yard.puts()
    await yard.wait(600)
    await yard.shed(power=goal)
    ends = sorted(call.body["snooze_finish"] for call in yard.puts())
    assert ends == [3_600, 3_620, 3_640]


async def test_a_shorter_request_shortens_nothing(yard: Yard) -> None:
    await yard.shed(power=yard.power(yard.pump))
    yard.puts()
    answer = await yard.shed(power=yard.power(yard.pump), duration={"minutes": 5})
    assert answer["already_shed"][0]["until"] == "2026-11-18T19:00:00+00:00"
    assert not yard.puts()


async def test_only_what_is_needed_stays_off_for_longer(yard: Yard) -> None:
    await yard.shed(power=yard.power(yard.pump, yard.charger, yard.freezers))
    yard.puts()
    await yard.wait(600)
    await yard.shed(power=1)
    assert yard.commanded() == [yard.freezers]


async def test_what_gives_way_last_stays_off_last(yard: Yard) -> None:
    """Though the lights alone would reach the goal without excess."""
    await yard.shed(power=1_000_000, allow_non_interruptible=True)
    goal = yard.shed_power(yard.lights)
    yard.puts()
    await yard.wait(600)
    await yard.shed(power=goal, allow_non_interruptible=True)
    (kept,) = yard.commanded()
    assert kept in {yard.charger, yard.pump, yard.freezers}


async def test_a_circuit_and_a_part_of_it_both_count(yard: Yard) -> None:
    """The circuit was measured without the part, which was off before."""
    fields: dict[str, Any] = {"interruptible": True, "min_time_on": None}
    circuit = yard.world.add_asset("Circuit", "circuit", site_id=yard.site_id, created=0, **fields)
    below = yard.world.add_asset("Below", "heat_pump", parent_id=circuit, created=0, **fields)
    await yard.wait(61)
    await yard.shed(below, power=1)
    await yard.wait(61)
    await yard.shed(circuit, power=1)
    goal = yard.shed_power(below) + yard.shed_power(circuit)
    answer = await yard.shed(power=goal)
    assert names(answer["already_shed"]) == ["Circuit", "Below"]
    assert not answer["shed"]


async def test_not_longer_than_the_request_allows(yard: Yard) -> None:
    """However often it is asked, the time counts from when the asset was shed."""
    yard.world.set_field(yard.pump, "max_time_off", 7_200)
    await yard.wait(61)
    goal = {"power": yard.power(yard.pump), "duration": {"minutes": 10}}
    limit = {"longest_off": {"minutes": 30}}
    first = await yard.shed(yard.pump, **goal, **limit)
    assert first["shed"][0]["limited_by"] is None
    shed = yard.record(yard.pump)
    assert shed is not None
    for minute in range(5, 30, 5):
        await yard.wait(300)
        (item,) = (await yard.shed(yard.pump, **goal, **limit))["already_shed"]
        assert item["limited_by"] == (None if minute <= 20 else "longest_off")
        until = datetime.fromisoformat(item["until"])
        assert until.timestamp() <= shed.since + 30 * 60
    await yard.wait(301)
    assert yard.account.assets.overrides.control(yard.account.assets.data[yard.pump]).is_on
    longer = {"duration": {"hours": 4}, "longest_off": {"hours": 1}}
    (item,) = (await yard.shed(yard.pump, power=1, **longer))["shed"]
    assert item["limited_by"] == "longest_off"


@pytest.mark.english
async def test_a_prolongation_that_fails(yard: Yard) -> None:
    """What was shed stays shed, until the end that it had."""
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    await yard.wait(600)
    yard.fail(yard.pump)
    answer = await yard.shed(power=goal)
    assert not answer["shed"]
    (item,) = answer["already_shed"]
    assert item["until"] == "2026-11-18T19:00:00+00:00"
    assert item["message"].startswith("GridDuck is in trouble, so Pump")
    await yard.wait(60)
    again = await yard.shed(power=goal)
    assert names(again["already_shed"]) == ["Pump"]


async def test_at_the_same_time(yard: Yard) -> None:
    """The second request sees what the first has done."""
    goal = yard.power(yard.pump)
    first, second = await asyncio.gather(yard.shed(power=goal), yard.shed(power=goal))
    assert names(first["shed"]) == names(second["already_shed"]) == ["Pump"]
    assert not second["shed"]
    assert yard.commanded() == [yard.pump]


@pytest.mark.parametrize("how", ["boost", "resume", "snooze"])
async def test_what_a_person_changed_is_theirs(yard: Yard, how: str) -> None:
    """It no longer counts; what is on and free may be shed anew."""
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    await yard.wait(61)
    match how:
        case "boost":
            yard.world.command(yard.pump, "boost", 7_200)
        case "resume":
            yard.world.command(yard.pump, "snooze", 0)
        case _:
            yard.world.command(yard.pump, "snooze", 7_200)
    await yard.wait(61)
    yard.puts()
    answer = await yard.shed(power=goal)
    assert not answer["already_shed"]
    assert names(answer["shed"]) == (["Pump"] if how == "resume" else ["Charger"])


async def test_a_dry_run_changes_nothing_of_what_is_shed(yard: Yard) -> None:
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    before = yard.record(yard.pump)
    yard.puts()
    await yard.wait(600)
    answer = await yard.shed(power=goal, dry_run=True)
    assert names(answer["already_shed"]) == ["Pump"]
    assert not yard.puts()
    after = yard.record(yard.pump)
    assert before is not None
    assert after is not None
    assert after.until == before.until


async def test_another_call_does_not_wait_for_ever(yard: Yard) -> None:
    """A snooze that has ended is shed no more."""
    await yard.shed(yard.pump, power=1, duration={"minutes": 1})
    await yard.wait(62)
    await yard.wait(62)
    answer = await yard.shed(yard.pump, power=1, verify_for=AT_ONCE)
    assert names(answer["shed"]) == ["Pump"]
    control = yard.account.assets.overrides.control(yard.account.assets.data[yard.pump])
    assert control.override is Override.SNOOZE
