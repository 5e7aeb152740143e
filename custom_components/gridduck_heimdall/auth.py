"""Access tokens by client credentials, on Home Assistant's OAuth 2.0 helpers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from typing import Final, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    OAuth2TokenRequestBaseError,
    OAuth2TokenRequestConnectionError,
    OAuth2TokenRequestReauthError,
    OAuth2TokenRequestTransientError,
)
from homeassistant.helpers.oauth2 import ClientAuthMethod, async_token_request, client_auth

from .api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    PermissionDenied,
    RateLimited,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from .api.problems import retry_after_seconds
from .api.token import Token, TokenSource, parse_token_answer
from .const import DOMAIN

TOKEN_TIMEOUT: Final = 20

# Answers that speak of the address, not of the credentials.
_NOT_A_TOKEN_ENDPOINT: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRequest:
    """What a token endpoint is sent.

    Parameters:
        url: the endpoint.
        method: how the client authenticates itself.
        scopes: the scopes to ask for, best first; the next is tried where one is refused.
        refused_scope: the statuses by which this endpoint refuses a scope, not the client.
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
        """Start without a token; the first use requests one."""
        self._hass = hass
        self._request = request
        self._token: Token | None = None
        self._lock = asyncio.Lock()
        self._failure: ApiError | None = None

    @override
    async def async_get_token(self) -> Token:
        """Return the token at hand, or a new one; who comes at the same time shares its request.

        Raises:
            AuthenticationFailed: the credentials were refused.
            PermissionDenied: they were accepted, but none of the scopes was granted.
            ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer: no token was got.
        """
        before = self._failure
        async with self._lock:
            if self._token is None or monotonic() >= self._token.renew_at:
                if self._failure is not None and self._failure is not before:
                    # The request that this caller waited for failed: one refusal is enough.
                    raise self._failure
                self._token = await self._async_new_token()
            return self._token

    @override
    def renounce(self, token: Token) -> None:
        """Drop this token, as a service refused it, unless it was replaced already."""
        if self._token is token:
            self._token = None

    async def _async_new_token(self) -> Token:
        try:
            return await self._async_request()
        except ApiError as error:
            self._failure = error
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
        try:
            async with asyncio.timeout(TOKEN_TIMEOUT):
                answer = await async_token_request(
                    self._hass,
                    self._request.url,
                    data,
                    domain=DOMAIN,
                    headers=headers,
                    allow_redirects=False,
                )
        except TimeoutError:
            raise TimedOut("The token endpoint did not answer in time") from None
        except OAuth2TokenRequestBaseError as error:
            raise self._told(error) from None
        except ValueError:
            raise UnexpectedAnswer("The token endpoint did not answer with JSON") from None
        if not isinstance(answer, dict):
            raise UnexpectedAnswer("The token endpoint did not answer with a JSON object")
        return parse_token_answer(answer, monotonic(), requested=scope.split())

    def _told(self, error: OAuth2TokenRequestBaseError) -> ApiError:
        """Return the error in the API's own words; the original holds the request's headers."""
        match error:
            case OAuth2TokenRequestConnectionError():
                return ConnectionFailed("The token endpoint could not be reached")
            case OAuth2TokenRequestTransientError(status=HTTPStatus.TOO_MANY_REQUESTS):
                return RateLimited(
                    "The token endpoint asks for fewer requests",
                    retry_after=retry_after_seconds(error.headers),
                )
            case OAuth2TokenRequestTransientError():
                return ServerError(
                    f"The token endpoint failed with status {error.status}", status=error.status
                )
            case OAuth2TokenRequestReauthError():
                return self._refusal(error.status)
        return UnexpectedAnswer("The token endpoint did not answer as one")

    def _refusal(self, status: int) -> ApiError:
        if status in _NOT_A_TOKEN_ENDPOINT:
            return UnexpectedAnswer(f"There is no token endpoint here (status {status})")
        if status in self._request.refused_scope:
            return PermissionDenied("The scope asked for was refused")
        return AuthenticationFailed("The credentials were refused")
