"""Diagnostics of an account."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from ..api.gridduck.client import LIST_CALLS, TELEMETRY_CALLS
from ..core.coordinator import PollingCoordinator
from .access import Access
from .keys import Kind
from .runtime_data import GridDuckData

_HOUR: Final = timedelta(hours=1)


def account_state(data: GridDuckData, access: Access, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return counts, polls, calls and options, without names of assets."""
    assets, temperatures = data.assets, data.temperatures
    return {
        "control_granted": assets.inventory.granted,
        "counts": {
            "assets": len(assets.data),
            "controllable": len(assets.inventory.controllable),
            "disconnected": sum(not asset.connected for asset in assets.data.values()),
            "sites": len(assets.inventory.sites),
            "missing": assets.presence.missing,
            "excluded": len(assets.excluded.items.get(Kind.ASSET, ())),
            "malformed": assets.list_status.malformed,
            "temperatures": len(temperatures.data),
        },
        "list": {
            "complete": assets.list_status.incomplete is None,
            "reason": assets.list_status.incomplete,
            "received": assets.list_status.received,
            "total": assets.list_status.total,
            "page_limit": access.client.page_limit,
        },
        "telemetry_offered": temperatures.offered,
        "not_available": {
            feature.value: {
                "reason": reason,
                "asked_again_in_seconds": round(access.client.offered.seconds_left(feature)),
            }
            for feature, reason in access.client.offered.missing.items()
        },
        "polls": {
            "assets": {"pages": assets.list_status.pages, **_poll_state(assets)},
            "temperatures": _poll_state(temperatures),
        },
        "calls_per_hour": calls_per_hour(data),
        "calls_last_hour": access.meter.last_hour(),
        "calls_so_far": dict(access.meter.total),
        "options": dict(options),
    }


def calls_per_hour(data: GridDuckData) -> dict[str, int]:
    """Return the calls per hour that polling currently costs, by kind."""
    assets, temperatures = data.assets, data.temperatures
    return {
        LIST_CALLS: round(_polls_an_hour(assets) * assets.list_status.pages),
        TELEMETRY_CALLS: round(_polls_an_hour(temperatures) * temperatures.calls),
    }


def _poll_state(coordinator: PollingCoordinator[Any, Any]) -> dict[str, Any]:
    interval, error = coordinator.update_interval, coordinator.last_exception
    failed = error is not None and not coordinator.last_update_success
    return {
        "interval_seconds": None if interval is None else interval.total_seconds(),
        "serving": coordinator.serving,
        "error": str(error.__cause__ or error) if error is not None and failed else None,
    }


def _polls_an_hour(coordinator: PollingCoordinator[Any, Any]) -> float:
    interval = coordinator.update_interval
    return 0 if interval is None else _HOUR / interval
