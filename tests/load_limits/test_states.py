"""Each state of a load limit, over a restart and kill -9; loads that do not follow."""

from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from typing import Any, Final, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.control_law.models import Action, Reason
from custom_components.gridduck_heimdall.load_limits.journal import REMEMBERED, Entry
from custom_components.gridduck_heimdall.load_limits.record import FILE
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS, LoadLimits
from tests.conftest import ask
from tests.load_limits.yard import Yard
from tests.repairs import own

from .feeder import SENSOR, Feeder, add, shown


class Deaf(Feeder):
    """A load that does not depend on the yard."""

    @property
    @override
    def load(self) -> float:
        return self.base


class Reverse(Feeder):
    """A line that carries generation away, whose current has no sign: less load, more current."""

    @property
    @override
    def load(self) -> float:
        now = self.yard.simulator.clock.now()
        off = (one for one in self.yard.every if not self.yard.world.assets[one].on(now))
        return self.base + sum(self.watts[one] for one in off) / 1000


def state_of(yard: Yard, subentry: ConfigSubentry) -> str:
    return shown(yard.hass, subentry, "sensor", "load_limit_state").state


def off(yard: Yard) -> set[str]:
    """Return the assets that are really off."""
    now = yard.simulator.clock.now()
    return {one for one in yard.every if not yard.world.assets[one].on(now)}


async def restart(yard: Yard, storage: dict[str, Any], *, killed: bool) -> None:
    """Start Home Assistant's part anew, with what was written when it was killed or stopped."""
    hass, load_limits = yard.hass, yard.hass.data[LOAD_LIMITS]
    written = deepcopy(storage.get(FILE))
    await hass.config_entries.async_unload(yard.entry.entry_id)
    await load_limits.async_close()
    if killed:
        storage.pop(FILE, None)
        if written is not None:
            storage[FILE] = written
    hass.data[LOAD_LIMITS] = load_limits = LoadLimits(hass)
    await load_limits.async_load()
    await hass.config_entries.async_setup(yard.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("killed", [True, False])
async def test_restored_just_before_a_restart(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: dict[str, Any], *, killed: bool
) -> None:
    """Nothing is switched off in its place, for the rest of the quarter of an hour."""
    subentry = await add(yard, feeder.limit)
    await feeder.run(4)
    button = shown(hass, subentry, "button", "load_limit_restore").entity_id
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)
    await feeder.run(2)
    await restart(yard, hass_storage, killed=killed)
    await feeder.run(10)
    assert not off(yard)
    assert state_of(yard, subentry) == "paused"
    await feeder.run(12)
    assert off(yard)


async def idle(feeder: Feeder) -> None:
    feeder.base -= 50
    await feeder.run(30)


async def holding(feeder: Feeder) -> None:
    await feeder.run(4)


async def not_enough(feeder: Feeder) -> None:
    feeder.base += 50
    await feeder.run(4)


async def restoring(feeder: Feeder) -> None:
    feeder.base += 8
    await feeder.run(14)
    feeder.base -= 58
    for _ in range(10):
        await feeder.run(1)
        if len(off(feeder.yard)) < 2:
            break


async def no_data(feeder: Feeder) -> None:
    await feeder.run(4)
    feeder.yard.hass.states.async_remove(SENSOR)
    for _ in range(65):
        await feeder.yard.wait(60)


REACHED: Final[Mapping[str, Callable[[Feeder], Awaitable[None]]]] = {
    "idle": idle,
    "holding": holding,
    "not_enough": not_enough,
    "restoring": restoring,
    "no_data": no_data,
}


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("state", REACHED)
async def test_it_goes_on_after_a_restart(
    yard: Yard, feeder: Feeder, hass_storage: dict[str, Any], state: str, *, killed: bool
) -> None:
    """Nothing is sent twice, and in the end nothing is left off."""
    subentry = await add(yard, feeder.limit)
    await REACHED[state](feeder)
    # It is restoring in the moment in which something returns, and then holds the rest.
    assert state_of(yard, subentry) in {state, "holding"}
    before = off(yard)
    yard.puts()
    await restart(yard, hass_storage, killed=killed)
    assert not yard.puts()
    assert off(yard) == before
    ledger = yard.hass.data[LOAD_LIMITS].record.ledger
    assert {key.rpartition(" ")[2] for key in ledger.curtailed} == before
    if state != "no_data":
        await feeder.run(2)
        # Candidates that were off stay off; what returns does so in steps.
        assert off(yard) <= before
        assert state_of(yard, subentry) in {state, "idle", "holding"}
    # The evening is over.
    feeder.base = 20
    await feeder.run(45)
    assert off(yard) == set()
    assert not ledger.curtailed
    assert state_of(yard, subentry) == "idle"


@pytest.mark.parametrize("kind", [Deaf, Reverse])
async def test_a_load_that_does_not_follow(
    yard: Yard, hass_storage: dict[str, Any], kind: type[Feeder]
) -> None:
    """All comes back, it is reported, and it is not tried again within hours, over a restart."""
    hass, feeder = yard.hass, kind(yard)
    await feeder.run(2)
    subentry = await add(yard, feeder.limit)
    for _ in range(30):
        await feeder.run(1)
        if state_of(yard, subentry) == "no_response":
            break
    assert state_of(yard, subentry) == "no_response"
    await feeder.run(20)
    assert off(yard) == set()
    assert own(hass) == {"load_limit_no_response"}
    yard.puts()
    await restart(yard, hass_storage, killed=True)
    await feeder.run(60)
    assert not yard.puts()
    assert state_of(yard, subentry) == "no_response"


async def test_a_window_whose_sensor_measures_a_current_now(yard: Yard, feeder: Feeder) -> None:
    """A current has no mean power without a voltage: nothing more is curtailed, all returns."""
    hass = yard.hass
    subentry = await add(yard, feeder.limit, unit="kW", window=15)
    await feeder.run(14)
    yard.puts()
    for _ in range(12):
        hass.states.async_set(SENSOR, "9999", {"unit_of_measurement": "A"})
        await yard.wait(60)
    assert own(hass) == {"load_limit_source_missing"}
    assert shown(hass, subentry, "sensor", "load_limit_load").state == "unknown"
    assert not [call for call in yard.puts() if call.body != {"snooze_finish": 0}]
    for _ in range(18):
        await yard.wait(600)
    assert off(yard) == set()


async def test_the_last_decisions_outlive_a_restart(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_storage: dict[str, Any]
) -> None:
    """The last hundred, the newest first; older ones are forgotten."""
    subentry = await add(yard, 1_000)
    record = hass.data[LOAD_LIMITS].record
    for number in range(REMEMBERED + 20):
        record.journal.add(
            Entry(
                at=1_700_000_000.0 + number,
                limit_id=subentry.subentry_id,
                limit_name="Feeder",
                action=Action.CURTAIL,
                reason=Reason.ABOVE_LIMIT,
                asset=f"Asset {number}",
                device_id=None,
                sent=True,
            )
        )
    await record.async_save()
    await restart(yard, hass_storage, killed=True)
    answer = await ask(hass, "get_decisions")
    assert [one["asset"] for one in answer["decisions"]] == [
        f"Asset {number}" for number in reversed(range(20, REMEMBERED + 20))
    ]
    assert hass.services.has_service(DOMAIN, "get_decisions")
