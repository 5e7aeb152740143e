"""Which products are worth asking for."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import pytest

from custom_components.gridduck_heimdall import options_flow
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.entity_choice import Extent, Tier
from custom_components.gridduck_heimdall.heimdall import entity_limits
from custom_components.gridduck_heimdall.heimdall.catalog import DESCRIPTIONS
from custom_components.gridduck_heimdall.heimdall.inventory import Kind

from .home import Home

ESSENTIAL = {
    description.key
    for of_platform in DESCRIPTIONS.values()
    for kind, descriptions in of_platform.items()
    for description in descriptions
    if kind in {Kind.LINE, Kind.FACILITY} and description.tier is Tier.ESSENTIAL
}


async def test_entities_of_another_time_are_of_no_account(hass: HomeAssistant, home: Home) -> None:
    home.entry.add_to_hass(hass)
    for unique_id in (f"{home.entry.unique_id}_{home.line}_no_longer", "unlike_any"):
        er.async_get(hass).async_get_or_create("sensor", DOMAIN, unique_id, config_entry=home.entry)
    await home.open()
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}


async def test_an_entity_disabled_from_the_start_is_not_asked_for(
    hass: HomeAssistant, home: Home
) -> None:
    home.entry.add_to_hass(hass)
    for key in ("sag_max", "clearance_min"):
        er.async_get(hass).async_get_or_create(
            "sensor",
            DOMAIN,
            f"{home.entry.unique_id}_{home.line}_{key}",
            config_entry=home.entry,
            disabled_by=er.RegistryEntryDisabler.USER,
        )
    await home.open()
    assert home.calls("sag", home.line) == 0
    assert home.calls("sag", home.icy_line) == 1


async def test_an_entity_disabled_later_is_not_asked_for(hass: HomeAssistant, home: Home) -> None:
    await home.open()
    await home.polls(2)
    registry = er.async_get(hass)
    for key in ("sag_max", "clearance_min"):
        entity_id = home.entity_id(home.line, key)
        assert entity_id is not None
        registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    home.forget_calls()
    await home.polls(1)
    assert home.calls("sag", home.line) == 0
    assert home.calls("sag", home.icy_line) == 1
    # What does not change what is shown leaves the requests as they are.
    entity_id = home.entity_id(home.icy_line, "sag_max")
    assert entity_id is not None
    registry.async_update_entity(entity_id, name="Sag")
    home.forget_calls()
    await home.polls(1)
    assert home.calls("sag", home.line) == 0
    assert home.calls("sag", home.icy_line) == 1


async def test_a_large_account_registers_what_matters_most(
    hass: HomeAssistant, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entity_limits, "MOST_DEVICES", 5)
    home.entry.add_to_hass(hass)
    registry = er.async_get(hass)

    def former(key: str) -> er.RegistryEntry:
        return registry.async_get_or_create(
            Platform.SENSOR,
            DOMAIN,
            f"{home.entry.unique_id}_{home.line}_{key}",
            config_entry=home.entry,
            disabled_by=er.RegistryEntryDisabler.INTEGRATION,
        )

    # As a version did that registered all of it; one was enabled by its user.
    former("last_measurement")
    for key in ("sag_max", "transient_rating_15"):
        registry.async_update_entity(former(key).entity_id, disabled_by=None)
    await home.open()
    enabled = {"sag_max", "transient_rating_15"}
    assert keys_of(home, home.line) <= ESSENTIAL | enabled
    assert {"loading", "dlr_fallback", "sag_max"} <= keys_of(home, home.line)
    assert not registry.deleted_entities
    assert home.value(home.line, "loading") not in {"unknown", "unavailable"}
    home.forget_calls()
    await home.polls(1)
    assert home.calls("dlr", home.line)
    assert home.calls("sag", home.line)
    # Nothing else in this account shows it.
    assert home.calls("transient", home.line)
    # What nothing would show.
    assert home.calls("transient", home.icy_line) == 0
    history = home.account.importer.diagnostics()

    await choose(home, Extent.AUTOMATIC, home.icy_line)
    assert keys_of(home, home.line) <= ESSENTIAL | enabled
    present = keys_of(home, home.icy_line)
    assert {"aar", "tension", "transient_rating_15", "last_measurement"} <= present
    facility = home.world.facility_of(home.icy_line).id
    assert "limiting_component" in keys_of(home, facility)
    assert home.calls("transient", home.icy_line)
    assert home.account.importer.diagnostics().keys() == history.keys()

    await choose(home, Extent.STANDARD)
    assert "aar" in keys_of(home, home.line)
    assert "aar" in keys_of(home, home.icy_line)
    assert "tension" not in keys_of(home, home.icy_line)

    monkeypatch.setattr(options_flow, "MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY", 20)
    assert await choose(home, Extent.ALL) == {"entities": "too_many_entities"}


def keys_of(home: Home, item_id: str) -> set[str]:
    """Return the keys of what is registered of a line or facility."""
    prefix = f"{home.entry.unique_id}_{item_id}_"
    entries = er.async_entries_for_config_entry(er.async_get(home.hass), home.entry.entry_id)
    ids = (entry.unique_id for entry in entries)
    return {one.removeprefix(prefix) for one in ids if one.startswith(prefix)}


async def choose(home: Home, extent: Extent, *lines: str) -> dict[str, str]:
    """Choose how much is shown, in the form; return its errors."""
    flows = home.hass.config_entries.options
    flow = await flows.async_init(home.entry.entry_id)
    chosen = {"entities": extent, "all_entities_for": list(lines)}
    result = await flows.async_configure(flow["flow_id"], chosen)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    return result.get("errors") or {}


def test_as_many_as_home_assistant_enables() -> None:
    """Of a thousand lines with their facilities."""
    assert {
        "circuit_rating",
        "clearance_min",
        "conductor_temperature_max",
        "current",
        "dlr",
        "dlr_fallback",
        "dlr_forecast_lowest",
        "headroom",
        "ice_load",
        "loading",
    } == ESSENTIAL
    assert 1_000 * len(ESSENTIAL) <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
