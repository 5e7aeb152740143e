"""Options of an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.helpers.selector import BooleanSelector
import voluptuous as vol

CONF_DATA_HOOK: Final = "data_hook"

DEFAULT_DATA_HOOK: Final = False

OPTIONS_SCHEMA: Final[vol.Schema] = vol.Schema(
    {vol.Required(CONF_DATA_HOOK, default=DEFAULT_DATA_HOOK): BooleanSelector()}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class GridDuckOptions:
    """The options of one account.

    Attributes:
        data_hook: whether GridDuck may push data.
        webhook_id: the secret part of the webhook's address; None before the first use.
    """

    data_hook: bool = DEFAULT_DATA_HOOK
    webhook_id: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return the options of a config entry."""
        return cls(
            data_hook=options.get(CONF_DATA_HOOK, DEFAULT_DATA_HOOK),
            webhook_id=options.get(CONF_WEBHOOK_ID),
        )


def with_webhook_id(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the secret of the address, which is generated once."""
    return {CONF_WEBHOOK_ID: webhook.async_generate_id(), **options}
