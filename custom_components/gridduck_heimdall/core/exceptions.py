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
"""Translation key of a server in trouble that names a pause."""

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
    """Tell whether a service that is in trouble has named a time to wait."""
    return isinstance(error, ServerError) and error.retry_after is not None


def pause_minutes(error: ApiError) -> str:
    """Return in how many minutes to try again: as the service says, else a likely time."""
    if isinstance(error, RateLimited | ServerError) and error.retry_after is not None:
        return str(max(1, ceil(error.retry_after / 60)))
    return USUAL_PAUSE_MINUTES


def _placeholders(error: ApiError) -> dict[str, str]:
    return {"error": str(error), "minutes": pause_minutes(error)}


def poll_error(error: ApiError, retry_after: float | None = None) -> HomeAssistantError:
    """Return what a coordinator raises for the error.

    Args:
        error: what the client raised.
        retry_after: seconds until the next try where the service itself names none.
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
    """Turn an error of a cloud into one that the caller of an action can read.

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
