"""All descriptions of entities, the most important first."""

from itertools import chain
from typing import Final

from . import binary_sensor, button, number, sensor, switch
from .entity import AssetDescription
from .entity_factory import EntityGroup
from .temperature_sensor import TEMPERATURE

ENTITY_GROUPS: Final[tuple[EntityGroup, ...]] = tuple(
    chain.from_iterable(
        platform.ENTITY_GROUPS for platform in (switch, sensor, binary_sensor, number, button)
    )
)
"""The entities of assets, sites and gateways that appear with these."""

ASSET_DESCRIPTIONS: Final[tuple[AssetDescription, ...]] = (
    *(
        description
        for group in ENTITY_GROUPS
        for description, _ in group.entities
        if isinstance(description, AssetDescription)
    ),
    TEMPERATURE,
)
