"""What cards get of load limits: what is curtailed, why and until when."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.frontend.messages import event, subscribe
from tests.load_limits.yard import Yard

from .feeder import SENSOR, Feeder, add, device_of


@pytest.fixture(autouse=True)
async def _websocket(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "websocket_api", {})


async def test_load_limit_sends_what_it_curtails_and_why(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_ws_client: WebSocketGenerator
) -> None:
    subentry = await add(yard, feeder.limit)
    device_id = device_of(yard, subentry).id
    client = await hass_ws_client(hass)
    assert (await subscribe(client, "load_limit", device_id=device_id))["success"]
    found = await event(client)
    assert found["loaded"]
    (one,) = found["curtailed"]
    (decision,) = found["decisions"]
    assert one["name"] == decision["asset"]
    assert one["reason"] == decision["reason"] == "above_limit"
    assert one["until"] == decision["until"] > one["since"]
    assert one["power"] > 0
    assert not one["by_action"]
    assert decision["sent"]
    assert decision["load"] > decision["limit"]


@pytest.mark.parametrize("measured", ["sensor", "site"])
async def test_load_limit_names_the_sensor_that_it_measures(
    hass: HomeAssistant,
    yard: Yard,
    feeder: Feeder,
    hass_ws_client: WebSocketGenerator,
    measured: str,
) -> None:
    site = {"measured": "site", "device": yard.site, "limit_unit": "kilowatt"}
    subentry = await add(yard, feeder.limit, **(site if measured == "site" else {}))
    client = await hass_ws_client(hass)
    await subscribe(client, "load_limit", device_id=device_of(yard, subentry).id)
    found = (await event(client))["measured"]
    if measured == "sensor":
        assert found == SENSOR
    else:
        entity = er.async_get(hass).async_get(found)
        assert entity is not None
        assert (entity.device_id, entity.original_device_class) == (yard.site, "power")


async def test_load_limit_sends_each_change(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_ws_client: WebSocketGenerator
) -> None:
    subentry = await add(yard, feeder.limit, mode="advise")
    client = await hass_ws_client(hass)
    await subscribe(client, "load_limit", device_id=device_of(yard, subentry).id)
    assert not (await event(client))["curtailed"]
    hass.config_entries.async_update_subentry(
        yard.entry, subentry, data={**subentry.data, "mode": "automatic"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await yard.wait(1)
    found = await event(client)
    assert found["curtailed"]
    assert [one["sent"] for one in found["decisions"]] == [True, False]


async def test_load_limit_says_when_its_account_is_not_loaded(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_ws_client: WebSocketGenerator
) -> None:
    subentry = await add(yard, feeder.limit)
    client = await hass_ws_client(hass)
    await subscribe(client, "load_limit", device_id=device_of(yard, subentry).id)
    assert (await event(client))["loaded"]
    await hass.config_entries.async_unload(yard.entry.entry_id)
    await yard.wait(1)
    found = await event(client)
    assert not found["loaded"]


async def test_assets_that_an_action_curtails(
    hass: HomeAssistant, yard: Yard, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await subscribe(client, "curtailed")
    assert (await event(client))["curtailed"] == []
    await yard.shed(yard.charger, power=1, duration={"minutes": 30})
    await yard.wait(1)
    found = (await event(client))["curtailed"]
    assert [one["device_id"] for one in found] == [yard.device(yard.charger)]
    assert found[0]["by_action"]
    assert found[0]["until"] - found[0]["since"] == pytest.approx(1_800_000, abs=5_000)


@pytest.mark.parametrize("removed", [False, True])
async def test_assets_that_a_user_may_not_read_are_left_out(
    hass: HomeAssistant,
    yard: Yard,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
    *,
    removed: bool,
) -> None:
    """Also one whose device was removed."""
    await yard.shed(yard.charger, power=1, duration={"minutes": 30})
    if removed:
        dr.async_get(hass).async_remove_device(yard.device(yard.charger))
    hass_admin_user.groups = []
    client = await hass_ws_client(hass)
    await subscribe(client, "curtailed")
    assert (await event(client))["curtailed"] == []


async def test_load_limit_needs_permission(
    hass: HomeAssistant,
    yard: Yard,
    feeder: Feeder,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    subentry = await add(yard, feeder.limit)
    device_id = device_of(yard, subentry).id
    hass_admin_user.groups = []
    client = await hass_ws_client(hass)
    response = await subscribe(client, "load_limit", device_id=device_id)
    assert response["error"]["code"] == "unauthorized"


async def test_device_that_is_no_load_limit(
    hass: HomeAssistant, yard: Yard, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    for device_id in (yard.site, "no such device"):
        response = await subscribe(client, "load_limit", device_id=device_id)
        assert response["error"]["code"] == "not_found"


async def test_accounts_of_assets_that_are_not_there(
    hass: HomeAssistant, yard: Yard, hass_ws_client: WebSocketGenerator
) -> None:
    entry_id = yard.entry.entry_id
    client = await hass_ws_client(hass)
    await subscribe(client, "curtailed")
    assert await event(client) == {"curtailed": [], "not_loaded": [], "sign_in": []}
    yard.entry.async_start_reauth(hass)
    await hass.async_block_till_done()
    await yard.wait(1)
    assert (await event(client))["sign_in"] == [entry_id]
    await hass.config_entries.async_unload(entry_id)
    await yard.wait(1)
    while (await event(client))["not_loaded"] != [entry_id]:
        pass
