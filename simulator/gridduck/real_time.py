"""The WebSocket that sends what the service receives, and what can go wrong with it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from aiohttp import WSMsgType, web
import msgspec

from simulator.core import Core
from simulator.faults import MESSAGE, Fault
from simulator.spoil import OWN_DELAY, mutated

from .wire import Refused
from .world import World

PATH: Final = "/realtime"
# Fields that change by themselves or by a command; `last_contacted` changes with every contact.
_LIVE: Final[tuple[str, ...]] = (
    "current_state",
    "boost_finish",
    "boost_finish_stamp",
    "snooze_finish",
    "snooze_finish_stamp",
    "consumption",
    "delivered",
    "last_contacted",
    "lost",
    "disconnected",
)
_GOING_AWAY: Final = 1001
_FAILED: Final = 1011
_GARBAGE: Final = "<garbage> \u2620 {"

type _Socket = web.WebSocketResponse


class RealTime:
    """Sends messages to all clients.

    Every `real_time_seconds` of the options (real seconds; 0 for never) each client receives what
    has changed; tests send more with `send` and `push`. Each message is spoiled by the faults
    whose method is `MESSAGE` and whose path matches `/realtime`.

    Contract: gridduck-api.md, Part 2, "Real time".

    Attributes:
        received: the texts that clients have sent, oldest first.
        opened: how many connections there have been.
    """

    def __init__(self, world: World, core: Core) -> None:
        """Start without clients."""
        self.received: list[str] = []
        self.opened = 0
        self._world = world
        self._core = core
        self._sockets = dict[_Socket, None]()
        self._greeted = set[_Socket]()
        self._mute = set[_Socket]()
        self._held = dict[_Socket, object]()

    @property
    def clients(self) -> int:
        """Return how many clients are connected now."""
        return len(self._sockets)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Serve one client until one of both closes the connection."""
        # Pings are answered here, so that a fault can leave them unanswered.
        socket = web.WebSocketResponse(autoping=False, timeout=0.1)
        if not socket.can_prepare(request).ok:
            raise Refused(426, "A WebSocket is served here")
        await socket.prepare(request)
        self.opened += 1
        self._sockets[socket] = None
        every = self._core.options.real_time_seconds
        changes = asyncio.create_task(self._send_changes(socket, every)) if every else None
        try:
            async for message in socket:
                await self._answer(socket, message.type, message.data)
        finally:
            if changes is not None:
                changes.cancel()
            self._forget(socket)
        return socket

    async def send(self, message: object) -> None:
        """Send a message, whatever it is, to all clients; text and bytes are sent as they are."""
        for socket in self._ready():
            await self._deliver(socket, message)

    async def push(self, asset_id: str, **fields: object) -> None:
        """Send fields of an asset as they are now, in the format of the data hook."""
        await self.send({"id": asset_id, "stamp": self._core.clock.now(), **fields})

    async def close(self, code: int = _GOING_AWAY) -> None:
        """Close all connections."""
        for socket in [*self._sockets]:
            await socket.close(code=code)

    def _ready(self) -> Iterator[_Socket]:
        """Yield the clients that receive messages: those that have sent what is expected first."""
        for socket in [*self._sockets]:
            if self._world.real_time_greeting is None or socket in self._greeted:
                yield socket

    def _forget(self, socket: _Socket) -> None:
        self._sockets.pop(socket, None)
        self._greeted.discard(socket)
        self._mute.discard(socket)
        self._held.pop(socket, None)

    async def _answer(self, socket: _Socket, kind: WSMsgType, data: Any) -> None:
        if kind is WSMsgType.PING and socket not in self._mute:
            await socket.pong(data)
        elif kind is WSMsgType.TEXT:
            self.received.append(data)
            if data == self._world.real_time_greeting:
                self._greeted.add(socket)

    async def _send_changes(self, socket: _Socket, every: float) -> None:
        """Send what has changed since the last message, until the connection is closed."""
        sent = dict[str, dict[str, object]]()
        while not socket.closed:
            items = list[dict[str, object]]()
            for asset_id in self._world.assets:
                record = self._world.record(asset_id)
                live: dict[str, object] = {name: record[name] for name in _LIVE if name in record}
                if sent.get(asset_id) != live:
                    sent[asset_id] = live
                    items.append({"id": asset_id, **live, "stamp": live.get("last_contacted")})
            if items and socket in self._ready():
                await self._deliver(socket, {"data": items})
            await asyncio.sleep(every)

    async def _deliver(self, socket: _Socket, message: object) -> None:
        """Send a message to one client, as the next fault spoils it."""
        if socket in self._mute:
            return
        fault = self._core.faults.take("gridduck", MESSAGE, PATH)
        if fault is None:
            await _send(socket, message)
        elif fault.kind == "reordered":
            self._held[socket] = message
            return
        elif fault.kind == "mute":
            self._mute.add(socket)
        elif fault.kind == "close":
            await socket.close(code=fault.status or _FAILED)
        else:
            if fault.delay and fault.kind not in OWN_DELAY:
                await asyncio.sleep(fault.delay)
            for spoiled in _spoiled(fault, message):
                await _send(socket, spoiled)
        if (held := self._held.pop(socket, None)) is not None:
            await _send(socket, held)


async def _send(socket: _Socket, message: object) -> None:
    # A client may leave in the middle of a message.
    with suppress(ConnectionError):
        if isinstance(message, bytes):
            await socket.send_bytes(message)
        else:
            await socket.send_str(_text(message))


def _spoiled(fault: Fault, message: object) -> list[object]:
    """Return what is sent in place of a message."""
    if (make := _MADE_UP.get(fault.kind)) is not None:
        return make(fault, message)
    if isinstance(message, str | bytes):
        return [message]
    return [mutated(fault, "gridduck", message).decode()]


def _text(message: object) -> str:
    return message if isinstance(message, str) else msgspec.json.encode(message).decode()


_MADE_UP: Final[dict[str, Callable[[Fault, object], list[object]]]] = {
    "delay": lambda _fault, message: [message],
    "malformed": lambda fault, _message: [_GARBAGE if fault.body is None else fault.body],
    "empty": lambda _fault, _message: [""],
    "binary": lambda _fault, message: [_text(message).encode()],
    "truncate": lambda _fault, message: [_text(message)[: len(_text(message)) // 2]],
    "huge": lambda fault, message: [_text(message) + " " * fault.size],
    "duplicates": lambda _fault, message: [message, message],
}
