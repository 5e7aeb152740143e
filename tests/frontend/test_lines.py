"""The hours ahead of many lines, as a list of them subscribes to them."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from simulator.options import Options
from tests.heimdall.home import Home

from .messages import event, events_so_far, subscribe

START = 1_795_024_800_000  # 18:00
HOUR = 3_600_000


@pytest.fixture
def simulator_options() -> Options:
    """Return three lines."""
    return Options(lines=3)


def line(home: Home) -> str:
    device = home.device("line", home.line)
    assert device is not None
    return device.id


async def lines(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Return the lines of the next event."""
    found: dict[str, Any] = (await event(client))["lines"]
    return found


async def answer(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Return the next response; the expected loads may arrive before it."""
    while (message := await client.receive_json())["type"] == "event":
        pass
    found: dict[str, Any] = message
    return found


async def line_when(
    client: MockHAClientWebSocket, device_id: str, *, loaded: bool
) -> dict[str, Any]:
    """Return what is sent of a line once its account is loaded, or not."""
    while True:
        found = await lines(client)
        if device_id in found and found[device_id]["loaded"] is loaded:
            one: dict[str, Any] = found[device_id]
            return one


async def test_next_24_hours_at_the_usual_confidence(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "lines", device_ids=[line(home), "no such line"]))["success"]
    found = await lines(client)
    assert found["no such line"] == {"loaded": False, "hours": []}
    one = found[line(home)]
    assert one["loaded"]
    assert [start for start, _, _ in one["hours"]][:24] == [START + HOUR * n for n in range(24)]
    assert len(one["hours"]) <= 25
    await client.send_json_auto_id({"type": "gridduck_heimdall/forecast", "device_id": line(home)})
    assert (await answer(client))["success"]
    while "forecast" not in (message := await client.receive_json())["event"]:
        pass
    forecast = message["event"]["forecast"]["hours"]
    assert one["hours"][0][1] == round(forecast[0]["in_force"]["p95"])


async def test_hour_that_has_passed_is_left_out(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "lines", device_ids=[line(home)])
    await lines(client)
    await home.wait(hours=1, minutes=5)
    await home.wait(seconds=1)
    found = await lines(client)
    assert found[line(home)]["hours"][0][0] > START


async def test_list_outlives_a_reload(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "lines", device_ids=[line(home)])
    await line_when(client, line(home), loaded=True)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.wait(seconds=1)
    await line_when(client, line(home), loaded=False)
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.wait(seconds=1)
    await line_when(client, line(home), loaded=True)


async def test_lines_that_a_user_may_not_read_are_left_out(
    home: Home, hass_ws_client: WebSocketGenerator, hass_admin_user: MockUser
) -> None:
    hass_admin_user.groups = []
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "lines", device_ids=[line(home)]))["success"]
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_unsubscribed_client_hears_no_more(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    response = await subscribe(client, "lines", device_ids=[line(home)])
    await lines(client)
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": response["id"]})
    assert (await answer(client))["success"]
    await home.wait(hours=1, minutes=5)
    await home.wait(seconds=1)
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_late_measurement_is_reported(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "lines", device_ids=[line(home)])
    assert "last_measured" not in (await line_when(client, line(home), loaded=True))
    home.fault("current", "stale", delay=1500)
    await home.polls(1)
    await home.wait(seconds=1)
    sent = await events_so_far(client)
    assert "last_measured" in sent[-1]["lines"][line(home)]


@pytest.mark.parametrize("loaded", [True, False])
async def test_account_that_has_to_sign_in_again_is_reported(
    home: Home, hass_ws_client: WebSocketGenerator, loaded: bool
) -> None:
    if not loaded:
        await home.hass.config_entries.async_unload(home.entry.entry_id)
    client = await hass_ws_client(home.hass)
    await subscribe(client, "lines", device_ids=[line(home)])
    assert "sign_in" not in (await line_when(client, line(home), loaded=loaded))
    home.entry.async_start_reauth(home.hass)
    await home.hass.async_block_till_done()
    await home.wait(seconds=1)
    sent = await events_so_far(client)
    assert sent[-1]["lines"][line(home)]["sign_in"]
