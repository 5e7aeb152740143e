"""Which products are worth asking for."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.gridduck_heimdall.const import DOMAIN

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
