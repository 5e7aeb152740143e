"""Action that returns the load that is expected of a line, site or asset."""

from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import DOMAIN
from ..core.authorization import async_check_devices
from ..core.device_map import name_of
from ..core.line_account import LineAccount
from ..forecast.answer import load_answer
from ..forecast.runtime import LOAD_FORECASTS

EXPECTED_LOAD_SCHEMA: Final = vol.Schema({vol.Required(ATTR_DEVICE_ID): cv.string})


async def async_get_expected_load(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return what a line, site or asset is expected to carry in the next 48 hours.

    Raises:
        ServiceValidationError: the device is none of a loaded account, has no load, or too little
            of it is recorded.
        Unauthorized: the user may not read the device, or its line.
    """
    device, entry = service.async_get_device_and_config_entry(
        hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    account = entry.runtime_data
    # The response for a facility or sensor is that of its line.
    line = account.line_device(device) if isinstance(account, LineAccount) else None
    read = {device.id} if line is None else {device.id, line.id}
    await async_check_devices(hass, call.context, read, POLICY_READ)
    expected = await hass.data[LOAD_FORECASTS].async_expected_load(device.id)
    if expected is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="load_unknown",
            translation_placeholders={"device": name_of(device)},
        )
    return load_answer(expected, dt_util.utcnow())
