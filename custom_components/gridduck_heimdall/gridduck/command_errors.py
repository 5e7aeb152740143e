"""Errors of failed commands, in messages that name the asset and GridDuck."""

from typing import Final

from homeassistant.exceptions import HomeAssistantError

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
from ..core.exceptions import asks_for_pause, failure, pause_minutes, translation_key

COMMAND_KEYS: Final[dict[type[ApiError], str]] = {
    AuthenticationFailed: "command_authentication_failed",
    BadRequest: "command_not_accepted",
    ConnectionFailed: "command_connection_failed",
    FeatureUnavailable: "command_not_offered",
    NotFound: "command_asset_not_found",
    PermissionDenied: "command_not_permitted",
    RateLimited: "command_rate_limited",
    ServerError: "command_server_error",
    UnexpectedAnswer: "command_unexpected_answer",
}


ASKS_FOR_PAUSE: Final = "command_server_error_pause"


def command_error(name: str, error: ApiError) -> HomeAssistantError:
    """Return the error of a command to the asset of a name, from that of the client."""
    key = ASKS_FOR_PAUSE if asks_for_pause(error) else translation_key(error, COMMAND_KEYS)
    minutes = pause_minutes(error)
    return failure(HomeAssistantError, key, error, name=name, minutes=minutes)
