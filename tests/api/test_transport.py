"""What a request looks like, and what its success gives."""

from collections.abc import Mapping

import aiohttp
from aiohttp import web
import msgspec
import pytest

from custom_components.gridduck_heimdall.api.decoding import decode
from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    ForeignAnswer,
    NotFound,
    PermissionDenied,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.api.token import Token
from custom_components.gridduck_heimdall.api.transport import Transport

from .conftest import Cloud, Sleeps, Tokens, answer

NUMBERS = msgspec.json.Decoder(list[int])


async def get(
    transport: Transport, path: str, params: Mapping[str, str] | None = None
) -> list[int]:
    """Send a GET request and decode the response."""
    return decode(NUMBERS, await transport.request("GET", path, params=params))


async def test_get(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer("[1, 2]"))
    assert await get(transport, "/things/", {"q": "a b+c&d", "at": "Z:+"}) == [1, 2]
    request = cloud.requests[0]
    assert request.method == "GET"
    assert request.path == "/things/"
    assert dict(request.query) == {"q": "a b+c&d", "at": "Z:+"}
    assert request.headers["Authorization"] == "Bearer token-1"
    assert request.headers["Accept"] == "application/json"
    assert "Content-Type" not in request.headers


async def test_quoted_segments_arrive_as_they_were_quoted(
    cloud: Cloud, transport: Transport
) -> None:
    cloud.will(answer())
    await transport.request("GET", "/asset/a%2Fb%20c%3F%25")
    assert cloud.requests[0].raw_path == "/asset/a%2Fb%20c%3F%25"


async def test_put_sends_json_and_takes_no_content(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer(b"", 204))
    assert await transport.request("PUT", "/asset/1", json={"snooze_finish": 60}) == b""
    assert cloud.bodies == [b'{"snooze_finish":60}']
    assert cloud.requests[0].headers["Content-Type"] == "application/json"


async def test_base_address_with_a_path(
    cloud: Cloud, session: aiohttp.ClientSession, tokens: Tokens
) -> None:
    cloud.will(answer())
    await Transport(session, f" {cloud.url}/v1/ ", tokens).request("GET", "/asset/")
    assert cloud.requests[0].path == "/v1/asset/"


async def test_headers_that_depend_on_the_token(
    cloud: Cloud, session: aiohttp.ClientSession, tokens: Tokens
) -> None:
    computed = list[str]()

    def headers(token: Token) -> dict[str, str]:
        computed.append(token.value)
        return {"x-region": token.value, "Authorization": "mine", "accept": "text/json"}

    cloud.will(answer("", 401), answer())
    transport = Transport(session, cloud.url, tokens, headers=headers)
    await transport.request("GET", "/")
    assert [request.headers["x-region"] for request in cloud.requests] == ["token-1", "token-2"]
    assert cloud.authorizations == ["Bearer token-1", "Bearer token-2"]
    assert cloud.requests[0].headers.getall("Accept") == ["text/json"]
    # They cost a decoded token: one computation serves all requests with it.
    cloud.will(answer())
    await transport.request("GET", "/")
    assert computed == ["token-1", "token-2"]


async def test_packed_answer(cloud: Cloud, transport: Transport) -> None:
    async def packed(_: web.Request) -> web.Response:
        response = web.Response(body=b"[1]" + b" " * 1000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    cloud.will(packed)
    assert await get(transport, "/") == [1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"<html>no</html>",
        b"[1, 2",
        b'{"a":',
        b"plain",
        b'{"a": 1}',
        b'["x"]',
        b"\xff",
    ],
)
async def test_other_content(cloud: Cloud, transport: Transport, body: bytes) -> None:
    cloud.will(answer(body))
    with pytest.raises(UnexpectedAnswer):
        await get(transport, "/")
    assert len(cloud.requests) == 1


async def test_a_refused_token_is_replaced_once(
    cloud: Cloud, transport: Transport, tokens: Tokens, sleeps: Sleeps
) -> None:
    cloud.will(answer("", 401), answer("[]"))
    assert await get(transport, "/") == []
    assert cloud.authorizations == ["Bearer token-1", "Bearer token-2"]
    assert tokens.invalidated == ["token-1"]
    assert sleeps.waits == []


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
async def test_refused_for_good(
    cloud: Cloud, transport: Transport, tokens: Tokens, method: str
) -> None:
    cloud.will(answer('{"message": "token token-2 is bad"}', 401))
    with pytest.raises(AuthenticationFailed, match=r"refused the credentials: token \*\*\* is bad"):
        await transport.request(method, "/", json={})
    assert len(cloud.requests) == 2
    assert tokens.invalidated == ["token-1"]
    assert cloud.bodies == [b"{}", b"{}"]


@pytest.mark.parametrize("body", ["", "<html>401 Authorization Required</html>"])
async def test_a_token_that_the_proof_renews(
    cloud: Cloud, transport: Transport, tokens: Tokens, body: str
) -> None:
    """A token that has ended costs a request with a proof nothing, however that is answered."""

    async def proof() -> None:
        await transport.request("GET", "/proof")

    cloud.will(answer(body, 401), answer(body, 401), answer(), answer("[1]"))
    assert await transport.request("GET", "/", proof=proof) == b"[1]"
    assert [request.path for request in cloud.requests] == ["/", "/proof", "/proof", "/"]
    assert tokens.invalidated == ["token-1"]


async def test_not_allowed_is_not_repeated(
    cloud: Cloud, transport: Transport, tokens: Tokens
) -> None:
    cloud.will(answer('{"error": "forbidden", "message": "scope missing"}', 403))
    with pytest.raises(PermissionDenied, match="forbidden; scope missing"):
        await transport.request("GET", "/")
    assert len(cloud.requests) == 1
    assert tokens.invalidated == []


async def test_no_token_no_request(cloud: Cloud, transport: Transport, tokens: Tokens) -> None:
    cloud.will(answer())
    tokens.failure = AuthenticationFailed("no")
    with pytest.raises(AuthenticationFailed):
        await transport.request("GET", "/")
    tokens.failure = ConnectionFailed("down")
    with pytest.raises(ConnectionFailed):
        await transport.request("GET", "/")
    assert cloud.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://v2.api.gridduck.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "ftp://127.0.0.1",
        "v2.api.gridduck.com",
        "",
        "https://",
        "https://user:pass@host",
        "https://user@host",
        "https://:pass@host",
        "https://host/?a=1",
        "https://host/#x",
        "http://[::1%25eth0]/",
        "https://host:99999",
        "https://[::1",
    ],
)
async def test_addresses_that_get_no_secret(session: aiohttp.ClientSession, address: str) -> None:
    with pytest.raises(ValueError, match=r"^The address ") as caught:
        Transport(session, address, Tokens())
    assert "pass" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize(
    "address",
    [
        "https://v2.api.gridduck.com/",
        "http://localhost:1",
        "http://127.8.0.1",
        "http://[::1]:80/a/",
    ],
)
async def test_addresses_that_are_good(session: aiohttp.ClientSession, address: str) -> None:
    assert isinstance(Transport(session, address, Tokens()), Transport)


@pytest.mark.parametrize(
    "path",
    ["", "asset", "/a?b=1", "/a#b", "/a b", "/a/../b", "/a/.", "/%2e%2E/b", "/%zz", "/a\\b", "/é"],
)
async def test_paths_that_are_refused(cloud: Cloud, transport: Transport, path: str) -> None:
    cloud.will(answer())
    with pytest.raises(ValueError, match="plain encoded path"):
        await transport.request("GET", path)
    assert cloud.requests == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, "<!DOCTYPE html><title>Attention Required!</title>", ForeignAnswer),
        (403, "\ufeff \n<html>Request blocked</html>", ForeignAnswer),
        (403, "<Error><Code>AccessDenied</Code></Error>", ForeignAnswer),
        (403, "error code: 1020", ForeignAnswer),
        (403, "", PermissionDenied),
        (403, '{"message": "Missing Authentication Token"}', PermissionDenied),
        (403, '{"cut off', PermissionDenied),
        (401, "<html>Sign in to this network</html>", ForeignAnswer),
        (401, "Unauthorized", AuthenticationFailed),
        (401, "", AuthenticationFailed),
    ],
)
async def test_a_refusal_that_is_not_the_services(
    cloud: Cloud, transport: Transport, status: int, body: str, error: type[ApiError]
) -> None:
    cloud.will(answer(body, status))
    with pytest.raises(error) as caught:
        await transport.request("GET", "/")
    assert type(caught.value) is error
    assert "Attention" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 308])
@pytest.mark.parametrize(("path", "target"), [("/a/", "/a"), ("/a/b%2Fc/d", "/a/b%2Fc/d/")])
@pytest.mark.parametrize(
    "form", ["{path}?q=a%20b&p=1", "{url}{path}?q=a+b&p=1", "{path}?p=1&q=a+b", "{path}"]
)
async def test_a_slash_is_redirected(
    cloud: Cloud, transport: Transport, status: int, path: str, target: str, form: str
) -> None:
    location = form.format(path=target, url=cloud.url)
    cloud.will(answer("", status, {"Location": location}), answer("[1]"))
    assert await get(transport, path, {"q": "a b", "p": "1"}) == [1]
    query = "?q=a+b&p=1"
    assert [request.raw_path for request in cloud.requests] == [path + query, target + query]
    assert cloud.authorizations == ["Bearer token-1"] * 2
    # It is known from then on, until it is wrong.
    assert await get(transport, path) == [1]
    assert cloud.requests[-1].raw_path == target
    cloud.will(answer("", 404))
    with pytest.raises(NotFound):
        await get(transport, path)
    cloud.will(answer("[2]"))
    assert await get(transport, path) == [2]
    assert cloud.requests[-1].raw_path == path


@pytest.mark.parametrize(
    "location",
    [
        "",
        "/a/",
        "/b",
        "/a//",
        "/A",
        "/x/a",
        "//example.com/a",
        "https://example.com/a",
        "{https}/a",
        "http://user@127.0.0.1:{port}/a",
        "http://127.0.0.1:1/a",
        "http://localhost:{port}/a",
        "/a?q=2",
        "/a?q=1&token=x",
        "http://[::1/a",
        "javascript:alert(1)",
    ],
)
async def test_other_redirects_are_refused(
    cloud: Cloud, transport: Transport, location: str
) -> None:
    port = cloud.url.rpartition(":")[2]
    location = location.format(https=cloud.url.replace("http:", "https:"), port=port)
    cloud.will(answer("", 301, {"Location": location}), answer("[1]"))
    with pytest.raises(UnexpectedAnswer):
        await get(transport, "/a/", {"q": "1"})
    assert len(cloud.requests) == 1


@pytest.mark.parametrize(
    ("method", "status"), [("PUT", 301), ("POST", 308), ("GET", 302), ("GET", 303), ("GET", 307)]
)
async def test_only_a_permanent_redirect_of_a_get_is_followed(
    cloud: Cloud, transport: Transport, method: str, status: int
) -> None:
    cloud.will(answer("", status, {"Location": "/a"}), answer("[1]"))
    with pytest.raises(UnexpectedAnswer):
        await transport.request(method, "/a/")
    assert len(cloud.requests) == 1


async def test_redirects_to_and_fro_end(cloud: Cloud, transport: Transport) -> None:
    cloud.will(
        answer("", 301, {"Location": "/a"}), answer("", 301, {"Location": "/a/"}), answer("[1]")
    )
    with pytest.raises(UnexpectedAnswer):
        await get(transport, "/a/")
    assert len(cloud.requests) == 2


async def test_a_redirect_that_is_turned_around(cloud: Cloud, transport: Transport) -> None:
    cloud.will(answer("", 308, {"Location": "/a"}), answer("[1]"))
    await get(transport, "/a/")
    cloud.will(answer("", 308, {"Location": "/a/"}), answer("[2]"))
    assert await get(transport, "/a/") == [2]
    assert await get(transport, "/a/") == [2]
    assert [request.path for request in cloud.requests] == ["/a/", "/a", "/a", "/a/", "/a/"]
