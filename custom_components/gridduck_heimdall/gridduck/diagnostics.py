"""The state of an account, for those who look for a fault."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from custom_components.gridduck_heimdall.coordinator import AnnouncingCoordinator

from .estate import Estate
from .source import Source
from .temperature import PROBES

_HOUR: Final = timedelta(hours=1)


def account_state(estate: Estate, source: Source, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return counts, polls, calls and options; nothing of it names an asset."""
    assets, temperatures = estate.assets, estate.temperatures
    return {
        "control_granted": assets.granted,
        "counts": {
            "assets": len(assets.data),
            "controllable": len(assets.controllable),
            "disconnected": sum(not asset.connected for asset in assets.data.values()),
            "sites": len(assets.sites),
            "missing": assets.presence.missing,
            "malformed": assets.malformed,
            "temperatures": len(temperatures.data),
        },
        "telemetry_offered": temperatures.offered,
        "polls": {
            "assets": {"pages": assets.pages, **_poll_state(assets)},
            "temperatures": _poll_state(temperatures),
        },
        "calls_per_hour": {
            "list": round(_polls_an_hour(assets) * assets.pages),
            "telemetry": round(_polls_an_hour(temperatures) * (len(temperatures.data) + PROBES)),
        },
        "calls_so_far": dict(source.transport.calls),
        "options": dict(options),
    }


def _poll_state(coordinator: AnnouncingCoordinator[Any, Any]) -> dict[str, Any]:
    interval, error = coordinator.update_interval, coordinator.last_exception
    failed = error is not None and not coordinator.last_update_success
    return {
        "interval_seconds": None if interval is None else interval.total_seconds(),
        "serving": coordinator.serving,
        "error": str(error.__cause__ or error) if error is not None and failed else None,
    }


def _polls_an_hour(coordinator: AnnouncingCoordinator[Any, Any]) -> float:
    interval = coordinator.update_interval
    return 0 if interval is None else _HOUR / interval
