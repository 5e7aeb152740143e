"""Actions that shed and restore load."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr, service
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.target import TargetSelection
import voluptuous as vol

from ..api.sanitizer import sanitize_name
from ..const import DOMAIN
from ..core.authorization import async_check_devices
from ..core.backend import backend_of
from ..core.line_account import LineAccount, LineState
from ..load_limits.runtime import LOAD_LIMITS
from ..load_limits.shedding.goal import Goal, Origin, of_current, of_loading, of_power
from ..load_limits.shedding.passed import Passed
from ..load_limits.shedding.schedule import Pace
from ..load_limits.shedding.shed import SheddingParameters
from .control import ATTR_DURATION, DURATION
from .ranges import duration_between
from .targets import async_asset_devices

ATTR_LINE: Final = "line"
ATTR_LONGEST_OFF: Final = "longest_off"
ATTR_PRIORITY: Final = "priority"
ATTR_ALLOW_NON_INTERRUPTIBLE: Final = "allow_non_interruptible"
ATTR_VERIFY_FOR: Final = "verify_for"
ATTR_DRY_RUN: Final = "dry_run"
ATTR_ASSETS_PER_STEP: Final = "assets_per_step"
ATTR_INTERVAL: Final = "interval"

_VERIFICATION: Final = duration_between(
    timedelta(), timedelta(minutes=30), "verification_out_of_range"
)
_INTERVAL: Final = duration_between(timedelta(), timedelta(hours=24), "interval_out_of_range")
MOST_PER_STEP: Final = 1000
HIGHEST_LOADING: Final = 200


_ABOVE_ZERO: Final = vol.All(vol.Coerce(float), vol.Range(min=0, min_included=False, max=1e12))
SHED_SCHEMA: Final = cv.make_entity_service_schema(
    {
        vol.Optional(Origin.POWER.value): _ABOVE_ZERO,
        vol.Optional(ATTR_LINE): cv.string,
        vol.Optional(Origin.CURRENT.value): _ABOVE_ZERO,
        vol.Optional(Origin.TO_LOADING.value): vol.All(
            vol.Coerce(float), vol.Range(min=0, max=HIGHEST_LOADING)
        ),
        vol.Required(ATTR_DURATION): DURATION,
        vol.Optional(ATTR_LONGEST_OFF): DURATION,
        vol.Optional(ATTR_PRIORITY, default=list): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_ALLOW_NON_INTERRUPTIBLE, default=False): cv.boolean,
        vol.Optional(ATTR_VERIFY_FOR, default=timedelta(minutes=3)): _VERIFICATION,
        vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
    }
)
RESTORE_SCHEMA: Final = vol.Schema(
    {
        vol.Remove("metadata"): dict,
        **cv.ENTITY_SERVICE_FIELDS,
        vol.Optional(ATTR_LINE): cv.string,
        vol.Optional(ATTR_ASSETS_PER_STEP, default=1): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_PER_STEP)
        ),
        vol.Optional(ATTR_INTERVAL, default=timedelta(minutes=1)): _INTERVAL,
    }
)


async def async_shed_load(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Shed assets of the target until the goal is reached."""
    _check_goal(call.data)
    if (line := call.data.get(ATTR_LINE)) is not None:
        # The response describes the line.
        lines = {line, _line_device(hass, line)}
        await async_check_devices(hass, call.context, lines, POLICY_READ)
    policies = (POLICY_CONTROL, POLICY_READ) if call.data[ATTR_DRY_RUN] else (POLICY_CONTROL,)
    targets = await async_asset_devices(hass, call, policies)
    goal, longest_off = _goal(hass, call.data), call.data.get(ATTR_LONGEST_OFF)
    parameters = SheddingParameters(
        targets=targets.found,
        goal=goal,
        duration=call.data[ATTR_DURATION].total_seconds(),
        longest_off=None if longest_off is None else longest_off.total_seconds(),
        verify_for=call.data[ATTR_VERIFY_FOR].total_seconds(),
        dry_run=call.data[ATTR_DRY_RUN],
        context=call.context,
        priority=call.data[ATTR_PRIORITY],
        non_interruptible=call.data[ATTR_ALLOW_NON_INTERRUPTIBLE],
    )
    outcome = await hass.data[LOAD_LIMITS].requests.async_shed(parameters)
    return replace(outcome, passed=_once(*targets.passed_over, *outcome.passed)).answer()


async def async_restore_load(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Restore the shed assets of the target, or all, in steps."""
    requests = hass.data[LOAD_LIMITS].requests
    targets, passed = None, list[Passed]()
    selection = TargetSelection(call.data)
    # Exclusions without a target are a mistake: everything would be restored.
    if selection.has_any_target or selection.exclude is not None:
        resolved = await async_asset_devices(hass, call)
        targets, passed = resolved.found, resolved.passed_over
    else:
        devices = {one.device_id for one in requests.curtailed}
        await async_check_devices(hass, call.context, filter(None, devices), POLICY_CONTROL)
    interval = call.data[ATTR_INTERVAL].total_seconds()
    pace = Pace(per_step=call.data[ATTR_ASSETS_PER_STEP], interval=interval)
    line = None
    if (device_id := call.data.get(ATTR_LINE)) is not None:
        line = _line_device(hass, device_id)
    restored = await requests.async_restore(targets, pace, call.context, line)
    return restored.answer(_once(*passed, *restored.passed))


def _once(*passed: Passed) -> tuple[Passed, ...]:
    """Return the passed over, each device once."""
    return tuple({one.device_id or one.name: one for one in passed}.values())


def _check_goal(data: dict[str, Any]) -> None:
    """Check that there is exactly one goal.

    Raises:
        ServiceValidationError: there is none or more than one, or its line is missing.
    """
    given = {origin for origin in Origin if origin in data}
    if len(given) > 1 or (Origin.POWER in given and ATTR_LINE in data):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="several_goals")
    if not given or (Origin.POWER not in given and ATTR_LINE not in data):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_goal")


def _goal(hass: HomeAssistant, data: dict[str, Any]) -> Goal:
    """Return the power or current to shed now.

    Raises:
        ServiceValidationError: it cannot be computed.
    """
    if (power := data.get(Origin.POWER)) is not None:
        return of_power(power)
    line = _line(hass, data[ATTR_LINE])
    return replace(_line_goal(data, line), line_device=_line_device(hass, data[ATTR_LINE]))


def _line_goal(data: dict[str, Any], line: LineState) -> Goal:
    """Return the current by which a line must be relieved now.

    Raises:
        ServiceValidationError: it cannot be computed.
    """
    if line.voltage is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_voltage",
            translation_placeholders={"line": line.name},
        )
    if (current := data.get(Origin.CURRENT)) is not None:
        return of_current(current, line, line.voltage)
    if line.current is None or line.limit is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="loading_unknown",
            translation_placeholders={"line": line.name},
        )
    return of_loading(data[Origin.TO_LOADING], line, line.current, line.limit, line.voltage)


def _line(hass: HomeAssistant, device_id: str) -> LineState:
    """Return the line of the goal.

    Raises:
        ServiceValidationError: it is not a line of a loaded account.
    """
    device, entry = service.async_get_device_and_config_entry(hass, DOMAIN, device_id)
    account = entry.runtime_data
    line = account.line_state(device) if isinstance(account, LineAccount) else None
    if line is None:
        raise _no_line(device_id, device)
    return line


def _line_device(hass: HomeAssistant, device_id: str) -> str:
    """Return the device of the line; for a facility or sensor, that of its line.

    If the account is not loaded, its devices are unknown and represent themselves.

    Raises:
        ServiceValidationError: it is not a line.
    """
    device, entry = dr.async_get_device_and_config_entry_for_domain(hass, device_id, domain=DOMAIN)
    if (
        device is None
        or entry is None
        or not issubclass(backend_of(entry.data).account, LineAccount)
    ):
        raise _no_line(device_id, device)
    if entry.state is not ConfigEntryState.LOADED:
        return device_id
    account: LineAccount = entry.runtime_data
    if account.line_state(device) is None:
        raise _no_line(device_id, device)
    found = account.line_device(device)
    return device_id if found is None else found.id


def _no_line(device_id: str, device: AnyDeviceEntry | None) -> ServiceValidationError:
    names = () if device is None else (device.name_by_user, device.name)
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="line_needed",
        translation_placeholders={"device": sanitize_name(*names, device_id)},
    )
