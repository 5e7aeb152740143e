"""Send requests to one cloud, within limits of address, time and size.

Contract: heimdall-api.md §5.8 and §9; docs/architecture.md, "Security rules".
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Final

import aiohttp
from aiohttp import hdrs
import msgspec
from yarl import URL

from .addresses import checked_base_url, checked_url, is_loopback, join, other_slash
from .errors import (
    ApiError,
    AuthenticationFailed,
    ErrorReason,
    ForeignAnswer,
    PermissionDenied,
    UnexpectedAnswer,
)
from .middlewares import Attempt, Authorize, HeadersOfToken, Retry, Sleep
from .problems import error_of_status
from .token import Token, TokenSource

DEFAULT_LIMIT_BYTES = 16 * 1024 * 1024
"""Maximum size of a response, decompressed."""
DEFAULT_TIME_LIMIT = 30.0
"""Time limit of one attempt, including its body, seconds."""

OTHER_CALLS: Final = "other"
"""The kind of calls that the meter does not distinguish."""

SLOT_SECONDS: Final = 60
"""Calls are counted by the minute."""
SLOTS: Final = 60
"""Number of minutes stored, including the current one."""

type Proof = Callable[[], Awaitable[object]]
"""Sends a request that every valid token permits."""

MOST_MOVED: Final = 1000
"""Maximum number of cached paths whose trailing slash is redirected."""

_JSON = "application/json"
_MOVED = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})


class CallMeter:
    """Counts every request that is sent, including retries.

    Attributes:
        total: calls since the start, by kind.
    """

    def __init__(self) -> None:
        """Start without requests."""
        self.total = Counter[str]()
        self._slots: deque[tuple[int, Counter[str]]] = deque(maxlen=SLOTS)

    def note(self, kind: str) -> None:
        """Count one call of a kind."""
        now = int(monotonic() // SLOT_SECONDS)
        if not self._slots or self._slots[-1][0] != now:
            self._slots.append((now, Counter()))
        self._slots[-1][1][kind] += 1
        self.total[kind] += 1

    def last_hour(self) -> Mapping[str, int]:
        """Return the calls of the last hour by kind; may under-count by up to a minute."""
        first = int(monotonic() // SLOT_SECONDS) - SLOTS
        return sum((calls for slot, calls in self._slots if slot > first), Counter())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """How a request is sent; see `Transport.request`."""

    params: Mapping[str, str] | None
    json: object
    limit_bytes: int
    kind: str
    retry: bool


class Transport:
    """Sends requests with a token to one address only.

    It follows one kind of redirect, for GET: to the same path with or without its trailing slash.

    Attributes:
        meter: counts the requests.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        tokens: TokenSource,
        *,
        headers: HeadersOfToken | None = None,
        meter: CallMeter | None = None,
        sleep: Sleep = asyncio.sleep,
        time_limit: float = DEFAULT_TIME_LIMIT,
    ) -> None:
        """Prepare the transport.

        Args:
            session: the caller's session, which stays open.
            base_url: https address of the API; http on loopback only.
            tokens: where access tokens come from.
            headers: further headers that depend on the token.
            meter: counts the requests.
            sleep: waits between retries, seconds.
            time_limit: the time limit of one attempt, seconds.

        Raises:
            ValueError: a secret must not be sent to `base_url`.
        """
        self._session = session
        self._base = checked_base_url(base_url)
        self._tokens = tokens
        self._authorize = {
            renew: Authorize(tokens, headers, renew=renew) for renew in (False, True)
        }
        self.meter = meter or CallMeter()
        self._sleep = sleep
        self._time_limit = time_limit
        self._moved: dict[str, URL] = {}
        self._proving = asyncio.Lock()
        self._proofs = 0
        self._proven = ("", 0)

    def is_host(self, url: URL) -> bool:
        """Return whether an address is on the API's own host."""
        return url.raw_host == self._base.raw_host

    def is_local(self, address: str) -> bool:
        """Return whether an address is the API's own on loopback."""
        own = is_loopback(self._base.host or "")
        return own and checked_url(address).origin() == self._base.origin()

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        limit_bytes: int = DEFAULT_LIMIT_BYTES,
        kind: str = OTHER_CALLS,
        proof: Proof | None = None,
        retry: bool = True,
    ) -> bytes:
        """Send one request and return the body of the response, b"" if it is empty.

        Args:
            method: HTTP method; GET and PUT are retried after transient failures.
            path: encoded path below the base address, beginning with "/".
            params: query, not yet encoded.
            json: body to send as JSON; None sends none.
            limit_bytes: maximum size of the response, decompressed.
            kind: the kind under which the meter counts it.
            proof: sends a request that every valid token permits, to decide whether a refused
                token is invalid or only this request is not permitted.
            retry: whether to retry after a transient failure.

        Raises:
            ApiError: the request failed.
            ValueError: `path` is not a plain encoded path.
        """
        options = _Options(
            params=params, json=json, limit_bytes=limit_bytes, kind=kind, retry=retry
        )
        if proof is None:
            return await self._async_send(method, path, options, renew=True)
        token = await self._tokens.async_get_token()
        send = partial(self._async_send, method, path, options, renew=False)
        try:
            return await send()
        except (AuthenticationFailed, ForeignAnswer) as error:
            if not _refuses_token(error):
                raise
        await self._async_prove(token, proof)
        # The token is valid.
        try:
            return await send()
        except AuthenticationFailed as error:
            if not _refuses_token(error):
                raise
        host = join(self._base, path).host
        refused = PermissionDenied(f"{host} refuses this request, though not the credentials")
        raise refused.because(ErrorReason.REQUEST_REFUSED, host=host)

    async def _async_send(self, method: str, path: str, options: _Options, *, renew: bool) -> bytes:
        """Send a request; a GET follows a redirect that changes a trailing slash alone.

        Args:
            method: HTTP method.
            path: as of `request`.
            options: as of `request`.
            renew: whether to retry with a new token if it is refused.
        """
        url = join(self._base, path)
        exchange = partial(self._async_exchange, method, options=options, renew=renew)
        if method != hdrs.METH_GET:
            body, _ = await exchange(url)
            return body
        where = self._moved.get(path, url)
        try:
            body, target = await exchange(where)
            if target is not None:
                where = target
                body, target = await exchange(where)
            if target is not None:
                loop = UnexpectedAnswer(
                    f"{url.host} redirects from one address to another and back"
                )
                raise loop.because(ErrorReason.REDIRECT_LOOP, host=url.host)
        except ApiError:
            self._moved.pop(path, None)
            raise
        if where == url:
            self._moved.pop(path, None)
        elif len(self._moved) < MOST_MOVED:
            self._moved[path] = where
        return body

    async def _async_prove(self, token: Token, proof: Proof) -> None:
        """Check that the token is valid; concurrent callers share a proof that began later.

        Args:
            token: the refused token.
            proof: sends a request that every valid token permits.

        Raises:
            ApiError: it is invalid, or the proof failed.
        """
        begun = self._proofs
        async with self._proving:
            if (await self._tokens.async_get_token()).value != token.value:
                # Another request has found that it is invalid.
                return
            proven, number = self._proven
            if proven == token.value and number > begun:
                return
            self._proofs += 1
            number = self._proofs
            await proof()
            self._proven = (await self._tokens.async_get_token()).value, number

    async def _async_exchange(
        self,
        method: str,
        url: URL,
        *,
        options: _Options,
        renew: bool,
    ) -> tuple[bytes, URL | None]:
        """Return the body, or the target of a redirected GET."""
        headers = {hdrs.ACCEPT: _JSON}
        data: bytes | None = None
        if options.json is not None:
            headers[hdrs.CONTENT_TYPE] = _JSON
            data = msgspec.json.encode(options.json)
        attempt = Attempt(
            limit_bytes=options.limit_bytes,
            time_limit=self._time_limit,
            sent=partial(self.meter.note, options.kind),
        )
        async with self._session.request(
            method,
            url,
            params=options.params,
            data=data,
            headers=headers,
            allow_redirects=False,
            # A total time limit would include the delays between retries; `Attempt` limits each
            # attempt.
            timeout=aiohttp.ClientTimeout(total=None, sock_read=self._time_limit),
            middlewares=(
                Retry(self._sleep, transient=options.retry),
                self._authorize[renew],
                attempt,
            ),
        ) as response:
            if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                return attempt.body, None
            if method == hdrs.METH_GET and response.status in _MOVED:
                location = response.headers.get(hdrs.LOCATION, "")
                if (target := other_slash(response.url, location)) is not None:
                    return b"", target
            raise error_of_status(
                response.status,
                response.headers,
                attempt.body,
                host=url.host or "",
                secrets=_sent_token(response),
            )


def _refuses_token(error: AuthenticationFailed | ForeignAnswer) -> bool:
    """Return whether a request was answered with 401, by the API or as a web page."""
    status = error.status if isinstance(error, ForeignAnswer) else HTTPStatus.UNAUTHORIZED
    return status == HTTPStatus.UNAUTHORIZED and not error.without_token


def _sent_token(response: aiohttp.ClientResponse) -> tuple[str, ...]:
    """Return the token of the request, so that no message contains it."""
    return tuple(response.request_info.headers.get(hdrs.AUTHORIZATION, "").split()[1:])
