"""The integration's actions."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.device_registry import AnyDeviceEntry
import voluptuous as vol

from .api.heimdall import Quantity, UnitSystem
from .const import DOMAIN
from .exceptions import action_errors
from .gridduck.account import GridDuckAccount
from .heimdall.account import HeimdallAccount
from .heimdall.answers import (
    FORECAST_KINDS,
    MEASUREMENT_KINDS,
    async_forecast,
    async_measurements,
)
from .targets import AssetTarget, async_asset_targets

SERVICE_BOOST: Final = "boost"
SERVICE_SNOOZE: Final = "snooze"
SERVICE_RESUME: Final = "resume"
SERVICE_GET_FORECAST: Final = "get_forecast"
SERVICE_GET_MEASUREMENTS: Final = "get_measurements"

ATTR_DURATION: Final = "duration"
ATTR_KINDS: Final = "kinds"
ATTR_QUANTITY: Final = "quantity"
ATTR_UNIT_SYSTEM: Final = "unit_system"
ATTR_INCLUDE_DETAILS: Final = "include_details"
ATTR_SINCE: Final = "since"

# Longer than this is a schedule, not an override. Contract: gridduck-api.md, "Snooze an asset".
MIN_DURATION: Final = timedelta(seconds=1)
MAX_DURATION: Final = timedelta(hours=24)

type Control = Callable[[GridDuckAccount, str], Coroutine[Any, Any, None]]


def _duration(value: object) -> timedelta:
    """Validate how long an override lasts: 1 second to 24 hours."""
    duration = cv.positive_time_period(value)
    if not MIN_DURATION <= duration <= MAX_DURATION:
        raise vol.Invalid("The duration must be between 1 second and 24 hours")
    return duration


_RESUME_SCHEMA: Final = cv.make_entity_service_schema({})
_OVERRIDE_SCHEMA: Final = cv.make_entity_service_schema({vol.Required(ATTR_DURATION): _duration})


def _answer_schema(kinds: frozenset[str], more: dict[vol.Marker, object]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(ATTR_DEVICE_ID): cv.string,
            vol.Optional(ATTR_KINDS): vol.All(cv.ensure_list, [vol.In(sorted(kinds))]),
            vol.Optional(ATTR_QUANTITY, default=Quantity.CURRENT): vol.Coerce(Quantity),
            vol.Optional(ATTR_UNIT_SYSTEM, default=UnitSystem.METRIC): vol.Coerce(UnitSystem),
            **more,
        }
    )


_FORECAST_SCHEMA: Final = _answer_schema(FORECAST_KINDS, {})
_MEASUREMENTS_SCHEMA: Final = _answer_schema(
    MEASUREMENT_KINDS,
    {
        vol.Optional(ATTR_INCLUDE_DETAILS, default=False): cv.boolean,
        vol.Optional(ATTR_SINCE): cv.datetime,
    },
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in (
        (SERVICE_BOOST, _async_boost, _OVERRIDE_SCHEMA),
        (SERVICE_SNOOZE, _async_snooze, _OVERRIDE_SCHEMA),
        (SERVICE_RESUME, _async_resume, _RESUME_SCHEMA),
    ):
        hass.services.async_register(DOMAIN, name, partial(handler, hass), schema)
    for name, answer, schema in (
        (SERVICE_GET_FORECAST, _async_get_forecast, _FORECAST_SCHEMA),
        (SERVICE_GET_MEASUREMENTS, _async_get_measurements, _MEASUREMENTS_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN, name, partial(answer, hass), schema, SupportsResponse.ONLY
        )


async def _async_boost(hass: HomeAssistant, call: ServiceCall) -> None:
    seconds = _seconds(call)
    await _async_control(hass, call, lambda account, asset: account.async_boost(asset, seconds))


async def _async_snooze(hass: HomeAssistant, call: ServiceCall) -> None:
    seconds = _seconds(call)
    await _async_control(hass, call, lambda account, asset: account.async_snooze(asset, seconds))


async def _async_resume(hass: HomeAssistant, call: ServiceCall) -> None:
    await _async_control(hass, call, lambda account, asset: account.async_resume(asset))


def _seconds(call: ServiceCall) -> int:
    duration: timedelta = call.data[ATTR_DURATION]
    return round(duration.total_seconds())


async def _async_control(hass: HomeAssistant, call: ServiceCall, control: Control) -> None:
    """Control all assets of the target side by side; one that fails stops none of the others."""

    async def one(target: AssetTarget) -> None:
        async with action_errors():
            await control(target.account, target.asset_id)

    results = await asyncio.gather(
        *(one(target) for target in await async_asset_targets(hass, call)),
        return_exceptions=True,
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _async_get_forecast(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    account, device = _line_or_facility(hass, call)
    async with action_errors():
        return await async_forecast(
            account,
            device,
            call.data.get(ATTR_KINDS),
            quantity=call.data[ATTR_QUANTITY],
            unit_system=call.data[ATTR_UNIT_SYSTEM],
        )


async def _async_get_measurements(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    account, device = _line_or_facility(hass, call)
    async with action_errors():
        return await async_measurements(
            account,
            device,
            call.data.get(ATTR_KINDS),
            quantity=call.data[ATTR_QUANTITY],
            unit_system=call.data[ATTR_UNIT_SYSTEM],
            include=call.data[ATTR_INCLUDE_DETAILS],
            since=call.data.get(ATTR_SINCE),
        )


def _line_or_facility(
    hass: HomeAssistant, call: ServiceCall
) -> tuple[HeimdallAccount, AnyDeviceEntry]:
    """Return the device that the action asks about, and its account.

    Raises:
        ServiceValidationError: it is not a line or facility of an account in use.
    """
    device, entry = service.async_get_device_and_config_entry(
        hass, DOMAIN, call.data[ATTR_DEVICE_ID]
    )
    account = entry.runtime_data
    if not isinstance(account, HeimdallAccount) or account.target_of(device) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_line",
            translation_placeholders={"device": device.name_by_user or device.name or device.id},
        )
    return account, device
