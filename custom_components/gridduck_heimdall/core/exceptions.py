"""Map API errors to Home Assistant exceptions: one table for polls and actions.

The frontend translates the message of an exception. The cause is a sentence within the message, in
the language of Home Assistant. `str(exception)`, which is logged, is English.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
import errno
from math import ceil
from typing import Final

from homeassistant.core import async_get_hass
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.translation import async_get_exception_message
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util.file import WriteError

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
from .texts import template

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


def translation_key(error: ApiError, keys: Mapping[type[ApiError], str] = TRANSLATION_KEYS) -> str:
    """Return the translation key of the most specific class of an error.

    Args:
        error: the error.
        keys: the translation key of each class.
    """
    kinds = (kind for kind in type(error).__mro__ if kind in keys)
    return keys[next(kinds, UnexpectedAnswer)]


def asks_for_pause(error: ApiError) -> bool:
    """Return whether a server error has a Retry-After."""
    return isinstance(error, ServerError) and error.retry_after is not None


def pause_minutes(error: ApiError) -> str:
    """Return the minutes until a retry: the Retry-After, else a default."""
    if isinstance(error, RateLimited | ServerError) and error.retry_after is not None:
        return str(max(1, ceil(error.retry_after / 60)))
    return USUAL_PAUSE_MINUTES


SYSTEM_ERRORS: Final[Mapping[int | None, str]] = {
    errno.ENOSPC: "cause_disk_full",
    errno.EDQUOT: "cause_disk_full",
    errno.EROFS: "cause_read_only",
    errno.EACCES: "cause_not_permitted",
    errno.EPERM: "cause_not_permitted",
}
"""Translation keys of errors of the operating system, by errno."""

OTHER: Final = "cause_other"
"""Translation key of all other errors of the operating system."""

INTERNAL: Final = "internal_error"


def explain(error: BaseException) -> str:
    """Return what went wrong in the language of Home Assistant, without the final full stop."""
    match error:
        case (
            FeatureUnavailable(__cause__=ApiError() as cause)
            | WriteError(__cause__=OSError() as cause)
        ):
            return explain(cause)
        case ApiError(reason=reason, values=values):
            detailed = "_detail" if values.get("detail") else ""
            found = _sentence(f"api_{reason}{detailed}", values)
        case HomeAssistantError(translation_domain=str(domain), translation_key=str(key)):
            found = _sentence(key, error.translation_placeholders or {}, domain)
        case OSError(errno=number):
            code = errno.errorcode.get(number or 0, type(error).__name__)
            found = _sentence(SYSTEM_ERRORS.get(number, OTHER), {"code": code})
        case HomeAssistantError():
            found = None
        case _:
            found = _sentence(INTERNAL, {"kind": type(error).__name__})
    return str(error) if found is None else found.rstrip(".。")


def _sentence(key: str, values: Mapping[str, str], domain: str = DOMAIN) -> str | None:
    found = template(async_get_hass(), "exceptions", f"{key}.message", domain)
    try:
        return None if found is None else found.format_map(values)
    except KeyError, IndexError, ValueError:
        # An exception of another integration lacks a placeholder of its text.
        return found


def failure[ErrorT: HomeAssistantError](
    kind: type[ErrorT], key: str, cause: BaseException, **values: str
) -> ErrorT:
    """Return an exception whose text has the placeholder `error`, the explanation of its cause.

    Args:
        kind: the class of the exception.
        key: its translation key.
        cause: the error that caused it.
        values: the other placeholders.
    """
    return kind(
        async_get_exception_message(DOMAIN, key, values | {"error": str(cause)}),
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=values | {"error": explain(cause)},
    )


def poll_error(
    error: ApiError, retry_after: float | None = None, *, interval: float = 0.0
) -> HomeAssistantError:
    """Return the exception that a coordinator raises for an error.

    Args:
        error: the error of the client.
        retry_after: seconds until the next try if the service names none.
        interval: seconds between two polls; a Retry-After that is shorter does not shorten it, or
            a service that names 0 or a time in the past would be polled without a pause.
    """
    if isinstance(error, AuthenticationFailed):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key=translation_key(error)
        )
    if isinstance(error, RateLimited | ServerError) and error.retry_after is not None:
        retry_after = max(error.retry_after, interval)
    failed = failure(UpdateFailed, translation_key(error), error, minutes=pause_minutes(error))
    failed.retry_after = retry_after
    return failed


@asynccontextmanager
async def action_errors() -> AsyncGenerator[None]:
    """Convert an API error into one for the caller of an action.

    Raises:
        HomeAssistantError: with a translation key, in place of any `ApiError`.
    """
    try:
        yield
    except ApiError as error:
        key = ASKS_FOR_PAUSE if asks_for_pause(error) else translation_key(error)
        raise failure(HomeAssistantError, key, error, minutes=pause_minutes(error)) from error
