"""Diagnostics of load limits; nothing in them identifies a place."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
import msgspec

from ..core.slices import in_slices
from .active_limit import ActiveLimit
from .journal import Entry
from .runtime import LoadLimits
from .settings.config import (
    CONF_CANDIDATES,
    CONF_LIMIT_ENTITY,
    CONF_ORDER,
    CONF_SENSOR,
    SUBENTRY_TYPE,
)

NAMING: Final = frozenset({CONF_CANDIDATES, CONF_LIMIT_ENTITY, CONF_ORDER, CONF_SENSOR})
"""Settings that may name a place: what was chosen of them is shown as a number."""
NAMES: Final = frozenset({"asset", "device_id", "error", "limit_name"})
"""What may name a place in a decision."""

_NAMED: Final = {"key", "name", "device_id", "entry_id", "line", "why"}
"""Fields of a curtailed asset that name it, or what curtails it."""


async def async_limits_of[RuntimeT](
    load_limits: LoadLimits, entry: ConfigEntry[RuntimeT]
) -> list[dict[str, Any]]:
    """Return the diagnostics of all load limits of an account."""
    limits = (
        limit_diagnostics(load_limits, key, one.data)
        for key, one in entry.subentries.items()
        if one.subentry_type == SUBENTRY_TYPE
    )
    return await in_slices(limits)


def limit_diagnostics(
    load_limits: LoadLimits, limit_id: str, stored: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the diagnostics of a load limit; nothing of one that is not in use."""
    if (limit := load_limits.limits.get(limit_id)) is None:
        return {}
    record = load_limits.record
    off = record.ledger.of(limit_id)
    return {
        "settings": {
            key: _count(value) if key in NAMING else value for key, value in stored.items()
        },
        "shape": limit.shape,
        "candidates": len(limit.request.candidates),
        "reading": msgspec.to_builtins(limit.reading),
        "limit": limit.limit,
        "problems": sorted(limit.problems),
        "status": _status(limit),
        "window": msgspec.to_builtins(limit.window),
        "curtailed": [
            {key: value for key, value in msgspec.to_builtins(one).items() if key not in _NAMED}
            for one in off
        ],
        "decisions": [_decision(one) for one in record.journal if one.limit_id == limit_id],
    }


def _count(value: object) -> int:
    match value:
        case dict():
            return sum(map(_count, value.values()))
        case list() | tuple():
            return len(value)
        case _:
            return 1


def _status(limit: ActiveLimit) -> dict[str, Any]:
    """Return what a load limit is doing; of refusals, how many there are of each kind."""
    status: dict[str, Any] = msgspec.to_builtins(limit.status)
    return status | {"refusals": dict(Counter(map(str, limit.status.refusals.values())))}


def _decision(entry: Entry) -> dict[str, Any]:
    return {key: value for key, value in entry.as_dict().items() if key not in NAMES}
