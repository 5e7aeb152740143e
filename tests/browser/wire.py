"""What Home Assistant sends to a page, changed on its way."""

from collections.abc import Callable
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
