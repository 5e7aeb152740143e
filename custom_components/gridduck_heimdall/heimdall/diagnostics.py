"""Diagnostics of an account and of its devices."""

from collections import Counter
from typing import Any

from homeassistant.util import dt as dt_util
import msgspec

from ..api.heimdall import ResponseKind
from ..history.importer import Importer
from .assets_coordinator import ASSETS_INTERVAL
from .coordinator import INTERVALS, ReadingsCoordinator
from .inventory import GridItem
from .products import Group
from .runtime_data import HeimdallData


def account_diagnostics(data: HeimdallData, importer: Importer) -> dict[str, Any]:
    """Return counts, the state of polls and failures, and the call budget."""
    assets = data.assets
    return {
        "options": dict(data.entry.options),
        "lines_listed": len(assets.data.parts),
        "devices": Counter(item.kind.value for item in assets.data.grid_items.values()),
        # By kind alone: the key of a grid owner is its name.
        "missing": Counter(key.partition(":")[0] for key in assets.data.missing),
        "assets": {
            "interval_seconds": ASSETS_INTERVAL.total_seconds(),
            "last_poll_succeeded": assets.last_update_success,
            "last_error": _error(assets.last_exception),
            "malformed": assets.malformed,
        },
        "unknown_units": sorted(data.client.unknown_units),
        "polls": {group.value: _poll(group, poll) for group, poll in data.polls.items()},
        "calls_per_hour": calls_per_hour(data),
        "calls_last_hour": data.meter.last_hour(),
        "calls_so_far": dict(data.meter.total),
        "history": importer.diagnostics(),
    }


def calls_per_hour(data: HeimdallData) -> dict[str, float]:
    """Return the calls per hour that each product currently costs."""
    calls = {ResponseKind.ASSETS.value: _assets_per_hour()}
    for poll in data.polls.values():
        calls |= poll.schedule.calls_per_hour(dt_util.utcnow())
    return calls | {"total": round(sum(calls.values()), 1)}


def calls_by_kind(data: HeimdallData) -> dict[str, float]:
    """Return the calls per hour by the kinds that the call meter counts."""
    groups = {
        group.value: round(sum(poll.schedule.calls_per_hour(dt_util.utcnow()).values()), 1)
        for group, poll in data.polls.items()
    }
    return {ResponseKind.ASSETS.value: _assets_per_hour()} | groups


def _assets_per_hour() -> float:
    return round(3600 / ASSETS_INTERVAL.total_seconds(), 2)


def item_diagnostics(data: HeimdallData, item: GridItem) -> dict[str, Any]:
    """Return the diagnostics of one line, facility, span or sensor."""
    target = data.target(item.key)
    readings = {
        product.key: {
            "answer": msgspec.to_builtins(reading.payload),
            "stale": sorted(reading.stale),
            "down": reading.down,
        }
        for product, reading in ({} if target is None else target.readings).items()
    }
    return {
        "kind": item.kind.value,
        "item": msgspec.to_builtins(item.asset),
        "readings": readings,
    }


def _poll(group: Group, poll: ReadingsCoordinator) -> dict[str, Any]:
    slots = poll.schedule.slots
    return {
        "interval_seconds": INTERVALS[group].total_seconds(),
        "last_poll_succeeded": poll.last_update_success,
        "last_error": _error(poll.last_exception),
        "asked_for": Counter(slot.request.product.key for slot in slots.values()),
        "without_data": {
            key: slot.pause.total_seconds() for key, slot in slots.items() if slot.pause is not None
        },
        "forbidden": [key for key, slot in slots.items() if slot.forbidden],
        "watched": [slot.request.key for slot in poll.schedule.watched(dt_util.utcnow())],
        "failing": {key: slot.error for key, slot in slots.items() if slot.failures},
    }


def _error(error: BaseException | None) -> str | None:
    return None if error is None else f"{type(error).__name__}: {error}"
