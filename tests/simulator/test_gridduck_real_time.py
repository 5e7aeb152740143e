"""The WebSocket of the simulated GridDuck: who may open it, what it sends, and how it fails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from typing import Any

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType
import pytest

from simulator.faults import Fault, FaultKind
from simulator.gridduck.real_time import PATH, RealTime
from simulator.options import Options

from .test_gridduck_cloud import Cloud, cloud_running

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    """Return a running service with a client that is logged in."""
    async with cloud_running() as running:
        yield running


@pytest.fixture
def real_time(cloud: Cloud) -> RealTime:
    """Return the WebSocket of the service."""
    return cloud.service.real_time


@pytest.fixture
def lamp(cloud: Cloud) -> str:
    """Return the id of an asset."""
    return cloud.world.ids()[0]


@asynccontextmanager
async def connected(
    cloud: Cloud, token: str | None = None
) -> AsyncIterator[ClientWebSocketResponse]:
    """Connect with the bearer token."""
    headers = {"Authorization": f"Bearer {cloud.token if token is None else token}"}
    url = cloud.service.base_url + PATH
    async with cloud.session.ws_connect(url, headers=headers, max_msg_size=0) as socket:
        yield socket


async def refused(cloud: Cloud, token: str | None = None) -> int:
    """Return the status of a handshake that fails."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        async with connected(cloud, token):
            pass
    return error.value.status


def spoil(cloud: Cloud, kind: FaultKind, **more: Any) -> None:
    """Spoil the next message."""
    cloud.core.faults.add(Fault(service="gridduck", path=PATH, method="MESSAGE", kind=kind, **more))


async def test_what_is_sent(cloud: Cloud, real_time: RealTime, lamp: str) -> None:
    async with connected(cloud) as socket:
        await real_time.push(lamp, consumption=5)
        assert await socket.receive_json() == {"id": lamp, "consumption": 5, "stamp": cloud.now}
        await real_time.send("plain")
        assert await socket.receive_str() == "plain"
        assert real_time.clients == 1
        await real_time.close(1001)
        assert (await socket.receive()).type is WSMsgType.CLOSE
        assert socket.close_code == 1001
    assert real_time.opened == 1


async def test_who_may(cloud: Cloud) -> None:
    assert await refused(cloud, "") == 401
    assert await refused(cloud, "wrong") == 401
    cloud.world.granted_scopes.discard("asset:view")
    assert await refused(cloud) == 403
    cloud.world.granted_scopes.add("asset:view")
    cloud.world.revoke_tokens()
    assert await refused(cloud) == 401


async def test_no_websocket(cloud: Cloud) -> None:
    assert (await cloud.call("GET", PATH)).status == 426
    assert (await cloud.call("POST", PATH)).status == 405


@pytest.mark.parametrize("status", [401, 403, 404, 500])
async def test_refused(cloud: Cloud, status: int) -> None:
    cloud.core.faults.add(Fault(service="gridduck", path=PATH, status=status))
    assert await refused(cloud) == status
    async with connected(cloud):
        pass
    cloud.world.refuse_assumed(status)
    assert await refused(cloud) == status


async def test_greeting(cloud: Cloud, real_time: RealTime, lamp: str) -> None:
    """Nothing comes before the text that a customer was given."""
    cloud.world.real_time_greeting = "subscribe"
    async with connected(cloud) as socket:
        await socket.send_str("hello")
        await real_time.push(lamp, consumption=5)
        await socket.send_str("subscribe")
        while real_time.received != ["hello", "subscribe"]:
            await socket.ping()
            await cloud.call("GET", "/asset/")
        await real_time.push(lamp, consumption=6)
        assert (await socket.receive_json())["consumption"] == 6


async def test_changes_by_themselves() -> None:
    async with cloud_running(real_time_seconds=1) as cloud, connected(cloud) as socket:
        items = (await socket.receive_json())["data"]
        assert {item["id"] for item in items} == set(cloud.world.ids())


@pytest.mark.parametrize(
    ("kind", "more", "sent"),
    [
        ("malformed", {}, ["<garbage> \u2620 {"]),
        ("malformed", {"body": "nonsense"}, ["nonsense"]),
        ("empty", {}, [""]),
        ("truncate", {}, ['{"id"']),
        ("huge", {"size": 2_000_000}, ['{"id": "a"}' + " " * 2_000_000]),
        ("duplicates", {}, ['{"id": "a"}'] * 2),
        ("delay", {"delay": 0.01}, ['{"id": "a"}']),
    ],
)
async def test_spoiled_texts(
    cloud: Cloud, real_time: RealTime, kind: FaultKind, more: dict[str, Any], sent: list[str]
) -> None:
    spoil(cloud, kind, **more)
    async with connected(cloud) as socket:
        await real_time.send('{"id": "a"}')
        assert [await socket.receive_str() for _ in sent] == sent
        await real_time.send("whole")
        assert await socket.receive_str() == "whole"


@pytest.mark.parametrize(
    ("kind", "more", "sent"),
    [
        ("unknown_ids", {}, {"id": "unknown-a", "consumption": 5, "stamp": 1_790_000_000}),
        ("stale", {"delay": 60}, {"id": "a", "consumption": 5, "stamp": 1_789_999_940}),
        ("patch", {"patch": {"consumption": None}}, {"id": "a", "stamp": 1_790_000_000}),
        ("null_optionals", {}, {"id": "a", "consumption": None, "stamp": None}),
    ],
)
async def test_spoiled_items(
    cloud: Cloud,
    real_time: RealTime,
    kind: FaultKind,
    more: dict[str, Any],
    sent: dict[str, object],
) -> None:
    spoil(cloud, kind, **more)
    async with connected(cloud) as socket:
        await real_time.send({"id": "a", "consumption": 5, "stamp": 1_790_000_000})
        assert await socket.receive_json() == sent


async def test_binary_and_out_of_order(cloud: Cloud, real_time: RealTime) -> None:
    async with connected(cloud) as socket:
        spoil(cloud, "binary")
        await real_time.send({})
        assert await socket.receive_bytes() == b"{}"
        spoil(cloud, "reordered")
        for number in range(3):
            await real_time.send([number])
        assert [json.loads(await socket.receive_str()) for _ in range(3)] == [[1], [0], [2]]


async def test_closed_by_a_fault(cloud: Cloud, real_time: RealTime) -> None:
    for code, status in ((1011, None), (4401, 4401)):
        spoil(cloud, "close", status=status)
        async with connected(cloud) as socket:
            await real_time.send({})
            assert (await socket.receive()).type is WSMsgType.CLOSE
            assert socket.close_code == code


async def test_mute(cloud: Cloud, real_time: RealTime) -> None:
    """Neither messages nor pongs come, and the connection stays."""
    async with connected(cloud) as socket:
        await real_time.send("before")
        assert await socket.receive_str() == "before"
        spoil(cloud, "mute")
        await real_time.send("the last")
        await real_time.send("after")
        await socket.ping()
        await socket.send_str("still there")
        while not real_time.received:
            await cloud.call("GET", "/asset/")
        assert real_time.clients == 1
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.05)


def test_faults_of_messages_alone() -> None:
    for kind in ("binary", "close", "mute", "reordered"):
        with pytest.raises(ValueError, match="MESSAGE"):
            Fault(service="gridduck", path=PATH, kind=kind)
    every = Fault(service="gridduck", path=PATH, kind="delay")
    assert every.matches("gridduck", "GET", PATH)
    assert not every.matches("gridduck", "MESSAGE", PATH)


def test_option() -> None:
    assert Options().real_time_seconds == 0
