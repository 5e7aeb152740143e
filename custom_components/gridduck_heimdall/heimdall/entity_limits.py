"""Which entities of lines are registered, by the account's choice and its size.

Home Assistant enables at most 10,000 new entities of an account; a line and its facility have about
thirty. A large account therefore registers only the essential ones of each line. Products that no
entity shows are not requested.
"""

from typing import Final

from ..core.entity_choice import EntityChoice, Tier
from .inventory import FacilityItem, GridItem

MOST_DEVICES: Final = 600
"""Maximum number of devices for which everything is registered automatically."""


def deepest_tier(choice: EntityChoice, devices: int, item: GridItem) -> Tier:
    """Return the last tier that is registered of a device.

    Args:
        choice: the account's.
        devices: the number of devices of the account.
        item: the item of the device.
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
