"""Temperatures: found by asking, read every five minutes."""

import logging

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck import temperature
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import THREE_SITES, setup

from .conftest import Pass
from .support import entity_of, named, value_of

TELEMETRY = "/telemetry/instantaneous"
FIVE_MINUTES = 300


@THREE_SITES
async def test_found_by_asking(
    hass: HomeAssistant, account: GridDuckAccount, world: World, simulator: Simulator, passing: Pass
) -> None:
    """Twenty are asked at first, the others five minutes later; those without one not again."""
    room, last = named(world, "Meeting room"), named(world, "Library")
    assert float(value_of(hass, room, "temperature")) == pytest.approx(20, abs=4)
    assert entity_of(hass, Platform.SENSOR, last, "temperature") is None
    known = len(account.data.temperatures.data)
    await passing(FIVE_MINUTES)
    assert simulator.calls.count(path=TELEMETRY) == known + 3
    assert float(value_of(hass, last, "temperature")) == pytest.approx(20, abs=4)
    simulator.calls.clear()
    simulator.calls.held_turns = 50
    await passing(FIVE_MINUTES)
    assert simulator.calls.count(path=TELEMETRY) == known + 1
    # And the list of assets.
    assert simulator.calls.max_concurrency["gridduck"] == 4 + 1


async def test_what_is_asked(account: GridDuckAccount, simulator: Simulator, passing: Pass) -> None:
    await passing(FIVE_MINUTES)
    query = simulator.calls.list(path=TELEMETRY)[0].query
    assert (query["type"], query["granularity"]) == ("temperature", "minute")
    assert int(query["to"]) - int(query["from"]) == 1800


@THREE_SITES
async def test_asked_again_the_next_day(
    hass: HomeAssistant, account: GridDuckAccount, world: World, simulator: Simulator, passing: Pass
) -> None:
    await passing(FIVE_MINUTES)
    known = len(account.data.temperatures.data)
    simulator.calls.clear()
    await passing(86_400)
    assert simulator.calls.count(path=TELEMETRY) == known + 17


async def test_offline(
    hass: HomeAssistant, account: GridDuckAccount, world: World, simulator: Simulator, passing: Pass
) -> None:
    room = named(world, "Meeting room")
    world.disconnect(room)
    await passing(60)
    assert value_of(hass, room, "temperature") == STATE_UNAVAILABLE
    simulator.calls.clear()
    await passing(FIVE_MINUTES)
    assert simulator.calls.count(path=f"{room}{TELEMETRY}") == 0
    world.reconnect(room)
    await passing(60)
    await passing(FIVE_MINUTES)
    assert value_of(hass, room, "temperature") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


async def test_not_wanted(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    simulator: Simulator,
) -> None:
    """A temperature that the user has disabled is not asked for."""
    room = named(world, "Meeting room")
    entity_id = entity_of(hass, Platform.SENSOR, room, "temperature")
    assert entity_id is not None
    er.async_get(hass).async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.calls.count(path=f"{room}{TELEMETRY}") == 0
    assert simulator.calls.count(path=TELEMETRY) > 0


async def test_known_from_before(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    simulator: Simulator,
) -> None:
    """What had a temperature is asked first after a restart, and is there at once."""
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    room = named(world, "Meeting room")
    simulator.faults.add(Fault(service="gridduck", path=room, status=500))
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert value_of(hass, room, "temperature") == STATE_UNKNOWN


async def test_one_garbled_answer_after_a_restart(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    world: World,
    simulator: Simulator,
    passing: Pass,
) -> None:
    """It does not mean that the service has no telemetry: it had before."""
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    room = named(world, "Meeting room")
    simulator.faults.add(Fault(service="gridduck", path=f"{room}/tele", kind="malformed"))
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert value_of(hass, room, "temperature") == STATE_UNKNOWN
    await passing(FIVE_MINUTES)
    assert value_of(hass, room, "temperature") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


@THREE_SITES
async def test_one_failure_leaves_the_others(
    hass: HomeAssistant, account: GridDuckAccount, world: World, simulator: Simulator, passing: Pass
) -> None:
    """A value is shown for half an hour while no newer one can be read."""
    room, store = named(world, "Meeting room"), named(world, "Cold store")
    simulator.faults.add(Fault(service="gridduck", path=f"{room}/tele", status=500, count=None))
    before, other = value_of(hass, room, "temperature"), value_of(hass, store, "temperature")
    for _ in range(5):
        await passing(FIVE_MINUTES)
    assert value_of(hass, room, "temperature") == before
    assert value_of(hass, store, "temperature") != other
    for _ in range(2):
        await passing(FIVE_MINUTES)
    assert value_of(hass, room, "temperature") == STATE_UNKNOWN


async def test_all_fail(
    hass: HomeAssistant, account: GridDuckAccount, world: World, simulator: Simulator, passing: Pass
) -> None:
    room = named(world, "Meeting room")
    fault = Fault(service="gridduck", path=TELEMETRY, status=500, count=None)
    fault_id = simulator.faults.add(fault)
    for _ in range(3):
        await passing(FIVE_MINUTES)
    assert value_of(hass, room, "temperature") == STATE_UNAVAILABLE
    simulator.faults.remove(fault_id)
    await passing(FIVE_MINUTES)
    assert value_of(hass, room, "temperature") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


@THREE_SITES
async def test_the_cloud_asks_for_silence(
    account: GridDuckAccount, simulator: Simulator, passing: Pass
) -> None:
    simulator.faults.add(
        Fault(
            service="gridduck",
            path=TELEMETRY,
            status=429,
            headers={"Retry-After": "900"},
            count=None,
        )
    )
    await passing(FIVE_MINUTES)
    asked = simulator.calls.count(path=TELEMETRY)
    assert asked <= 4
    await passing(FIVE_MINUTES)
    await passing(FIVE_MINUTES)
    assert simulator.calls.count(path=TELEMETRY) == asked


@pytest.mark.parametrize("status", [400, 403])
async def test_not_allowed_is_not_offered(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    status: int,
) -> None:
    simulator.faults.add(Fault(service="gridduck", path=TELEMETRY, status=status, count=None))
    await setup(hass, gridduck_entry)
    await passing(FIVE_MINUTES)
    temperatures = gridduck_entry.runtime_data.data.temperatures
    assert not temperatures.data
    assert not temperatures.offered
    assert temperatures.last_update_success
    assert simulator.calls.count(path=TELEMETRY) == 1


async def test_telemetry_is_not_offered(
    hass: HomeAssistant,
    simulator: Simulator,
    world: World,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is said once, nothing more is asked, and nothing else suffers."""
    world.endpoints_missing.add("telemetry_instantaneous")
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = simulator.calls.count(path=TELEMETRY)
    assert asked == 1
    for _ in range(3):
        await passing(FIVE_MINUTES)
    assert simulator.calls.count(path=TELEMETRY) == asked
    reported = [one for one in caplog.records if "temperatures" in one.getMessage()]
    assert [one.levelno for one in reported if "offer" in one.getMessage()] == [logging.INFO]
    assert value_of(hass, named(world, "Lamp"), "power") != STATE_UNAVAILABLE
    state = gridduck_entry.runtime_data.diagnostics()
    assert not state["telemetry_offered"]
    # It is looked for again once an hour.
    assert state["calls_per_hour"]["telemetry"] == 1
    world.endpoints_missing.clear()
    await passing(3600)
    assert simulator.calls.count(path=TELEMETRY) > asked
    assert gridduck_entry.runtime_data.diagnostics()["telemetry_offered"]
    room = named(world, "Meeting room")
    assert value_of(hass, room, "temperature") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


async def test_gone(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
) -> None:
    """An asset that goes away costs itself only; its 404 says nothing of the service."""
    room = named(world, "Meeting room")
    world.remove_asset(room)
    simulator.calls.clear()
    await account.data.temperatures.async_refresh()
    failed = [call.path for call in simulator.calls.list(path=TELEMETRY) if call.status == 404]
    assert failed == [f"/asset/{room}/telemetry/instantaneous"]
    assert account.data.temperatures.offered
    for _ in range(3):
        await passing(60)
    await passing(FIVE_MINUTES)
    assert room not in account.data.temperatures.data
    assert entity_of(hass, Platform.SENSOR, room, "temperature") is None


async def test_back_again(
    hass: HomeAssistant, account: GridDuckAccount, world: World, passing: Pass
) -> None:
    """Also when temperatures were not read while the asset was away."""
    room = named(world, "Meeting room")
    asset = world.assets[room]
    world.remove_asset(room)
    for _ in range(3):
        await passing(60)
    assert entity_of(hass, Platform.SENSOR, room, "temperature") is None
    world.assets[room] = asset
    await passing(60)
    assert value_of(hass, room, "temperature") not in {STATE_UNAVAILABLE, STATE_UNKNOWN}


class TestMany:
    """An account of more assets than are asked at once."""

    @pytest.fixture
    def simulator_options(self) -> Options:
        """Return a world of a hundred assets."""
        return Options(assets=100)

    async def test_slow_probing(
        self, account: GridDuckAccount, simulator: Simulator, passing: Pass
    ) -> None:
        temperatures = account.data.temperatures
        for _ in range(5):
            known = len(temperatures.data)
            simulator.calls.clear()
            await passing(FIVE_MINUTES)
            assert simulator.calls.count(path=TELEMETRY) <= known + 20
        assert len(temperatures.data) == len(
            [one for one in simulator.gridduck.world.assets.values() if one.kind.temperature]
        )


@THREE_SITES
async def test_too_many_to_read_at_once_take_turns(
    account: GridDuckAccount,
    simulator: Simulator,
    passing: Pass,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is read in its turn, and none goes unknown meanwhile."""
    await passing(FIVE_MINUTES)
    known = account.data.temperatures.data
    assert len(known) >= 3
    monkeypatch.setattr(temperature, "READS", 1)
    simulator.calls.clear()
    for _ in known:
        await passing(FIVE_MINUTES)
        assert None not in account.data.temperatures.data.values()
    asked = [call.path for call in simulator.calls.list(path=TELEMETRY)]
    assert len(asked) == len(set(asked)) == len(known)
