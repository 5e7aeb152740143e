"""The messages of a subscription, as a card sends and gets them."""

from typing import Any

from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from custom_components.gridduck_heimdall.const import DOMAIN


async def subscribe(
    client: MockHAClientWebSocket, command: str, **fields: object
) -> dict[str, Any]:
    """Subscribe; return the response."""
    await client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **fields})
    response: dict[str, Any] = await client.receive_json()
    return response


async def event(client: MockHAClientWebSocket) -> dict[str, Any]:
    """Return the content of the next event."""
    message = await client.receive_json()
    assert message["type"] == "event"
    content: dict[str, Any] = message["event"]
    return content


async def events_so_far(client: MockHAClientWebSocket) -> list[dict[str, Any]]:
    """Return the contents of the events that were sent up to now."""
    await client.send_json_auto_id({"type": "ping"})
    found: list[dict[str, Any]] = []
    while (message := await client.receive_json())["type"] != "pong":
        found.append(message["event"])
    return found
