"""Map API errors to Home Assistant exceptions: one table for polls and actions."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from math import ceil
from typing import Final

from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..api.errors import (
    ApiError,
    AuthenticationFailed,
    BadRequest,
    ConnectionFailed,
    FeatureUnavailable,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    UnexpectedAnswer,
)
from ..const import DOMAIN

ASKS_FOR_PAUSE: Final = "server_error_pause"
"""Translation key of a server error with a Retry-After."""

TRANSLATION_KEYS: Final[dict[type[ApiError], str]] = {
    AuthenticationFailed: "authentication_failed",
    BadRequest: "bad_request",
    ConnectionFailed: "connection_failed",
    FeatureUnavailable: "feature_unavailable",
    NotFound: "not_found",
    PermissionDenied: "permission_denied",
    RateLimited: "rate_limited",
    ServerError: "server_error",
    UnexpectedAnswer: "unexpected_answer",
}

USUAL_PAUSE_MINUTES: Final = "5"


def translation_key_of(error: ApiError, keys: Mapping[type[ApiError], str]) -> str:
    """Return the translation key of an error, by its most specific kind in a table."""
    kinds = (kind for kind in type(error).__mro__ if kind in keys)
    return keys[next(kinds, UnexpectedAnswer)]


def translation_key(error: ApiError) -> str:
    """Return the translation key of an error of a poll, or of an action."""
    return translation_key_of(error, TRANSLATION_KEYS)


def asks_for_pause(error: ApiError) -> bool:
    """Return whether a server error has a Retry-After."""
    return isinstance(error, ServerError) and error.retry_after is not None


def pause_minutes(error: ApiError) -> str:
    """Return the minutes until a retry: the Retry-After, else a default."""
    if isinstance(error, RateLimited | ServerError) and error.retry_after is not None:
        return str(max(1, ceil(error.retry_after / 60)))
    return USUAL_PAUSE_MINUTES


def _placeholders(error: ApiError) -> dict[str, str]:
    return {"error": str(error), "minutes": pause_minutes(error)}


def poll_error(error: ApiError, retry_after: float | None = None) -> HomeAssistantError:
    """Return the exception that a coordinator raises for an error.

    Args:
        error: the error of the client.
        retry_after: seconds until the next try if the service names none.
    """
    if isinstance(error, AuthenticationFailed):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key=translation_key(error)
        )
    if isinstance(error, RateLimited | ServerError) and error.retry_after is not None:
        retry_after = error.retry_after
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=translation_key(error),
        translation_placeholders=_placeholders(error),
        retry_after=retry_after,
    )


@asynccontextmanager
async def action_errors() -> AsyncGenerator[None]:
    """Convert an API error into one for the caller of an action.

    Raises:
        HomeAssistantError: with a translation key, in place of any `ApiError`.
    """
    try:
        yield
    except ApiError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=ASKS_FOR_PAUSE if asks_for_pause(error) else translation_key(error),
            translation_placeholders=_placeholders(error),
        ) from error
