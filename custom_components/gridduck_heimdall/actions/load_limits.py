"""What load limits have decided, and why."""

from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
import voluptuous as vol

from ..core.authorization import async_check_devices
from ..load_limits.runtime import LOAD_LIMITS

DECISIONS_SCHEMA: Final = vol.Schema({})


async def async_get_decisions(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return the last decisions of all load limits, the newest first.

    Raises:
        Unauthorized: the user may not read one of the load limits.
    """
    load_limits = hass.data[LOAD_LIMITS]
    devices = (one.device for one in load_limits.limits.values())
    found = {device.id for device in devices if device is not None}
    await async_check_devices(hass, call.context, found, POLICY_READ)
    return {"decisions": [one.as_dict() for one in reversed(list(load_limits.record.journal))]}
