"""Whatever a server, or what stands before it, can do wrong."""

import asyncio
from collections.abc import Awaitable, Callable
import gzip
import logging
import ssl
import traceback

import aiohttp
from aiohttp import web
import pytest

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    BadRequest,
    ConnectionFailed,
    NotFound,
    RateLimited,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.api.middlewares import ERROR_BODY_BYTES
from custom_components.gridduck_heimdall.api.problems import error_of_failure, retry_after_seconds
from custom_components.gridduck_heimdall.api.transport import Transport

from .conftest import Answer, Cloud, Sleeps, Tokens, answer

HTML = "<html><body>Bad gateway</body></html>"


async def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def cut(status: int = 200, **headers: str) -> Answer:
    """Send the beginning of a body, then cut the connection."""

    async def give(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status, headers={"Content-Length": "1000", **headers})
        await response.prepare(request)
        await response.write(b'{"message": "half')
        await asyncio.sleep(0.02)
        assert request.transport is not None
        request.transport.close()
        return response

    return give


async def slow(_: web.Request) -> web.Response:
    await asyncio.sleep(2)
    return web.Response()


async def trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(40):
        await response.write(b" ")
        await asyncio.sleep(0.05)
    return response


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("status", [408, 502, 503, 504])
async def test_transient_failures_are_repeated(
    cloud: Cloud, transport: Transport, sleeps: Sleeps, method: str, status: int
) -> None:
    cloud.will(*[answer(HTML, status)] * 3, answer(b"{}"))
    assert await transport.request(method, "/", json={"a": 1}) == b"{}"
    assert sleeps.waits == [1, 2, 4]
    assert cloud.bodies == [b'{"a":1}'] * 4


async def test_repeats_end(cloud: Cloud, transport: Transport, sleeps: Sleeps) -> None:
    cloud.will(answer(HTML, 503, {"Retry-After": "3"}))
    with pytest.raises(ServerError, match=r"127\.0\.0\.1 failed \(503\)$") as caught:
        await transport.request("GET", "/")
    assert caught.value.status == 503
    assert caught.value.retry_after == 3
    assert sleeps.waits == [3, 3, 4]
    assert len(cloud.requests) == 4


async def test_a_repeat_after_the_longest_pause_that_is_waited_for(
    cloud: Cloud, transport: Transport, sleeps: Sleeps
) -> None:
    cloud.will(answer("", 503, {"Retry-After": "30"}), answer())
    assert await transport.request("GET", "/") == b"{}"
    assert sleeps.waits == [30]


async def test_no_repeat_when_the_server_wants_a_long_pause(
    cloud: Cloud, transport: Transport, sleeps: Sleeps
) -> None:
    cloud.will(answer("", 503, {"Retry-After": "31"}))
    with pytest.raises(ServerError) as caught:
        await transport.request("GET", "/")
    assert caught.value.retry_after == 31
    assert sleeps.waits == []


@pytest.mark.parametrize(("method", "status"), [("POST", 503), ("GET", 500), ("PUT", 501)])
async def test_failures_that_are_not_repeated(
    cloud: Cloud, transport: Transport, sleeps: Sleeps, method: str, status: int
) -> None:
    cloud.will(answer(HTML, status))
    with pytest.raises(ServerError):
        await transport.request(method, "/")
    assert len(cloud.requests) == 1
    assert sleeps.waits == []


async def test_too_many_requests_with_a_short_pause(
    cloud: Cloud, transport: Transport, sleeps: Sleeps
) -> None:
    cloud.will(answer("", 429, {"Retry-After": "5"}), answer())
    assert await transport.request("GET", "/") == b"{}"
    assert sleeps.waits == [5]


async def test_too_many_requests_twice(cloud: Cloud, transport: Transport, sleeps: Sleeps) -> None:
    cloud.will(answer("", 429, {"Retry-After": "0"}))
    with pytest.raises(RateLimited) as caught:
        await transport.request("PUT", "/", json={})
    assert caught.value.retry_after == 0
    assert sleeps.waits == [0]
    assert len(cloud.requests) == 2


@pytest.mark.parametrize(
    ("method", "header", "retry_after"),
    [("GET", "60", 60.0), ("GET", "", None), ("GET", "later", None), ("POST", "1", 1.0)],
)
async def test_too_many_requests_is_told(
    cloud: Cloud,
    transport: Transport,
    sleeps: Sleeps,
    method: str,
    header: str,
    retry_after: float | None,
) -> None:
    cloud.will(answer('{"message": "slow down"}', 429, {"Retry-After": header}))
    with pytest.raises(RateLimited, match="slow down") as caught:
        await transport.request(method, "/")
    assert caught.value.retry_after == retry_after
    assert sleeps.waits == []
    assert len(cloud.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (" 7.5 ", 7.5),
        ("-3", 0),
        ("nan", None),
        ("1e300", 7200),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20),
        ("Thu, 01 Jan 1970 00:02:00 -0000", 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 99 Jan 1970 00:00:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after_seconds({"Retry-After": header}, lambda: 100.0) == seconds


def test_no_retry_after() -> None:
    assert retry_after_seconds({}) is None
    assert retry_after_seconds(None) is None


async def test_bad_request(cloud: Cloud, transport: Transport) -> None:
    cloud.will(
        answer(
            '{"title": "Wrong.", "status": 400, "detail": "No\\n good", "errors":'
            ' {"to_timestamp": ["not a time", "too late"], "x": "y"}}',
            400,
        )
    )
    with pytest.raises(BadRequest) as caught:
        await transport.request("GET", "/")
    assert caught.value.status == 400
    assert caught.value.detail == "Wrong.; No good; to_timestamp: not a time, too late; x: y"
    assert str(caught.value) == (
        f"127.0.0.1 did not accept the request (400): {caught.value.detail}"
    )


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("", ""),
        (HTML, ""),
        ("plain \x00\t text", "plain text"),
        ('"just text"', "just text"),
        ("[1]", ""),
        ('{"error": "e", "error_description": "d"}', "e; d"),
        ('{"error": 5, "errors": []}', ""),
        ("x" * 500, "x" * 199 + "…"),
        ("sent Bearer token-1 and eyJhbGciOi.eyJzdWIi.c2ln", "sent Bearer *** and ***"),
        ("sent bearer 0123456789abcdef", "sent ***"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
async def test_words_of_the_server(
    cloud: Cloud, transport: Transport, body: str | bytes, detail: str
) -> None:
    cloud.will(answer(body, 405))
    with pytest.raises(BadRequest) as caught:
        await transport.request("POST", "/")
    assert caught.value.detail == detail
    assert caught.value.status == 405


async def test_not_found(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer(HTML, 404))
    with pytest.raises(NotFound, match=r"127\.0\.0\.1 has nothing there$"):
        await transport.request("GET", "/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304, 300])
async def test_redirects_are_not_followed(cloud: Cloud, transport: Transport, status: int) -> None:
    cloud.will(answer("", status, {"Location": f"{cloud.url}/elsewhere"}))
    with pytest.raises(UnexpectedAnswer, match="redirect"):
        await transport.request("GET", "/")
    assert [request.path for request in cloud.requests] == ["/"]


@pytest.mark.parametrize("fault", [hang_up, cut()])
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_cut_connection_is_repeated_once(
    cloud: Cloud, transport: Transport, sleeps: Sleeps, fault: Answer, method: str
) -> None:
    cloud.will(fault, answer(b"[]"))
    assert await transport.request(method, "/", json={"a": 1}) == b"[]"
    assert sleeps.waits == [1]
    cloud.will(fault)
    with pytest.raises(ConnectionFailed, match="was cut"):
        await transport.request(method, "/", json={"a": 1})
    assert sleeps.waits == [1, 1]
    assert len(cloud.requests) == 4


async def test_a_post_is_not_repeated(cloud: Cloud, transport: Transport, sleeps: Sleeps) -> None:
    cloud.will(hang_up)
    with pytest.raises(ConnectionFailed):
        await transport.request("POST", "/", json={})
    assert len(cloud.requests) == 1
    assert sleeps.waits == []


async def test_the_status_of_an_error_cut_midway_counts(cloud: Cloud, transport: Transport) -> None:
    cloud.will(cut(404))
    with pytest.raises(NotFound, match="half"):
        await transport.request("GET", "/")


@pytest.mark.parametrize("fault", [slow, trickle])
async def test_time_limit_of_an_attempt(
    cloud: Cloud, session: aiohttp.ClientSession, sleeps: Sleeps, fault: Answer
) -> None:
    transport = Transport(session, cloud.url, Tokens(), sleep=sleeps, time_limit=0.2)
    cloud.will(fault)
    with pytest.raises(TimedOut, match="did not answer in time"):
        await transport.request("GET", "/")
    assert len(cloud.requests) == 1
    assert sleeps.waits == []


async def test_waits_do_not_count_against_the_time_limit(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    async def pause(_: float) -> None:
        await asyncio.sleep(3.2)

    # A busy machine may need a second for an attempt.
    cloud.will(answer("", 503), answer(b"[]"))
    transport = Transport(session, cloud.url, Tokens(), sleep=pause, time_limit=3)
    assert await transport.request("GET", "/") == b"[]"


async def test_each_attempt_counts_as_a_call(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer("", 503), answer("", 503), answer(b"[]"))
    await transport.request("GET", "/", kind="list")
    assert transport.meter.last_hour() == transport.meter.total == {"list": 3}


async def test_too_large(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer(b"x" * 5000))
    assert len(await transport.request("GET", "/", limit_bytes=5000)) == 5000
    with pytest.raises(UnexpectedAnswer, match="more than 4999 bytes") as caught:
        await transport.request("GET", "/", limit_bytes=4999)
    assert caught.value.values == {"host": "127.0.0.1", "bytes": "4999"}


async def test_bomb(cloud: Cloud, transport: Transport) -> None:
    bomb = gzip.compress(b"0" * 60_000_000, 1)
    cloud.will(answer(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UnexpectedAnswer, match="more than 16777216 bytes"):
        await transport.request("GET", "/")
    assert len(cloud.requests) == 1


async def test_large_error(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer(b"x" * 20_000_000, 400))
    with pytest.raises(BadRequest, match="x…"):
        await transport.request("GET", "/")


async def test_an_error_is_read_no_further_than_needed(
    cloud: Cloud, session: aiohttp.ClientSession
) -> None:
    """Its beginning is complete, so that its end is not waited for."""
    shown = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=400)
        await response.prepare(request)
        await response.write(b"x" * ERROR_BODY_BYTES)
        await shown.wait()
        return response

    cloud.will(endless)
    try:
        with pytest.raises(BadRequest, match="x…"):
            await Transport(session, cloud.url, Tokens(), time_limit=5).request("GET", "/")
    finally:
        shown.set()


async def test_not_really_packed(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer(b"this is no gzip", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(UnexpectedAnswer, match="cannot be unpacked"):
        await transport.request("GET", "/")


async def serve_raw(talk: bytes, use: Callable[[str], Awaitable[None]]) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(talk)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        await use(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def test_another_protocol(session: aiohttp.ClientSession) -> None:
    async def use(where: str) -> None:
        transport = Transport(session, f"http://{where}", Tokens())
        with pytest.raises(UnexpectedAnswer, match=r"^127\.0\.0\.1 did not answer in HTTP"):
            await transport.request("GET", "/")

    await serve_raw(b"SSH-2.0-OpenSSH_9.2\r\n", use)


async def test_no_tls(session: aiohttp.ClientSession, sleeps: Sleeps) -> None:
    async def use(where: str) -> None:
        transport = Transport(session, f"https://{where}", Tokens(), sleep=sleeps)
        with pytest.raises(ConnectionFailed, match="No secure connection"):
            await transport.request("GET", "/")

    await serve_raw(b"HTTP/1.1 200 OK\r\n\r\n", use)
    assert sleeps.waits == [1]


async def test_refused(
    session: aiohttp.ClientSession, sleeps: Sleeps, unused_tcp_port: int
) -> None:
    address = f"http://127.0.0.1:{unused_tcp_port}"
    with pytest.raises(ConnectionFailed, match=r"No connection to 127\.0\.0\.1"):
        await Transport(session, address, Tokens(), sleep=sleeps).request("GET", "/")
    assert sleeps.waits == [1]


def test_every_failure_has_its_words() -> None:
    key = aiohttp.client_reqrep.ConnectionKey("h", 1, True, True, None, None, None)
    certificate = aiohttp.ClientConnectorCertificateError(key, ssl.CertificateError("no"))
    assert "certificate" in str(error_of_failure(certificate, "h"))
    name = aiohttp.ClientConnectorDNSError(key, OSError(1, "no"))
    assert "The host name h is not known" in str(error_of_failure(name, "h"))
    assert isinstance(error_of_failure(aiohttp.ConnectionTimeoutError(), "h"), TimedOut)
    assert isinstance(error_of_failure(ConnectionResetError(), "h"), ConnectionFailed)


async def test_the_token_shows_nowhere(
    cloud: Cloud, transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (hang_up, cut(), answer("Bearer token-1", 403), answer("token-1", 500)):
        cloud.will(fault)
        with pytest.raises(ApiError) as caught:
            await transport.request("GET", "/secret-path", params={"q": "query"})
        seen: BaseException | None = caught.value
        while seen is not None:
            text = "".join(traceback.format_exception(seen)) + repr(seen) + repr(vars(seen))
            assert "token-1" not in text
            seen = seen.__cause__ or seen.__context__
    records = [r.getMessage() for r in caplog.records if "gridduck_heimdall" in r.name]
    assert records
    assert not any("token-1" in record or "query" in record for record in records)
