"""A WebSocket of a cloud, opened with the token of an account.

Contract: docs/architecture.md, "Security rules".
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
from aiohttp import ClientHandlerType, hdrs
from yarl import URL

from .errors import ErrorReason, PermissionDenied, UnexpectedAnswer
from .middlewares import Authorize, read_beginning
from .problems import error_of_failure, error_of_status
from .token import TokenSource

HANDSHAKE_LIMIT: Final = 20.0
"""Seconds for the handshake, a new token included."""
CLOSE_LIMIT: Final = 2.0
"""Seconds for the answer of the server when the connection is closed."""
HEARTBEAT: Final = 30.0
"""Seconds between pings; a pong must arrive within half of that."""


@asynccontextmanager
async def open_websocket(
    session: aiohttp.ClientSession, url: URL, tokens: TokenSource | None, *, limit_bytes: int
) -> AsyncGenerator[aiohttp.ClientWebSocketResponse[bool]]:
    """Open a WebSocket; it is closed at the end of the context.

    No redirect is followed. A token that is refused is replaced once. The bytes of text messages
    are not decoded.

    Args:
        session: the caller's session, whose connections are used.
        url: a checked address.
        tokens: where access tokens come from; None to send none.
        limit_bytes: largest message; a larger one closes the connection.

    Raises:
        ApiError: it cannot be opened; the kind says why.
    """
    authorize = () if tokens is None else (Authorize(tokens),)
    async with aiohttp.ClientSession(
        # Only the middlewares of a session apply to a WebSocket.
        connector=session.connector,
        connector_owner=False,
        headers=session.headers,
        timeout=aiohttp.ClientTimeout(total=None),
        middlewares=(*authorize, _Refusal()),
    ) as own:
        try:
            async with asyncio.timeout(HANDSHAKE_LIMIT):
                socket = await own.ws_connect(
                    url,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_LIMIT),
                    heartbeat=HEARTBEAT,
                    max_msg_size=limit_bytes,
                    decode_text=False,
                )
        except aiohttp.WSServerHandshakeError as error:
            # Not chained: it holds the request, and so the token.
            raise _handshake_error(error.status, url.host or "") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise error_of_failure(error, url.host or "") from None
        async with socket:
            yield socket


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Read the beginning of an answer that does not open a WebSocket, and raise what it means.

    A 401 is returned, so that a new token may be tried.
    """

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: ClientHandlerType
    ) -> aiohttp.ClientResponse:
        response = await handler(request)
        if response.status == HTTPStatus.SWITCHING_PROTOCOLS:
            return response
        body = await read_beginning(response)
        if response.status == HTTPStatus.UNAUTHORIZED:
            return response
        # Raised here, because aiohttp would follow a redirect.
        raise error_of_status(
            response.status,
            response.headers,
            body,
            host=request.url.host or "",
            secrets=request.headers.get(hdrs.AUTHORIZATION, "").split()[1:],
        )


def _handshake_error(status: int, host: str) -> PermissionDenied | UnexpectedAnswer:
    """Return the error of a handshake that aiohttp has refused."""
    if status == HTTPStatus.UNAUTHORIZED:
        # Polls find out whether the token is invalid.
        refused = PermissionDenied(f"{host} refuses the connection ({int(status)})")
        return refused.because(ErrorReason.NOT_ALLOWED, host=host)
    return UnexpectedAnswer(f"{host} did not answer with a WebSocket")
