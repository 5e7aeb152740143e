"""Requests for a token, and the form of authentication that Home Assistant lacks.

Messages of the endpoint are not passed on: they may contain the secret.

Contract: RFC 6749 §5; gridduck-api.md, "Token"; heimdall-api.md §1.2.
"""

from base64 import b64encode
from collections.abc import Collection, Mapping
from http import HTTPStatus

import aiohttp
import msgspec
from yarl import URL

from .decoding import decode
from .errors import (
    ApiError,
    AuthenticationFailed,
    ErrorReason,
    ForeignAnswer,
    PermissionDenied,
    UnexpectedAnswer,
)
from .middlewares import Attempt
from .problems import error_of_status, is_page

LIMIT_BYTES = 1024 * 1024
"""Maximum size of a response, decompressed."""

_INVALID_CLIENT = "invalid_client"
_ERROR_CODES: dict[str, type[ApiError]] = {
    _INVALID_CLIENT: AuthenticationFailed,
    "unauthorized_client": AuthenticationFailed,
    "invalid_scope": PermissionDenied,
}
"""Meaning of the error codes of RFC 6749 §5.2; for all others the status decides."""

_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_WORDS: dict[type[ApiError], str] = {
    AuthenticationFailed: "The credentials were refused",
    PermissionDenied: "The scope asked for was refused",
}


class _Refusal(msgspec.Struct, frozen=True):
    error: object = None


_ANSWER = msgspec.json.Decoder(dict[str, object])
_REFUSAL = msgspec.json.Decoder(_Refusal)


def literal_basic(client_id: str, client_secret: str) -> str:
    """Return the Basic header of the unencoded id and secret.

    RFC 6749 §2.3.1 wants both form-encoded first. Many servers do not decode them, and GridDuck's
    guide names no encoding.
    """
    return f"Basic {b64encode(f'{client_id}:{client_secret}'.encode()).decode()}"


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
        data: the form.
        headers: the headers.
        refused_scope: statuses that mean a refused scope, if the body does not say what was
            refused.
        time_limit: seconds.

    Raises:
        AuthenticationFailed: the credentials were refused.
        PermissionDenied: the scope was refused.
        ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer: there was no usable
            response; `ForeignAnswer` for a refusal that is not from the endpoint.
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
            foreign = ForeignAnswer(text, status=response.status)
            raise foreign.because(ErrorReason.FOREIGN_PAGE, host=url.host, status=response.status)
        if response.status in _REFUSALS:
            raise _refusal(response.status, attempt.body, refused_scope)
        raise _failure(response.status, response.headers, attempt.body, url.host or "")


def _refusal(status: int, body: bytes, refused_scope: Collection[int]) -> ApiError:
    """Return the refusal, by the error code of the body, else by the status."""
    code = _error_code(body)
    kind = _ERROR_CODES.get(code)
    if kind is None:
        kind = PermissionDenied if status in refused_scope else AuthenticationFailed
    error = kind(_WORDS[kind])
    if isinstance(error, PermissionDenied):
        error.because(ErrorReason.SCOPE_REFUSED)
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
        # These concern the address, not the credentials.
        missing = UnexpectedAnswer(f"There is no token endpoint here (status {status})")
        return missing.because(ErrorReason.ENDPOINT_MISSING, status=status)
    return error
