"""Access tokens by client credentials, on Home Assistant's OAuth 2.0 helpers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.oauth2 import ClientAuthMethod, client_auth

from .api.addresses import checked_url
from .api.errors import ApiError, PermissionDenied, RateLimited, ServerError
from .api.token import Token, TokenSource, parse_token_answer
from .api.token_endpoint import request_token

TOKEN_TIMEOUT: Final = 20
"""Seconds for one request for a token."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRequest:
    """What a token endpoint is sent.

    Parameters:
        url: the endpoint.
        method: how the client authenticates itself.
        scopes: the scopes to ask for, best first; the next is tried where one is refused.
        refused_scope: the statuses by which this endpoint refuses a scope, not the client, where
            its answer does not say which.
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    method: ClientAuthMethod
    scopes: Sequence[str]
    refused_scope: frozenset[int] = frozenset()


class ClientCredentials(TokenSource):
    """Hand out one account's token, and renew it before it ends."""

    def __init__(self, hass: HomeAssistant, request: TokenRequest) -> None:
        """Start without a token; the first use requests one.

        Raises ValueError for an address that a secret must not be sent to.
        """
        self._hass = hass
        self._request = request
        self._url = checked_url(request.url)
        self._token: Token | None = None
        self._lock = asyncio.Lock()
        self._failure: ApiError | None = None
        self._silent_until = 0.0

    @property
    def token(self) -> Token | None:
        """The token at hand; None before the first and after one that was refused."""
        return self._token

    @override
    async def async_get_token(self) -> Token:
        """Return the token at hand, or a new one; who comes at the same time shares its request.

        Raises:
            AuthenticationFailed: the credentials were refused.
            PermissionDenied: they were accepted, but none of the scopes was granted.
            ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer: no token was got, or the
                endpoint has asked for a pause that still lasts.
        """
        before = self._failure
        async with self._lock:
            if self._token is None or monotonic() >= self._token.renew_at:
                if self._failure is not None and self._failure is not before:
                    # The request that this caller waited for failed: one refusal is enough.
                    raise self._failure
                self._keep_silence()
                self._token = await self._async_new_token()
            return self._token

    @override
    def renounce(self, token: Token) -> None:
        """Drop this token, as a service refused it, unless it was replaced already."""
        if self._token is token:
            self._token = None

    def _keep_silence(self) -> None:
        """Send no request before the moment that the endpoint has named.

        Raises:
            RateLimited, ServerError: as the endpoint answered, with the seconds that are left.
        """
        left = self._silent_until - monotonic()
        match self._failure:
            case RateLimited() | ServerError() as failure if left > 0:
                failure.retry_after = left
                raise failure.with_traceback(None)

    async def _async_new_token(self) -> Token:
        try:
            return await self._async_request()
        except ApiError as error:
            error.without_token = True
            self._failure = error
            if isinstance(error, RateLimited | ServerError):
                self._silent_until = monotonic() + (error.retry_after or 0)
            raise

    async def _async_request(self) -> Token:
        refused: ApiError | None = None
        for scope in self._request.scopes:
            try:
                return await self._async_request_scope(scope)
            except PermissionDenied as error:
                refused = error
        raise refused or PermissionDenied("No scope was asked for")

    async def _async_request_scope(self, scope: str) -> Token:
        data, headers = client_auth(
            {"grant_type": "client_credentials", "scope": scope},
            self._request.client_id,
            self._request.client_secret,
            self._request.method,
        )
        answer = await request_token(
            async_get_clientsession(self._hass),
            self._url,
            data=data,
            headers=headers,
            refused_scope=self._request.refused_scope,
            time_limit=TOKEN_TIMEOUT,
        )
        return parse_token_answer(answer, monotonic(), requested=scope.split())
