"""Map failures of a request to the errors of this package.

The status decides. The body only provides a message, and shows whether the response is from this
API: a firewall or portal refuses with its own page. Exceptions of the HTTP library are not chained:
some contain the request with its headers, and so the token.

Contract: heimdall-api.md §2.3 and §5.8; gridduck-api.md, Part 2, "Errors".
"""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import math
import time

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError
import msgspec

from .decoding import decode
from .errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    ErrorReason,
    ForeignAnswer,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from .sanitizer import sanitize_text

LONGEST_WAIT_SECONDS = 7200.0
"""Upper bound for Retry-After, seconds.

A server error must not silence an account for a day, and one request every two hours is no load."""

_TEXT_KEYS = ("title", "error", "detail", "message", "error_description")
_DECODER = msgspec.json.Decoder()
_JSON_OPENINGS = (b"{", b"[", b'"')

_FAILURES: tuple[tuple[type[Exception], type[ApiError], ErrorReason, str], ...] = (
    (TimeoutError, TimedOut, ErrorReason.TIMED_OUT, "{host} did not answer in time"),
    (
        aiohttp.ClientConnectorCertificateError,
        ConnectionFailed,
        ErrorReason.CERTIFICATE_NOT_TRUSTED,
        "The certificate of {host} is not trusted",
    ),
    (
        aiohttp.ClientSSLError,
        ConnectionFailed,
        ErrorReason.NO_SECURE_CONNECTION,
        "No secure connection to {host} can be made",
    ),
    (
        aiohttp.ClientConnectorDNSError,
        ConnectionFailed,
        ErrorReason.HOST_UNKNOWN,
        "The host name {host} is not known",
    ),
    (
        aiohttp.ClientConnectorError,
        ConnectionFailed,
        ErrorReason.NO_CONNECTION,
        "No connection to {host} can be made",
    ),
    (
        aiohttp.InvalidURL,
        UnexpectedAnswer,
        ErrorReason.INVALID_ADDRESS,
        "{host} is not a valid address",
    ),
    (
        aiohttp.ClientResponseError,
        UnexpectedAnswer,
        ErrorReason.NOT_HTTP,
        "{host} did not answer in HTTP",
    ),
)
"""The first matching row counts; any other exception is an interrupted connection."""

_REFUSALS: dict[int, tuple[type[ApiError], ErrorReason, str]] = {
    HTTPStatus.UNAUTHORIZED: (
        AuthenticationFailed,
        ErrorReason.CREDENTIALS_REFUSED,
        "refused the credentials",
    ),
    HTTPStatus.FORBIDDEN: (PermissionDenied, ErrorReason.NOT_ALLOWED, "does not allow this"),
    HTTPStatus.NOT_FOUND: (NotFound, ErrorReason.NOTHING_THERE, "has nothing there"),
}


def error_of_failure(err: Exception, host: str) -> ApiError:
    """Return the error for an exception of the HTTP library.

    Args:
        err: the exception.
        host: whom the request was for.
    """
    if isinstance(err.__cause__, ContentEncodingError):
        unpacked = UnexpectedAnswer(f"{host} sent an answer that cannot be unpacked")
        return unpacked.because(ErrorReason.NOT_UNPACKABLE, host=host)
    for kind, error, reason, text in _FAILURES:
        if isinstance(err, kind):
            return error(text.format(host=host)).because(reason, host=host)
    cut = ConnectionFailed(f"The connection to {host} was cut")
    return cut.because(ErrorReason.CONNECTION_CUT, host=host)


def error_of_size(limit_bytes: int, host: str) -> UnexpectedAnswer:
    """Return the error for a response that is larger than allowed.

    Args:
        limit_bytes: the largest size.
        host: whom the request was for.
    """
    large = UnexpectedAnswer(f"{host} sent more than {limit_bytes} bytes")
    return large.because(ErrorReason.TOO_LARGE, host=host, bytes=limit_bytes)


def error_of_status(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    host: str,
    secrets: Iterable[str] = (),
) -> ApiError:
    """Return the error for an unsuccessful response.

    Args:
        status: HTTP status.
        headers: headers of the answer.
        body: its body or the beginning of it, of any type.
        host: whom the request was for.
        secrets: text that must not be shown even if the response contains it.
    """
    detail = server_text(body, secrets)
    after = retry_after_seconds(headers)
    values = {"host": host, "status": status, "detail": detail}

    def say(text: str) -> str:
        return f"{host} {text}: {detail}" if detail else f"{host} {text}"

    if is_foreign(status, body):
        text = f"{host} answered with a page ({status}) that is not the service's"
        foreign = ForeignAnswer(text, status=status)
        return foreign.because(ErrorReason.FOREIGN_PAGE, host=host, status=status)
    if status in _REFUSALS:
        error, reason, text = _REFUSALS[status]
        return error(say(text)).because(reason, **values)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        limited = RateLimited(say("asks for fewer requests"), retry_after=after)
        return limited.because(ErrorReason.FEWER_REQUESTS, **values)
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed = ServerError(say(f"failed ({status})"), status=status, retry_after=after)
        return failed.because(ErrorReason.SERVICE_FAILED, **values)
    if status >= HTTPStatus.BAD_REQUEST:
        text = f"did not accept the request ({status})"
        bad = BadRequest(say(text), status=status, detail=detail)
        return bad.because(ErrorReason.NOT_ACCEPTED, **values)
    other = f"{host} answered with a redirect or another status ({status})"
    return UnexpectedAnswer(other).because(ErrorReason.OTHER_STATUS, host=host, status=status)


def is_page(body: bytes) -> bool:
    """Return whether a body is a web page or other markup."""
    return _opening(body) == b"<"


def is_foreign(status: int, body: bytes) -> bool:
    """Return whether a refusal is not from the API itself.

    A web page is not, nor a 403 in plain text. A 401 in plain text is: common server libraries
    send it.
    """
    if status == HTTPStatus.FORBIDDEN:
        return _opening(body) not in {b"", *_JSON_OPENINGS}
    return status == HTTPStatus.UNAUTHORIZED and is_page(body)


def _opening(body: bytes) -> bytes:
    return body.removeprefix(BOM_UTF8).lstrip()[:1]


def retry_after_seconds(
    headers: Mapping[str, str] | None, now: Callable[[], float] = time.time
) -> float | None:
    """Return the Retry-After in seconds, given as a number or a date; None without one.

    The upper bound is `LONGEST_WAIT_SECONDS`.
    """
    text = (headers or {}).get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError, OverflowError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - now()
    return min(max(0.0, seconds), LONGEST_WAIT_SECONDS) if math.isfinite(seconds) else None


def server_text(body: bytes, secrets: Iterable[str] = ()) -> str:
    """Return the server's message, sanitized and truncated; "" for a web page or nothing."""
    if not body.strip() or is_page(body):
        return ""
    try:
        text = "; ".join(dict.fromkeys(_words(decode(_DECODER, body))))
    except UnexpectedAnswer:
        text = body.decode("utf-8", "replace")
    return sanitize_text(text, secrets)


def _words(problem: object) -> Iterator[str]:
    """Yield the explanations in a decoded error body."""
    match problem:
        case str():
            yield problem
        case dict():
            yield from (
                text for key in _TEXT_KEYS if isinstance(text := problem.get(key), str) and text
            )
            match problem.get("errors"):
                case dict() as errors:
                    yield from (f"{name}: {_listed(texts)}" for name, texts in errors.items())
        case _:
            return


def _listed(texts: object) -> str:
    """Return the messages about one parameter that are text."""
    listed = texts if isinstance(texts, list) else [texts]
    return ", ".join(text for text in listed if isinstance(text, str))
