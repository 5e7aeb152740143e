"""Entities that a choice excludes, and how many another choice would register."""

import asyncio
from collections.abc import Collection, Iterator
from itertools import batched
from typing import Final

from homeassistant.const import Platform

from ..api.gridduck import Asset
from ..core.entity_choice import EntityChoice, Tier
from ..core.inclusion import Inclusion
from ..core.registry_cleanup import EntityKey
from .catalog import ENTITY_GROUPS
from .entity import AssetDescription
from .entity_factory import EntityGroup
from .keys import Key, Kind
from .runtime_data import GridDuckData
from .temperature_sensor import TEMPERATURE

_COUNTED_AT_ONCE: Final = 200
_ACCOUNT_ENTITIES: Final = 2
"""The progress of the import and the calendar."""


def excluded_entities(data: GridDuckData, choice: EntityChoice) -> Iterator[Collection[EntityKey]]:
    """Yield the entities of each asset that a choice excludes, existing or not.

    For another than the account's own choice, only those excluded in addition.
    """
    own = choice == data.choice
    described = [
        (
            description.tier,
            one.platform,
            description.key,
            description.entity_registry_enabled_default,
        )
        for one in ENTITY_GROUPS
        for description, _ in one.entities
        if isinstance(description, AssetDescription)
    ]
    described.append((TEMPERATURE.tier, Platform.SENSOR, TEMPERATURE.key, True))

    def excludes(asset: Asset, tier: Tier) -> bool:
        return not data.registers(asset, tier, choice) and (own or data.registers(asset, tier))

    for asset in tuple(data.assets.data.values()):
        tiers = {tier for tier in Tier if excludes(asset, tier)}
        yield [
            EntityKey(platform, data.unique_id(asset.id, key), enabled)
            for tier, platform, key, enabled in described
            if tier in tiers
        ]


async def async_count_enabled(
    data: GridDuckData, choice: EntityChoice, inclusion: Inclusion
) -> int:
    """Return the number of entities that a choice currently enables by default.

    Args:
        data: the account.
        choice: which entities are registered.
        inclusion: of which sites.
    """
    count = _ACCOUNT_ENTITIES
    for one in ENTITY_GROUPS:
        keys = tuple(key for key in one.present(data) if _is_included(data, key, inclusion))
        for some in batched(keys, _COUNTED_AT_ONCE, strict=False):
            present = one.present(data)
            count += sum(_enabled(data, one, key, choice) for key in some if key in present)
            await asyncio.sleep(0)
    return count + sum(
        data.registers(asset, TEMPERATURE.tier, choice)
        for asset_id in data.temperatures.data
        if (asset := data.assets.data.get(asset_id)) is not None
        and inclusion.includes(asset.site_id)
    )


def _is_included(data: GridDuckData, key: Key, inclusion: Inclusion) -> bool:
    match key:
        case str():
            asset = data.assets.data.get(key)
            return asset is not None and inclusion.includes(asset.site_id)
        case (Kind.SITE, site_id):
            return inclusion.includes(site_id)
    # A gateway has one entity, whichever of its assets remain.
    return True


def _enabled(data: GridDuckData, group: EntityGroup, key: Key, choice: EntityChoice) -> int:
    item = key if isinstance(key, str) else key[1]
    return sum(
        description.entity_registry_enabled_default
        and description.exists(data, item)
        and description.is_registered(data, item, choice)
        for description, _ in group.entities
    )
