"""Which entities of assets are enabled at first, by how many assets an account has.

Home Assistant enables 10,000 new entities of an account at most, and leaves out what comes after.
So that no asset is without what matters most, a large account starts with less of each; whatever
is not enabled is registered all the same and can be enabled by hand, beyond that number too.
"""

from enum import IntEnum
from typing import Final


class Tier(IntEnum):
    """How soon an entity of an asset gives way, the last first."""

    POWER = 1
    CONTROL = 2
    USUAL = 3
    DETAIL = 4


MOST_ASSETS: Final = {Tier.DETAIL: 700, Tier.USUAL: 1_600, Tier.CONTROL: 4_800}
"""How many assets an account may have for the entities of a tier to be enabled at first."""


def is_enabled(tier: Tier, assets: int) -> bool:
    """Tell whether entities of a tier are enabled at first in an account of so many assets."""
    return tier not in MOST_ASSETS or assets <= MOST_ASSETS[tier]
