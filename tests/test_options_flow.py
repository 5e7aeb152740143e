"""The options of an account of either service."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.conftest import setup


async def test_heimdall(hass: HomeAssistant, heimdall_entry: MockConfigEntry) -> None:
    await setup(hass, heimdall_entry)
    result = await hass.config_entries.options.async_init(heimdall_entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "heimdall"
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"spans": True, "sensors": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    standard = {"rating_in_force": "standard", "static_rating_is_upper_bound": False}
    assert heimdall_entry.options == {
        "entities": "automatic",
        "all_entities_for": [],
        "spans": True,
        "sensors": True,
        **standard,
    }
    assert heimdall_entry.state is ConfigEntryState.LOADED


async def test_gridduck(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> None:
    """The address that is shown is the one that is listened at, and stays the same."""
    await setup(hass, gridduck_entry)
    result = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "gridduck"
    assert result["description_placeholders"] is not None
    address = result["description_placeholders"]["address"]
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {"data_hook": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert gridduck_entry.state is ConfigEntryState.LOADED
    assert gridduck_entry.options["data_hook"]
    assert address.endswith(gridduck_entry.options[CONF_WEBHOOK_ID])
    result = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["address"] == address


async def test_an_address_that_is_given_up(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry
) -> None:
    """After the data hook was turned off, the next address is another."""
    await setup(hass, gridduck_entry)
    addresses = set()
    for wanted in (True, False, True):
        result = await hass.config_entries.options.async_init(gridduck_entry.entry_id)
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"data_hook": wanted}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        addresses.add(gridduck_entry.options.get(CONF_WEBHOOK_ID))
    assert len(addresses) == 3
    assert None in addresses
