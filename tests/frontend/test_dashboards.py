"""A dashboard that outlives the last account says so, and comes back with the next one."""

from typing import Any

from homeassistant.components.lovelace.const import DOMAIN as LOVELACE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gridduck_heimdall.core.texts import text
from simulator.options import Options
from tests.conftest import setup

OURS = {"strategy": {"type": "custom:gridduck-heimdall", "hidden": ["Lamp"]}}
OTHER = {"views": [{"cards": [{"type": "markdown", "content": "Hello"}]}]}


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(lines=1, assets=2)


class Dashboards:
    """Dashboards as a browser reads and writes them."""

    def __init__(self, hass_ws_client: WebSocketGenerator) -> None:
        self._connect = hass_ws_client

    async def create(self, path: str, config: dict[str, Any]) -> None:
        create = {"url_path": path, "title": path, "mode": "storage"}
        await self._send("lovelace/dashboards/create", **create)
        await self.save(path, config)

    async def save(self, path: str, config: dict[str, Any]) -> None:
        await self._send("lovelace/config/save", url_path=path, config=config)

    async def shown(self, path: str) -> Any:
        return await self._send("lovelace/config", url_path=path)

    async def _send(self, kind: str, **fields: Any) -> Any:
        client = await self._connect()
        await client.send_json_auto_id({"type": kind, **fields})
        answer = await client.receive_json()
        assert answer["success"], answer
        return answer["result"]


@pytest.fixture
async def dashboards(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Dashboards:
    """Return a client of dashboards; one is in YAML."""
    yaml = {"mode": "yaml", "title": "In YAML", "filename": "absent.yaml"}
    config = {"http": {}, "frontend": {}, LOVELACE: {"dashboards": {"in-yaml": yaml}}}
    assert await async_setup_component(hass, "frontend", config)
    return Dashboards(hass_ws_client)


async def test_last_account_is_removed(
    hass: HomeAssistant,
    dashboards: Dashboards,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    await dashboards.create("our-own", OURS)
    await dashboards.create("of-user", OTHER)
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert await dashboards.shown("our-own") == OURS
    await hass.config_entries.async_remove(heimdall_entry.entry_id)
    explained = await dashboards.shown("our-own")
    ((card,),) = (view["cards"] for view in explained["views"])
    assert card["type"] == "markdown"
    assert card["content"] == text(hass, "account_removed")
    assert "strategy" not in explained
    assert await dashboards.shown("of-user") == OTHER

    again = MockConfigEntry(domain=gridduck_entry.domain, data=dict(gridduck_entry.data))
    await setup(hass, again)
    assert await dashboards.shown("our-own") == OURS
    assert await dashboards.shown("of-user") == OTHER


async def test_user_has_changed_it_since(
    hass: HomeAssistant, dashboards: Dashboards, gridduck_entry: MockConfigEntry
) -> None:
    """It stays as the user wants it."""
    await setup(hass, gridduck_entry)
    await dashboards.create("our-own", OURS)
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    explained = await dashboards.shown("our-own")
    changed = {**explained, "views": [*explained["views"], {"title": "Mine"}]}
    await dashboards.save("our-own", changed)
    again = MockConfigEntry(domain=gridduck_entry.domain, data=dict(gridduck_entry.data))
    await setup(hass, again)
    assert await dashboards.shown("our-own") == changed
