"""What was granted decides which entities there are."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.gridduck import Override
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.gridduck.settings import CONTROL_SCOPES
from simulator.gridduck.world import World
from simulator.server import Simulator
from tests.conftest import setup

from .conftest import Pass
from .support import entity_of, named, state_of, switch_of, value_of

CONTROLS = (
    (Platform.SWITCH, "switch"),
    (Platform.BUTTON, "end_override"),
    (Platform.NUMBER, "boost_duration"),
    (Platform.NUMBER, "snooze_duration"),
)


def controls(hass: HomeAssistant, asset_id: str) -> list[str]:
    """Return the keys of the entities that control an asset."""
    return [key for platform, key in CONTROLS if entity_of(hass, platform, asset_id, key)]


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"control_not_granted_{entry.entry_id}")


@pytest.fixture
def view_only(world: World) -> None:
    """Let the application only view."""
    world.granted_scopes -= CONTROL_SCOPES


@pytest.mark.parametrize("strict", [False, True])
async def test_view_only(
    hass: HomeAssistant,
    view_only: None,
    simulator: Simulator,
    world: World,
    gridduck_entry: MockConfigEntry,
    lamp: str,
    *,
    strict: bool,
) -> None:
    """Less may be granted than was asked for, or the scope be refused: all the same."""
    world.strict_scopes = strict
    await setup(hass, gridduck_entry)
    registered = er.async_entries_for_config_entry(er.async_get(hass), gridduck_entry.entry_id)
    # The calendar shows overrides, which can also run where nothing can be controlled.
    assert {one.domain for one in registered} == {
        Platform.SENSOR,
        Platform.BINARY_SENSOR,
        Platform.CALENDAR,
    }
    assert state_of(hass, Platform.BINARY_SENSOR, lamp, "state").state == "on"
    found = issue(hass, gridduck_entry)
    assert found is not None
    assert found.translation_key == "control_not_granted"
    assert found.translation_placeholders == {"title": "GridDuck test", "account": "GridDuck test"}
    assert found.severity is ir.IssueSeverity.WARNING
    assert found.is_fixable
    assert found.learn_more_url
    with pytest.raises(ServiceValidationError) as raised:
        await gridduck_entry.runtime_data.commands.async_override(Override.BOOST, lamp, 60)
    assert raised.value.translation_key == "control_not_granted"


async def test_granted_later(
    hass: HomeAssistant,
    view_only: None,
    world: World,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    lamp: str,
) -> None:
    """Control that is granted later brings the switches, without a reload."""
    await setup(hass, gridduck_entry)
    world.granted_scopes |= CONTROL_SCOPES
    # The next token has it.
    world.revoke_tokens()
    await passing(60)
    assert issue(hass, gridduck_entry) is None
    assert controls(hass, lamp) == [key for _, key in CONTROLS]
    assert switch_of(hass, lamp) == "on"
    assert entity_of(hass, Platform.BINARY_SENSOR, lamp, "state") is None


async def test_withdrawn(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    lamp: str,
) -> None:
    assert issue(hass, gridduck_entry) is None
    world.granted_scopes -= CONTROL_SCOPES
    world.revoke_tokens()
    await passing(60)
    assert issue(hass, gridduck_entry) is not None
    assert controls(hass, lamp) == []
    assert state_of(hass, Platform.BINARY_SENSOR, lamp, "state").state == "on"
    assert not account.diagnostics()["control_granted"]


async def test_withdrawn_while_down(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    gridduck_entry: MockConfigEntry,
    lamp: str,
) -> None:
    await hass.config_entries.async_unload(gridduck_entry.entry_id)
    world.granted_scopes -= CONTROL_SCOPES
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    assert controls(hass, lamp) == []


async def test_the_issue_goes_with_the_account(
    hass: HomeAssistant, view_only: None, gridduck_entry: MockConfigEntry, simulator: Simulator
) -> None:
    await setup(hass, gridduck_entry)
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    assert issue(hass, gridduck_entry) is None


@pytest.mark.parametrize(("field", "value"), [("read_only", True), ("_permission", "view")])
async def test_one_asset_is_closed_and_opened(
    hass: HomeAssistant,
    account: GridDuckAccount,
    world: World,
    passing: Pass,
    lamp: str,
    field: str,
    value: object,
) -> None:
    for _ in range(2):
        world.set_field(lamp, field, value)
        await passing(60)
        assert controls(hass, lamp) == []
        assert hass.states.get("switch.harbour_office_lamp") is None
        assert state_of(hass, Platform.BINARY_SENSOR, lamp, "state").state == "on"
        assert value_of(hass, lamp, "power") != "unavailable"
        world.unset_field(lamp, field)
        await passing(60)
        assert controls(hass, lamp) == [key for _, key in CONTROLS]
        assert switch_of(hass, lamp) == "on"
        assert entity_of(hass, Platform.BINARY_SENSOR, lamp, "state") is None


async def test_read_only_from_the_start(
    hass: HomeAssistant, account: GridDuckAccount, world: World
) -> None:
    read_only = named(world, "Sockets circuit")
    assert controls(hass, read_only) == []
    state = state_of(hass, Platform.BINARY_SENSOR, read_only, "state")
    assert state.state == "on"
    assert state.attributes["friendly_name"] == "Sockets circuit"
    # None of Home Assistant's own: it marks the asset for targets.
    assert state.attributes["device_class"] == "gridduck_heimdall__viewed_asset"
