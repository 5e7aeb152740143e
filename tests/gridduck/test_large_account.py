"""What a large account registers, how its options change that, and what an upgrade removes."""

from collections import Counter
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall import options_flow
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.entity_choice import EntityChoice, Extent, Tier
from custom_components.gridduck_heimdall.gridduck import entity_limits
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.gridduck.catalog import ENTITY_GROUPS
from custom_components.gridduck_heimdall.gridduck.entity import AssetDescription
from custom_components.gridduck_heimdall.gridduck.entity_factory import viewable_assets
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import setup

from .support import IDENTITY, entity_of, named

SITES: Final = 50
ENTITIES_OF_A_SITE: Final = 4
TEMPERATURE: Final = {"temperature": Tier.STANDARD}

ESSENTIAL: Final = {"power", "switch", "state"}
STANDARD: Final = ESSENTIAL | {"energy", "override", "connection", "temperature"}


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites."""
    return Options()


def described() -> dict[str, Tier]:
    """Return the tier of each entity that an asset under control may have enabled."""
    return {
        description.key: description.tier
        for one in ENTITY_GROUPS
        if one.present is not viewable_assets
        for description, _ in one.entities
        if isinstance(description, AssetDescription) and description.entity_registry_enabled_default
    } | TEMPERATURE


@pytest.mark.parametrize("assets", entity_limits.MOST_ASSETS.values())
def test_as_many_as_home_assistant_enables(assets: int) -> None:
    deepest = entity_limits.deepest_tier(EntityChoice(), assets)
    registered = [key for key, tier in described().items() if tier <= deepest]
    assert {"power", "switch"} <= set(registered)
    total = assets * len(registered) + SITES * ENTITIES_OF_A_SITE
    assert total <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY


def test_less_and_less_is_registered() -> None:
    counts = Counter(described().values())
    assert counts == {Tier.ESSENTIAL: 2, Tier.STANDARD: 4, Tier.DETAIL: 4}
    assert list(entity_limits.MOST_ASSETS.values()) == sorted(entity_limits.MOST_ASSETS.values())


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of assets be many."""
    monkeypatch.setattr(
        entity_limits, "MOST_ASSETS", {Tier.DETAIL: 1, Tier.STANDARD: 2, Tier.ESSENTIAL: 99}
    )


def keys_of(hass: HomeAssistant, item: str) -> dict[str, er.RegistryEntry]:
    """Return the registered entities of an asset, by the key of their description."""
    prefix = f"{IDENTITY}_{item}_"
    return {
        entry.unique_id.removeprefix(prefix): entry
        for entry in er.async_get(hass).entities.values()
        if entry.unique_id.startswith(prefix)
    }


async def choose(
    hass: HomeAssistant, entry: MockConfigEntry, extent: Extent, *sites: str
) -> dict[str, str]:
    """Choose how much is shown, in the form; return its errors."""
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    chosen = {"entities": extent, "all_entities_for": list(sites), "data_hook": False}
    result = await hass.config_entries.options.async_configure(flow["flow_id"], chosen)
    await hass.async_block_till_done(wait_background_tasks=True)
    if result["type"] is FlowResultType.FORM:
        return result["errors"] or {}
    state: ConfigEntryState = entry.state
    assert state is ConfigEntryState.LOADED
    return {}


@pytest.mark.usefixtures("large")
async def test_options_decide_what_is_registered(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry = er.async_get(hass)
    kettle = named(world, "Kettle")
    site = world.assets[kettle].site.id
    elsewhere = next(one for one in world.assets.values() if one.site.id != site)
    # Nothing is registered in order to be disabled, nor asked for, but the switches that turn off
    # what is behind others.
    assert keys_of(hass, kettle).keys() <= ESSENTIAL
    mine = er.async_entries_for_config_entry(registry, gridduck_entry.entry_id)
    parents = {
        entity_of(hass, Platform.SWITCH, one, "switch") for one in account.assets.inventory.parents
    }
    assert {one.entity_id for one in mine if one.disabled} == parents
    for asset_id, asset in account.assets.data.items():
        assert keys_of(hass, asset_id), f"{asset.label} has no entity"

    await choose(hass, gridduck_entry, Extent.STANDARD)
    present = keys_of(hass, kettle)
    assert {"energy", "override", "connection"} <= present.keys() <= STANDARD
    assert not any(one.disabled for one in present.values())
    assert hass.states.get(present["energy"].entity_id) is not None

    # What a user has changed, disabled, enabled or called otherwise stays; all else goes.
    energy, override, connection = (present[k] for k in ("energy", "override", "connection"))
    registry.async_update_entity(energy.entity_id, name="Mine")
    registry.async_update_entity(override.entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    registry.async_update_entity(connection.entity_id, new_entity_id="binary_sensor.my_own")
    await choose(hass, gridduck_entry, Extent.ESSENTIAL)
    assert keys_of(hass, kettle).keys() - ESSENTIAL == {"energy", "override", "connection"}
    assert keys_of(hass, elsewhere.id).keys() <= ESSENTIAL

    # Of one site everything; what is off at first in any account is registered so.
    await choose(hass, gridduck_entry, Extent.AUTOMATIC, site)
    present = keys_of(hass, kettle)
    assert {"boost_duration", "end_override", "signal", "last_contact"} <= present.keys()
    assert {key for key, one in present.items() if one.disabled} == {
        "last_contact",
        "override",
        "override_ends",
        "price",
        "signal",
    }
    assert keys_of(hass, elsewhere.id).keys() <= ESSENTIAL
    registry.async_update_entity(present["signal"].entity_id, disabled_by=None)

    # Back again: an entity that is off at first was enabled by its user.
    await choose(hass, gridduck_entry, Extent.AUTOMATIC)
    kept = {"energy", "override", "connection", "signal"}
    assert keys_of(hass, kettle).keys() - ESSENTIAL == kept
    # What was removed comes back as it was, and enabled.
    assert present["end_override"].entity_id.startswith("button.harbour_office_kettle_")
    await choose(hass, gridduck_entry, Extent.ALL)
    back = keys_of(hass, kettle)["end_override"]
    assert back.entity_id == present["end_override"].entity_id
    assert not back.disabled

    monkeypatch.setattr(options_flow, "MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY", 50)
    errors = await choose(hass, gridduck_entry, Extent.ALL)
    assert errors == {"entities": "too_many_entities"}


@pytest.mark.usefixtures("large")
async def test_an_upgrade_removes_what_was_disabled_by_the_thousand(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, world: World
) -> None:
    gridduck_entry.add_to_hass(hass)
    registry, area = er.async_get(hass), ar.async_get(hass).async_create("Cellar")

    def register(platform: Platform, item: str, key: str) -> str:
        entry = registry.async_get_or_create(
            platform,
            DOMAIN,
            f"{IDENTITY}_{item}_{key}",
            config_entry=gridduck_entry,
            disabled_by=er.RegistryEntryDisabler.INTEGRATION,
        )
        return entry.entity_id

    former = (
        (Platform.SENSOR, "last_contact"),
        (Platform.SENSOR, "signal"),
        (Platform.SENSOR, "temperature"),
        (Platform.NUMBER, "boost_duration"),
        (Platform.BINARY_SENSOR, "connection"),
    )
    disabled = [register(platform, item, key) for item in world.assets for platform, key in former]
    lamp = named(world, "Lamp")
    placed, enabled, gone = disabled[0], disabled[1], "00000000-gone"
    registry.async_update_entity(placed, area_id=area.id)
    registry.async_update_entity(enabled, disabled_by=None)
    removed_before = register(Platform.SENSOR, gone, "energy")
    registry.async_remove(removed_before)

    await setup(hass, gridduck_entry)
    left = [one for one in disabled if one in registry.entities]
    assert left == [placed, enabled]
    assert hass.states.get(enabled) is not None
    # Nor does Home Assistant remember any of them, which would bring them back disabled.
    assert not registry.deleted_entities
    await choose(hass, gridduck_entry, Extent.ALL)
    assert not keys_of(hass, lamp)["connection"].disabled


async def test_a_very_large_account_has_entities_of_what_measures_others(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entity_limits, "MOST_ASSETS", dict.fromkeys(Tier, 1))
    await setup(hass, gridduck_entry)
    account: GridDuckAccount = gridduck_entry.runtime_data
    assets = account.assets.data
    assert any(one.children for one in assets.values())
    for asset_id, asset in assets.items():
        assert ("power" in keys_of(hass, asset_id)) is bool(asset.children)
        assert bool(keys_of(hass, asset_id)) is bool(asset.children)
    # A command needs no entity.
    controllable = next(
        one for one in account.assets.inventory.controllable if not assets[one].children
    )
    device = account.device_of(controllable)
    assert device is not None
    await hass.services.async_call(
        DOMAIN, "boost", {"device_id": device.id, "duration": {"minutes": 5}}, blocking=True
    )
    assert account.assets.overrides.control(assets[controllable]).override == "boost"
    # All can be had by choice.
    await choose(hass, gridduck_entry, Extent.ESSENTIAL)
    assert entity_of(hass, Platform.SWITCH, controllable, "switch") is not None
