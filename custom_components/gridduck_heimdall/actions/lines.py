"""Actions that return data of a line or facility of Heimdall Power."""

from typing import Final, cast

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..api.heimdall import Quantity, UnitSystem
from ..const import DOMAIN
from ..core.authorization import async_check_devices
from ..core.device_map import name_of
from ..core.exceptions import action_errors
from ..forecast.answer import outlook_answer
from ..forecast.runtime import LOAD_FORECASTS
from ..heimdall.backend import HeimdallAccount
from ..heimdall.history_response import HISTORY_KINDS, async_history
from ..heimdall.line_response import (
    FORECAST_KINDS,
    MEASUREMENT_KINDS,
    async_forecast,
    async_measurements,
)
from .ranges import RANGE, checked_range, utc_time

ATTR_KIND: Final = "kind"
ATTR_KINDS: Final = "kinds"
ATTR_QUANTITY: Final = "quantity"
ATTR_UNIT_SYSTEM: Final = "unit_system"
ATTR_INCLUDE_DETAILS: Final = "include_details"
ATTR_SINCE: Final = "since"

CONGESTION: Final = "congestion"
"""Kind of forecast: expected load and forecast rating, hour by hour."""
NO_DATA: Final = "no_data"

_COMMON: Final = {
    vol.Required(ATTR_DEVICE_ID): cv.string,
    vol.Optional(ATTR_QUANTITY, default=Quantity.CURRENT): vol.Coerce(Quantity),
    vol.Optional(ATTR_UNIT_SYSTEM, default=UnitSystem.METRIC): vol.Coerce(UnitSystem),
}
FORECAST_SCHEMA: Final = vol.Schema(
    {
        **_COMMON,
        vol.Optional(ATTR_KINDS): vol.All(
            cv.ensure_list, [vol.In(sorted({*FORECAST_KINDS, CONGESTION}))]
        ),
    }
)
MEASUREMENTS_SCHEMA: Final = vol.Schema(
    {
        **_COMMON,
        vol.Optional(ATTR_KINDS): vol.All(cv.ensure_list, [vol.In(sorted(MEASUREMENT_KINDS))]),
        vol.Optional(ATTR_INCLUDE_DETAILS, default=False): cv.boolean,
        vol.Optional(ATTR_SINCE): utc_time,
    }
)
HISTORY_SCHEMA: Final = vol.Schema(
    {
        **_COMMON,
        **RANGE,
        vol.Required(ATTR_KIND): vol.In(sorted(HISTORY_KINDS)),
        vol.Optional(ATTR_INCLUDE_DETAILS, default=False): cv.boolean,
    }
)


async def async_get_forecast(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return the forecasts of a line or facility, and how its expected load fits them."""
    account, device = await _async_line_or_facility(hass, call)
    kinds: list[str] | None = call.data.get(ATTR_KINDS)
    async with action_errors(), account.lifetime.within():
        answer = await async_forecast(
            account,
            device,
            kinds,
            quantity=call.data[ATTR_QUANTITY],
            unit_system=call.data[ATTR_UNIT_SYSTEM],
        )
    if kinds is not None and CONGESTION not in kinds:
        return answer
    outlook = hass.data[LOAD_FORECASTS].outlook(device.id)
    if outlook is None:
        return answer | {NO_DATA: [*cast("list[str]", answer[NO_DATA]), CONGESTION]}
    return answer | {CONGESTION: outlook_answer(outlook, dt_util.utcnow())}


async def async_get_measurements(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return the latest measurements and ratings of a line or facility."""
    account, device = await _async_line_or_facility(hass, call)
    async with action_errors(), account.lifetime.within():
        return await async_measurements(
            account,
            device,
            call.data.get(ATTR_KINDS),
            quantity=call.data[ATTR_QUANTITY],
            unit_system=call.data[ATTR_UNIT_SYSTEM],
            include=call.data[ATTR_INCLUDE_DETAILS],
            since=call.data.get(ATTR_SINCE),
        )


async def async_get_history(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Return the measurements or ratings of a line or facility in a time range."""
    account, device = await _async_line_or_facility(hass, call)
    start, end = checked_range(call)
    async with action_errors(), account.lifetime.within():
        return await async_history(
            account,
            device,
            call.data[ATTR_KIND],
            start,
            end,
            quantity=call.data[ATTR_QUANTITY],
            unit_system=call.data[ATTR_UNIT_SYSTEM],
            include=call.data[ATTR_INCLUDE_DETAILS],
        )


async def _async_line_or_facility(
    hass: HomeAssistant, call: ServiceCall
) -> tuple[HeimdallAccount, AnyDeviceEntry]:
    """Return the device of the action and its account.

    Raises:
        ServiceValidationError: it is not a line or facility of a loaded account.
        Unauthorized: the user may not read it.
    """
    device, entry = service.async_get_device_and_config_entry(
        hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    account = entry.runtime_data
    if not isinstance(account, HeimdallAccount) or account.target_of(device) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_line",
            translation_placeholders={"device": name_of(device)},
        )
    # The response for a span or sensor is that of its line.
    devices = {device.id, *account.devices_of_answer(device)}
    await async_check_devices(hass, call.context, devices, POLICY_READ)
    return account, device
