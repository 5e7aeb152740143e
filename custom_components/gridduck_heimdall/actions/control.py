"""Boost, snooze and resume assets."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NoReturn

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..api.override import Override, RunningOverride
from ..api.sanitizer import sanitize_name
from ..core.asset_account import FEW, Terms
from ..core.events import Cause
from ..core.exceptions import explain, failure
from .ranges import duration_between
from .targets import AssetTarget, async_controllable_assets

ATTR_DURATION: Final = "duration"

# Longer than this is a schedule, not an override. Contract: gridduck-api.md, "Snooze an asset".
MIN_DURATION: Final = timedelta(seconds=1)
MAX_DURATION: Final = timedelta(hours=24)


DURATION: Final = duration_between(MIN_DURATION, MAX_DURATION, "duration_out_of_range")
"""Validates how long an override lasts."""

RESUME_SCHEMA: Final = cv.make_entity_service_schema({})
OVERRIDE_SCHEMA: Final = cv.make_entity_service_schema({vol.Required(ATTR_DURATION): DURATION})


async def async_control(
    hass: HomeAssistant, call: ServiceCall, *, kind: Override
) -> JsonObjectType | None:
    """Control all assets of the target concurrently, and return a response if one is requested.

    A failure does not stop the others. If some succeed and a response is requested, the failures
    are part of it.

    Args:
        hass: Home Assistant.
        call: the action.
        kind: boost or snooze, for the duration of the action; none to resume.

    Raises:
        HomeAssistantError: some of several assets failed, named in the message; or the error
            of the only asset.
    """
    resolved = await async_controllable_assets(hass, call)
    targets = resolved.found
    # A few assets are urgent, as a person waits for them; a whole site is not.
    terms = Terms(cause=Cause(context=call.context), urgent=len(targets) <= FEW)
    length: timedelta = call.data.get(ATTR_DURATION, timedelta())
    seconds = round(length.total_seconds())
    results = await asyncio.gather(*[_async_try(one, kind, seconds, terms) for one in targets])
    outcomes = list(zip(targets, results, strict=True))
    failures = {
        target: result for target, result in outcomes if isinstance(result, HomeAssistantError)
    }
    if failures and not (call.return_response and len(failures) < len(targets)):
        _raise(failures, len(targets))
    if not call.return_response:
        return None
    return {
        "assets": [
            {**_named(target), **_until(result)}
            for target, result in outcomes
            if not isinstance(result, HomeAssistantError)
        ],
        "failed": [
            {**_named(target), "message": explain(error)} for target, error in failures.items()
        ],
        "passed_over": [one.answer() for one in resolved.passed_over],
    }


async def _async_try(
    target: AssetTarget, kind: Override, seconds: int, terms: Terms
) -> RunningOverride | HomeAssistantError | None:
    commands = target.account.commands
    try:
        if kind is not Override.NONE:
            return await commands.async_override(kind, target.asset_id, seconds, terms)
        await commands.async_resume(target.asset_id, terms)
    except HomeAssistantError as error:
        return error
    return None


def _raise(failures: Mapping[AssetTarget, HomeAssistantError], total: int) -> NoReturn:
    error = next(iter(failures.values()))
    if total == 1:
        raise error
    raise failure(
        HomeAssistantError,
        "assets_not_controlled",
        error,
        failed=str(len(failures)),
        total=str(total),
        names=", ".join(map(_name, failures)),
    ) from error


def _name(target: AssetTarget) -> str:
    return target.account.asset_name(target.asset_id) or sanitize_name(target.asset_id)


def _named(target: AssetTarget) -> JsonObjectType:
    device = target.account.device_of(target.asset_id)
    return {"name": _name(target), "device_id": device.id if device else None}


def _until(running: RunningOverride | None) -> JsonObjectType:
    return {"until": running.end.isoformat(timespec="seconds")} if running else {}
