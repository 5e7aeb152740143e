"""The real-time connection: a WebSocket over which GridDuck sends what it receives.

Contract: gridduck-api.md, "Data hooks and WebSockets" and Part 2, "Real time".
"""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import SystemRandom
from typing import Any, Final

from aiohttp import ClientWebSocketResponse, WSMsgType
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
from yarl import URL

from ..api.addresses import BadAddress, checked_websocket_url
from ..api.concurrency import Backoff
from ..api.errors import ApiError, ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer
from ..api.gridduck import Feature
from ..api.gridduck.hook_message import unwrapped
from ..api.websocket import open_websocket
from ..const import CONF_BASE_URL, LOGGER
from ..core.lifetime import Lifetime, Timers
from .access import Access
from .coordinator import RELAXED_INTERVAL
from .options import GridDuckOptions
from .push_receiver import MOST_BYTES, PushReceiver

LARGEST: Final = 4 * MOST_BYTES
"""Bytes of a message that closes the connection; a smaller one that is too large is dropped."""
MOST_A_SECOND: Final = 100
"""Messages that are read in a second; more are dropped."""
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
STEADY: Final = 60
"""Seconds after which a connection counts as good: one that is closed sooner delays the next."""
CLOSEST_POLLS: Final = 1 / 12
"""A poll follows the opening of a connection, but the last poll by this part of the interval."""
LARGEST_JITTER: Final = 1.5
"""Factor by which a wait is longer at most, so that not all clients return at once."""

_RANDOM: Final = SystemRandom()


class ConnectionState(StrEnum):
    """State of the connection."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(slots=True)
class Counts:
    """Counts of connections and messages.

    Attributes:
        connections: that were opened.
        losses: connections that were lost, and attempts that failed.
        messages: all received messages.
        updated: items that changed an asset.
        ignored: items that were not.
        invalid: messages that were dropped because they are too large or not in the format.
        excess: messages that were dropped because there were too many.
    """

    connections: int = 0
    losses: int = 0
    messages: int = 0
    updated: int = 0
    ignored: int = 0
    invalid: int = 0
    excess: int = 0


class RealTime:
    """Keeps the connection of an account open, and merges the messages.

    Attributes:
        state: of the connection.
        counts: counts of connections and messages.
    """

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        url: URL,
        access: Access,
        receiver: PushReceiver,
        *,
        greeting: str,
    ) -> None:
        """Prepare the connection.

        Args:
            hass: Home Assistant.
            entry: of the account.
            url: a checked address.
            access: of the account; its token is sent only to the host of its own API.
            receiver: merges what is sent.
            greeting: the text to send first; empty for none.
        """
        self.state = ConnectionState.CONNECTING
        self.counts = Counts()
        self._hass = hass
        self._session = async_get_clientsession(hass)
        self._name = _name(entry)
        self._start_task = entry.async_create_background_task
        self._timers = Timers(hass)
        entry.async_on_unload(self._timers.end)
        self._url = url
        self._tokens = access.tokens if access.client.is_host(url) else None
        self._offered = access.client.offered
        self._receiver = receiver
        self._greeting = greeting
        self._assets = receiver.assets
        self._backoff = Backoff(FIRST_WAIT, LONGEST_WAIT)
        self._is_lost = False
        self._second = 0
        self._in_second = 0
        self._message_at: datetime | None = None
        self._updated_at: datetime | None = None
        self._excess_at: datetime | None = None
        self._assets.is_streamed = self._brings_changes

    async def async_run(self, lifetime: Lifetime) -> None:
        """Connect, and reconnect after each loss, until the account is closed."""
        # Raised when the account is closed, which is not an error here.
        with suppress(HomeAssistantError):
            async with lifetime.within():
                while True:
                    await self._async_connect()
                    self.state = ConnectionState.WAITING
                    await asyncio.sleep(self._wait())
        self.state = ConnectionState.CLOSED

    def _brings_changes(self) -> bool:
        """Return whether the connection is open and has recently delivered all messages."""
        now = dt_util.utcnow()
        if self.state is not ConnectionState.CONNECTED or self._updated_at is None:
            return False
        is_complete = self._excess_at is None or now - self._excess_at > RELAXED_INTERVAL
        return is_complete and now - self._updated_at <= RELAXED_INTERVAL

    def _wait(self) -> float:
        """Return the seconds until the next attempt."""
        now = dt_util.utcnow().timestamp()
        wait = max(self._backoff.remaining(now), self._offered.seconds_left(Feature.REAL_TIME))
        return wait * _RANDOM.uniform(1, LARGEST_JITTER)

    async def _async_connect(self) -> None:
        """Connect, and receive messages until the connection is lost."""
        self.state = ConnectionState.CONNECTING
        try:
            async with AsyncExitStack() as stack:
                with self._offered.assumed(Feature.REAL_TIME):
                    opened = open_websocket(
                        self._session, self._url, self._tokens, limit_bytes=LARGEST
                    )
                    socket = await stack.enter_async_context(opened)
                self.state = ConnectionState.CONNECTED
                self.counts.connections += 1
                self._poll_after(CLOSEST_POLLS * self._assets.interval)
                await self._async_receive(socket)
        except ApiError as error:
            self._lost(error)

    async def _async_receive(self, socket: ClientWebSocketResponse[bool]) -> None:
        """Receive messages until the connection is lost.

        Raises:
            ConnectionFailed: it is lost.
        """
        steady = asyncio.get_running_loop().call_later(STEADY, self._steady)
        try:
            if self._greeting:
                # Where nothing can be sent, nothing will be received.
                with suppress(OSError):
                    await socket.send_str(self._greeting)
            async for message in socket:
                await self._async_take(message.type, message.data)
        finally:
            steady.cancel()
        text = f"{self._url.host} closed the connection ({socket.close_code})"
        raise ConnectionFailed(text)

    async def _async_take(self, kind: WSMsgType, data: object) -> None:
        """Merge a message; one that is invalid or too much is counted and dropped."""
        now = dt_util.utcnow()
        self.counts.messages += 1
        self._message_at = now
        if self._is_excess(int(now.timestamp())):
            self.counts.excess += 1
            self._excess_at = now
            # Many messages may be waiting.
            await asyncio.sleep(0)
            return
        try:
            updated, total = await self._receiver.async_take(unwrapped(_body(kind, data)))
        except UnexpectedAnswer as error:
            LOGGER.debug("%s: a message is dropped: %s", self._name, error)
            self.counts.invalid += 1
            await asyncio.sleep(0)
            return
        self.counts.updated += updated
        self.counts.ignored += total - updated
        if updated:
            self._updated_at = now

    def _is_excess(self, second: int) -> bool:
        """Count a message, and return whether it is one too many in its second."""
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        return self._in_second > MOST_A_SECOND

    @callback
    def _poll_after(self, span: timedelta) -> None:
        """Poll as soon as the last poll began that long ago.

        Only the list contains what changed while there was no connection.
        """
        left = self._assets.polled_at + span - dt_util.utcnow()
        self._timers.start("poll", max(left.total_seconds(), 0), self._poll)

    @callback
    def _poll(self) -> None:
        self._start_task(self._hass, self._assets.async_poll_now(), f"{self._name}: poll")

    @callback
    def _steady(self) -> None:
        """Reset the back-off, as the connection is stable."""
        self._backoff.open()
        if self._is_lost:
            self._is_lost = False
            LOGGER.info("%s is back", self._name)

    @callback
    def _lost(self, error: ApiError) -> None:
        """Back off, and restore the usual polling interval."""
        self.counts.losses += 1
        self._updated_at = None
        if self._assets.update_interval != self._assets.interval:
            self._assets.set_pace(relaxed=False)
            self._poll_after(self._assets.interval)
        least = error.retry_after if isinstance(error, RateLimited | ServerError) else None
        self._backoff.fail(dt_util.utcnow().timestamp(), least=least or 0)
        if not self._is_lost:
            self._is_lost = True
            LOGGER.warning("%s is lost, and the list is polled as usual: %s", self._name, error)

    def diagnostics(self) -> dict[str, Any]:
        """Return state and counts, without the address."""
        return {
            "state": self.state,
            "token_sent": self._tokens is not None,
            "brings_changes": self._brings_changes(),
            "last_message": None if self._message_at is None else self._message_at.isoformat(),
            **asdict(self.counts),
        }


@callback
def async_open[RuntimeT](
    hass: HomeAssistant,
    entry: ConfigEntry[RuntimeT],
    access: Access,
    receiver: PushReceiver,
    lifetime: Lifetime,
) -> RealTime | None:
    """Open the connection that the options name, until the account is closed; None without one."""
    options = GridDuckOptions.of(entry.options)
    if not options.real_time_address:
        return None
    try:
        url = checked_websocket_url(options.real_time_address, entry.data[CONF_BASE_URL])
    except BadAddress as error:
        # The address of the account has been changed since.
        LOGGER.warning("%s stays closed: %s", _name(entry), error)
        return None
    real_time = RealTime(hass, entry, url, access, receiver, greeting=options.real_time_message)
    entry.async_create_background_task(hass, real_time.async_run(lifetime), _name(entry))
    return real_time


def _name[RuntimeT](entry: ConfigEntry[RuntimeT]) -> str:
    return f"The real-time connection of {entry.title}"


def _body(kind: WSMsgType, data: object) -> bytes:
    """Return the body of a text message.

    Raises:
        UnexpectedAnswer: it is too large, or no text.
    """
    if kind is not WSMsgType.TEXT or not isinstance(data, bytes):
        raise UnexpectedAnswer(f"It is no text but {kind.name}")
    if len(data) > MOST_BYTES:
        raise UnexpectedAnswer(f"It has more than {MOST_BYTES} bytes")
    return data
