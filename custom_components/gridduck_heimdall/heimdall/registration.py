"""What an account's choice leaves out, and how much another choice would register."""

import asyncio
from collections.abc import Collection, Iterator
from itertools import batched
from typing import Final

from homeassistant.const import Platform

from ..core.entity_choice import EntityChoice
from ..core.registry_cleanup import EntityKey
from .catalog import DESCRIPTIONS
from .descriptions import AnyDescription
from .inventory import GridItem
from .runtime_data import HeimdallData

_COUNTED_AT_ONCE: Final = 50
_ACCOUNT_ENTITIES: Final = 1


def excluded_entities(data: HeimdallData, choice: EntityChoice) -> Iterator[Collection[EntityKey]]:
    """Yield what a choice leaves out of each device, existing or not.

    Where it is not the account's own choice, that is what it leaves out in addition.
    """
    own = choice == data.choice

    def excludes(item: GridItem, description: AnyDescription) -> bool:
        return not data.registers(item, description, choice) and (
            own or data.registers(item, description)
        )

    for item in tuple(data.assets.data.grid_items.values()):
        yield [
            EntityKey(
                platform,
                data.unique_id(item, description),
                description.entity_registry_enabled_default,
            )
            for platform, description in _described(item)
            if excludes(item, description)
        ]


async def async_count_enabled(data: HeimdallData, choice: EntityChoice) -> int:
    """Return how many entities a choice has enabled from the start, as things are now."""
    count = _ACCOUNT_ENTITIES
    grid_items = tuple(data.assets.data.grid_items.values())
    for some in batched(grid_items, _COUNTED_AT_ONCE, strict=False):
        count += sum(_enabled(data, item, choice) for item in some)
        await asyncio.sleep(0)
    return count


def _enabled(data: HeimdallData, item: GridItem, choice: EntityChoice) -> int:
    """Count what an item would have; what is not asked for yet counts as if it had a value."""
    target = data.target(item.key)
    return sum(
        description.entity_registry_enabled_default
        and data.registers(item, description, choice)
        and (target is None or description.exists(target) or not data.registers(item, description))
        for _, description in _described(item)
    )


def _described(item: GridItem) -> Iterator[tuple[Platform, AnyDescription]]:
    for platform, of_kind in DESCRIPTIONS.items():
        for description in of_kind.get(item.kind, ()):
            yield platform, description
