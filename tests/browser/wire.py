"""What Home Assistant sends to a page, changed on its way."""

from collections.abc import Callable
import json
import re
from typing import Any, Final

from playwright.async_api import Page, WebSocketRoute

_WEBSOCKET: Final = re.compile("/api/websocket$")


async def change_messages(page: Page, change: Callable[[Any], Any]) -> None:
    """Let a page get each message of Home Assistant's WebSocket as `change` returns it."""

    def connect(route: WebSocketRoute) -> None:
        def forward(text: str | bytes) -> None:
            message = json.loads(text)
            many = isinstance(message, list)
            changed = [change(each) for each in message] if many else change(message)
            route.send(json.dumps(changed))

        route.connect_to_server().on_message(forward)

    await page.route_web_socket(_WEBSOCKET, connect)
