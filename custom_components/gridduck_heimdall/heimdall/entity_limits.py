"""Which entities of lines are registered, by the account's choice and how many devices it has.

Home Assistant enables 10,000 new entities of an account at most, and leaves out what comes after.
A line and its facility have about thirty. So that no line is without what matters most, a large
account registers that alone; what no entity shows is not asked for.
"""

from functools import cache
from typing import Final

from ..core.entity_choice import EntityChoice, Tier
from .descriptions import AnyDescription
from .inventory import FacilityItem, GridItem

MOST_DEVICES: Final = 600
"""Devices of an account of which everything is registered automatically."""

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
"""The keys of what is registered in any account."""

_DETAILS: Final = frozenset(
    {
        "breaking_strength_share",
        "last_measurement",
        "limiting_component",
        "limiting_span",
        "tension",
        "voltage",
    }
)
_DETAIL_PARTS: Final = ("transient_rating", "_p95")


def tier_of(description: AnyDescription) -> Tier:
    """Return how much an entity matters."""
    return _tier_of_key(description.key)


@cache
def _tier_of_key(key: str) -> Tier:
    if key in ESSENTIAL:
        return Tier.ESSENTIAL
    if key in _DETAILS or any(part in key for part in _DETAIL_PARTS):
        return Tier.DETAIL
    return Tier.STANDARD


def deepest_tier(choice: EntityChoice, devices: int, item: GridItem) -> Tier:
    """Return the last tier that is registered of a device.

    Args:
        choice: the account's.
        devices: how many the account has.
        item: what the device stands for.
    """
    if choice.all_for and _line_id(item) in choice.all_for:
        return Tier.DETAIL
    return choice.deepest(Tier.DETAIL if devices <= MOST_DEVICES else Tier.ESSENTIAL)


def _line_id(item: GridItem) -> str | None:
    """Return the id of the line that an item is, belongs to, or has."""
    match item:
        case FacilityItem(asset=facility):
            return None if facility.line is None else facility.line.id
        case _:
            return item.line_id
