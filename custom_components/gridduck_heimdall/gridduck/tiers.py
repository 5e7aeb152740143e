"""Which entities of assets are registered, by the account's choice and how many assets it has.

Home Assistant enables 10,000 new entities of an account at most, and leaves out what comes after.
So that no asset is without what matters most, a large account registers less of each.
"""

from collections.abc import Mapping
from typing import Final

from custom_components.gridduck_heimdall.entity_choice import EntityChoice, Tier

MOST_ASSETS: Final[Mapping[Tier, int]] = {Tier.DETAIL: 700, Tier.STANDARD: 1_600}
"""How many assets an account may have for a tier to be registered automatically."""

MOST_CONTROLS: Final = 4_800
"""How many assets may automatically have power and a switch as well; of more, each has one."""


def automatic_tier(assets: int) -> Tier:
    """Return the last tier that an account of so many assets registers automatically."""
    return next((tier for tier, most in MOST_ASSETS.items() if assets <= most), Tier.ESSENTIAL)


def deepest_tier(choice: EntityChoice, assets: int) -> Tier:
    """Return the last tier that is registered in an account of so many assets."""
    return choice.deepest(automatic_tier(assets))


def one_each(choice: EntityChoice, assets: int) -> bool:
    """Tell whether assets that have their power registered go without a switch."""
    return choice.automatic and assets > MOST_CONTROLS
