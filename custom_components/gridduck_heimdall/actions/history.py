"""Import history on request."""

from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv

from custom_components.gridduck_heimdall.account import Account
from custom_components.gridduck_heimdall.const import DOMAIN

from .ranges import RANGE, checked_range
from .targets import async_accounts_and_devices

IMPORT_SCHEMA: Final = cv.make_entity_service_schema(RANGE)


async def async_import_history(hass: HomeAssistant, call: ServiceCall) -> None:
    """Have the history of the target's lines and assets imported in the background."""
    start, end = checked_range(call)
    wanted: dict[Account, set[str]] = {}
    for account, devices in (await async_accounts_and_devices(hass, call)).items():
        keys = {key for device in devices for key in account.history_keys(device)}
        if keys:
            wanted[account] = keys
    if not wanted:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_history")
    for account, keys in wanted.items():
        account.importer.request(keys, start, end)
