"""Import history on request."""

from collections.abc import Collection
from typing import Final

from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
)
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType

from ..const import DOMAIN
from ..core.backend import Account
from .ranges import RANGE, checked_range
from .targets import async_accounts_and_devices

_MOST_NAMED: Final = 10
_TARGETS: Final = (ATTR_AREA_ID, ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID)

IMPORT_SCHEMA: Final = cv.make_entity_service_schema(RANGE)


async def async_import_history(hass: HomeAssistant, call: ServiceCall) -> JsonObjectType:
    """Import the history of the target's lines and assets in the background.

    Returns:
        What is not imported: statistics that the recorder excludes, and devices that were
        passed over.

    Raises:
        ServiceValidationError: nothing of the target has a history, or nothing is recorded.
    """
    start, end = checked_range(call)
    wanted: dict[Account, set[str]] = {}
    targets = await async_accounts_and_devices(hass, call)
    for account, devices in targets.found.items():
        of_account = {key for device in devices for key in account.importer.keys_of(device)}
        if of_account:
            wanted[account] = of_account
    if not wanted:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_history")
    recorded = {account: account.importer.recorded(keys) for account, keys in wanted.items()}
    left_out = [one for found in recorded.values() for one in found.excluded]
    keys = {key for found in recorded.values() for key in found.keys}
    if not keys or (left_out and _only_names(call, left_out)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_recorded",
            translation_placeholders={"entities": ", ".join(left_out[:_MOST_NAMED])},
        )
    for account, found in recorded.items():
        account.importer.request(found.keys, start, end)
    return {
        "not_recorded": [*left_out],
        "passed_over": [one.answer() for one in targets.passed_over],
    }


def _only_names(call: ServiceCall, left_out: Collection[str]) -> bool:
    """Return whether a target contains only entities that are left out."""
    named = {key: call.data[key] for key in _TARGETS if call.data.get(key)}
    entities = named.pop(ATTR_ENTITY_ID, None)
    return bool(entities) and not named and set(entities) <= set(left_out)
