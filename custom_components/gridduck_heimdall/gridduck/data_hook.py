"""The data hook: GridDuck sends what it receives, and entities show it without a poll.

Contract: gridduck-api.md, "Data hooks and WebSockets" and Part 2, "Data hook".
"""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.util import dt as dt_util

from custom_components.gridduck_heimdall.api.errors import UnexpectedAnswer
from custom_components.gridduck_heimdall.api.gridduck import Asset
from custom_components.gridduck_heimdall.api.gridduck.pushed import Message, Pushed, read_message
from custom_components.gridduck_heimdall.const import DOMAIN

from .coordinator import AssetCoordinator
from .options import GridDuckOptions, with_webhook_id

MOST_BYTES: Final = 1024 * 1024
"""Largest message, unpacked."""

_JSON: Final = "application/json"
# What reading a body can end in: cut off, wrongly packed, or not in HTTP.
_UNREADABLE: Final = (web.RequestPayloadError, HttpProcessingError, OSError)


class Refused(Exception):
    """A message is not taken.

    Parameters:
        status: of the answer.
        text: one sentence that says why.
    """

    def __init__(self, status: HTTPStatus, text: str) -> None:
        """Keep what is to be answered."""
        super().__init__(text)
        self.status = status
        self.text = text


class DataHook:
    """Takes the messages for one account."""

    def __init__(self, assets: AssetCoordinator) -> None:
        """Take the assets that messages may tell of."""
        self._assets = assets
        self._known: dict[str, datetime] = {}

    async def async_answer(self, request: web.Request) -> web.Response:
        """Answer how many items of a message were taken, or why it is refused."""
        try:
            message = await _async_read(request)
        except Refused as refused:
            return web.Response(status=refused.status, text=refused.text)
        updated = self._take(message)
        ignored = len(message.items) - updated + message.malformed
        return web.json_response({"updated": updated, "ignored": ignored})

    @callback
    def _take(self, message: Message) -> int:
        """Hand the news on, all at once, and return how many items were news."""
        now, updated = dt_util.utcnow(), 0
        news: dict[str, Asset] = {}
        for item in message.items:
            asset = news.get(item.asset_id) or self._assets.data.get(item.asset_id)
            if asset is None or self._is_old(item, asset, now):
                continue
            updated += 1
            news[asset.id] = item.merged(asset, now)
            if item.at is not None:
                self._known[asset.id] = item.at
        self._assets.take_pushed(news)
        return updated

    def _is_old(self, item: Pushed, asset: Asset, now: datetime) -> bool:
        """Tell whether something later is known already, by the cloud's own clock."""
        known = [at for at in (asset.last_contact, self._known.get(asset.id)) if at is not None]
        # A time that is still to come must not keep everything out until then.
        return item.at is not None and item.at < min(max(known, default=item.at), now)


@callback
def async_open[RuntimeT](
    hass: HomeAssistant, entry: ConfigEntry[RuntimeT], assets: AssetCoordinator
) -> None:
    """Listen at the account's address until it is closed, if its options say so."""
    if not GridDuckOptions.of(entry.options).data_hook:
        return
    options = with_webhook_id(entry.options)
    hass.config_entries.async_update_entry(entry, options=options)
    if (webhook_id := GridDuckOptions.of(options).webhook_id) is None:
        return
    hook = DataHook(assets)

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
    """Return where data is to be sent; only the path where nothing outside can reach this one."""
    try:
        return webhook.async_generate_url(hass, webhook_id, allow_internal=False)
    except NoURLAvailableError:
        return webhook.async_generate_path(webhook_id)


async def _async_read(request: web.Request) -> Message:
    """Read a message.

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
        return read_message(await _async_body(request))
    except UnexpectedAnswer as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{error}.") from error
    except _UNREADABLE as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "The body did not come whole.") from error


async def _async_body(request: web.Request) -> bytes:
    # Not request.read(): it would take as much as Home Assistant allows for a backup.
    content, body = request.content, bytearray()
    while chunk := await content.read(MOST_BYTES + 1 - len(body)):
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> Refused:
    text = f"The body must have {MOST_BYTES} bytes at most."
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
