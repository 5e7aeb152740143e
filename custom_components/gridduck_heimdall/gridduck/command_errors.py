"""Errors of failed commands, in messages that name the asset and GridDuck."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
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
from ..api.gridduck import Asset
from ..const import DOMAIN
from ..core.exceptions import asks_for_pause, pause_minutes, translation_key_of

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


@asynccontextmanager
async def command_errors(asset: Asset) -> AsyncGenerator[None]:
    """Convert an API error into one that names the asset.

    Args:
        asset: the asset.

    Raises:
        HomeAssistantError: with a translation key, in place of any `ApiError`.
    """
    try:
        yield
    except ApiError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=ASKS_FOR_PAUSE
            if asks_for_pause(error)
            else translation_key_of(error, COMMAND_KEYS),
            translation_placeholders={
                "name": asset.label,
                "error": str(error),
                "minutes": pause_minutes(error),
            },
        ) from error
