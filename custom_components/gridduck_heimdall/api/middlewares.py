"""Client middlewares of one request, outermost first: retry, authorize, attempt.

Contract: heimdall-api.md §5.8 and §9; docs/architecture.md, "Security rules".
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
import logging
from typing import Final

import aiohttp
from aiohttp import ClientHandlerType, hdrs

from .errors import ConnectionFailed, TimedOut
from .problems import error_of_failure, error_of_size, retry_after_seconds
from .token import Token, TokenSource

type Sleep = Callable[[float], Awaitable[None]]
type HeadersOfToken = Callable[[Token], Mapping[str, str]]

IDEMPOTENT = frozenset({hdrs.METH_GET, hdrs.METH_PUT})
"""Only these are retried: PUT is idempotent here, as it sets an end or a state."""
TRANSIENT: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_RETRIED: Final = TRANSIENT | {HTTPStatus.TOO_MANY_REQUESTS}
WAITS_WHEN_TRANSIENT = (1.0, 2.0, 4.0)
WAITS_WHEN_CUT = (1.0,)
LONGEST_WAIT_WHEN_LIMITED = 5.0
LONGEST_WAIT_WHEN_TRANSIENT = 30.0
ERROR_BODY_BYTES = 16_384

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class _Retries:
    """The delays before the remaining retries of one request, by kind of failure."""

    cut: tuple[float, ...] = WAITS_WHEN_CUT
    limited: int = 1
    transient: tuple[float, ...] = WAITS_WHEN_TRANSIENT

    def after_cut(self) -> float | None:
        """Return the delay before a retry after a failed connection; None for no retry."""
        if not self.cut:
            return None
        wait, self.cut = self.cut[0], self.cut[1:]
        return wait

    def after_answer(self, response: aiohttp.ClientResponse) -> float | None:
        """Return the delay before a retry after a transient failure; None for no retry."""
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            after = retry_after_seconds(response.headers)
            if after is None or after > LONGEST_WAIT_WHEN_LIMITED or not self.limited:
                return None
            self.limited -= 1
            return after
        if not self.transient:
            return None
        after = retry_after_seconds(response.headers)
        if after is not None and after > LONGEST_WAIT_WHEN_TRANSIENT:
            return None
        wait, self.transient = self.transient[0], self.transient[1:]
        return max(wait, after or 0.0)


@dataclass(frozen=True, slots=True)
class Retry:
    """Retry idempotent requests after a delay.

    Attributes:
        sleep: waits, seconds.
        transient: whether to retry transient failures.
    """

    sleep: Sleep = asyncio.sleep
    transient: bool = True

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send the request, with retries.

        Raises:
            ApiError: the request and all retries failed.
        """
        if request.method not in IDEMPOTENT:
            return await handler(request)
        retries = _Retries() if self.transient else _Retries(transient=())
        while True:
            try:
                response = await handler(request)
            except TimedOut:
                # A retry does not help a slow server.
                raise
            except ConnectionFailed:
                if (wait := retries.after_cut()) is None:
                    raise
            else:
                if response.status not in _RETRIED:
                    return response
                if (wait := retries.after_answer(response)) is None:
                    return response
            _LOGGER.debug("%s %s again in %.1f s", request.method, request.url.path, wait)
            await self.sleep(wait)


@dataclass(slots=True)
class Authorize:
    """Add the token; if it is refused, request a new one and retry once.

    Attributes:
        tokens: where tokens come from.
        headers: further headers that depend on the token.
        renew: whether to invalidate a refused token and retry the request.
    """

    tokens: TokenSource
    headers: HeadersOfToken | None = None
    renew: bool = True
    _token: Token | None = field(default=None, init=False)
    _token_headers: Mapping[str, str] = field(default_factory=dict, init=False)

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send the request with a token.

        Raises:
            ApiError: no token was available.
        """
        renewals = 1 if self.renew else 0
        while True:
            token = await self.tokens.async_get_token()
            if self.headers is not None and token is not self._token:
                self._token, self._token_headers = token, self.headers(token)
            request.headers.update(self._token_headers)
            request.headers[hdrs.AUTHORIZATION] = f"Bearer {token.value}"
            response = await handler(request)
            if response.status != HTTPStatus.UNAUTHORIZED or not renewals:
                return response
            renewals -= 1
            self.tokens.invalidate(token)


@dataclass(slots=True, kw_only=True)
class Attempt:
    """Read the complete response within the limits, so that a truncated body is retried too.

    One instance serves one request.

    Attributes:
        limit_bytes: maximum size of the body, decompressed.
        time_limit: the time limit of one attempt, seconds.
        sent: called each time the request goes out.
        body: the body of the last response; of an error only the beginning.
    """

    limit_bytes: int
    time_limit: float
    sent: Callable[[], None] | None = None
    body: bytes = b""

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Send the request and read the response.

        Raises:
            ConnectionFailed: no complete response came in time.
            UnexpectedAnswer: it is too large or not HTTP.
        """
        if self.sent is not None:
            self.sent()
        try:
            async with asyncio.timeout(self.time_limit):
                response = await handler(request)
                try:
                    self.body = await self._read(response)
                except BaseException:
                    # The response is not shared yet, and its connection cannot be reused.
                    response.close()
                    raise
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            failure = error_of_failure(err, request.url.host or "")
        else:
            _LOGGER.debug(
                "%s %s: %d, %d bytes",
                request.method,
                request.url.path,
                response.status,
                len(self.body),
            )
            return response
        _LOGGER.debug("%s %s: %s", request.method, request.url.path, failure)
        raise failure

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            return await read_beginning(response)
        chunks: list[bytes] = []
        left = self.limit_bytes
        async for chunk in response.content.iter_any():
            left -= len(chunk)
            if left < 0:
                raise error_of_size(self.limit_bytes, response.url.host or "")
            chunks.append(chunk)
        return b"".join(chunks)


async def read_beginning(response: aiohttp.ClientResponse) -> bytes:
    """Read the beginning of an error's body; the status decides, so it may be incomplete."""
    beginning = b""
    try:
        async for chunk in response.content.iter_any():
            beginning += chunk
            if len(beginning) >= ERROR_BODY_BYTES:
                response.close()
                break
    except aiohttp.ClientError:
        response.close()
    return beginning[:ERROR_BODY_BYTES]
