"""What a process that is killed at any await leaves behind, in the file and at the service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.load_limits.record import FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS, LoadLimits

from .feeder import Feeder, add
from .test_hostile import curtailed
from .yard import Yard, failing, reasons, until


def check(yard: Yard, storage: dict[str, Any]) -> bool:
    """Compare what is off with what the file would tell after a crash; return whether any is."""
    stored = storage.get(FILE, {"data": {"curtailed": []}})["data"]["curtailed"]
    noted = {one["key"].rpartition(" ")[2]: one for one in stored}
    now = yard.simulator.clock.now()
    running = {one: yard.world.assets[one].control.running(now) for one in yard.every}
    for asset_id, override in running.items():
        one = noted.get(asset_id)
        if override is not None:
            assert one is not None, "it is off without a record in the ledger"
            ends = {one["until"], one["until_else"]} - {None}
            assert min(abs(end - override.end) for end in ends) <= 1, "its end would be a person's"
        elif one is not None and one["accepted"] and one["seen"] is not None:
            assert one["ending"] is not None, "a person would have ended it"
    return any(running.values())


@asynccontextmanager
async def watched(yard: Yard, storage: dict[str, Any]) -> AsyncIterator[list[bool]]:
    """Check in each turn of the event loop; the result has whether anything was off."""
    found, ended = list[bool](), False

    async def watch() -> None:
        while not ended:
            if (is_off := check(yard, storage)) or not found or found[-1]:
                found.append(is_off)
            await asyncio.sleep(0)

    watching = asyncio.ensure_future(watch())
    yield found
    ended = True
    await watching


@pytest.mark.parametrize("limits", [1, 2])
async def test_a_load_limit_curtails_extends_and_returns(
    hass: HomeAssistant,
    yard: Yard,
    feeder: Feeder,
    hass_storage: dict[str, Any],
    limits: int,
) -> None:
    async with watched(yard, hass_storage) as found:
        for _ in range(limits):
            await add(yard, feeder.limit)
        await feeder.run(60)
        # Extended at half of its lease.
        assert len(yard.puts()) >= 2
        assert curtailed(hass)
        feeder.base = 60
        await feeder.run(20)
        assert not curtailed(hass)
    assert any(found)
    assert not found[-1]


async def test_an_action_sheds(
    hass: HomeAssistant, yard: Yard, hass_storage: dict[str, Any]
) -> None:
    async with watched(yard, hass_storage) as found:
        await yard.shed(power=1e9, allow_non_interruptible=True)
        assert curtailed(hass).keys() == set(yard.every)
        await yard.wait(60)
        # Longer than before.
        await yard.shed(power=1e9, allow_non_interruptible=True, duration={"hours": 2})
    assert any(found)


async def test_an_action_restores(
    hass: HomeAssistant, yard: Yard, hass_storage: dict[str, Any]
) -> None:
    """Also in steps that an action begins, and that go on in the background."""
    async with watched(yard, hass_storage) as found:
        await yard.shed(power=1e9, allow_non_interruptible=True)
        # Shown, so that what is on again is taken to be resumed.
        await yard.wait(61)
        await yard.restore(assets_per_step=2, interval={"minutes": 2})
        assert len(curtailed(hass)) == 2
        for _ in range(3):
            await yard.wait(61)
        assert not curtailed(hass)
    assert any(found)
    assert not found[-1]


async def restart(hass: HomeAssistant, yard: Yard, storage: dict[str, Any], file: Any) -> None:
    """Start again with what a process has left behind in the file."""
    await hass.data[LOAD_LIMITS].async_close()
    await hass.config_entries.async_unload(yard.entry.entry_id)
    storage[FILE] = file
    hass.data[LOAD_LIMITS] = load_limits = LoadLimits(hass)
    await load_limits.async_load()
    await hass.config_entries.async_setup(yard.entry.entry_id)


async def test_killed_while_an_action_restores(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: dict[str, Any]
) -> None:
    """What was sent has had its effect, once, and no person has resumed it; the rest follows."""
    off = {yard.pump, yard.charger}
    await yard.shed(*off, power=1e9)
    await yard.wait(61)
    yard.puts()

    def back() -> set[str]:
        now = yard.simulator.clock.now()
        return {one for one in off if yard.world.assets[one].on(now)}

    restoring = asyncio.ensure_future(yard.restore(interval={"minutes": 2}))
    await until(back)
    file = deepcopy(hass_storage[FILE])
    await restoring
    await restart(hass, yard, hass_storage, file)
    for _ in range(3):
        await yard.wait(61)
    assert sorted(yard.commanded()) == sorted(off)
    assert back() == off
    assert not curtailed(hass)
    assert not (await yard.restore())["passed_over"]
    await feeder.run(16)
    # A load limit would leave alone for an hour what a person has resumed.
    await add(yard, feeder.limit - 6)
    await feeder.run(2)
    assert off <= curtailed(hass).keys()


@pytest.mark.parametrize("again_after", [15, 61])
async def test_a_restoration_that_arrived_without_an_answer(
    hass: HomeAssistant, yard: Yard, again_after: int
) -> None:
    """No person has resumed it: the next answer has it among what was restored, once."""
    await yard.shed(yard.pump, power=1)
    await yard.wait(61)
    with failing(yard, kind="cut"):
        (tried,) = (await yard.restore())["scheduled"]
    await yard.wait(again_after)
    answer = await yard.restore()
    assert not curtailed(hass)
    assert [one["name"] for one in answer["restored"]] == [tried["name"]] == ["Pump"]
    assert not answer["passed_over"]
    assert not (await yard.restore())["restored"]


async def test_what_an_earlier_version_has_not_reported(
    hass: HomeAssistant, yard: Yard, hass_storage: dict[str, Any]
) -> None:
    """It is said once, although version 1.0 wrote it by another name."""
    await yard.shed(yard.pump, power=1)
    await yard.wait(61)
    yard.world.command(yard.pump, "snooze", 0)
    await yard.wait(61)
    await hass.data[LOAD_LIMITS].async_close()
    file = deepcopy(hass_storage[FILE])
    (returned,) = file["data"]["returned"]
    returned["unasked"] = returned.pop("unreported")
    await restart(hass, yard, hass_storage, file)
    assert reasons(await yard.restore()) == {"Pump": "changed"}
    assert not reasons(await yard.restore())


async def test_a_restoration_that_was_refused(hass: HomeAssistant, yard: Yard) -> None:
    """A person who resumes it afterwards is respected."""
    await yard.shed(yard.pump, power=1)
    await yard.wait(61)
    with failing(yard, status=400):
        await yard.restore()
    yard.world.command(yard.pump, "snooze", 0)
    await yard.wait(61)
    assert not curtailed(hass)
    assert reasons(await yard.restore()) == {"Pump": "changed"}
