"""Access tokens, and the interface of their source.

Contract: heimdall-api.md §1.2 and §9; gridduck-api.md, "Token".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import math
import re
from typing import Protocol
from urllib.parse import unquote_plus

from .errors import ErrorReason, UnexpectedAnswer

RENEWAL_MARGIN_SECONDS = 300.0
"""Seconds before its expiry at which a token is renewed."""
SHORTEST_USE_SECONDS = 60.0
"""Minimum use of a token in seconds, to avoid one token request per API call."""
LONGEST_USE_SECONDS = 86_400.0
"""Maximum use of a token in seconds."""

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")
_SCOPE_SEPARATORS = re.compile(r"[\s,;|\[\]\"']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token.

    Attributes:
        value: the bearer token itself; not in the representation.
        scope: the granted permissions.
        expires_at: its expiry, seconds on the clock that was passed to `parse_token_answer`.
        renew_at: when it is renewed, same clock.
        obtained_at: when it was received, same clock.
        user_id: the user it acts for, if the response names one.
    """

    value: str = field(repr=False)
    scope: frozenset[str] = frozenset()
    expires_at: float
    renew_at: float
    obtained_at: float = 0.0
    user_id: str | None = None


class TokenSource(Protocol):
    """Provides the token of one account."""

    async def async_get_token(self) -> Token:
        """Return the cached token, or request a new one if it is due.

        Concurrent callers share one request.

        Raises:
            ApiError: no token was available.
        """

    def invalidate(self, token: Token) -> None:
        """Invalidate `token`, which the server rejected, unless it was replaced meanwhile."""


def parse_token_answer(
    answer: Mapping[str, object], now: float, *, requested: Iterable[str] = ()
) -> Token:
    """Parse the response of a token endpoint.

    Args:
        answer: the decoded JSON object.
        now: the present, seconds on any clock; the token's times are on the same one.
        requested: the requested permissions, granted if the response names none (RFC 6749
            §5.1).

    Raises:
        UnexpectedAnswer: there is no usable access token in it.
    """
    value = answer.get("access_token")
    if not isinstance(value, str) or not _HEADER_SAFE.fullmatch(value):
        missing = UnexpectedAnswer("The token endpoint answered without an access token")
        raise missing.because(ErrorReason.NOTHING_GRANTED)
    lifetime = _lifetime(answer.get("expires_in"))
    return Token(
        value=value,
        scope=_scope(answer.get("scope")) or frozenset(requested),
        expires_at=now + lifetime,
        renew_at=now + max(SHORTEST_USE_SECONDS, lifetime - RENEWAL_MARGIN_SECONDS),
        obtained_at=now,
        user_id=_user_id(answer.get("user")),
    )


def _lifetime(expires_in: object) -> float:
    """Return the lifetime in seconds, from a number or numeric text, else the minimum use."""
    if isinstance(expires_in, bool) or not isinstance(expires_in, int | float | str):
        return SHORTEST_USE_SECONDS
    try:
        seconds = float(expires_in)
    except ValueError, OverflowError:
        return SHORTEST_USE_SECONDS
    if not math.isfinite(seconds) or seconds <= 0:
        return SHORTEST_USE_SECONDS
    return min(seconds, LONGEST_USE_SECONDS)


def _scope(granted: object) -> frozenset[str]:
    """Return the granted permissions from text or a list, whichever separator is used."""
    match granted:
        case str():
            # A server may repeat the text in the form encoding of the request.
            return frozenset(_SCOPE_SEPARATORS.split(unquote_plus(granted))) - {""}
        case list():
            return frozenset().union(*(_scope(item) for item in granted if isinstance(item, str)))
        case _:
            return frozenset()


def _user_id(user: object) -> str | None:
    """Return the id in the answer's user object as text."""
    match user:
        case {"id": bool()}:
            return None
        case {"id": int() | str() as user_id}:
            return str(user_id).strip() or None
        case _:
            return None
