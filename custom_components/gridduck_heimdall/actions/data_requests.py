"""Actions that list, share and delete data requests of a GridDuck account."""

from datetime import timedelta
from typing import Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..api.addresses import is_path_segment
from ..const import DOMAIN
from ..core.backend import AccountEntry
from ..core.exceptions import action_errors
from ..gridduck.backend import GridDuckAccount
from ..gridduck.data_archive import async_delete, async_get_link, async_list_data_requests
from .ranges import duration_between

ATTR_DATA_REQUEST: Final = "data_request"
ATTR_EXPIRES_IN: Final = "expires_in"

DEFAULT_EXPIRES_IN: Final = timedelta(hours=1)
_VALIDITY: Final = duration_between(
    timedelta(minutes=1), timedelta(days=7), "link_duration_out_of_range"
)
"""Validates for how long a link works."""


def _request_id(value: object) -> str:
    """Validate the id of a data request."""
    text = cv.string(value)
    if not is_path_segment(text):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_a_data_request"
        )
    return text


_ACCOUNT: Final[dict[vol.Marker, object]] = {vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string}
_ONE: Final[dict[vol.Marker, object]] = {
    **_ACCOUNT,
    vol.Required(ATTR_DATA_REQUEST): _request_id,
}
LIST_SCHEMA: Final = vol.Schema(_ACCOUNT)
DELETE_SCHEMA: Final = vol.Schema(_ONE)
LINK_SCHEMA: Final = vol.Schema(
    {
        **_ONE,
        vol.Optional(ATTR_EXPIRES_IN, default=DEFAULT_EXPIRES_IN): _VALIDITY,
    }
)


async def async_list(hass: HomeAssistant, call: ServiceCall) -> JsonObjectType:
    """Return the data requests of an account."""
    async with action_errors():
        return await async_list_data_requests(_account(hass, call))


async def async_link(hass: HomeAssistant, call: ServiceCall) -> JsonObjectType:
    """Return a link to the files of a data request."""
    async with action_errors():
        return await async_get_link(
            _account(hass, call), call.data[ATTR_DATA_REQUEST], call.data[ATTR_EXPIRES_IN]
        )


async def async_delete_one(hass: HomeAssistant, call: ServiceCall) -> None:
    """Delete a data request at GridDuck."""
    async with action_errors():
        await async_delete(_account(hass, call), call.data[ATTR_DATA_REQUEST])


def _account(hass: HomeAssistant, call: ServiceCall) -> GridDuckAccount:
    """Return the account of the action.

    Raises:
        ServiceValidationError: it is not loaded, or does not belong to GridDuck.
    """
    entry: AccountEntry = service.async_get_config_entry(
        hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID]
    )
    account = entry.runtime_data
    if not isinstance(account, GridDuckAccount):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_data_requests",
            translation_placeholders={"account": entry.title},
        )
    return account
