"""A client of Home Assistant's HTTP and WebSocket interfaces."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
import itertools
import secrets
from typing import Final

import aiohttp
import msgspec

from .settings import HOST, LaunchError

_READY_SECONDS: Final = 240
_POLL_SECONDS: Final = 0.2


class _Step(msgspec.Struct):
    step: str
    done: bool


class _Login(msgspec.Struct):
    type: str
    flow_id: str = ""
    result: str = ""


class Tokens(msgspec.Struct):
    """What a user who has logged in gets."""

    access_token: str
    refresh_token: str
    expires_in: float
    token_type: str


class _Config(msgspec.Struct):
    state: str


class _WebSocketError(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Message(msgspec.Struct):
    type: str
    id: int = 0
    success: bool = True
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: _WebSocketError | None = None


class Refused(LaunchError):
    """Home Assistant refused a WebSocket command; `code` is its error code."""

    def __init__(self, kind: str, error: _WebSocketError) -> None:
        """Say which command was refused, and why."""
        super().__init__(f"Home Assistant refused {kind}: {error.message}")
        self.code = error.code


class Disconnected(LaunchError):
    """Home Assistant closed its WebSocket."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Home Assistant closed its WebSocket")


class Hass:
    """A Home Assistant that runs, with its administrator logged in."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        """Prepare the client; `connect` logs in."""
        self.url = f"http://{HOST}:{port}"
        self._session = session
        self._ids = itertools.count(1)
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        # Commands that are not answered yet, by their number.
        self._asked: dict[int, asyncio.Future[_Message]] = {}
        self._headers: dict[str, str] = {}

    async def post[AnswerT](
        self, path: str, answer: type[AnswerT], body: Mapping[str, object]
    ) -> AnswerT:
        """Send a body and return the decoded answer.

        Raises:
            LaunchError: Home Assistant refused it.
        """
        async with self._session.post(
            f"{self.url}{path}", json=body, headers=self._headers
        ) as response:
            content = await response.read()
            if not response.ok:
                text = content.decode(errors="replace")[:300]
                raise LaunchError(f"Home Assistant refused {path} ({response.status}): {text}")
        return msgspec.json.decode(content, type=answer)

    async def get[AnswerT](self, path: str, answer: type[AnswerT]) -> AnswerT | None:
        """Return the decoded answer, or None where there is nothing at this path."""
        async with self._session.get(f"{self.url}{path}", headers=self._headers) as response:
            if response.status != HTTPStatus.OK:
                return None
            return msgspec.json.decode(await response.read(), type=answer)

    async def delete(self, path: str) -> None:
        """Delete what is at a path.

        Raises:
            LaunchError: Home Assistant refused it.
        """
        async with self._session.delete(f"{self.url}{path}", headers=self._headers) as response:
            if not response.ok:
                raise LaunchError(f"Home Assistant refused to delete {path} ({response.status})")

    async def command[AnswerT](self, kind: str, answer: type[AnswerT], **fields: object) -> AnswerT:
        """Send a WebSocket command and return its decoded result.

        Raises:
            Refused: Home Assistant does not do it.
            Disconnected: Home Assistant ended.
        """
        if self._socket is None or self._reader is None:
            raise LaunchError("Home Assistant's WebSocket is not connected")
        if self._reader.done():
            raise Disconnected
        number = next(self._ids)
        asked = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"id": number, "type": kind, **fields})
            message = await asked
        except aiohttp.ClientConnectionError:
            raise Disconnected from None
        finally:
            self._asked.pop(number, None)
        if message.error is not None:
            raise Refused(kind, message.error)
        return msgspec.json.decode(message.result, type=answer)

    async def act(self, action: str, data: Mapping[str, object], entity_id: str = "") -> None:
        """Run an action (such as light.turn_on), on an entity where one is given.

        Raises:
            LaunchError: Home Assistant refused it.
        """
        domain, _, service = action.partition(".")
        target = {"target": {"entity_id": entity_id}} if entity_id else {}
        await self.command(
            "call_service", object, domain=domain, service=service, service_data=data, **target
        )

    async def connect(self) -> None:
        """Wait until Home Assistant answers, make its first user where there is none, log in."""
        steps = await self._wait_for_http()
        if steps is not None and not all(step.done for step in steps):
            await self._make_user()
        token = (await self.log_in()).access_token
        self._headers["Authorization"] = f"Bearer {token}"
        self._socket = await self._session.ws_connect(
            f"{self.url}/api/websocket", max_msg_size=0, heartbeat=30
        )
        await self._receive(self._socket)
        await self._socket.send_json({"type": "auth", "access_token": token})
        if (await self._receive(self._socket)).type != "auth_ok":
            raise LaunchError("Home Assistant did not let its own user in")
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._wait_until_running()

    async def close(self) -> None:
        """Close the WebSocket."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def _wait_for_http(self) -> list[_Step] | None:
        try:
            async with asyncio.timeout(_READY_SECONDS):
                while True:
                    try:
                        return await self.get("/api/onboarding", list[_Step])
                    except aiohttp.ClientConnectionError:
                        await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise LaunchError("Home Assistant did not come up") from None

    async def _make_user(self) -> None:
        user = {
            "name": "Demo",
            "username": "demo",
            # Nobody needs it: on loopback no password is asked for.
            "password": secrets.token_urlsafe(),
            "client_id": f"{self.url}/",
            "language": "en",
        }
        await self.post("/api/onboarding/users", dict[str, str], user)

    async def log_in(self, user_id: str = "") -> Tokens:
        """Log a user in, without a password, as on loopback.

        Args:
            user_id: who; not needed while there is only one user.

        Raises:
            LaunchError: Home Assistant refused it.
        """
        client = {"client_id": f"{self.url}/"}
        request = {"handler": ["trusted_networks", None], "redirect_uri": f"{self.url}/", **client}
        login = await self.post("/auth/login_flow", _Login, request)
        if login.type == "form":
            path = f"/auth/login_flow/{login.flow_id}"
            login = await self.post(path, _Login, {"user": user_id} | client)
        if login.type != "create_entry":
            raise LaunchError("Home Assistant asked for a login")
        form = {"grant_type": "authorization_code", "code": login.result} | client
        async with self._session.post(f"{self.url}/auth/token", data=form) as response:
            return msgspec.json.decode(await response.read(), type=Tokens)

    async def _wait_until_running(self) -> None:
        for _ in range(int(_READY_SECONDS / _POLL_SECONDS)):
            if (await self.command("get_config", _Config)).state == "RUNNING":
                return
            await asyncio.sleep(_POLL_SECONDS)
        raise LaunchError("Home Assistant never finished starting")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Receive until the end, also while nothing is asked: else no ping is answered."""
        try:
            while True:
                message = await self._receive(socket)
                asked = self._asked.get(message.id)
                if message.type == "result" and asked is not None:
                    asked.set_result(message)
        except (Disconnected, msgspec.DecodeError) as end:
            for asked in self._asked.values():
                asked.set_exception(end)

    @staticmethod
    async def _receive(socket: aiohttp.ClientWebSocketResponse) -> _Message:
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise Disconnected
        return msgspec.json.decode(message.data, type=_Message)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Hass]:
    """Connect to the Home Assistant on this port of loopback until the context ends."""
    async with aiohttp.ClientSession() as session:
        hass = Hass(session, port)
        try:
            await hass.connect()
            yield hass
        finally:
            await hass.close()
