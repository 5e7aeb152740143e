"""Access tokens by client credentials, on Home Assistant's OAuth 2.0 helpers."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from typing import Final, override

from aiohttp import hdrs
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.oauth2 import ClientAuthMethod, client_auth

from ..api.addresses import checked_url
from ..api.concurrency import RetryAfterGate
from ..api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    ErrorReason,
    ForeignAnswer,
    PermissionDenied,
    RateLimited,
    ServerError,
)
from ..api.token import Token, TokenSource, parse_token_answer
from ..api.token_endpoint import literal_basic, request_token
from .token_scopes import ScopeChoice

type _Form = tuple[bool, Mapping[str, str], Mapping[str, str]]
"""Whether the Basic header is form-encoded; the form and the headers."""

TOKEN_TIMEOUT: Final = 20
"""Seconds for one request for a token."""
LONGEST_PAUSE: Final = 900.0
"""Maximum Retry-After of a token endpoint, in seconds.

Without a token no command can be sent, and four requests an hour are a negligible load.
"""
PAGE_LASTS: Final = 86_400.0
"""Seconds for which a 401 must be a web page before the credentials count as refused.

Re-authentication stops all polls until a user enters credentials. A firewall or portal that
intercepts requests for some hours must not cause that.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRequest:
    """Parameters of token requests.

    Attributes:
        url: the endpoint.
        method: how the client authenticates itself.
        scopes: the scopes to request, best first; the next is tried where one is refused.
        sufficient: scopes that are equivalent to the first.
        refused_scope: statuses that mean a refused scope, not a refused client, if the response
            does not say which.
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    method: ClientAuthMethod
    scopes: Sequence[str]
    sufficient: Collection[str] = ()
    refused_scope: frozenset[int] = frozenset()


class ClientCredentials(TokenSource):
    """Cache the token of one account, and renew it before it expires."""

    def __init__(self, hass: HomeAssistant, request: TokenRequest) -> None:
        """Start without a token; the first use requests one.

        Raises:
            ValueError: a secret must not be sent to the address.
        """
        self._hass = hass
        self._request = request
        self._url = checked_url(request.url)
        self._token: Token | None = None
        self._lock = asyncio.Lock()
        self._failure: ApiError | None = None
        self._gate = RetryAfterGate()
        self._form_encoded = False
        self._scopes = ScopeChoice(request.scopes, request.sufficient)
        self._page_since: float | None = None

    @property
    def token(self) -> Token | None:
        """The cached token; None before the first one and after it was invalidated."""
        return self._token

    @override
    async def async_get_token(self) -> Token:
        """Return the cached token, or a new one; concurrent callers share one request.

        Raises:
            AuthenticationFailed: the credentials were refused.
            PermissionDenied: they were accepted, but none of the scopes was granted.
            ConnectionFailed, RateLimited, ServerError, UnexpectedAnswer: the request failed, or
                the Retry-After of the endpoint has not elapsed.
        """
        before = self._failure
        async with self._lock:
            if self._token is None or monotonic() >= self._token.renew_at:
                if self._failure is not None and self._failure is not before:
                    # The shared request failed; this caller does not retry it.
                    raise self._failure
                self._check_pause()
                self._token = await self._async_new_token()
            return self._token

    @override
    def invalidate(self, token: Token) -> None:
        """Drop a token that a service rejected, unless it has been replaced meanwhile."""
        if self._token is token:
            self._token = None

    def _check_pause(self) -> None:
        """Check that the Retry-After of the endpoint has elapsed.

        Raises:
            RateLimited, ServerError: the last error, with the remaining seconds.
        """
        remaining = self._gate.remaining(monotonic())
        match self._failure:
            case RateLimited() | ServerError() as failure if remaining:
                failure.retry_after = remaining
                raise failure.with_traceback(None)

    async def _async_new_token(self) -> Token:
        try:
            token = await self._async_request()
        except ApiError as answered:
            error = self._failure = self._classified(answered)
            error.without_token = True
            if isinstance(error, RateLimited | ServerError) and error.retry_after is not None:
                error.retry_after = min(error.retry_after, LONGEST_PAUSE)
                self._gate.close(error.retry_after, monotonic())
            raise error from None
        self._page_since = None
        return token

    def _classified(self, error: ApiError) -> ApiError:
        """Return the error; a 401 that stays a web page for long means refused credentials."""
        if isinstance(error, ConnectionFailed):
            return error
        if not isinstance(error, ForeignAnswer) or error.status != HTTPStatus.UNAUTHORIZED:
            self._page_since = None
            return error
        now = monotonic()
        self._page_since = self._page_since or now
        lasts = now - self._page_since >= PAGE_LASTS
        return AuthenticationFailed("The credentials were refused") if lasts else error

    async def _async_request(self) -> Token:
        refused: ApiError | None = None
        if (probe := self._scopes.probe) is not None:
            await self._async_request_scope(probe)
        for scope in self._scopes.candidates():
            try:
                token = await self._async_request_scope(scope)
            except PermissionDenied as error:
                refused = error
            except AuthenticationFailed as error:
                # Once a scope was refused, the client is known to be accepted.
                if not error.vague or (refused is None and await self._async_is_refused(scope)):
                    raise
                refused = PermissionDenied("The scope asked for was refused")
                refused.because(ErrorReason.SCOPE_REFUSED)
            else:
                self._scopes.accept(scope)
                return token
        self._scopes.refuse_all()
        raise refused or PermissionDenied("No scope was asked for")

    async def _async_is_refused(self, scope: str) -> bool:
        """Distinguish a refused client from a refused scope by requesting the least scope.

        If there are two forms of the Basic header, both have been tried: more requests with wrong
        credentials would look like an attack.
        """
        least = self._request.scopes[-1]
        if scope == least or len(self._forms(scope)) > 1:
            return True
        try:
            await self._async_request_scope(least)
        except AuthenticationFailed:
            return True
        except PermissionDenied:
            return False
        return False

    async def _async_request_scope(self, scope: str) -> Token:
        """Request a token; if the client is refused, retry once with the other Basic header."""
        refused: ApiError | None = None
        for encoded, data, headers in self._forms(scope):
            try:
                answer = await self._async_send(data, headers)
            except AuthenticationFailed as error:
                refused = error
            except ForeignAnswer as error:
                if error.status != HTTPStatus.UNAUTHORIZED:
                    raise
                refused = error
            except PermissionDenied:
                # The scope was refused, so the client was not.
                self._form_encoded = encoded
                raise
            else:
                self._form_encoded = encoded
                return parse_token_answer(answer, monotonic(), requested=scope.split())
        raise refused or AuthenticationFailed("There is no way to authenticate")

    def _forms(self, scope: str) -> list[_Form]:
        """Return the headers to try: literal Basic, and form-encoded Basic if it differs.

        The form that worked last comes first.
        """
        request = self._request
        form = {"grant_type": "client_credentials", "scope": scope}
        data, headers = client_auth(form, request.client_id, request.client_secret, request.method)
        usual: _Form = (True, data, headers)
        if request.method != "client_secret_basic":
            return [usual]
        basic = literal_basic(request.client_id, request.client_secret)
        if headers.get(hdrs.AUTHORIZATION) == basic:
            return [usual]
        forms: list[_Form] = [(False, form, {hdrs.AUTHORIZATION: basic}), usual]
        return forms[::-1] if self._form_encoded else forms

    async def _async_send(
        self, data: Mapping[str, str], headers: Mapping[str, str]
    ) -> Mapping[str, object]:
        return await request_token(
            async_get_clientsession(self._hass),
            self._url,
            data=data,
            headers=headers,
            refused_scope=self._request.refused_scope,
            time_limit=TOKEN_TIMEOUT,
        )
