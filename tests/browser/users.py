"""Users of Home Assistant who are no administrators."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
import json

import msgspec
from playwright.async_api import StorageState

from devtools.hass import Tokens

from .groups import Group
from .home import Home


class _User(msgspec.Struct):
    id: str


class _Created(msgspec.Struct):
    user: _User


@asynccontextmanager
async def added(home: Home, group: Group) -> AsyncIterator[StorageState]:
    """Add a user until the context ends; yield what their browser has stored after a login."""
    create = "config/auth/create"
    created = await home.hass.command(create, _Created, name=group.name, group_ids=[group])
    user_id = created.user.id
    try:
        yield _stored(home, await home.hass.log_in(user_id))
    finally:
        await home.hass.command("config/auth/delete", object, user_id=user_id)


def _stored(home: Home, tokens: Tokens) -> StorageState:
    url = home.hass.url
    expires = home.now + timedelta(seconds=tokens.expires_in)
    value = {
        **msgspec.structs.asdict(tokens),
        "hassUrl": url,
        "clientId": f"{url}/",
        "expires": round(expires.timestamp() * 1000),
    }
    text = json.dumps(value)
    return StorageState(
        cookies=[],
        origins=[{"origin": url, "localStorage": [{"name": "hassTokens", "value": text}]}],
    )
