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
        Unauthorized: the user may not read one of the load limits, or an asset about which one
            decided that is gone.
    """
    load_limits = hass.data[LOAD_LIMITS]
    limits = {key: one.device for key, one in load_limits.limits.items()}
    found = {device.id for device in limits.values() if device is not None}
    decisions = list(load_limits.record.journal)
    # Without a device, the permission on all sensors counts.
    found |= {one.device_id or "" for one in decisions if limits.get(one.limit_id) is None}
    await async_check_devices(hass, call.context, found, POLICY_READ)
    return {"decisions": [one.as_dict() for one in reversed(decisions)]}
