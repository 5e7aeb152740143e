"""Durations outlive a restart."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.server import Simulator

from .support import call, state_of


async def test_restored(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
    lamp: str,
) -> None:
    await call(hass, Platform.NUMBER, "set_value", lamp, "boost_duration", value=15)
    assert state_of(hass, Platform.NUMBER, lamp, "boost_duration").state == "15"
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    assert gridduck_entry.runtime_data is not account
    assert state_of(hass, Platform.NUMBER, lamp, "boost_duration").state == "15"
    assert state_of(hass, Platform.NUMBER, lamp, "snooze_duration").state == "60"
    simulator.calls.clear()
    await call(hass, Platform.SWITCH, "turn_on", lamp, "switch")
    (sent,) = simulator.calls.list(method="PUT")
    assert sent.body == {"boost_finish": 900}


@pytest.mark.parametrize("value", [0, 1441])
async def test_range(hass: HomeAssistant, account: GridDuckAccount, lamp: str, value: int) -> None:
    with pytest.raises(ServiceValidationError):
        await call(hass, Platform.NUMBER, "set_value", lamp, "boost_duration", value=value)
