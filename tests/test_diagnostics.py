"""What a user can download holds what helps, and nothing that identifies anybody."""

import json
from typing import Any

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Cloud, Fault
from simulator.server import Simulator
from tests.conftest import CLOUDS, setup


def private_words(simulator: Simulator) -> set[str]:
    """Return all that must not be in diagnostics: credentials, names of places and things."""
    words = set[str]()
    for cloud in (simulator.gridduck, simulator.heimdall):
        words |= {cloud.client_id, cloud.client_secret}
    world = simulator.gridduck.world
    words |= {site.name for site in world.sites.values()}
    words |= {asset.name for asset in world.assets.values()}
    return words


@pytest.mark.parametrize("service", CLOUDS)
async def test_entry(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    service: Cloud,
    request: pytest.FixtureRequest,
) -> None:
    entry: MockConfigEntry = request.getfixturevalue(f"{service}_entry")
    await setup(hass, entry)
    assert await async_setup_component(hass, "diagnostics", {})
    answer: dict[str, Any] = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert answer["entry"]["data"]["base_url"] == entry.data["base_url"]
    assert answer["entry"]["data"]["client_secret"] == "**REDACTED**"
    assert answer["account"]["calls_per_hour"]
    text = json.dumps(answer)
    assert not [word for word in private_words(simulator) if f'"{word}"' in text]
    assert "Bearer" not in text


@pytest.mark.parametrize("service", CLOUDS)
async def test_devices(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    service: Cloud,
    request: pytest.FixtureRequest,
) -> None:
    entry: MockConfigEntry = request.getfixturevalue(f"{service}_entry")
    await setup(hass, entry)
    assert await async_setup_component(hass, "diagnostics", {})
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert devices
    for device in devices:
        answer = await get_diagnostics_for_device(hass, hass_client, entry, device)
        text = json.dumps(answer)
        assert not [word for word in private_words(simulator) if f'"{word}"' in text]


async def test_account_that_is_not_in_use(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
) -> None:
    """It is then that somebody looks for a fault."""
    simulator.faults.add(Fault(service="gridduck", path="/asset", status=500, count=None))
    await setup(hass, gridduck_entry)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=gridduck_entry.entry_id, identifiers={(DOMAIN, "asset:before")}
    )
    assert await async_setup_component(hass, "diagnostics", {})
    answer: dict[str, Any] = await get_diagnostics_for_config_entry(
        hass, hass_client, gridduck_entry
    )
    assert answer["account"] is None
    assert answer["entry"]["state"] == "setup_retry"
    assert answer["entry"]["reason"]
    assert await get_diagnostics_for_device(hass, hass_client, gridduck_entry, device) == {}


async def test_the_address_of_the_data_hook_is_secret(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gridduck_entry: MockConfigEntry
) -> None:
    gridduck_entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(gridduck_entry, options={"data_hook": True})
    assert await async_setup_component(hass, "diagnostics", {})
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    webhook_id = gridduck_entry.options[CONF_WEBHOOK_ID]
    answer: dict[str, Any] = await get_diagnostics_for_config_entry(
        hass, hass_client, gridduck_entry
    )
    assert answer["account"]["options"]["data_hook"]
    assert webhook_id not in json.dumps(answer)
