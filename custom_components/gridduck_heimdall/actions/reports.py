"""Actions that report on a line or a site over a range of time, from long-term statistics."""

from collections.abc import Mapping
from typing import Final, cast

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.recorder import get_instance
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..api.errors import ApiError
from ..const import DOMAIN, LOGGER
from ..core.asset_account import AssetAccount
from ..core.authorization import async_check_devices, async_check_entity
from ..core.backend import Account
from ..core.device_map import name_of
from ..core.line_account import LineAccount
from ..forecast.opening_hours import OpeningHours
from ..forecast.reports import share
from ..forecast.reports_line import line_report, read_line
from ..forecast.reports_site import read_site, site_report
from ..forecast.rows import HourRange
from ..forecast.skill import DAYS
from ..forecast.skill_runtime import FORECAST_SKILL
from ..history.hours import start_of
from ..history.statistics import recorder_loaded
from .ranges import RANGE, checked_range

ATTR_DAYS: Final = "days"
ATTR_OPENING_HOURS: Final = "opening_hours"

SCHEDULE: Final = "schedule"
"""The domain of the helpers that give opening hours."""

GET_SCHEDULE: Final = "get_schedule"

LINE_REPORT_SCHEMA: Final = vol.Schema({vol.Required(ATTR_DEVICE_ID): cv.string, **RANGE})
SKILL_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(ATTR_DAYS, default=DAYS): vol.All(vol.Coerce(int), vol.Range(1, DAYS)),
    }
)
SITE_REPORT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(ATTR_OPENING_HOURS): cv.entity_domain(SCHEDULE),
        **RANGE,
    }
)


async def async_get_line_report(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return what the dynamic rating of a line was worth in a range, and how it was loaded.

    Raises:
        ServiceValidationError: the device has no line, the range has no whole hour, or nothing is
            recorded.
        Unauthorized: the user may not read the line.
    """
    account, device = _device(hass, call)
    statistics = account.line_statistics(device) if isinstance(account, LineAccount) else None
    if not isinstance(account, LineAccount) or statistics is None:
        raise _refused(translation_key="not_a_line", device=name_of(device))
    line = account.line_device(device) or device
    await async_check_devices(hass, call.context, {device.id, line.id}, POLICY_READ)
    hours = _hours(hass, call)

    def read() -> dict[str, object]:
        return line_report(read_line(hass, statistics, hours), statistics, hours)

    report = await get_instance(hass).async_add_executor_job(read)
    fallback = await _async_fallback(account, device, hours)
    return cast("JsonObjectType", {**report, "fallback": fallback})


async def async_get_forecast_skill(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return how well the forecasts of a line or site came true.

    Raises:
        ServiceValidationError: the device is neither a line nor a site.
        Unauthorized: the user may not read it.
    """
    account, device = _device(hass, call)
    subject: AnyDeviceEntry | None = None
    if isinstance(account, LineAccount):
        subject = account.line_device(device)
    elif any(load.device_id == device.id for load in account.measured_loads()):
        # An asset has a load too, of which no forecast is noted.
        subject = device
    if subject is None:
        raise _refused(translation_key="not_a_line_or_site", device=name_of(device))
    await async_check_devices(hass, call.context, {device.id, subject.id}, POLICY_READ)
    skill = hass.data[FORECAST_SKILL]
    return cast("JsonObjectType", skill.report(account, subject.id, call.data[ATTR_DAYS]))


async def async_get_site_report(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return the energy, cost and demand of a site, a gateway or an asset in a range.

    Raises:
        ServiceValidationError: the device has no assets, the range has no whole hour, nothing is
            recorded, or there is no such schedule.
        Unauthorized: the user may not read all of it.
    """
    account, device = _device(hass, call)
    assets = account.energy_statistics([device]) if isinstance(account, AssetAccount) else []
    if not assets:
        raise _refused(translation_key="not_an_asset", target=name_of(device))
    await async_check_devices(hass, call.context, {device.id}, POLICY_READ)
    opening = await _async_opening_hours(hass, call)
    hours = _hours(hass, call)

    def read() -> dict[str, object]:
        return site_report(read_site(hass, assets, hours), hours, opening)

    return cast("JsonObjectType", await get_instance(hass).async_add_executor_job(read))


def _device(hass: HomeAssistant, call: ServiceCall) -> tuple[Account, AnyDeviceEntry]:
    device, entry = service.async_get_device_and_config_entry(
        hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    return entry.runtime_data, device


def _hours(hass: HomeAssistant, call: ServiceCall) -> HourRange:
    start, end = checked_range(call)
    hours = HourRange.within(start, end)
    if not len(hours):
        raise _refused(translation_key="no_whole_hour")
    if not recorder_loaded(hass):
        raise _refused(translation_key="nothing_recorded")
    return hours


async def _async_fallback(
    account: LineAccount, device: AnyDeviceEntry, hours: HourRange
) -> Mapping[str, object] | None:
    """Return the share of ratings that were fallbacks; None if the service does not say."""
    try:
        async with account.lifetime.within():
            found = await account.async_fallbacks(
                device, start_of(hours.first), start_of(hours.end)
            )
    except ApiError as error:
        # The figures from the statistics are worth having without it.
        LOGGER.warning("The report of %s lacks the share of fallback: %s", name_of(device), error)
        return None
    if found is None:
        return None
    return {"ratings": found.ratings, "share": share(found.fallback, found.ratings)}


async def _async_opening_hours(hass: HomeAssistant, call: ServiceCall) -> OpeningHours | None:
    if (entity_id := call.data.get(ATTR_OPENING_HOURS)) is None:
        return None
    await async_check_entity(hass, call.context, entity_id, POLICY_READ)
    if hass.states.get(entity_id) is None:
        raise _refused(translation_key="no_schedule", entity=entity_id)
    # Without the user: the action of the helper asks for the permission to control it.
    answer = await hass.services.async_call(
        SCHEDULE,
        GET_SCHEDULE,
        {ATTR_ENTITY_ID: entity_id},
        blocking=True,
        return_response=True,
    )
    found = (answer or {}).get(entity_id)
    if not isinstance(found, Mapping):
        raise _refused(translation_key="no_schedule", entity=entity_id)
    return OpeningHours.of(found, dt_util.get_default_time_zone())


def _refused(*, translation_key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=translation_key,
        translation_placeholders=placeholders,
    )
