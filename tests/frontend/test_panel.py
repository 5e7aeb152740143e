"""The dashboard is in the sidebar as soon as there is an account."""

from typing import Any

from homeassistant.components.lovelace.const import DOMAIN as LOVELACE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from simulator.options import Options
from tests.conftest import setup

PATH = "gridduck-heimdall-power"
CONFIG = {"strategy": {"type": "custom:gridduck-heimdall"}}


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(lines=1, assets=2)


@pytest.fixture(autouse=True)
async def _browser(hass: HomeAssistant) -> None:
    config: dict[str, Any] = {"http": {}, "frontend": {}, LOVELACE: {}}
    assert await async_setup_component(hass, "frontend", config)


async def command(connect: WebSocketGenerator, kind: str, **fields: object) -> Any:
    """Send a command as a browser does; return the result."""
    client = await connect()
    await client.send_json_auto_id({"type": kind, **fields})
    answer = await client.receive_json()
    assert answer["success"], answer
    return answer["result"]


async def test_first_account_adds_it(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    panel = (await command(hass_ws_client, "get_panels"))[PATH]
    assert panel["title"] == "GridDuck & Heimdall Power"
    assert panel["show_in_sidebar"]
    assert not panel["require_admin"]
    assert await command(hass_ws_client, "lovelace/config", url_path=PATH) == CONFIG
    (listed,) = await command(hass_ws_client, "lovelace/dashboards/list")
    assert listed["url_path"] == PATH
    # Its content is made anew each time: it is not edited.
    assert listed["mode"] == "yaml"


async def test_last_account_removes_it(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    assert PATH in await command(hass_ws_client, "get_panels")
    await hass.config_entries.async_remove(heimdall_entry.entry_id)
    assert PATH not in await command(hass_ws_client, "get_panels")
    # An account that is added in the same run.
    again = MockConfigEntry(domain=gridduck_entry.domain, data=dict(gridduck_entry.data))
    await setup(hass, again)
    assert await command(hass_ws_client, "lovelace/config", url_path=PATH) == CONFIG


async def test_own_dashboard_takes_its_place_in_the_sidebar(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, gridduck_entry: MockConfigEntry
) -> None:
    await setup(hass, gridduck_entry)
    own = {"url_path": "my-own", "title": "Mine", "mode": "storage"}
    await command(hass_ws_client, "lovelace/dashboards/create", **own)
    await command(hass_ws_client, "lovelace/config/save", url_path="my-own", config=CONFIG)
    await hass.config_entries.async_remove(gridduck_entry.entry_id)
    again = MockConfigEntry(domain=gridduck_entry.domain, data=dict(gridduck_entry.data))
    await setup(hass, again)
    panel = (await command(hass_ws_client, "get_panels"))[PATH]
    assert not panel["show_in_sidebar"]
    # The link at the end of the form leads somewhere nevertheless.
    assert await command(hass_ws_client, "lovelace/config", url_path=PATH) == CONFIG
