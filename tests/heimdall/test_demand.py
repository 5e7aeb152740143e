"""Which products are worth asking for."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.heimdall import essentials
from custom_components.gridduck_heimdall.heimdall.catalog import DESCRIPTIONS
from custom_components.gridduck_heimdall.heimdall.subjects import Kind

from .home import Home


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


async def test_a_large_account_starts_with_what_matters_most(
    hass: HomeAssistant, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(essentials, "MOST_DEVICES", 5)
    await home.open()
    registry = er.async_get(hass)
    enabled = {
        entry.unique_id.removeprefix(f"{home.entry.unique_id}_{home.line}_"): not entry.disabled
        for entry in er.async_entries_for_config_entry(registry, home.entry.entry_id)
        if f"_{home.line}_" in entry.unique_id
    }
    assert {key for key, whether in enabled.items() if whether} <= essentials.ESSENTIAL
    assert enabled["loading"]
    assert enabled["dlr_fallback"]
    assert not enabled["last_measurement"]
    assert home.value(home.line, "loading") not in {"unknown", "unavailable"}
    home.forget_calls()
    await home.polls(1)
    assert home.calls("dlr", home.line)
    # What nothing but disabled entities would show.
    assert home.calls("transient", home.line) == 0


def test_as_many_as_home_assistant_enables() -> None:
    """Of a thousand lines with their facilities."""
    enabled = [
        one.key
        for of_platform in DESCRIPTIONS.values()
        for kind, descriptions in of_platform.items()
        for one in descriptions
        if kind in {Kind.LINE, Kind.FACILITY}
        and essentials.is_enabled(one.key, essentials.MOST_DEVICES + 1)
    ]
    assert set(enabled) == essentials.ESSENTIAL
    assert 1_000 * len(enabled) <= MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY
