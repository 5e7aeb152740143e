"""Which entities a large account starts with.

Home Assistant enables 10,000 new entities of an account at most, and leaves out what comes after.
A line and its facility have about thirty. So that no line is without what matters most, a large
account starts with that; the rest is registered as disabled, and is not asked for.
"""

from typing import Final

MOST_DEVICES: Final = 600
"""Devices of an account of which everything is enabled at first."""

ESSENTIAL: Final = frozenset(
    {
        "circuit_rating",
        "clearance_min",
        "conductor_temperature_max",
        "current",
        "dlr",
        "dlr_fallback",
        "dlr_forecast_lowest",
        "headroom",
        "ice_load",
        "loading",
    }
)
"""The keys of what is enabled in any account."""


def is_enabled(key: str, devices: int) -> bool:
    """Tell whether an entity is enabled at first in an account of so many devices."""
    return devices <= MOST_DEVICES or key in ESSENTIAL
