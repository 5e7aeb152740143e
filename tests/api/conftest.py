"""A small cloud on loopback that answers exactly what a test tells it to."""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import override

import aiohttp
from aiohttp import web
from aiohttp.connector import Connection
from aiohttp.test_utils import TestServer
from aiohttp.tracing import Trace
import pytest

from custom_components.gridduck_heimdall.api.errors import ApiError
from custom_components.gridduck_heimdall.api.token import Token
from custom_components.gridduck_heimdall.api.transport import Transport

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

FAR = 1e12


@dataclass
class Cloud:
    """The cloud; `answers` are given in turn, the last one again and again."""

    url: str = ""
    answers: deque[Answer] = field(default_factory=deque)
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read())
        answer = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        return await answer(request)

    def will(self, *answers: Answer) -> None:
        self.answers = deque(answers)

    @property
    def authorizations(self) -> list[str | None]:
        return [request.headers.get("Authorization") for request in self.requests]


def answer(
    body: bytes | str = b"{}",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Answer:
    raw = body.encode() if isinstance(body, str) else body

    async def give(_: web.Request) -> web.Response:
        return web.Response(body=raw, status=status, headers=headers)

    return give


def token(value: str = "token-1") -> Token:
    return Token(value=value, expires_at=FAR, renew_at=FAR)


@dataclass
class Tokens:
    """Gives token-1, and after each invalidate the next; fails with `failure` instead, if set."""

    number: int = 1
    invalidated: list[str] = field(default_factory=list)
    failure: ApiError | None = None
    given: dict[int, Token] = field(default_factory=dict)

    async def async_get_token(self) -> Token:
        if self.failure is not None:
            raise self.failure
        return self.given.setdefault(self.number, token(f"token-{self.number}"))

    def invalidate(self, token: Token) -> None:
        self.invalidated.append(token.value)
        self.number += 1


@dataclass
class Sleeps:
    """Stands for asyncio.sleep and notes the waits."""

    waits: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture(autouse=True)
def sockets(socket_enabled: None) -> None:
    """Let every test of this folder use sockets."""


@pytest.fixture
async def cloud() -> AsyncGenerator[Cloud]:
    cloud = Cloud()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", cloud.handle)
    async with TestServer(app) as server:
        cloud.url = str(server.make_url("")).rstrip("/")
        yield cloud


class Connector(aiohttp.TCPConnector):
    """Knows which of its connections are in use.

    Attributes:
        in_use: those that were neither released nor closed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.in_use = list[Connection]()

    @override
    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        self.in_use.append(connection)
        connection.add_callback(lambda: self.in_use.remove(connection))
        return connection


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=(connector := Connector())) as session:
        yield session
        assert not connector.in_use, "a connection was not given back"


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def transport(
    cloud: Cloud, session: aiohttp.ClientSession, tokens: Tokens, sleeps: Sleeps
) -> Transport:
    return Transport(session, cloud.url, tokens, sleep=sleeps, time_limit=5)
