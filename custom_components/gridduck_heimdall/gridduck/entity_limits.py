"""Which entities of assets are registered, by the account's choice and its size.

Home Assistant enables at most 10,000 new entities of an account. A large account therefore
registers fewer entities of each asset, and a very large one only its meters.
"""

from collections.abc import Mapping
from typing import Final

from ..core.entity_choice import EntityChoice, Tier

MOST_ASSETS: Final[Mapping[Tier, int]] = {
    Tier.DETAIL: 700,
    Tier.STANDARD: 1_600,
    Tier.ESSENTIAL: 2_400,
}
"""Maximum number of assets for which a tier is registered automatically.

Beyond the last, only assets that measure others have entities: each entity costs some 15 kB, and
time in every full garbage collection, which blocks the event loop.
"""


def automatic_tier(assets: int) -> Tier:
    """Return the last tier that is registered automatically for this number of assets."""
    return next((tier for tier, most in MOST_ASSETS.items() if assets <= most), Tier.ESSENTIAL)


def deepest_tier(choice: EntityChoice, assets: int) -> Tier:
    """Return the last tier that is registered for this number of assets."""
    return choice.deepest(automatic_tier(assets))


def meters_only(choice: EntityChoice, assets: int) -> bool:
    """Return whether only assets that measure others have entities."""
    return choice.automatic and assets > MOST_ASSETS[Tier.ESSENTIAL]
