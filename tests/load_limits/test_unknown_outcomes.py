"""Commands of load limits whose outcome is not known: an extension and a return that arrived."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.load_limits.record import FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS

from .feeder import Feeder, add
from .test_hostile import curtailed
from .yard import Yard, failing

EXTENDED_AFTER = 52
"""Minutes after which half of a lease has passed."""


async def test_an_extension_that_arrived_without_an_answer(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It is ours: extended once more, and returned when there is room."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    off = curtailed(hass).keys()
    yard.puts()
    with failing(yard, kind="cut"):
        for _ in range(EXTENDED_AFTER):
            await feeder.run(1)
            if yard.puts():
                break
    await feeder.run(10)
    assert curtailed(hass).keys() == off
    feeder.base = 60
    await feeder.run(20)
    assert not curtailed(hass)
    assert all(yard.world.assets[one].on(yard.simulator.clock.now()) for one in yard.every)


async def test_a_return_that_arrived_without_an_answer(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """It was no person: the asset is curtailed again when that is needed."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    (asset_id,) = curtailed(hass)
    feeder.base = 60
    with failing(yard, kind="cut"):
        await feeder.run(16)
        assert yard.world.assets[asset_id].on(yard.simulator.clock.now())
    await feeder.run(2)
    assert not curtailed(hass)
    feeder.base = 100
    await feeder.run(20)
    assert asset_id in curtailed(hass)


async def test_a_crash_after_an_extension(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: dict[str, Any]
) -> None:
    """What is in the file when the command is sent shows that the new end is ours."""
    await add(yard, feeder.limit)
    await feeder.run(3)
    before = {key: one.until for key, one in curtailed(hass).items()}
    yard.puts()
    stored = list[Any]()
    for _ in range(EXTENDED_AFTER):
        await feeder.run(1)
        if yard.puts():
            stored = hass_storage[FILE]["data"]["curtailed"]
            break
    (one,) = stored
    assert one["until_else"] == pytest.approx(before[one["key"].rpartition(" ")[2]])
    assert hass.data[LOAD_LIMITS].record.ledger.curtailed[one["key"]].until > one["until_else"]


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("seconds", [90, 300, 540])
async def test_a_snooze_that_takes_effect_late(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, seconds: int, *, restarted: bool
) -> None:
    """It is not waited for, and is ours all the same: it returns when there is room."""

    def off() -> set[str]:
        now = yard.simulator.clock.now()
        return {one for one in yard.every if yard.world.assets[one].control.running(now)}

    yard.world.command_delay = seconds
    with failing(yard, kind="cut"):
        await add(yard, feeder.limit)
        await feeder.run(1)
    yard.world.command_delay = 0
    await feeder.run(1)
    if restarted:
        await hass.config_entries.async_reload(yard.entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    await feeder.run(seconds // 60 + 1)
    assert off()
    assert curtailed(hass).keys() == off()
    feeder.base = 60
    await feeder.run(30)
    assert not curtailed(hass)
    assert not off()
