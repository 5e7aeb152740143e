"""The forecast of a line, as a card subscribes to it."""

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    WebSocketGenerator,
)

from simulator.options import Options
from tests.heimdall.home import Home

from .messages import event, events_so_far, subscribe

LEVELS = {"prediction", "p80", "p90", "p95", "p99"}


@pytest.fixture
def simulator_options() -> Options:
    """Return two lines."""
    return Options(lines=2)


def device_id(home: Home, kind: str = "line", item_id: str | None = None) -> str:
    device = home.device(kind, home.line if item_id is None else item_id)
    assert device is not None
    return device.id


async def test_hours_begin_with_the_current_one(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "forecast", device_id=device_id(home)))["success"]
    content = await event(client)
    assert content["loaded"]
    hours = content["forecast"]["hours"]
    start = 1_795_024_800_000  # 18:00
    assert [one["start"] for one in hours] == [start + 3_600_000 * n for n in range(len(hours))]
    assert len(hours) > 48
    first = hours[0]
    assert set(first["in_force"]) == set(first["dlr"]) == LEVELS
    assert first["dlr"]["prediction"] > first["dlr"]["p95"]
    assert first["limited_by"] in {"dlr", "circuit_rating"}
    assert first["limiting_span"]
    assert content["forecast"]["updated"] <= start + 20 * 60_000


async def test_rating_in_force_is_the_lower_of_circuit_and_line(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "forecast", device_id=device_id(home))
    hours = (await event(client))["forecast"]["hours"]
    both = [one for one in hours if "dlr" in one and "circuit_rating" in one]
    assert both
    for one in both:
        for level in LEVELS:
            lower = min(one["dlr"][level], one["circuit_rating"][level])
            assert one["in_force"][level] == pytest.approx(lower)


async def test_facility_has_the_forecast_of_its_line(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "forecast", device_id=device_id(home))
    of_line = await event(client)
    await subscribe(client, "forecast", device_id=device_id(home, "facility", home.facility))
    assert await event(client) == of_line


async def test_each_change_is_sent_once(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "forecast", device_id=device_id(home))
    before = await event(client)
    await home.wait(hours=1, minutes=5)
    after = await event(client)
    assert after["forecast"]["hours"][0]["start"] > before["forecast"]["hours"][0]["start"]
    # An answer to something else comes next, and no second event.
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_subscription_outlives_a_reload(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "forecast", device_id=device_id(home))
    assert (await event(client))["loaded"]
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    assert await event(client) == {"loaded": False, "forecast": None}
    await home.hass.async_block_till_done(wait_background_tasks=True)
    contents = [await event(client)]
    assert contents[-1]["loaded"]


async def test_account_that_is_not_loaded_is_reported(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "forecast", device_id=device_id(home)))["success"]
    assert await event(client) == {"loaded": False, "forecast": None}


async def test_account_that_has_to_sign_in_again_is_reported(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    home.entry.async_start_reauth(home.hass)
    await home.hass.async_block_till_done()
    client = await hass_ws_client(home.hass)
    await subscribe(client, "forecast", device_id=device_id(home))
    assert (await event(client))["sign_in"]


async def test_unsubscribed_client_hears_no_more(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    response = await subscribe(client, "forecast", device_id=device_id(home))
    await event(client)
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": response["id"]})
    assert (await client.receive_json())["success"]
    await home.wait(hours=1, minutes=5)
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_forecast_needs_permission(
    home: Home, hass_ws_client: WebSocketGenerator, hass_admin_user: MockUser
) -> None:
    hass_admin_user.groups = []
    client = await hass_ws_client(home.hass)
    response = await subscribe(client, "forecast", device_id=device_id(home))
    assert response["error"]["code"] == "unauthorized"


async def test_unknown_device_is_refused(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    response = await subscribe(client, "forecast", device_id="no such device")
    assert response["error"]["code"] == "not_found"


async def test_late_measurement_is_reported(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "forecast", device_id=device_id(home))
    assert "last_measured" not in await event(client)
    measured = home.freezer().timestamp() * 1000
    home.fault("current", "stale", delay=1500)
    await home.polls(1)
    sent = await events_so_far(client)
    assert measured - 1_800_000 < sent[-1]["last_measured"] < measured - 900_000
    home.recover()
    await home.polls(1)
    assert "last_measured" not in (await events_so_far(client))[-1]
