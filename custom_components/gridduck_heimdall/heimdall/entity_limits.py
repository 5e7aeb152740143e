"""Which entities of lines are registered, by the account's choice and how many devices it has.

Home Assistant enables 10,000 new entities of an account at most, and leaves out what comes after.
A line and its facility have about thirty. So that no line is without what matters most, a large
account registers only that; products that no entity shows are not requested.
"""

from typing import Final

from ..core.entity_choice import EntityChoice, Tier
from .inventory import FacilityItem, GridItem

MOST_DEVICES: Final = 600
"""Devices of an account of which everything is registered automatically."""


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
