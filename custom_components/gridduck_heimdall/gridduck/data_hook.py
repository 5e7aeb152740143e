"""The data hook: GridDuck pushes data to a webhook between polls.

Contract: gridduck-api.md, "Data hooks and WebSockets" and Part 2, "Data hook".
"""

import asyncio
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.network import NoURLAvailableError

from ..api.errors import UnexpectedAnswer
from ..const import DOMAIN
from ..core.lifetime import Lifetime
from .options import GridDuckOptions, with_webhook_id
from .push_receiver import MOST_BYTES, PushReceiver

MOST_SECONDS: Final = 10
"""Timeout for a body."""
MOST_AT_ONCE: Final = 8
"""Concurrent messages per account."""
RETRY_AFTER: Final = 5

_JSON: Final = "application/json"
# Errors of reading a body: cut off, badly compressed, or not HTTP.
_UNREADABLE: Final = (web.RequestPayloadError, HttpProcessingError, OSError)


class Refused(Exception):
    """A message is refused.

    Args:
        status: the HTTP status.
        text: the reason, one sentence.
    """

    def __init__(self, status: HTTPStatus, text: str) -> None:
        """Store status and text of the answer."""
        super().__init__(text)
        self.status = status
        self.text = text


class DataHook:
    """Receives the messages for one account."""

    def __init__(self, receiver: PushReceiver, lifetime: Lifetime) -> None:
        """Take what merges messages, and the lifetime of their account."""
        self._receiver = receiver
        self._lifetime = lifetime
        self._under_way = 0

    async def async_answer(self, request: web.Request) -> web.Response:
        """Respond with the number of merged items, or the reason of a refusal."""
        if self._under_way >= MOST_AT_ONCE:
            return _answer_of(_unavailable("Too many messages at once."))
        self._under_way += 1
        try:
            body = await self._async_body(request)
            updated, total = await self._receiver.async_take(body)
        except Refused as refused:
            return _answer_of(refused)
        except UnexpectedAnswer as error:
            return _answer_of(Refused(HTTPStatus.BAD_REQUEST, f"{error}."))
        except HomeAssistantError:
            return _answer_of(_closed())
        finally:
            self._under_way -= 1
        return web.json_response({"updated": updated, "ignored": total - updated})

    async def _async_body(self, request: web.Request) -> bytes:
        """Return the body of a message.

        Raises:
            Refused: it is too large or too slow, or not what was agreed on.
        """
        try:
            async with self._lifetime.within(), asyncio.timeout(MOST_SECONDS):
                return await _async_read(request)
        except TimeoutError as error:
            text = f"The body must come within {MOST_SECONDS} seconds."
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, text) from error
        except HomeAssistantError as error:
            raise _closed() from error


@callback
def async_open[RuntimeT](
    hass: HomeAssistant,
    entry: ConfigEntry[RuntimeT],
    receiver: PushReceiver,
    lifetime: Lifetime,
) -> None:
    """Listen at the account's address until it is closed, if its options say so."""
    if not GridDuckOptions.of(entry.options).data_hook:
        return
    options = with_webhook_id(entry.options)
    hass.config_entries.async_update_entry(entry, options=options)
    if (webhook_id := GridDuckOptions.of(options).webhook_id) is None:
        return
    hook = DataHook(receiver, lifetime)

    async def answer(_hass: HomeAssistant, _id: str, request: web.Request) -> web.Response:
        return await hook.async_answer(request)

    webhook.async_register(
        hass,
        DOMAIN,
        entry.title,
        webhook_id,
        answer,
        local_only=False,
        allowed_methods=(hdrs.METH_POST,),
    )

    entry.async_on_unload(lambda: webhook.async_unregister(hass, webhook_id))


@callback
def async_address(hass: HomeAssistant, webhook_id: str) -> str:
    """Return the URL for pushed data; only its path if Home Assistant has no external URL."""
    try:
        return webhook.async_generate_url(hass, webhook_id, allow_internal=False)
    except NoURLAvailableError:
        return webhook.async_generate_path(webhook_id)


async def _async_read(request: web.Request) -> bytes:
    """Read the body of a message.

    Raises:
        Refused: it is too large, or not what was agreed on.
    """
    content_type, _, _ = request.headers.get(hdrs.CONTENT_TYPE, "").partition(";")
    if content_type.strip().casefold() != _JSON:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {_JSON}.")
    announced = request.headers.get(hdrs.CONTENT_LENGTH, "")
    if announced.isdecimal() and int(announced) > MOST_BYTES:
        raise _too_large()
    try:
        return await _async_bytes(request)
    except _UNREADABLE as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "The body did not come whole.") from error


async def _async_bytes(request: web.Request) -> bytes:
    # Not request.read(): it would take as much as Home Assistant allows for a backup.
    content, body = request.content, bytearray()
    while chunk := await content.read(MOST_BYTES + 1 - len(body)):
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large()
    return bytes(body)


def _answer_of(refused: Refused) -> web.Response:
    headers = {}
    if refused.status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers[hdrs.RETRY_AFTER] = str(RETRY_AFTER)
    return web.Response(status=refused.status, text=refused.text, headers=headers)


def _unavailable(text: str) -> Refused:
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, text)


def _closed() -> Refused:
    return _unavailable("The account is closed.")


def _too_large() -> Refused:
    text = f"The body must have {MOST_BYTES} bytes at most."
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
