"""The client over real sockets, against a server that answers with the contract's examples."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import json

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.gridduck_heimdall.api import errors
from custom_components.gridduck_heimdall.api.heimdall import (
    ENDPOINTS,
    MAX_PARALLEL,
    HeimdallClient,
    Include,
    Parameters,
    Quantity,
    endpoints,
    region_headers,
)
from custom_components.gridduck_heimdall.api.token import Token
from custom_components.gridduck_heimdall.api.transport import Transport
from tests.api.heimdall_examples import EXAMPLES, body
from tests.api.test_heimdall_endpoints import CASES, CONTRACT, END, START, target_of

pytestmark = pytest.mark.usefixtures("socket_enabled")

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Tokens:
    """Tokens that never end."""

    invalidated: list[Token] = field(default_factory=list)

    async def async_get_token(self) -> Token:
        return Token(value=f"token-{len(self.invalidated)}", expires_at=3600, renew_at=3300)

    def invalidate(self, token: Token) -> None:
        self.invalidated.append(token)


@dataclass(slots=True)
class Service:
    """A server that notes what it is asked, and gives one answer to all."""

    answer: Answer
    requests: list[web.Request] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answer(request)


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def talking(answer: Answer, **options: int) -> AsyncIterator[tuple[HeimdallClient, Service]]:
    service = Service(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    async with TestServer(app) as server, ClientSession() as session:
        transport = Transport(
            session, str(server.make_url("")), Tokens(), headers=region_headers, sleep=no_sleep
        )
        yield HeimdallClient(transport, **options), service


def examples(name: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body(name), content_type="application/json")

    return answer


def fixed(status: int, text: str = "", content_type: str = "application/json") -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, content_type=content_type)

    return answer


@pytest.mark.parametrize(("name", "given", "sent"), CASES)
async def test_fetch(name: str, given: Parameters, sent: dict[str, str]) -> None:
    [example, *_] = [
        one
        for one in (*(f"{name} {key}={value}" for key, value in sent.items()), name)
        if one in EXAMPLES
    ]
    async with talking(examples(example)) as (client, service):
        payload = await client.async_fetch(ENDPOINTS[name], target_of(name), **given)

    [request] = service.requests
    if example == name and not {"imperial", "apparent_power"}.isdisjoint(sent.values()):
        # The example is in other units than those that are asked for.
        assert payload != ENDPOINTS[name].decoder.decode(body(example))
    else:
        assert payload == ENDPOINTS[name].decoder.decode(body(example))
    assert request.method == "GET"
    assert request.path == CONTRACT[name][0]
    assert dict(request.query) == sent
    assert request.headers["Authorization"] == "Bearer token-0"
    assert request.headers["x-region"] == "eu"
    assert request.headers["x-client-name"] == "gridduck-heimdall"
    assert request.headers["Accept"] == "application/json"


async def test_assets() -> None:
    async with talking(examples("A1")) as (client, _):
        assets = await client.async_assets()
    assert len(assets.grid_owners[0].facilities) == 3


async def test_answers_are_typed() -> None:
    async with talking(examples("C1 include=spans")) as (client, _):
        answer = await client.async_fetch(endpoints.LATEST_DLR, "LINE", include=Include.SPANS)
    assert answer.rating.value == 742.3
    assert answer.spans is not None
    assert [span.rating.value for span in answer.spans] == [801.9, 742.3]


async def test_bad_requests_are_not_sent() -> None:
    async with talking(fixed(500)) as (client, service):
        with pytest.raises(ValueError, match="longer than 30 days"):
            await client.async_fetch(
                endpoints.CURRENTS, "LINE", start=datetime(2026, 1, 1, tzinfo=UTC), end=END
            )
        with pytest.raises(ValueError, match="longer than 7 days"):
            await client.async_fetch(
                endpoints.DLRS,
                "LINE",
                start=START,
                end=START.replace(day=9),
                include=Include.SPANS,
            )
        with pytest.raises(ValueError, match="G1 does not take"):
            await client.async_fetch(endpoints.LATEST_CURRENT, "LINE", quantity=Quantity.CURRENT)
        with pytest.raises(ValueError, match="C1 is about one line"):
            await client.async_fetch(endpoints.LATEST_DLR)
    assert service.requests == []


@pytest.mark.parametrize("text", ["", '{"detail": "No data available for this line"}'])
async def test_no_data(text: str) -> None:
    async with talking(fixed(404, text)) as (client, service):
        with pytest.raises(errors.NotFound):
            await client.async_fetch(endpoints.LATEST_ICING, "LINE")
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.UnexpectedAnswer),
        (400, errors.BadRequest),
        (401, errors.AuthenticationFailed),
        (403, errors.PermissionDenied),
        (404, errors.NotFound),
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (503, errors.ServerError),
    ],
)
async def test_the_status_decides_before_the_body(status: int, kind: type[errors.ApiError]) -> None:
    async with talking(fixed(status, json.dumps(EXAMPLES["C1"]))) as (client, _):
        with pytest.raises(kind):
            await client.async_fetch(endpoints.LATEST_DLR, "LINE")
    # A refusal in the form of a web page is not the service's.
    of_page = errors.ForeignAnswer if status in {401, 403} else kind
    async with talking(fixed(status, "<html>Oops</html>", "text/html")) as (client, _):
        with pytest.raises(of_page):
            await client.async_fetch(endpoints.LATEST_DLR, "LINE")


@pytest.mark.parametrize("text", ["", "<html>Hello</html>", "{", "{}", '{"data": {"a": 1}}'])
async def test_success_that_is_none(text: str) -> None:
    async with talking(fixed(200, text)) as (client, _):
        with pytest.raises(errors.UnexpectedAnswer):
            await client.async_fetch(endpoints.LATEST_DLR, "LINE")


@pytest.mark.parametrize(("options", "most"), [({}, MAX_PARALLEL), ({"parallel": 2}, 2)])
async def test_requests_at_once_are_limited(options: dict[str, int], most: int) -> None:
    under_way = 0
    seen: list[int] = []

    async def slow(_: web.Request) -> web.StreamResponse:
        nonlocal under_way
        under_way += 1
        seen.append(under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.Response(body=body("C1"))

    async with talking(slow, **options) as (client, _):
        await asyncio.gather(
            *(client.async_fetch(endpoints.LATEST_DLR, f"LINE-{n}") for n in range(24))
        )
    assert len(seen) == 24
    assert max(seen) == most


async def test_a_failure_gives_its_turn_back() -> None:
    async with talking(fixed(404), parallel=1) as (client, service):
        for _ in range(3):
            with pytest.raises(errors.NotFound):
                await client.async_fetch(endpoints.LATEST_DLR, "LINE")
    assert len(service.requests) == 3


@pytest.mark.parametrize("days", [0, 1, 29, 30, 31, 70])
async def test_a_history_is_requested_in_consecutive_windows(days: int) -> None:
    end = START + timedelta(days=days)
    async with talking(examples("G2")) as (client, service):
        history = client.async_history(endpoints.CURRENTS, "LINE", START, end, line=None)
        answers = [answer async for answer in history]

    windows = [
        tuple(
            datetime.fromisoformat(request.query[name])
            for name in ("from_timestamp", "to_timestamp")
        )
        for request in service.requests
    ]
    assert len(answers) == len(windows) == -(-days // 30)
    assert all(until - since <= timedelta(days=30) for since, until in windows)
    if windows:
        assert (windows[0][0], windows[-1][1]) == (START, end)
    assert all(one[1] == two[0] for one, two in pairwise(windows))


async def test_windows_without_data_are_left_out_of_a_history() -> None:
    async def second_only(request: web.Request) -> web.StreamResponse:
        if len(service.requests) != 2:
            return web.Response(status=404)
        return web.Response(body=body("G2"), content_type="application/json")

    end = START + timedelta(days=70)
    async with talking(second_only) as (client, service):
        history = client.async_history(endpoints.CURRENTS, "LINE", START, end, line=None)
        assert len([answer async for answer in history]) == 1
    assert len(service.requests) == 3
