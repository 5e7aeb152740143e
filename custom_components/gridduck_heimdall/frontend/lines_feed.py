"""The hours ahead of many lines, as a list of them shows."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later, async_track_utc_time_change
import voluptuous as vol

from ..const import DOMAIN
from ..core.authorization import async_readable
from ..core.description import RATING_KINDS
from ..core.device_map import line_account_of
from ..core.slices import in_slices
from ..core.worklist import Worklist
from ..forecast.runtime import LOAD_FORECASTS
from .feed import SOON, Content, async_follow_sign_in, last_measured, milliseconds, sign_in

HOURS: Final = 24
"""Hours ahead that a list covers."""
MAX_LINES: Final = 1000
LEVEL: Final = "p95"
"""Confidence of the ratings; the prediction stands for it where it is not known."""

type _Message = dict[str, Any]


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/lines",
        vol.Required("device_ids"): vol.All([str], vol.Length(max=MAX_LINES)),
    }
)
@websocket_api.async_response
async def async_subscribe_lines(
    hass: HomeAssistant, connection: ActiveConnection, msg: _Message
) -> None:
    """Send the hours ahead of lines: of all now, then of those that change.

    A line that the user may not read is left out.
    """
    readable = await async_readable(hass, connection.user, msg["device_ids"])
    feed = _LinesFeed(hass, connection, msg["id"], readable)
    connection.subscriptions[msg["id"]] = feed.async_stop
    connection.send_result(msg["id"])
    feed.async_start()


class _LinesFeed:
    """Sends the hours ahead of some lines to one client."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: int,
        device_ids: Iterable[str],
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            hass: Home Assistant.
            connection: of the client.
            message: id of the subscription.
            device_ids: the lines.
        """
        self._hass = hass
        self._connection = connection
        self._message = message
        self._device_ids = frozenset(device_ids)
        self._sent = dict[str, Content]()
        self._changed = set[str]()
        self._following = dict[str, tuple[CALLBACK_TYPE, ...]]()
        self._ends: list[CALLBACK_TYPE] = []
        self._waiting: CALLBACK_TYPE | None = None
        self._sending = Worklist[str](self._async_send, self._start)
        self._task: asyncio.Task[None] | None = None

    @callback
    def async_start(self) -> None:
        """Follow the lines and send what there is."""
        hass = self._hass
        self._ends += [
            async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._account_changed),
            # The hour that has passed is left out.
            async_track_utc_time_change(hass, self._change_all, minute=0, second=5),
            async_follow_sign_in(hass, self._sign_in_changed),
        ]
        self._changed.update(self._device_ids)
        self._send_now()

    @callback
    def async_stop(self) -> None:
        """Stop sending."""
        if self._waiting is not None:
            self._waiting()
        if self._task is not None:
            self._task.cancel()
        for end in self._ends:
            end()
        self._unfollow()

    @callback
    def _unfollow(self) -> None:
        for end in chain.from_iterable(self._following.values()):
            end()
        self._following.clear()

    @callback
    def _account_changed[RuntimeT](
        self, _change: ConfigEntryChange, entry: ConfigEntry[RuntimeT]
    ) -> None:
        if entry.domain == DOMAIN:
            self._unfollow()
            self._change(self._device_ids)

    @callback
    def _sign_in_changed(self, entry_id: str) -> None:
        devices = dr.async_entries_for_config_entry(dr.async_get(self._hass), entry_id)
        if own := self._device_ids.intersection(device.id for device in devices):
            self._change(own)

    @callback
    def _change_all(self, _reason: object = None) -> None:
        self._change(self._device_ids)

    @callback
    def _change(self, device_ids: Iterable[str]) -> None:
        """Send changed lines soon, all at once: many forecasts change at about one time."""
        self._changed.update(device_ids)
        if self._waiting is None:
            self._waiting = async_call_later(self._hass, SOON, self._send_now)

    @callback
    def _send_now(self, _now: datetime | None = None) -> None:
        self._waiting = None
        self._sending.add(sorted(self._changed))
        self._changed.clear()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._task = self._hass.async_create_background_task(work, f"{DOMAIN} list of lines")

    async def _async_send(self, device_ids: Iterable[str]) -> None:
        found = dict(await in_slices(self._read(device_ids)))
        news = {key: one for key, one in found.items() if self._sent.get(key) != one}
        if news:
            self._sent |= news
            self._connection.send_event(self._message, {"lines": news})

    def _read(self, device_ids: Iterable[str]) -> Iterator[tuple[str, Content]]:
        for device_id in device_ids:
            yield device_id, self._line(device_id)

    def _line(self, device_id: str) -> Content:
        found = line_account_of(self._hass, device_id)
        if found is None:
            known = dr.async_get(self._hass).async_get(device_id)
            refused = {} if known is None else sign_in(self._hass, known.config_entry_id)
            return {"loaded": False, "hours": [], **refused}
        account, device = found
        loads = self._hass.data[LOAD_FORECASTS]
        if account.identity not in self._following:
            # A poll without a measurement makes the last one late.
            self._following[account.identity] = (account.async_follow_lines(self._change_all),)
        if device_id not in self._following:
            changed = partial(self._change, (device_id,))
            end = account.async_follow_forecast(device, RATING_KINDS, changed)
            self._following[device_id] = (
                loads.async_listen(device_id, changed),
                *(() if end is None else (end,)),
            )
        forecast = account.hourly_forecast(device, hours=HOURS)
        load = loads.expected_load(device_id)
        expected = {} if load is None else {one.start: round(one.centre) for one in load.hours}
        hours = () if forecast is None else forecast.hours
        return {
            "loaded": True,
            **sign_in(self._hass, device.config_entry_id),
            **last_measured(account, device),
            "hours": [
                [milliseconds(one.start), round(rating), expected.get(one.start)]
                for one in hours
                if (rating := _cautious(one.in_force)) is not None
            ],
        }


def _cautious(levels: Mapping[str, float]) -> float | None:
    return levels.get(LEVEL, levels.get("prediction"))
