"""What becomes of commands when their account ends, and when their overrides end."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID, EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.api.gridduck import Override
from custom_components.gridduck_heimdall.api.transport import Transport
from custom_components.gridduck_heimdall.core.command_queue import AT_ONCE
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.gridduck.settings import FinishFormat
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import THREE_SITES, ask
from tests.load_limits.yard import until

from .conftest import Pass
from .support import entity_of, named, switch_of, until_of, value_of


@pytest.fixture
def gate(simulator: Simulator) -> Iterator[asyncio.Event]:
    """Have the cloud hang on commands until this is set."""
    simulator.calls.gates["PUT"] = gate = asyncio.Event()
    yield gate
    gate.set()


def devices(account: GridDuckAccount, asset_ids: list[str]) -> list[str]:
    found = map(account.device_of, asset_ids)
    return [device.id for device in found if device is not None]


def usable(account: GridDuckAccount) -> list[str]:
    """Return the assets that can be commanded now."""
    assets = account.assets
    return sorted(one for one in assets.inventory.controllable if assets.data[one].connected)


def puts(simulator: Simulator) -> list[object]:
    return [one.body for one in simulator.calls.list(method="PUT")]


def boost_all(
    hass: HomeAssistant, account: GridDuckAccount, **data: object
) -> asyncio.Task[dict[str, Any]]:
    everything = devices(account, usable(account))
    given = {"duration": {"hours": 1}, "device_id": everything} | data
    return asyncio.ensure_future(ask(hass, "boost", **given))


@pytest.mark.parametrize("how", ["unload", "remove", "reload", "stop"])
@THREE_SITES
async def test_what_is_not_sent_is_cancelled_and_reported(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    gate: asyncio.Event,
    how: str,
) -> None:
    count = len(usable(account))
    many = boost_all(hass, account)
    await until(lambda: len(puts(simulator)) == AT_ONCE)
    match how:
        case "unload":
            await hass.config_entries.async_unload(account.entry.entry_id)
        case "remove":
            await hass.config_entries.async_remove(account.entry.entry_id)
        case "reload":
            await hass.config_entries.async_reload(account.entry.entry_id)
        case _:
            hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    with pytest.raises(HomeAssistantError) as raised:
        await many
    assert raised.value.translation_key == "assets_not_controlled"
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["failed"] == placeholders["total"] == str(count)
    gate.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(puts(simulator)) == AT_ONCE


async def test_a_repeat_ends_with_its_account(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    lamp: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A command that waits to be sent once more is not."""
    slept = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        slept.set()
        await asyncio.Event().wait()

    defaults = Transport.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", sleep)
    await hass.config_entries.async_reload(account.entry.entry_id)
    again = account.entry.runtime_data
    assert isinstance(again, GridDuckAccount)
    fault = Fault(service="gridduck", path=lamp, method="PUT", status=503)
    simulator.faults.add(fault)
    command = asyncio.ensure_future(again.commands.async_override(Override.SNOOZE, lamp, 60))
    await slept.wait()
    assert len(puts(simulator)) == 1
    await hass.config_entries.async_unload(account.entry.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await command
    assert raised.value.translation_key == "command_outcome_unknown"
    assert len(puts(simulator)) == 1


@THREE_SITES
async def test_an_hour_counts_from_sending(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    gate: asyncio.Event,
    freezer: FrozenDateTimeFactory,
    passing: Pass,
) -> None:
    """Of many commands to a cloud that hangs, the last is sent long after the first."""
    many = boost_all(hass, account)
    await until(lambda: len(puts(simulator)) == AT_ONCE)
    first = {one.path.rsplit("/", 1)[1] for one in simulator.calls.list(method="PUT")}
    freezer.tick(20)
    del simulator.calls.gates["PUT"]
    gate.set()
    answer = await many
    assert not answer["failed"]
    late = dt_util.utcnow() + timedelta(hours=1)
    ends = {one["device_id"]: datetime.fromisoformat(one["until"]) for one in answer["assets"]}
    # The switch of an asset with others behind it is disabled at first.
    shown = [one for one in usable(account) if one not in account.assets.inventory.parents]
    early = next(one for one in shown if one in first)
    last = next(one for one in shown if one not in first)
    (device,) = devices(account, [last])
    assert ends[device] == late
    assert until_of(hass, last) == late.isoformat()
    (device,) = devices(account, [early])
    # It was sent at once, and began to count only when the cloud came to it.
    assert ends[device] == late - timedelta(seconds=20)
    await passing(2)
    assert until_of(hass, early) == late.isoformat()
    assert until_of(hass, last) == late.isoformat()


@THREE_SITES
async def test_a_person_does_not_wait_for_a_site(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    gate: asyncio.Event,
    lamp: str,
) -> None:
    """By the switch, and by an action that is called for few."""
    others = [one for one in usable(account) if one != lamp]
    many = asyncio.ensure_future(
        ask(hass, "boost", duration=60, device_id=devices(account, others[:-1]))
    )
    await until(lambda: len(puts(simulator)) == AT_ONCE)
    entity_id = entity_of(hass, Platform.SWITCH, lamp, "switch")
    switched = hass.services.async_call(
        "switch", "turn_off", {ATTR_ENTITY_ID: entity_id}, blocking=True
    )
    few = ask(hass, "snooze", duration=60, device_id=devices(account, others[-1:]))
    persons = [asyncio.ensure_future(one) for one in (switched, few)]
    await until(lambda: len(puts(simulator)) == AT_ONCE + 2)
    assert {"snooze_finish": 3600} in puts(simulator)
    assert {"snooze_finish": 60} in puts(simulator)
    gate.set()
    await asyncio.gather(many, *persons)


@THREE_SITES
async def test_a_site_that_is_switched_is_no_person(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, gate: asyncio.Event
) -> None:
    # Those of assets with others behind them are disabled at first.
    every = [
        entity_of(hass, Platform.SWITCH, one, "switch")
        for one in usable(account)
        if one not in account.assets.inventory.parents
    ]
    many = asyncio.ensure_future(
        hass.services.async_call("switch", "turn_off", {ATTR_ENTITY_ID: every}, blocking=True)
    )
    await until(lambda: len(puts(simulator)) >= AT_ONCE)
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(puts(simulator)) == AT_ONCE
    gate.set()
    await many
    assert len(puts(simulator)) == len(every)


@pytest.mark.parametrize("how", ["text", "iso", "iso_naive"])
async def test_ends_without_a_stamp(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
    how: FinishFormat,
) -> None:
    """They are shown, confirm a command, and can be ended."""
    world.finish_format = how
    world.command(lamp, "snooze", 600)
    ends = (dt_util.utcnow() + timedelta(minutes=10)).isoformat()
    await account.assets.async_refresh()
    await hass.async_block_till_done()
    assert value_of(hass, lamp, "override") == "snooze"
    assert value_of(hass, lamp, "override_ends") == ends
    await account.commands.async_resume(lamp)
    await account.commands.async_override(Override.BOOST, lamp, 900)
    assert puts(simulator) == [{"snooze_finish": 0}, {"boost_finish": 900}]
    await passing(2)
    await passing(20)
    assert value_of(hass, lamp, "override") == "boost"
    assert switch_of(hass, lamp) == "on"


async def test_both_that_run_are_ended(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, world: World, lamp: str
) -> None:
    """A cloud that does not replace one by the other."""
    world.command(lamp, "boost", 600)
    world.set_field(lamp, "snooze_finish", "2026-11-18T18:30:00Z")
    await account.assets.async_refresh()
    await account.commands.async_resume(lamp)
    assert puts(simulator) == [{"boost_finish": 0}, {"snooze_finish": 0}]
    # One that cannot be ended keeps the other from nothing.
    heat_pump = named(world, "Heat pump")
    world.endpoints_missing.add("boost")
    world.command(heat_pump, "snooze", 600)
    world.set_field(heat_pump, "boost_finish", 300)
    await account.assets.async_refresh()
    with pytest.raises(HomeAssistantError) as raised:
        await account.commands.async_resume(heat_pump)
    assert raised.value.translation_key == "command_not_offered"
    assert {"snooze_finish": 0} in puts(simulator)[2:]
