"""The response of the action `get_history`."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from operator import itemgetter
import time
from types import MappingProxyType
from typing import Any, Final

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import msgspec

from ..api.errors import PermissionDenied
from ..api.heimdall import Endpoint, Parameters, Quantity, UnitSystem, endpoints
from ..api.heimdall.models.assets import Facility
from ..const import DOMAIN
from .backend import HeimdallAccount
from .line_response import targets

_HISTORIES: Final[Mapping[str, Endpoint[Any]]] = MappingProxyType(
    {
        "current": endpoints.CURRENTS,
        "apparent_power": endpoints.APPARENT_POWERS,
        "conductor_temperature": endpoints.TEMPERATURES,
        "dlr": endpoints.DLRS,
        "aar": endpoints.AARS,
        "icing": endpoints.ICINGS,
        "sag_and_clearance": endpoints.SAGS_AND_CLEARANCES,
        "circuit_rating": endpoints.CIRCUIT_RATINGS,
    }
)

HISTORY_KINDS: Final = frozenset(_HISTORIES)

MOST_CALLS: Final = 24
"""Calls that one action may cost: almost two years of 30-day windows, all held in memory."""

# The fields that identify an item of a list: the part of the line, the time, or both.
_IDENTITY: Final = ("span_id", "span_phase_id", "measurement_point_id", "timestamp")

_LOWEST: Final = "min_clearance"
"""The only extreme that is a minimum; all others are maxima."""


async def async_history(
    account: HeimdallAccount,
    device: AnyDeviceEntry,
    kind: str,
    start: datetime,
    end: datetime,
    *,
    quantity: Quantity,
    unit_system: UnitSystem,
    include: bool,
) -> JsonObjectType:
    """Return the measurements or ratings of a range of time of any length.

    Args:
        account: the account of the device.
        device: a line, a facility, or a part of a line.
        kind: one of `HISTORY_KINDS`.
        start: the start of the range; by default in the user's time zone.
        end: the end of the range; as `start`.
        quantity: of ratings: A or MVA.
        unit_system: of temperatures, ice, tension, sag and clearance.
        include: whether to add the breakdown by span or sensor.

    The windows are requested one after the other, and the responses are joined in the order of
    time, without duplicates. A kind without data is named under `no_data`.
    Contract: heimdall-api.md §2, §5.7.

    Raises:
        ApiError: a window could not be requested, or the service has requested a pause.
        HomeAssistantError: the service's id does not fit into a URL path.
        ServiceValidationError: the range is empty, or takes more than `MOST_CALLS` calls.
    """
    endpoint, ids = _HISTORIES[kind], targets(account, device)
    target = account.target_of(device)
    line = target.line if isinstance(target, Facility) else target
    parameters = Parameters(
        quantity=quantity if endpoint.takes_quantity else None,
        unit_system=unit_system if endpoint.takes_unit_system else None,
        include=endpoint.include if include else None,
    )
    start, end = dt_util.as_utc(start), dt_util.as_utc(end)
    longest = endpoint.longest_window(line, parameters.get("include"))
    _check_range(start, end, (end - start) / longest)
    if (target_id := ids.get(endpoint.target)) is None:
        return {"no_data": [kind]}
    try:
        with account.throttle.passing(time.time):
            answers = [
                msgspec.to_builtins(answer, builtin_types=(datetime,))
                async for answer in account.client.async_history(
                    endpoint, target_id, start, end, line=line, **parameters
                )
            ]
    except PermissionDenied as error:
        if error.without_token:
            raise
        # A product that the account may not read counts as missing.
        answers = []
    if not answers:
        return {"no_data": [kind]}
    joined = _join(answers)
    # The number of malformed parts is for the log, not part of the response.
    joined.pop("(malformed)", None)
    return {kind: msgspec.to_builtins(joined), "no_data": []}


def _check_range(start: datetime, end: datetime, calls: float) -> None:
    if start >= end:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="empty_range")
    if calls > MOST_CALLS:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="range_too_long",
            translation_placeholders={"calls": str(MOST_CALLS)},
        )


def _join(answers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Merge several responses, or several parts of the same name in them."""
    by_name: dict[str, list[Any]] = {}
    for answer in answers:
        for name, value in answer.items():
            by_name.setdefault(name, []).append(value)
    return {
        name: _join_values(name, [value for value in values if value is not None])
        for name, values in by_name.items()
    }


def _join_values(name: str, values: list[Any]) -> Any:
    match values:
        case []:
            return None
        case [dict() as one, *_] if "timestamp" in one:
            # The extreme of each window becomes that of the range.
            known = [value for value in values if value["value"] is not None]
            extreme = min if name == _LOWEST else max
            return extreme(known, key=itemgetter("value"), default=one)
        case [dict(), *_]:
            return _join(values)
        case [list() | tuple(), *_]:
            return _join_lists(item for value in values for item in value)
    return values[-1]


def _join_lists(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items in the order of time, each once, and each part of the line once."""
    by_identity: dict[Hashable, list[dict[str, Any]]] = {}
    for item in items:
        identity = tuple(item.get(name) for name in _IDENTITY)
        by_identity.setdefault(identity, []).append(item)
    joined = [same[-1] if "timestamp" in same[-1] else _join(same) for same in by_identity.values()]
    if joined and "timestamp" in joined[0]:
        joined.sort(key=itemgetter("timestamp"))
    return joined
