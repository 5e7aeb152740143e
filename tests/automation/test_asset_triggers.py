"""Triggers on what happens to an asset."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.gridduck.conftest import Pass
from tests.gridduck.support import entity_of, state_of, value_of

from .support import automate, fail_all, reports_of

OVERRIDES = ["boost", "snooze"]


@pytest.fixture
def target(hass: HomeAssistant, account: GridDuckAccount, lamp: str) -> dict[str, str]:
    """Return the lamp's device as a target."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"asset:{lamp}"), account.entry.entry_id
    )
    assert device is not None
    return {"device_id": device.id}


async def reload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("kind", OVERRIDES)
async def test_started(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: dict[str, str], kind: str
) -> None:
    reported = await automate(hass, f"{kind}_started", target)
    world.command(lamp, "snooze" if kind == "boost" else "boost", 3600)
    await passing(60)
    assert not reported
    world.command(lamp, "boost" if kind == "boost" else "snooze", 3600)
    await passing(60)
    assert reports_of(reported, "entity_id") == [entity_of(hass, Platform.SENSOR, lamp, "override")]
    assert reports_of(reported, "to") == [kind]
    await passing(60)
    assert len(reported) == 1


@pytest.mark.parametrize("kind", OVERRIDES)
async def test_ended(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: dict[str, str], kind: str
) -> None:
    reported = await automate(hass, f"{kind}_ended", target)
    world.command(lamp, "boost" if kind == "boost" else "snooze", 600)
    await passing(60)
    await passing(60)
    assert not reported
    await passing(500)
    await passing(60)
    assert value_of(hass, lamp, "override") == "none"
    assert (reports_of(reported, "from"), reports_of(reported, "to")) == ([kind], ["none"])


async def test_a_command_of_ones_own(
    hass: HomeAssistant, account: GridDuckAccount, lamp: str, target: dict[str, str]
) -> None:
    reported = await automate(hass, "snooze_started", target)
    await hass.services.async_call(
        DOMAIN, "snooze", {**target, "duration": "00:30:00"}, blocking=True
    )
    await hass.async_block_till_done()
    assert len(reported) == 1


@pytest.mark.parametrize("key", ["boost_started", "boost_ended", "snooze_ended"])
async def test_a_reload_is_no_event(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    lamp: str,
    target: dict[str, str],
    key: str,
) -> None:
    world.command(lamp, "boost", 3600)
    await passing(60)
    reported = await automate(hass, key, target)
    await reload(hass, gridduck_entry)
    assert value_of(hass, lamp, "override") == "boost"
    assert not reported


@pytest.mark.parametrize("key", ["boost_started", "asset_reconnected"])
async def test_a_start_is_no_event(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    world: World,
    passing: Pass,
    lamp: str,
    target: dict[str, str],
    key: str,
) -> None:
    """An automation that is there before the account has nothing to compare with."""
    world.command(lamp, "boost", 3600)
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    assert value_of(hass, lamp, "override") == "unavailable"
    reported = await automate(hass, key, target)
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert value_of(hass, lamp, "override") == "boost"
    assert not reported


async def test_what_ends_while_an_asset_is_offline_is_reported_later(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: dict[str, str]
) -> None:
    world.command(lamp, "boost", 600)
    await passing(60)
    reported = await automate(hass, "boost_ended", target)
    world.disconnect(lamp)
    await passing(60)
    assert value_of(hass, lamp, "override") == "unavailable"
    await passing(600)
    assert not reported
    world.reconnect(lamp)
    await passing(60)
    assert (reports_of(reported, "from"), reports_of(reported, "to")) == (["unavailable"], ["none"])


async def test_connection(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: dict[str, str]
) -> None:
    reported = await automate(hass, "asset_disconnected", target)
    world.disconnect(lamp)
    await passing(60)
    assert reports_of(reported, "entity_id") == [
        entity_of(hass, Platform.BINARY_SENSOR, lamp, "connection")
    ]
    world.reconnect(lamp)
    await passing(60)
    assert len(reported) == 1


async def test_reconnection(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: dict[str, str]
) -> None:
    reported = await automate(hass, "asset_reconnected", target)
    world.disconnect(lamp)
    await passing(60)
    assert not reported
    world.reconnect(lamp)
    await passing(60)
    assert reports_of(reported, "to") == ["on"]


async def test_a_short_disconnection(
    hass: HomeAssistant, world: World, passing: Pass, lamp: str, target: dict[str, str]
) -> None:
    reported = await automate(hass, "asset_disconnected", target, for_="00:05:00")
    world.disconnect(lamp)
    await passing(60)
    await passing(120)
    world.reconnect(lamp)
    await passing(60)
    await passing(300)
    assert not reported
    world.disconnect(lamp)
    await passing(60)
    await passing(301)
    assert len(reported) == 1


@pytest.mark.parametrize("lost", [True, False])
async def test_an_outage_of_the_service_hides_no_disconnection(
    hass: HomeAssistant,
    simulator: Simulator,
    world: World,
    passing: Pass,
    lamp: str,
    target: dict[str, str],
    *,
    lost: bool,
) -> None:
    reported = await automate(hass, "asset_disconnected", target)
    fail_all(simulator, "gridduck")
    for _ in range(4):
        await passing(120)
    connection = state_of(hass, Platform.BINARY_SENSOR, lamp, "connection")
    assert connection.state == "unavailable"
    simulator.faults.clear()
    if lost:
        world.disconnect(lamp)
    for _ in range(4):
        await passing(120)
    assert len(reported) == lost
