"""What Home Assistant sends to a page, changed on its way, and commands that it does not get."""

from collections.abc import Callable, Collection
import json
import re
from typing import Any, Final

from playwright.async_api import Page, WebSocketRoute

_WEBSOCKET: Final = re.compile("/api/websocket$")


async def change_messages(page: Page, change: Callable[[Any], Any]) -> None:
    """Let a page get each message of Home Assistant's WebSocket as `change` returns it."""
    await forward_messages(page, lambda message: [change(message)])


async def forward_messages(page: Page, forward: Callable[[Any], list[Any]]) -> None:
    """Let a page get, in place of each message of the WebSocket, those that `forward` returns."""

    def connect(route: WebSocketRoute) -> None:
        def receive(text: str | bytes) -> None:
            message = json.loads(text)
            many = message if isinstance(message, list) else [message]
            if messages := [sent for each in many for sent in forward(each)]:
                route.send(json.dumps(messages if len(messages) > 1 else messages[0]))

        route.connect_to_server().on_message(receive)

    await page.route_web_socket(_WEBSOCKET, connect)


async def hold_commands(page: Page, kinds: Collection[str], error: str = "") -> None:
    """Keep commands of some kinds from Home Assistant.

    Args:
        page: sends them.
        kinds: their types.
        error: the error code of the response to the page; without one, there is no response.
    """

    def connect(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def send(text: str | bytes) -> None:
            message = json.loads(text)
            many = message if isinstance(message, list) else [message]
            for each in many:
                if each.get("type") not in kinds:
                    server.send(json.dumps(each))
                elif error:
                    refused = {"code": error, "message": error}
                    answer = {"type": "result", "success": False, "error": refused}
                    route.send(json.dumps({**answer, "id": each["id"]}))

        route.on_message(send)
        server.on_message(route.send)

    await page.route_web_socket(_WEBSOCKET, connect)
