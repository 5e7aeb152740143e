"""One request to a token endpoint, and what its answer means.

Of what the endpoint says in words nothing is passed on: it may repeat the secret.

Contract: RFC 6749 §5; gridduck-api.md, "Token"; heimdall-api.md §1.2.
"""

from collections.abc import Collection, Mapping
from http import HTTPStatus

import aiohttp
import msgspec
from yarl import URL

from .decoding import decode
from .errors import (
    ApiError,
    AuthenticationFailed,
    ForeignAnswer,
    PermissionDenied,
    UnexpectedAnswer,
)
from .middlewares import Attempt
from .problems import error_of_status, is_page

LIMIT_BYTES = 1024 * 1024
"""Largest answer, unpacked."""

_INVALID_CLIENT = "invalid_client"
_ERROR_CODES: dict[str, type[ApiError]] = {
    _INVALID_CLIENT: AuthenticationFailed,
    "unauthorized_client": AuthenticationFailed,
    "invalid_scope": PermissionDenied,
}
"""What the codes of RFC 6749 §5.2 that name a culprit mean; all others leave it to the status."""

_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_WORDS: dict[type[ApiError], str] = {
    AuthenticationFailed: "The credentials were refused",
    PermissionDenied: "The scope asked for was refused",
}


class _Refusal(msgspec.Struct, frozen=True):
    error: object = None


_ANSWER = msgspec.json.Decoder(dict[str, object])
_REFUSAL = msgspec.json.Decoder(_Refusal)


async def request_token(
    session: aiohttp.ClientSession,
    url: URL,
    *,
    data: Mapping[str, str],
    headers: Mapping[str, str],
    refused_scope: Collection[int],
    time_limit: float,
) -> Mapping[str, object]:
    """Send one request for a token and return the answer's JSON object.

    Args:
        session: the caller's session, which stays open.
        url: the endpoint; no redirect is followed.
        data: form to send.
        headers: headers to send.
        refused_scope: the statuses by which this endpoint refuses a scope, where its body does
            not say what it refuses.
        time_limit: seconds.

    Raises:
        AuthenticationFailed: the credentials were refused.
        PermissionDenied: they are good, but the scope was refused.
        ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer: no answer to use was got;
            `ForeignAnswer` where a page that is not the endpoint's refuses.
    """
    attempt = Attempt(limit_bytes=LIMIT_BYTES, time_limit=time_limit)
    async with session.post(
        url,
        data=data,
        headers={"Accept": "application/json", **headers},
        allow_redirects=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_read=time_limit),
        middlewares=(attempt,),
    ) as response:
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return decode(_ANSWER, attempt.body)
        if response.status in _REFUSALS and is_page(attempt.body):
            text = f"A page ({response.status}) came in place of the token endpoint's answer"
            raise ForeignAnswer(text, status=response.status)
        if response.status in _REFUSALS:
            raise _refusal(response.status, attempt.body, refused_scope)
        raise _failure(response.status, response.headers, attempt.body, url.host or "")


def _refusal(status: int, body: bytes, refused_scope: Collection[int]) -> ApiError:
    """Return what was refused: as the body's code says, else as the status does."""
    code = _error_code(body)
    kind = _ERROR_CODES.get(code)
    if kind is None:
        kind = PermissionDenied if status in refused_scope else AuthenticationFailed
    error = kind(_WORDS[kind])
    if isinstance(error, AuthenticationFailed):
        error.vague = code != _INVALID_CLIENT
    return error


def _error_code(body: bytes) -> str:
    try:
        code = decode(_REFUSAL, body).error
    except UnexpectedAnswer:
        return ""
    return code if isinstance(code, str) else ""


def _failure(status: int, headers: Mapping[str, str], body: bytes, host: str) -> ApiError:
    error = error_of_status(status, headers, b"", host=host)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
    }:
        if _ERROR_CODES.get(_error_code(body)) is PermissionDenied:
            return _refusal(status, body, ())
        # These speak of the address, not of the credentials, nor of what an API has.
        return UnexpectedAnswer(f"There is no token endpoint here (status {status})")
    return error
