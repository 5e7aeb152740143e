"""Restoring load: in steps, once, and nothing that is somebody else's."""

import asyncio
from dataclasses import replace
from typing import Any

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.core.events import EventType
from custom_components.gridduck_heimdall.load_limits.record import FILE, OLD_FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS, LoadLimits
from simulator.faults import Fault
from tests.conftest import ask
from tests.happenings import captured

from .yard import Yard, names, reasons

THREE = {"power": 1_000_000}


async def test_in_steps(yard: Yard) -> None:
    await yard.shed(**THREE)
    yard.puts()
    answer = await yard.restore()
    assert len(answer["restored"]) == 1
    assert [item["at"] for item in answer["scheduled"]] == [
        "2026-11-18T18:01:00+00:00",
        "2026-11-18T18:02:00+00:00",
    ]
    assert not answer["passed_over"]
    back = yard.commanded()
    assert len(back) == 1
    for expected in (2, 3):
        await yard.wait(60)
        back += yard.commanded()
        assert len(back) == expected
    assert set(back) == {yard.charger, yard.pump, yard.freezers}
    await yard.wait(60)
    assert yard.draws(*back) > 0
    assert not yard.requests.curtailed
    assert not yard.commanded()


async def test_several_at_a_time_and_only_the_target(yard: Yard) -> None:
    await yard.shed(**THREE)
    yard.puts()
    answer = await yard.restore(
        device_id=yard.devices(yard.pump, yard.charger, yard.lights), assets_per_step=2
    )
    assert sorted(names(answer["restored"])) == ["Charger", "Pump"]
    assert not answer["scheduled"]
    assert [shed.name for shed in yard.requests.curtailed] == ["Freezers"]


def in_order(answer: dict[str, Any]) -> list[str]:
    """Return what comes back, by when."""
    later = sorted(answer["scheduled"], key=lambda item: item["at"])
    return names([*answer["restored"], *later])


async def test_who_gives_way_last_comes_back_first(yard: Yard) -> None:
    """What may not be interrupted, then the labels from the last to the first."""
    devices = dr.async_get(yard.hass)
    devices.async_update_device(yard.device(yard.pump), labels={"first"})
    devices.async_update_device(yard.device(yard.freezers), labels={"second"})
    labels = ["first", "second"]
    await yard.shed(yard.charger, power=1, priority=labels)
    await yard.wait(10)
    await yard.shed(power=1_000_000, allow_non_interruptible=True, priority=labels)
    devices.async_update_device(yard.device(yard.pump), labels=set())
    answer = await yard.restore()
    assert in_order(answer) == ["Lights", "Charger", "Freezers", "Pump"]


async def test_of_what_is_alike_the_longest_off_comes_back_first(yard: Yard) -> None:
    for asset_id in (yard.pump, yard.freezers, yard.charger):
        await yard.shed(asset_id, power=1)
        await yard.wait(10)
    answer = await yard.restore()
    assert in_order(answer) == ["Pump", "Freezers", "Charger"]


async def test_twice(yard: Yard) -> None:
    await yard.shed(**THREE)
    first = await yard.restore()
    yard.puts()
    again = await yard.restore()
    assert not again["restored"]
    assert again["scheduled"] == first["scheduled"]
    assert not yard.puts()
    assert await yard.restore(device_id=yard.device(yard.lights)) == {
        "restored": [],
        "scheduled": [],
        "passed_over": [],
    }


async def test_what_a_person_changed_is_left_alone(yard: Yard) -> None:
    """Also what was changed after it was put on the schedule, and not yet known of."""
    await yard.shed(**THREE)
    await yard.wait(61)
    entity = er.async_get(yard.hass).async_get_entity_id(
        "switch", "gridduck_heimdall", f"gridduck_1234_{yard.charger}_switch"
    )
    await yard.hass.services.async_call(
        "switch", "turn_on", {ATTR_ENTITY_ID: entity}, blocking=True
    )
    await yard.wait(30)
    yard.puts()
    answer = await yard.restore()
    assert reasons(answer) == {"Charger": "changed"}
    (waiting,) = answer["scheduled"]
    ids = {"Pump": yard.pump, "Freezers": yard.freezers}
    yard.world.command(ids[waiting["name"]], "boost", 7_200)
    yard.puts()
    await yard.wait(61)
    assert not yard.puts()
    now = yard.simulator.clock.now()
    running = yard.world.assets[ids[waiting["name"]]].control.running(now)
    assert running is not None
    assert running.kind == "boost"
    assert not yard.requests.curtailed


async def test_what_has_ended(yard: Yard) -> None:
    await yard.shed(yard.pump, power=1, duration={"seconds": 30})
    await yard.wait(31)
    answer = await yard.restore()
    assert reasons(answer) == {"Pump": "ended"}
    assert not answer["restored"]


async def test_shedding_takes_off_the_schedule(yard: Yard) -> None:
    """What is needed stays off; the rest comes back as was said."""
    await yard.shed(**THREE)
    answer = await yard.restore()
    first, second = names(answer["scheduled"])
    ids = {"Charger": yard.charger, "Pump": yard.pump, "Freezers": yard.freezers}
    yard.puts()
    again = await yard.shed(ids[second], power=1)
    assert names(again["already_shed"]) == [second]
    for _ in range(3):
        await yard.wait(60)
    assert yard.commanded() == [ids[first]]
    assert [shed.name for shed in yard.requests.curtailed] == [second]


async def test_a_failed_snooze_that_had_its_effect(yard: Yard) -> None:
    """The answer was lost: the asset is off all the same, and comes back with the others."""
    yard.simulator.faults.add(
        Fault(service="gridduck", path=yard.pump, method="PUT", kind="refuse", count=None)
    )
    await yard.shed(yard.pump, power=1)
    shed = yard.record(yard.pump)
    assert shed is not None
    assert not shed.accepted
    yard.simulator.faults.clear()
    yard.world.command(yard.pump, "snooze", 3_600)
    await yard.wait(61)
    answer = await yard.shed(yard.pump, power=1)
    assert names(answer["already_shed"]) == ["Pump"]
    assert names((await yard.restore())["restored"]) == ["Pump"]


@pytest.mark.parametrize("late", [15, 45, 180])
async def test_a_failed_snooze_that_has_its_effect_late(yard: Yard, late: float) -> None:
    """A later list shows it: an event is fired, and it is restored with all others."""
    events = captured(yard.hass)
    yard.fail(yard.pump)
    sent = dt_util.utcnow().timestamp()
    await yard.shed(yard.pump, power=1)
    yard.simulator.faults.clear()
    await yard.wait(late)
    yard.world.command(yard.pump, "snooze", 3_600)
    await yard.wait(61)
    shed = yard.record(yard.pump)
    assert shed is not None
    assert shed.accepted
    assert abs(shed.until - (sent + late + 3_600)) <= 60
    fired = [event.event_type for event in events]
    assert fired.count(EventType.LOAD_SHED) == 1
    # Until a list has shown it to be the failed one, a snooze that is this late is another's.
    assert set(fired) <= {EventType.LOAD_SHED, EventType.OVERRIDE_CHANGED}
    assert names((await yard.restore())["restored"]) == ["Pump"]
    assert yard.draws(yard.pump) > 0


async def test_a_failed_snooze_that_has_its_effect_after_it_was_to_come_back(yard: Yard) -> None:
    """Nothing runs yet that could be ended: it waits for it to come, and ends it then."""
    yard.fail(yard.pump)
    await yard.shed(yard.pump, power=1)
    yard.simulator.faults.clear()
    answer = await yard.restore()
    assert names(answer["scheduled"]) == ["Pump"]
    yard.world.command(yard.pump, "snooze", 3_600)
    for _ in range(5):
        await yard.wait(60)
    assert yard.draws(yard.pump) > 0
    assert not yard.requests.curtailed


async def test_a_failed_snooze_that_never_comes_is_forgotten(yard: Yard) -> None:
    yard.fail(yard.pump)
    await yard.shed(yard.pump, power=1)
    for _ in range(12):
        await yard.wait(60)
    answer = await yard.restore()
    assert not answer["restored"]
    assert not yard.requests.curtailed


async def test_a_person_who_snoozes_what_failed_is_left_alone(yard: Yard) -> None:
    yard.fail(yard.pump)
    await yard.shed(yard.pump, power=1)
    yard.simulator.faults.clear()
    await yard.wait(30)
    await ask(yard.hass, "snooze", device_id=yard.devices(yard.pump), duration={"hours": 1})
    await yard.wait(61)
    assert not (await yard.restore())["restored"]
    assert yard.draws(yard.pump) == 0


async def restart(yard: Yard, hass: HomeAssistant, away: float) -> None:
    """Stop and start the account and all that load limits have in memory."""
    await hass.data[LOAD_LIMITS].async_close()
    await hass.config_entries.async_unload(yard.entry.entry_id)
    yard.freezer.tick(away)
    hass.data[LOAD_LIMITS] = load_limits = LoadLimits(hass)
    await load_limits.async_load()
    await hass.config_entries.async_setup(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


def of_an_earlier_version(stored: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Return what an earlier version wrote of something curtailed, that knew no tiers and lines."""
    return {
        "key": stored["key"],
        "entry_id": entry_id,
        "asset_id": stored["key"].rpartition(" ")[2],
        "name": stored["name"],
        "device_id": stored["device_id"],
        "power": stored["power"],
        "since": stored["since"],
        "sent": stored["renewed"],
        "until": stored["until"],
        "until_else": None,
        "accepted": True,
        "seen": False,
        "ahead": None,
        "interruptible": stored["tier"][0] == 0,
        "saved": None,
        "comeback": None,
        "changed": False,
        "ended": False,
        "why": stored["why"],
    }


async def test_what_an_earlier_version_has_curtailed(
    yard: Yard, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """It is taken over from that version's file, which goes, and comes back as it would have."""
    await yard.shed(power=1_000_000, allow_non_interruptible=True)
    data = hass_storage[FILE]["data"]
    old = [of_an_earlier_version(one, yard.entry.entry_id) for one in data["curtailed"]]
    old[0]["comeback"] = {"at": dt_util.utcnow().timestamp() + 600, "interval": 5.0}
    scheduled = old[0]["name"]
    data["curtailed"] = []
    file = {"version": 1, "minor_version": 1, "key": OLD_FILE, "data": old}
    hass_storage[OLD_FILE] = file
    await restart(yard, hass, 60)
    assert OLD_FILE not in hass_storage
    assert len(yard.stored(hass_storage)) == 4
    answer = await yard.restore()
    assert len(answer["restored"]) + len(answer["scheduled"]) == 4
    assert scheduled in names(answer["scheduled"])
    later = [one for one in answer["scheduled"] if one["name"] == scheduled]
    assert later[0]["at"] == "2026-11-18T18:10:00+00:00"


async def test_restart_after_shedding(
    yard: Yard, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    goal = yard.power(yard.pump)
    await yard.shed(power=goal)
    before = yard.record(yard.pump)
    assert yard.stored(hass_storage) == [yard.pump]
    await restart(yard, hass, 120)
    after = yard.record(yard.pump)
    assert before is not None
    assert after is not None
    # What the first list shows is new; all else is as before.
    assert after == replace(before, seen=after.seen, ahead=after.ahead)
    yard.puts()
    answer = await yard.shed(power=goal)
    assert names(answer["already_shed"]) == ["Pump"]
    assert not answer["shed"]
    assert not yard.puts()


@pytest.mark.parametrize("turns", [0, 2, 5, 10, 20, 40, 80, 200])
async def test_restart_in_the_middle_of_shedding(
    yard: Yard, hass: HomeAssistant, turns: int
) -> None:
    """Cut off anywhere: what is off is known to be, and what is not is not."""
    task = yard.begin(power=1_000_000, verify_for={"seconds": 0})
    await yard.breathe(turns)
    task.cancel()
    await asyncio.wait([task])
    await restart(yard, hass, 60)
    now, ids = yard.simulator.clock.now(), [yard.charger, yard.pump, yard.freezers]
    off = {yard.world.assets[one].name for one in ids if not yard.world.assets[one].on(now)}
    answer = await yard.shed(power=1_000_000, dry_run=True)
    assert set(names(answer["already_shed"])) == off
    assert set(names(answer["shed"])) == {"Charger", "Pump", "Freezers"} - off
    back = await yard.restore(assets_per_step=3)
    assert set(names(back["restored"])) == off


async def test_restart_in_the_middle_of_restoring(yard: Yard, hass: HomeAssistant) -> None:
    """What came due meanwhile comes back in steps all the same, and each once."""
    await yard.shed(**THREE)
    first = yard.commanded()
    await yard.restore()
    back = yard.commanded()
    await restart(yard, hass, 1_000)
    back += yard.commanded()
    for _ in range(4):
        before = len(back)
        await yard.wait(60)
        back += yard.commanded()
        assert len(back) <= before + 1
    assert sorted(back) == sorted(first)
    assert not yard.requests.curtailed


async def test_an_account_that_is_deleted(
    yard: Yard, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    await yard.shed(**THREE)
    await hass.config_entries.async_remove(yard.entry.entry_id)
    assert not hass.data[LOAD_LIMITS].requests.curtailed
    assert not yard.stored(hass_storage)
