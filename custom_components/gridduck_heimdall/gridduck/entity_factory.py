"""Create the entities of assets and sites from descriptions, as they appear."""

from collections.abc import Callable, Iterable, Iterator, Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..core.entity import Builders, async_add_as_found
from ..core.entity_choice import EntityChoice
from .keys import Key
from .runtime_data import GridDuckData


class Description(Protocol):
    """Description of an entity."""

    @property
    def key(self) -> str:
        """The last part of the entity's unique id."""

    @property
    def entity_registry_enabled_default(self) -> bool:
        """Whether the entity is enabled once it is registered."""

    def exists(self, data: GridDuckData, item: str) -> bool:
        """Return whether the asset or site with this id has the entity."""

    def is_registered(
        self, data: GridDuckData, item: str, choice: EntityChoice | None = None
    ) -> bool:
        """Return whether the account's choice, or another, has the entity registered."""


type Make = Callable[[GridDuckData, str], Entity]
"""Makes an entity of the asset or site with an id."""


@dataclass(frozen=True, slots=True)
class EntityGroup:
    """Entities that a set of assets or sites has.

    Attributes:
        platform: the entities'.
        present: returns the keys of those assets or sites.
        entities: the description and the factory of each entity.
    """

    platform: Platform
    present: Callable[[GridDuckData], AbstractSet[Key]]
    entities: tuple[tuple[Description, Make], ...]

    async def async_add(self, data: GridDuckData, add: AddConfigEntryEntitiesCallback) -> None:
        """Add the entities, now and as they appear."""

        def build(key: Key) -> Builders:
            item = key if isinstance(key, str) else key[1]
            return {
                data.unique_id(item, description.key): partial(make, data, item)
                for description, make in self.entities
                # A registered entity stays while its value is missing.
                if (description.exists(data, item) and description.is_registered(data, item))
                or data.registered(self.platform, item, description.key)
            }

        await async_add_as_found(data.assets, add, lambda: self.present(data), build)

    def registered(self, data: GridDuckData, item: str) -> Iterator[er.RegistryEntry]:
        """Yield the entities of an asset or site that are registered."""
        for description, _ in self.entities:
            if (entry := data.registered(self.platform, item, description.key)) is not None:
                yield entry


def entity_group[DescriptionT: Description](
    platform: Platform,
    present: Callable[[GridDuckData], AbstractSet[Key]],
    descriptions: Iterable[DescriptionT],
    make: Callable[[DescriptionT, GridDuckData, str], Entity],
) -> EntityGroup:
    """Return the group of one class of entities, one entity for each description."""
    return EntityGroup(platform, present, tuple((one, partial(make, one)) for one in descriptions))


def all_assets(data: GridDuckData) -> AbstractSet[Key]:
    """Return the keys of all assets."""
    return data.assets.data.keys()


def controllable_assets(data: GridDuckData) -> AbstractSet[Key]:
    """Return the keys of the assets that may be boosted and snoozed."""
    return data.assets.inventory.controllable


def viewable_assets(data: GridDuckData) -> AbstractSet[Key]:
    """Return the keys of the assets that cannot be controlled."""
    return data.assets.inventory.viewable


def all_sites(data: GridDuckData) -> AbstractSet[Key]:
    """Return the keys of all sites."""
    return data.assets.inventory.site_keys


def all_gateways(data: GridDuckData) -> AbstractSet[Key]:
    """Return the keys of all gateways."""
    return data.assets.inventory.gateway_keys
