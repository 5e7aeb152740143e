"""What a process that is killed at any await leaves behind, in the file and at the service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.load_limits.record import FILE

from .feeder import Feeder, add
from .test_hostile import curtailed
from .yard import Yard


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
