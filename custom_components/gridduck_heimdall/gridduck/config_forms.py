"""Configuration and options forms of GridDuck accounts."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, override

from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol
from yarl import URL

from ..api.addresses import BadAddress, checked_websocket_url
from ..api.gridduck import BASE_URL
from ..const import CONF_BASE_URL
from ..core.backend import AccountEntry, OptionsForm
from ..core.config_forms import (
    ADDRESS,
    CREDENTIALS,
    SECTION_ADVANCED,
    AccountForm,
    FormError,
    checked_address,
    stripped,
)
from .data_hook import async_address
from .devices import DASHBOARD
from .options import (
    CONF_DATA_HOOK,
    CONF_REAL_TIME_ADDRESS,
    CONF_REAL_TIME_MESSAGE,
    OPTIONS_SCHEMA,
    with_webhook_id,
)

# In the order in which GridDuck lists them.
SCOPES: Final = "site:view asset:view asset:boost_snooze asset:edit"


class GridDuckForm(AccountForm):
    """Credentials, and the address of the API."""

    fields: ClassVar[vol.Schema] = CREDENTIALS
    advanced: ClassVar[vol.Schema] = vol.Schema(
        {vol.Required(CONF_BASE_URL, default=BASE_URL): ADDRESS}
    )
    placeholders: ClassVar[Mapping[str, str]] = {"dashboard": DASHBOARD, "scopes": SCOPES}

    @override
    def default_addresses(self, user_input: Mapping[str, Any]) -> Mapping[str, str]:
        return {CONF_BASE_URL: BASE_URL}

    @override
    def addresses(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        return {CONF_BASE_URL: checked_address(user_input[SECTION_ADVANCED][CONF_BASE_URL])}


@callback
def options_form(hass: HomeAssistant, entry: AccountEntry) -> OptionsForm:
    """Ask whether and how GridDuck sends data, and show the address to send it to."""
    # The address that is shown first is the one that is stored.
    values = with_webhook_id(entry.options)
    webhook_id: str = values[CONF_WEBHOOK_ID]
    base_url: str = entry.data[CONF_BASE_URL]

    def merged(stored: Mapping[str, Any], entered: dict[str, Any]) -> dict[str, Any]:
        wanted = _with_real_time(entered, base_url)
        if not wanted[CONF_DATA_HOOK]:
            # An address that is no longer used is dropped: the next one differs.
            return wanted
        return {CONF_WEBHOOK_ID: stored.get(CONF_WEBHOOK_ID, webhook_id), **wanted}

    return OptionsForm(
        schema=OPTIONS_SCHEMA,
        values=values,
        merged=merged,
        placeholders={
            "address": async_address(hass, webhook_id),
            "host": URL(base_url).host or base_url,
        },
    )


def _with_real_time(entered: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """Return what was entered, with a checked real-time address; without one, it is off.

    Raises:
        FormError: the address cannot be used.
    """
    wanted = dict(entered)
    for key in (CONF_REAL_TIME_ADDRESS, CONF_REAL_TIME_MESSAGE):
        if text := stripped(wanted.pop(key, "")):
            wanted[key] = text
    if (address := wanted.get(CONF_REAL_TIME_ADDRESS)) is not None:
        try:
            checked_websocket_url(address, base_url)
        except BadAddress as error:
            raise FormError(f"real_time_{error.fault}", CONF_REAL_TIME_ADDRESS) from None
    return wanted
