"""Dashboards load the JavaScript without any step of the user."""

import re
from typing import Any

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.frontend.module import ADDRESS
from simulator.faults import Fault
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import account_state

type Stored = dict[str, Any]


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(lines=1, assets=2)


async def browser(hass: HomeAssistant, **lovelace: object) -> None:
    """Set up what a browser needs."""
    config = {"http": {}, "frontend": {}, "lovelace": lovelace}
    assert await async_setup_component(hass, "frontend", config)


async def open_account(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


def collection(hass: HomeAssistant) -> ResourceStorageCollection:
    resources = hass.data[LOVELACE_DATA].resources
    assert isinstance(resources, ResourceStorageCollection)
    return resources


def addresses(hass: HomeAssistant) -> list[str]:
    return [one["url"] for one in collection(hass).async_items()]


def extra_modules(hass: HomeAssistant) -> list[str]:
    return [url for url in hass.data[DATA_EXTRA_MODULE_URL].urls if url.startswith(ADDRESS)]


async def test_first_account_adds_one_module(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    await browser(hass)
    await open_account(hass, gridduck_entry)
    (item,) = collection(hass).async_items()
    assert item["type"] == "module"
    assert item["url"].startswith(f"{ADDRESS}?v=")
    client = await hass_client()
    response = await client.get(item["url"])
    assert response.status == 200
    assert "javascript" in response.headers["Content-Type"]
    assert "max-age" in response.headers["Cache-Control"]
    content = await response.text()
    assert "gridduck-heimdall" in content
    # It loads the code of a card when that is first shown.
    chunks = set(re.findall(r"gridduck-heimdall-[0-9A-Z]{8}\.js", content))
    assert chunks
    for chunk in chunks:
        response = await client.get(f"{ADDRESS.rpartition('/')[0]}/{chunk}")
        assert response.status == 200
        assert "max-age" in response.headers["Cache-Control"]

    await open_account(hass, heimdall_entry)
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    assert addresses(hass) == [item["url"]]


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([f"{ADDRESS}?v=0"], id="another version"),
        pytest.param([ADDRESS, f"{ADDRESS}?v=1", f"{ADDRESS}?v=0"], id="duplicates"),
    ],
)
async def test_address_follows_the_version(
    hass: HomeAssistant,
    hass_storage: dict[str, Stored],
    gridduck_entry: MockConfigEntry,
    before: list[str],
) -> None:
    others = ["/local/a.js", "/local/b.js"]
    hass_storage["lovelace_resources"] = {
        "version": 1,
        "key": "lovelace_resources",
        "data": {
            "items": [
                {"id": str(number), "type": "module", "url": url}
                for number, url in enumerate([others[0], *before, others[1]])
            ]
        },
    }
    await browser(hass)
    await open_account(hass, gridduck_entry)
    found = addresses(hass)
    (ours,) = (url for url in found if url not in others)
    assert ours.startswith(f"{ADDRESS}?v=")
    assert ours not in before
    assert set(others) < set(found)


async def test_last_account_removes_it(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, heimdall_entry: MockConfigEntry
) -> None:
    await browser(hass)
    await collection(hass).async_create_item({"res_type": "module", "url": "/local/a.js"})
    await open_account(hass, gridduck_entry)
    await open_account(hass, heimdall_entry)
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert len(addresses(hass)) == 2
    await hass.config_entries.async_remove(heimdall_entry.entry_id)
    assert addresses(hass) == ["/local/a.js"]
    # An account that is added in the same run.
    again = MockConfigEntry(domain=gridduck_entry.domain, data=dict(gridduck_entry.data))
    await open_account(hass, again)
    assert len(addresses(hass)) == 2


async def test_resources_in_yaml_make_it_an_extra_module(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, heimdall_entry: MockConfigEntry
) -> None:
    await browser(hass, resource_mode="yaml")

    await open_account(hass, gridduck_entry)
    await open_account(hass, heimdall_entry)
    assert len(extra_modules(hass)) == 1
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert len(extra_modules(hass)) == 1
    await hass.config_entries.async_remove(heimdall_entry.entry_id)
    assert not extra_modules(hass)


@pytest.mark.parametrize("components", [(), ("http",)])
async def test_nothing_is_served_without_a_user_interface(
    hass: HomeAssistant,
    gridduck_entry: MockConfigEntry,
    components: tuple[str, ...],
) -> None:
    for component in components:
        assert await async_setup_component(hass, component, {})
    await open_account(hass, gridduck_entry)
    assert LOVELACE_DATA not in hass.data
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert not hass.config_entries.async_entries(gridduck_entry.domain)


async def test_module_is_served_while_a_service_does_not_answer(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
) -> None:
    simulator.faults.add(Fault(service="gridduck", path="/", count=None, status=500))
    await browser(hass)
    gridduck_entry.add_to_hass(hass)
    await hass.config_entries.async_setup(gridduck_entry.entry_id)
    await hass.async_block_till_done()
    assert account_state(gridduck_entry) is ConfigEntryState.SETUP_RETRY
    (address,) = addresses(hass)
    client = await hass_client()
    assert (await client.get(address)).status == 200


async def test_last_account_was_disabled(
    hass: HomeAssistant, hass_storage: dict[str, Stored], gridduck_entry: MockConfigEntry
) -> None:
    """Nothing of the integration is set up when the account is removed."""
    item = {"id": "0", "type": "module", "url": f"{ADDRESS}?v=0"}
    hass_storage["lovelace_resources"] = {
        "version": 1,
        "key": "lovelace_resources",
        "data": {"items": [item]},
    }
    await browser(hass)
    gridduck_entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        gridduck_entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert addresses(hass) == []


async def test_resource_that_cannot_be_registered(
    hass: HomeAssistant,
    hass_storage: dict[str, Stored],
    gridduck_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Every page loads the module instead, and the account works."""
    hass_storage["lovelace_resources"] = {
        "version": 1,
        "key": "lovelace_resources",
        "data": {"items": [{"id": "0", "unexpected": ""}]},
    }
    await browser(hass)
    await open_account(hass, gridduck_entry)
    assert account_state(gridduck_entry) is ConfigEntryState.LOADED
    assert len(extra_modules(hass)) == 1
    assert "Dashboards could not be changed" in caplog.text
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    assert len(extra_modules(hass)) == 1
