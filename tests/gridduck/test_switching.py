"""The switch of an asset: what off means during a boost, and what it says besides on and off."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.api.gridduck import Override
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import THREE_SITES

from .conftest import Pass
from .support import call, named, state_of, switch_of, until_of, value_of, writes


def sent(simulator: Simulator) -> list[object]:
    """Return the bodies of all commands."""
    return [one.body for one in simulator.calls.list(method="PUT")]


async def boosted(
    hass: HomeAssistant, account: GridDuckAccount, world: World, asset_id: str, mode: str
) -> None:
    """Have an asset boosted, and known to be."""
    world.set_mode(asset_id, mode)
    world.command(asset_id, "boost", 3600)
    await account.assets.async_refresh()
    await hass.async_block_till_done()


async def off(hass: HomeAssistant, asset_id: str) -> None:
    await call(hass, Platform.SWITCH, "turn_off", asset_id, "switch")


@pytest.mark.parametrize("lag", [0, 4])
async def test_off_during_a_boost_ends_it(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
    lag: float,
) -> None:
    """What is off without the boost is left to its own schedule, also where the cloud lags."""
    await boosted(hass, account, world, lamp, "ALWAYS_OFF")
    world.command_delay = lag
    written = writes(hass)
    await off(hass, lamp)
    assert switch_of(hass, lamp) == "off"
    assert state_of(hass, Platform.SWITCH, lamp, "switch").attributes["override"] == "none"
    for _ in range(10):
        await passing(6)
    assert sent(simulator) == [{"boost_finish": 0}]
    assert switch_of(hass, lamp) == "off"
    assert written.count("switch.harbour_office_lamp") == 1


@pytest.mark.parametrize("lag", [0, 4])
async def test_what_is_still_on_is_snoozed(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
    lag: float,
) -> None:
    await boosted(hass, account, world, lamp, "ALWAYS_ON")
    world.command_delay = lag
    written = writes(hass)
    await off(hass, lamp)
    assert sent(simulator) == [{"boost_finish": 0}]
    await passing(2)
    for _ in range(4):
        await passing(4)
        assert switch_of(hass, lamp) == "off"
    assert sent(simulator) == [{"boost_finish": 0}, {"snooze_finish": 3600}]
    assert value_of(hass, lamp, "override") == "snooze"
    # Never on in between: off, and then the snooze that keeps it so.
    assert written.count("switch.harbour_office_lamp") == 2


async def test_a_state_that_follows_late_is_no_reason_to_snooze(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    """By its schedule it is off; the first list does not know that yet."""
    await boosted(hass, account, world, lamp, "ALWAYS_OFF")
    world.set_field(lamp, "user_state", "SCHEDULE")
    world.set_field(lamp, "current_state", "ON")
    await off(hass, lamp)
    await passing(2)
    world.unset_field(lamp, "current_state")
    for _ in range(4):
        await passing(5)
    assert sent(simulator) == [{"boost_finish": 0}]


async def test_a_boost_that_the_cloud_goes_on_to_show_is_replaced(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    await boosted(hass, account, world, lamp, "ALWAYS_OFF")
    world.command_delay = 60
    await off(hass, lamp)
    for _ in range(5):
        await passing(3)
    assert sent(simulator) == [{"boost_finish": 0}, {"snooze_finish": 3600}]
    assert switch_of(hass, lamp) == "off"


async def test_on_again_at_once(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    """Whoever has changed their mind is not snoozed after all."""
    await boosted(hass, account, world, lamp, "ALWAYS_ON")
    await off(hass, lamp)
    await call(hass, Platform.SWITCH, "turn_on", lamp, "switch")
    for _ in range(5):
        await passing(4)
    assert sent(simulator) == [{"boost_finish": 0}, {"boost_finish": 3600}]
    assert switch_of(hass, lamp) == "on"


async def test_a_cloud_that_cannot_end_a_boost(
    hass: HomeAssistant, account: GridDuckAccount, simulator: Simulator, world: World, lamp: str
) -> None:
    await boosted(hass, account, world, lamp, "ALWAYS_ON")
    simulator.faults.add(Fault(service="gridduck", path=lamp, method="PUT", status=400))
    await off(hass, lamp)
    assert sent(simulator) == [{"boost_finish": 0}, {"snooze_finish": 3600}]


async def test_the_snooze_that_follows_fails(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await boosted(hass, account, world, lamp, "ALWAYS_ON")
    await off(hass, lamp)
    simulator.faults.add(Fault(service="gridduck", path=lamp, method="PUT", status=500))
    await passing(2)
    assert switch_of(hass, lamp) == "on"
    assert "still on after its boost was ended: GridDuck is in trouble, so Lamp" in caplog.text


async def test_override_and_until(
    hass: HomeAssistant, account: GridDuckAccount, world: World, lamp: str
) -> None:
    def shown() -> dict[str, Any]:
        attributes = state_of(hass, Platform.SWITCH, lamp, "switch").attributes
        return {key: attributes[key] for key in ("override", "until")}

    assert shown() == {"override": "none", "until": None}
    await off(hass, lamp)
    until = value_of(hass, lamp, "override_ends")
    assert dt_util.parse_datetime(until) is not None
    assert shown() == {"override": "snooze", "until": until}


@THREE_SITES
async def test_what_is_snoozed_at_a_site(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    passing: Pass,
    lamp: str,
) -> None:
    site = world.assets[lamp].site.id
    other = next(one for one in world.sites if one != site)
    pump = named(world, "Heat pump")

    def snoozed(site_id: str = site) -> tuple[str, list[dict[str, str]]]:
        state = state_of(hass, Platform.SENSOR, site_id, "assets_snoozed")
        return state.state, state.attributes["assets"]

    assert snoozed() == ("0", [])
    await account.commands.async_override(Override.SNOOZE, lamp, 3600)
    await account.commands.async_override(Override.SNOOZE, pump, 1800)
    await hass.async_block_till_done()
    first, second = until_of(hass, pump), until_of(hass, lamp)
    expected = [{"name": "Heat pump", "until": first}, {"name": "Lamp", "until": second}]
    assert snoozed() == ("2", expected)
    await passing(6)
    written = writes(hass)
    for _ in range(3):
        await passing(60)
    entity_id = state_of(hass, Platform.SENSOR, site, "assets_snoozed").entity_id
    assert entity_id not in written
    assert snoozed(other) == ("0", [])
    await account.commands.async_resume(pump)
    await hass.async_block_till_done()
    assert snoozed() == ("1", expected[1:])
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state_info is not None
    assert "assets" in state.state_info["unrecorded_attributes"]


@pytest.mark.parametrize("fault", [{"status": 503, "count": 4}, {"kind": "refuse", "count": 2}])
async def test_a_failed_toggle_names_the_asset_and_the_service(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    lamp: str,
    fault: dict[str, Any],
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=lamp, method="PUT", **fault))
    with pytest.raises(HomeAssistantError, match=r"^GridDuck .* Lamp may not have been") as raised:
        await off(hass, lamp)
    assert raised.value.translation_placeholders is not None
    assert raised.value.translation_placeholders["name"] == "Lamp"


async def test_a_boost_wakes_only_what_shows_it(
    hass: HomeAssistant, account: GridDuckAccount, lamp: str, passing: Pass
) -> None:
    woken = list[str]()
    account.assets.async_add_listener(lambda: woken.append("asset"), [lamp])
    account.assets.async_add_listener(lambda: woken.append("control"), [("control", lamp)])
    await account.commands.async_override(Override.BOOST, lamp, 60)
    await passing(2)
    assert {*woken} == {"control"}
