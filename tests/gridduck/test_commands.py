"""Boost, snooze and resume: at once in Home Assistant, and then as the cloud has it."""

import asyncio
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.api.gridduck import Override
from custom_components.gridduck_heimdall.core.command_queue import AT_ONCE
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import THREE_SITES
from tests.load_limits.yard import until

from .conftest import Pass
from .support import LIST_PATH, call, named, state_of, switch_of, value_of, writes


def sent(simulator: Simulator) -> list[object]:
    """Return the bodies of all commands."""
    return [one.body for one in simulator.calls.list(method="PUT")]


async def test_switch_off_and_on(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    lamp: str,
) -> None:
    """Off is a snooze, on ends it, and on once more is a boost."""
    await call(hass, Platform.SWITCH, "turn_off", lamp, "switch")
    assert sent(simulator) == [{"snooze_finish": 3600}]
    assert switch_of(hass, lamp) == "off"
    assert value_of(hass, lamp, "override") == "snooze"
    ends = value_of(hass, lamp, "override_ends")
    assert dt_util.parse_datetime(ends) == dt_util.utcnow() + timedelta(hours=1)
    await passing(2)
    assert value_of(hass, lamp, "power") == "0.0"
    assert value_of(hass, lamp, "override_ends") == ends

    await call(hass, Platform.SWITCH, "turn_on", lamp, "switch")
    assert sent(simulator)[1:] == [{"snooze_finish": 0}]
    assert switch_of(hass, lamp) == "on"
    assert value_of(hass, lamp, "override") == "none"
    await passing(6)
    assert switch_of(hass, lamp) == "on"

    await call(hass, Platform.SWITCH, "turn_on", lamp, "switch")
    assert sent(simulator)[2:] == [{"boost_finish": 3600}]
    assert value_of(hass, lamp, "override") == "boost"
    assert state_of(hass, Platform.BUTTON, lamp, "end_override").state != "unavailable"
    await call(hass, Platform.BUTTON, "press", lamp, "end_override")
    assert sent(simulator)[3:] == [{"boost_finish": 0}]
    assert value_of(hass, lamp, "override") == "none"
    assert state_of(hass, Platform.BUTTON, lamp, "end_override").state == "unavailable"


async def test_looks_again_after_a_poll_that_is_under_way(
    account: GridDuckAccount, simulator: Simulator, passing: Pass, lamp: str
) -> None:
    """What that poll is answered may be older than the command."""
    await account.commands.async_override(Override.SNOOZE, lamp, 3600)
    simulator.calls.gates["GET"] = gate = asyncio.Event()
    poll = asyncio.create_task(account.assets.async_refresh())
    await until(lambda: simulator.calls.count(path=LIST_PATH))
    await passing(2)
    await passing(1)
    assert simulator.calls.count(path=LIST_PATH) == 1
    gate.set()
    await poll
    assert simulator.calls.count(path=LIST_PATH) == 1
    await passing(1)
    assert simulator.calls.count(path=LIST_PATH) == 2


async def test_looks_twice_after_a_command(
    account: GridDuckAccount, simulator: Simulator, passing: Pass, lamp: str, world: World
) -> None:
    """Many commands at once share the polls after them."""
    heat_pump = named(world, "Heat pump")
    await asyncio.gather(
        account.commands.async_override(Override.SNOOZE, lamp, 3600),
        account.commands.async_override(Override.BOOST, heat_pump, 3600),
    )
    assert simulator.calls.count(path=LIST_PATH) == 0
    await passing(1)
    assert simulator.calls.count(path=LIST_PATH) == 0
    await passing(1)
    assert simulator.calls.count(path=LIST_PATH) == 1
    await passing(4)
    assert simulator.calls.count(path=LIST_PATH) == 2
    await passing(50)
    assert simulator.calls.count(path=LIST_PATH) == 2


async def test_looks_when_it_ends(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    lamp: str,
) -> None:
    await account.commands.async_override(Override.SNOOZE, lamp, 90)
    await passing(6)
    await passing(60)
    assert switch_of(hass, lamp) == "off"
    simulator.calls.clear()
    await passing(23)
    assert simulator.calls.count(path=LIST_PATH) == 0
    await passing(3)
    assert simulator.calls.count(path=LIST_PATH) == 1
    assert switch_of(hass, lamp) == "on"
    assert value_of(hass, lamp, "override") == "none"
    assert value_of(hass, lamp, "override_ends") == "unavailable"


async def test_ends_that_never_come_do_not_flood(
    account: GridDuckAccount, simulator: Simulator, world: World, passing: Pass, lamp: str
) -> None:
    """A cloud that always says that a second is left is not asked every second."""
    world.set_field(lamp, "boost_finish", 1)
    await passing(60)
    simulator.calls.clear()
    for _ in range(60):
        await passing(1)
    assert 5 <= simulator.calls.count(path=LIST_PATH) <= 12


async def test_no_bouncing_while_the_cloud_lags(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    world.command_delay = 5
    written = writes(hass)
    await call(hass, Platform.SWITCH, "turn_off", lamp, "switch")
    await passing(2)
    assert switch_of(hass, lamp) == "off"
    await passing(4)
    assert switch_of(hass, lamp) == "off"
    assert written.count("switch.harbour_office_lamp") == 1
    # The command is confirmed by now, so that the cloud's word is shown again.
    world.command(lamp, "snooze", 0)
    await passing(60)
    assert switch_of(hass, lamp) == "on"


async def test_unconfirmed_for_too_long(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    world.command_delay = 100
    await call(hass, Platform.SWITCH, "turn_off", lamp, "switch")
    await passing(6)
    await passing(8)
    assert switch_of(hass, lamp) == "off"
    await passing(1)
    assert switch_of(hass, lamp) == "on"
    assert value_of(hass, lamp, "override") == "none"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 403}, "command_not_permitted"),
        ({"status": 404}, "command_asset_not_found"),
        ({"status": 400}, "command_not_accepted"),
        ({"status": 500}, "command_server_error"),
        ({"status": 429}, "command_rate_limited"),
    ],
    ids=str,
)
async def test_a_failed_command_is_told_and_undone(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    lamp: str,
    fault: dict[str, Any],
    error: str,
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=lamp, method="PUT", **fault))
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, Platform.SWITCH, "turn_off", lamp, "switch")
    assert raised.value.translation_key == error
    assert switch_of(hass, lamp) == "on"
    assert value_of(hass, lamp, "override") == "none"
    # It may have taken effect all the same.
    await passing(2)
    assert simulator.calls.count(path=LIST_PATH) == 1


@pytest.mark.parametrize(
    ("status", "text"),
    [(429, "too many requests"), (503, "asks for a pause")],
)
async def test_how_long_the_token_endpoint_is_left_alone(
    account: GridDuckAccount,
    world: World,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    lamp: str,
    status: int,
    text: str,
) -> None:
    """A day is not waited for, and the person who commands reads how long it really is."""
    world.revoke_tokens()
    headers = {"Retry-After": "86400"}
    simulator.faults.add(Fault(service="gridduck", path="/oauth", status=status, headers=headers))
    for minutes in (15, 10):
        with pytest.raises(HomeAssistantError) as caught:
            await account.commands.async_override(Override.SNOOZE, lamp, 60)
        assert f"{text}. Try again in {minutes} min" in str(caught.value)
        freezer.tick(300)
    freezer.tick(301)
    await account.commands.async_override(Override.SNOOZE, lamp, 60)


async def test_boost_is_not_offered(account: GridDuckAccount, world: World, lamp: str) -> None:
    world.endpoints_missing.add("boost")
    with pytest.raises(HomeAssistantError) as raised:
        await account.commands.async_override(Override.BOOST, lamp, 60)
    assert raised.value.translation_key == "command_not_offered"


async def test_the_latest_of_two_wins(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    lamp: str,
) -> None:
    simulator.calls.held_turns = 50
    await asyncio.gather(
        account.commands.async_override(Override.SNOOZE, lamp, 3600),
        account.commands.async_override(Override.BOOST, lamp, 1800),
    )
    assert sent(simulator) == [{"snooze_finish": 3600}, {"boost_finish": 1800}]
    assert simulator.calls.max_concurrency["gridduck"] == 1
    assert value_of(hass, lamp, "override") == "boost"
    await passing(2)
    assert value_of(hass, lamp, "override") == "boost"
    assert switch_of(hass, lamp) == "on"


async def test_the_first_of_two_fails(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, lamp: str
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=lamp, method="PUT", status=500))
    results = await asyncio.gather(
        account.commands.async_override(Override.SNOOZE, lamp, 3600),
        account.commands.async_override(Override.BOOST, lamp, 1800),
        return_exceptions=True,
    )
    assert isinstance(results[0], HomeAssistantError)
    assert value_of(hass, lamp, "override") == "boost"


async def test_a_poll_under_way_knows_nothing_of_it(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    lamp: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer of a poll that began before the command does not undo what is shown."""
    held = asyncio.Event()
    begun = asyncio.Event()
    client = account.client
    list_assets = client.async_list_assets

    async def slowly() -> object:
        listed = await list_assets()
        begun.set()
        await held.wait()
        return listed

    monkeypatch.setattr(client, "async_list_assets", slowly)
    poll = hass.async_create_task(account.assets.async_refresh())
    await begun.wait()
    await account.commands.async_override(Override.SNOOZE, lamp, 3600)
    held.set()
    await poll
    assert switch_of(hass, lamp) == "off"
    await account.assets.async_refresh()
    assert switch_of(hass, lamp) == "off"
    # That poll has confirmed it, so that the cloud's word is shown again.
    world.command(lamp, "snooze", 0)
    await account.assets.async_refresh()
    assert switch_of(hass, lamp) == "on"


async def test_nothing_to_end(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, lamp: str
) -> None:
    """Ending what does not run is no error, and a look at the cloud makes sure."""
    assert state_of(hass, Platform.BUTTON, lamp, "end_override").state == "unavailable"
    await account.commands.async_resume(lamp)
    assert sent(simulator) == []
    assert simulator.calls.count(path=LIST_PATH) == 1


async def test_many_with_nothing_to_end_share_a_look(
    account: GridDuckAccount, simulator: Simulator, world: World, lamp: str
) -> None:
    """Of a whole account, one was snoozed elsewhere: it is ended.

    The first poll had begun when all but one asked for it; so there is a second one, for them all.
    """
    world.command(lamp, "snooze", 600)
    await asyncio.gather(
        *map(account.commands.async_resume, sorted(account.assets.inventory.controllable))
    )
    assert sent(simulator) == [{"snooze_finish": 0}]
    assert simulator.calls.count(path=LIST_PATH) == 2


@THREE_SITES
async def test_few_are_under_way_at_a_time(account: GridDuckAccount, simulator: Simulator) -> None:
    simulator.calls.held_turns = 50
    many = sorted(account.assets.inventory.controllable)
    assert len(many) > AT_ONCE
    await asyncio.gather(
        *(account.commands.async_override(Override.SNOOZE, asset_id, 60) for asset_id in many)
    )
    assert len(sent(simulator)) == len(many)
    assert simulator.calls.max_concurrency["gridduck"] == AT_ONCE


async def test_ends_what_was_begun_elsewhere(
    account: GridDuckAccount, simulator: Simulator, world: World, lamp: str
) -> None:
    world.command(lamp, "snooze", 600)
    await account.commands.async_resume(lamp)
    assert sent(simulator) == [{"snooze_finish": 0}]


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
async def test_durations_out_of_range(
    account: GridDuckAccount, simulator: Simulator, lamp: str, seconds: int
) -> None:
    for kind in (Override.BOOST, Override.SNOOZE):
        with pytest.raises(ServiceValidationError) as raised:
            await account.commands.async_override(kind, lamp, seconds)
        assert raised.value.translation_key == "duration_out_of_range"
    assert simulator.calls.count() == 0


@pytest.mark.parametrize("seconds", [1, 86_400])
async def test_durations_in_range(
    account: GridDuckAccount, simulator: Simulator, lamp: str, seconds: int
) -> None:
    await account.commands.async_override(Override.BOOST, lamp, seconds)
    assert sent(simulator) == [{"boost_finish": seconds}]


async def test_refused_before_any_call(
    account: GridDuckAccount, simulator: Simulator, world: World
) -> None:
    read_only = named(world, "Sockets circuit")
    with pytest.raises(ServiceValidationError) as raised:
        await account.commands.async_override(Override.BOOST, read_only, 60)
    assert raised.value.translation_key == "asset_read_only"
    assert raised.value.translation_placeholders == {"name": "Sockets circuit"}
    with pytest.raises(ServiceValidationError) as raised:
        await account.commands.async_resume("nobody")
    assert raised.value.translation_key == "asset_not_found"
    with pytest.raises(ServiceValidationError):
        account.commands.check(read_only)
    assert not account.is_controllable(read_only)
    assert simulator.calls.count() == 0


async def test_an_end_that_is_counted_from_now_stands_still(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass, lamp: str
) -> None:
    world.command(lamp, "boost", 3600)
    world.set_field(lamp, "boost_finish_stamp", None)
    await passing(60)
    ends = state_of(hass, Platform.SENSOR, lamp, "override_ends")
    written = writes(hass)
    for _ in range(3):
        await passing(61.3)
    assert value_of(hass, lamp, "override_ends") == ends.state
    assert ends.entity_id not in written


async def test_durations_of_the_switch(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    lamp: str,
) -> None:
    await call(hass, Platform.NUMBER, "set_value", lamp, "snooze_duration", value=5)
    await call(hass, Platform.NUMBER, "set_value", lamp, "boost_duration", value=1440)
    await call(hass, Platform.SWITCH, "turn_off", lamp, "switch")
    await call(hass, Platform.SWITCH, "turn_on", lamp, "switch")
    await call(hass, Platform.SWITCH, "turn_on", lamp, "switch")
    assert sent(simulator) == [
        {"snooze_finish": 300},
        {"snooze_finish": 0},
        {"boost_finish": 86_400},
    ]


async def test_closed_while_a_command_is_on_its_way(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    lamp: str,
) -> None:
    """A command after its account was closed is refused and leaves nothing behind."""
    await account.commands.async_override(Override.SNOOZE, lamp, 60)
    await hass.config_entries.async_unload(account.entry.entry_id)
    simulator.calls.clear()
    with pytest.raises(HomeAssistantError) as raised:
        await account.commands.async_override(Override.SNOOZE, lamp, 60)
    assert raised.value.translation_key == "command_not_sent"
    await passing(120)
    assert simulator.calls.count() == 0
