"""Action that returns what a load limit is going to curtail."""

from collections.abc import Iterable
from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID, UnitOfPower
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..const import DOMAIN
from ..core.authorization import async_check_devices, async_check_entity
from ..core.device_map import name_of
from ..core.expected_load import HOURS_AHEAD
from ..core.line_forecast import Confidence
from ..load_limits.active_limit import ActiveLimit
from ..load_limits.control_law.plan import Planned, PlannedHour
from ..load_limits.planning.planner import LimitPlan, async_load_is_known, async_plan
from ..load_limits.runtime import LOAD_LIMITS

ATTR_HOURS: Final = "hours"
ATTR_LEVEL: Final = "level"
ATTR_STORING: Final = "storing"

PLAN_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(ATTR_HOURS, default=24): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=HOURS_AHEAD)
        ),
        vol.Optional(ATTR_LEVEL, default=Confidence.PREDICTION): vol.Coerce(Confidence),
        vol.Optional(ATTR_STORING): vol.All(cv.ensure_list, [cv.string]),
    }
)


async def async_plan_load(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return what a load limit is going to curtail in the hours ahead; nothing is switched.

    Raises:
        ServiceValidationError: the device is no load limit in use, or load or limit is unknown.
        Unauthorized: the user may not read the load limit, what it measures, or a candidate.
    """
    device, _ = service.async_get_device_and_config_entry(hass, DOMAIN, call.data[ATTR_DEVICE_ID])
    limit = _limit_of(hass, device)
    known = hass.data[LOAD_LIMITS].assets.known
    candidates = {known[key].device_id for key in limit.request.candidates if key in known}
    read = {device.id, limit.config.device_id, *candidates} - {None}
    await async_check_devices(hass, call.context, map(str, read), POLICY_READ)
    if limit.config.sensor is not None and (sensor := limit.meter.source()) is not None:
        await async_check_entity(hass, call.context, sensor, POLICY_READ)
    plan = await async_plan(
        hass,
        limit,
        hours=call.data[ATTR_HOURS],
        confidence=call.data[ATTR_LEVEL],
        storing=call.data.get(ATTR_STORING),
    )
    if plan is None:
        if await async_load_is_known(hass, limit):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="limit_unknown",
                translation_placeholders={"device": limit.name},
            )
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="load_unknown",
            translation_placeholders={"device": limit.name},
        )
    return {
        "load_limit": limit.name,
        "unit": limit.meter.unit,
        "power_unit": UnitOfPower.WATT.value,
        "hours": [_hour(plan, one) for one in plan.hours],
    }


def _limit_of(hass: HomeAssistant, device: AnyDeviceEntry) -> ActiveLimit:
    """Return the load limit of a device.

    Raises:
        ServiceValidationError: the device is none.
    """
    for limit in hass.data[LOAD_LIMITS].limits.values():
        if limit.identifier in device.identifiers:
            return limit
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_a_load_limit",
        translation_placeholders={"device": name_of(device)},
    )


def _hour(plan: LimitPlan, hour: PlannedHour) -> JsonObjectType:
    shown = plan.limit.meter.shown
    return {
        "start": _iso(hour.ahead.start),
        "limit": _rounded(shown(hour.ahead.limit)),
        "expected": _rounded(shown(hour.ahead.load)),
        "why": hour.reason,
        "curtail": list(_assets(plan, hour.curtail)),
        "boost": list(_assets(plan, hour.boost)),
        "unmet": _rounded(hour.unmet),
        "left_on": [
            {"asset": _name(plan, key), "why": why.value} for key, why in hour.refusals.items()
        ],
    }


def _assets(plan: LimitPlan, planned: Iterable[Planned]) -> Iterable[JsonObjectType]:
    for one in planned:
        asset = plan.assets.get(one.key)
        yield {
            "asset": _name(plan, one.key),
            "device_id": None if asset is None else asset.device_id,
            "power": _rounded(one.power),
            "from": _iso(one.start),
            "until": _iso(one.end),
        }


def _name(plan: LimitPlan, key: str) -> str:
    asset = plan.assets.get(key)
    name = None if asset is None else asset.account.asset_name(asset.asset_id)
    return name or key.rpartition(" ")[2]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _iso(time: float) -> str:
    return dt_util.utc_from_timestamp(time).isoformat(timespec="seconds")
