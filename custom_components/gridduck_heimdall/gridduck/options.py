"""Options of an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.helpers.selector import BooleanSelector, TextSelector
import voluptuous as vol

from ..core.config_forms import ADDRESS
from ..core.stored_options import flag, text

CONF_DATA_HOOK: Final = "data_hook"
CONF_REAL_TIME_ADDRESS: Final = "real_time_address"
CONF_REAL_TIME_MESSAGE: Final = "real_time_message"

DEFAULT_DATA_HOOK: Final = False

OPTIONS_SCHEMA: Final[vol.Schema] = vol.Schema(
    {
        vol.Required(CONF_DATA_HOOK, default=DEFAULT_DATA_HOOK): BooleanSelector(),
        vol.Optional(CONF_REAL_TIME_ADDRESS): ADDRESS,
        vol.Optional(CONF_REAL_TIME_MESSAGE): TextSelector(),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class GridDuckOptions:
    """The options of one account.

    Attributes:
        data_hook: whether GridDuck may push data.
        webhook_id: the secret part of the webhook's address; None before the first use.
        real_time_address: of the WebSocket; empty for none.
        real_time_message: the text that is sent when the WebSocket is open; empty for none.
    """

    data_hook: bool = DEFAULT_DATA_HOOK
    webhook_id: str | None = None
    real_time_address: str = ""
    real_time_message: str = ""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the options of a config entry."""
        return cls(
            data_hook=flag(options, CONF_DATA_HOOK, DEFAULT_DATA_HOOK),
            webhook_id=text(options, CONF_WEBHOOK_ID) or None,
            real_time_address=text(options, CONF_REAL_TIME_ADDRESS),
            real_time_message=text(options, CONF_REAL_TIME_MESSAGE),
        )


def with_webhook_id(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the secret of the address, which is generated once."""
    webhook_id = text(options, CONF_WEBHOOK_ID) or webhook.async_generate_id()
    return {**options, CONF_WEBHOOK_ID: webhook_id}
