"""An account's life: set up, fail, recover, unload, be removed."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Cloud, Fault
from simulator.server import Simulator
from tests.conftest import CLOUDS, account_state, pass_time, setup

both_services = pytest.mark.parametrize("service", CLOUDS)


@pytest.fixture
def entry(service: Cloud, request: pytest.FixtureRequest) -> MockConfigEntry:
    """Return the account of the service that the test is about."""
    found: MockConfigEntry = request.getfixturevalue(f"{service}_entry")
    return found


@both_services
async def test_set_up_and_unload(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, service: Cloud
) -> None:
    await setup(hass, entry)
    assert account_state(entry) is ConfigEntryState.LOADED
    assert hass.states.async_entity_ids_count() > 20
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert account_state(entry) is ConfigEntryState.NOT_LOADED
    states = [state.state for state in hass.states.async_all()]
    assert set(states) == {STATE_UNAVAILABLE}
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert account_state(entry) is ConfigEntryState.LOADED


@both_services
@pytest.mark.parametrize("fault", [{"status": 500}, {"kind": "refuse"}, {"kind": "html"}], ids=str)
async def test_tried_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    service: Cloud,
    fault: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A service that is down at set-up is tried again, and no user is asked for anything."""
    fault_id = simulator.faults.add(Fault(service=service, path="/asset", count=None, **fault))
    await setup(hass, entry)
    assert account_state(entry) is ConfigEntryState.SETUP_RETRY
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    simulator.faults.remove(fault_id)
    await pass_time(hass, freezer, 60)
    assert account_state(entry) is ConfigEntryState.LOADED


@both_services
async def test_refused_at_set_up(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, service: Cloud
) -> None:
    simulator.faults.add(Fault(service=service, path="/token", status=401, count=None))
    await setup(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_a_removed_device_can_be_deleted(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Only a device that the service no longer has may be deleted by hand."""
    assert await async_setup_component(hass, "config", {})
    await setup(hass, gridduck_entry)
    registry = dr.async_get(hass)
    gone = registry.async_get_or_create(
        config_entry_id=gridduck_entry.entry_id, identifiers={(DOMAIN, "asset:gone")}
    )
    kept = next(
        device
        for device in dr.async_entries_for_config_entry(registry, gridduck_entry.entry_id)
        if device.id != gone.id
    )
    client = await hass_ws_client(hass)
    response = await client.remove_device(kept.id)
    assert not response["success"]
    assert kept.name is not None
    assert response["error"]["message"].startswith(f"{kept.name} is still in GridDuck")
    response = await client.remove_device(gone.id)
    assert response["success"]
    assert registry.async_get(gone.id) is None
    assert registry.async_get(kept.id) is not None


async def test_no_device_of_an_account_that_is_not_in_use_is_deleted(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Nobody knows then what the service still has."""
    assert await async_setup_component(hass, "config", {})
    await setup(hass, gridduck_entry)
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    registry = dr.async_get(hass)
    device = dr.async_entries_for_config_entry(registry, gridduck_entry.entry_id)[0]
    client = await hass_ws_client(hass)
    response = await client.remove_device(device.id)
    assert not response["success"]
    assert f"whether GridDuck still has {device.name}" in response["error"]["message"]
    assert registry.async_get(device.id) is not None
