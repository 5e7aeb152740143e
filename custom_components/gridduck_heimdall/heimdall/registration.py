"""Entities that a choice excludes, and how many another choice would enable."""

import asyncio
from collections.abc import Collection, Iterator
from itertools import batched
from typing import Final

from homeassistant.const import Platform

from ..core.entity_choice import EntityChoice
from ..core.inclusion import Inclusion
from ..core.registry_cleanup import EntityKey
from .catalog import DESCRIPTIONS
from .descriptions import AnyDescription
from .excluded import split
from .inventory import GridItem
from .runtime_data import HeimdallData

_COUNTED_AT_ONCE: Final = 50
_ACCOUNT_ENTITIES: Final = 2
"""The progress of the import and the calendar."""


def excluded_entities(data: HeimdallData, choice: EntityChoice) -> Iterator[Collection[EntityKey]]:
    """Yield the entities of each item that a choice excludes, existing or not.

    For a choice other than the account's own, yield those that it excludes in addition.
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


async def async_count_enabled(
    data: HeimdallData, choice: EntityChoice, inclusion: Inclusion
) -> int:
    """Return the number of entities that a choice currently enables.

    Args:
        data: the account.
        choice: which entities are registered.
        inclusion: of which lines.
    """
    count = _ACCOUNT_ENTITIES
    included, _ = split(data.assets.data.grid_items.values(), inclusion)
    for some in batched(included.values(), _COUNTED_AT_ONCE, strict=False):
        count += sum(_enabled(data, item, choice) for item in some)
        await asyncio.sleep(0)
    return count


def _enabled(data: HeimdallData, item: GridItem, choice: EntityChoice) -> int:
    """Count the entities of an item; one that is not polled yet counts as if it had a value."""
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
