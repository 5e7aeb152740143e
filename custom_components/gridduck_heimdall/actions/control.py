"""Boost, snooze and resume assets."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from custom_components.gridduck_heimdall.exceptions import action_errors
from custom_components.gridduck_heimdall.gridduck.account import GridDuckAccount

from .targets import AssetTarget, async_controllable_assets

ATTR_DURATION: Final = "duration"

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


RESUME_SCHEMA: Final = cv.make_entity_service_schema({})
OVERRIDE_SCHEMA: Final = cv.make_entity_service_schema({vol.Required(ATTR_DURATION): _duration})


async def async_boost(hass: HomeAssistant, call: ServiceCall) -> None:
    """Turn the assets of the target on for a while."""
    seconds = _seconds(call)
    await _async_control(hass, call, lambda account, asset: account.async_boost(asset, seconds))


async def async_snooze(hass: HomeAssistant, call: ServiceCall) -> None:
    """Turn the assets of the target off for a while."""
    seconds = _seconds(call)
    await _async_control(hass, call, lambda account, asset: account.async_snooze(asset, seconds))


async def async_resume(hass: HomeAssistant, call: ServiceCall) -> None:
    """End the boosts and snoozes of the assets of the target."""
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
        *(one(target) for target in await async_controllable_assets(hass, call)),
        return_exceptions=True,
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result
