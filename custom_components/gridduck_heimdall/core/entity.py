"""What the entities of both clouds have in common."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping, Set as AbstractSet
from enum import StrEnum
from itertools import islice
from typing import Any, Final, override

from homeassistant.const import ATTR_DEVICE_CLASS
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from .coordinator import AnnouncingCoordinator

type Builders = Mapping[str, Callable[[], Entity]]

ADDED_AT_ONCE: Final = 30
"""Entities after which everybody else has a turn: Home Assistant adds a list of them in one go."""
FOUND_AT_ONCE: Final = 5
"""The same for entities that appear later, beside whatever else goes on by then."""
LOOKED_AT_ONCE: Final = 50
"""Keys that are looked at in one go for entities that have appeared."""


class Marker(StrEnum):
    """Device classes that mark the one entity by which a target finds a kind of device.

    A filter of a target knows an entity's domain and device class, and no class of Home
    Assistant's own tells a line from any other device. To filter by integration is not enough:
    the user interface then offers all entities of the integration, and it counts none of them.
    """

    ASSET = f"{DOMAIN}__asset"
    VIEWED_ASSET = f"{DOMAIN}__viewed_asset"
    GATEWAY = f"{DOMAIN}__gateway"
    SITE = f"{DOMAIN}__site"
    LINE = f"{DOMAIN}__line"
    FACILITY = f"{DOMAIN}__facility"
    ICE = f"{DOMAIN}__ice"


class MarkingEntity(Entity):
    """An entity that may mark its device for targets."""

    _marker: Marker | None = None

    @property
    @override
    def capability_attributes(self) -> dict[str, Any] | None:
        """Return what the entity is capable of, and what it marks."""
        capabilities = super().capability_attributes
        if self._marker is None:
            return capabilities
        return {**(capabilities or {}), ATTR_DEVICE_CLASS: self._marker.value}


class AnnouncedEntity[CoordinatorT: AnnouncingCoordinator[Any, Any]](
    CoordinatorEntity[CoordinatorT]
):
    """An entity that writes its state only when what it shows has changed."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: CoordinatorT, keys: Collection[Hashable], unique_id: str
    ) -> None:
        """Follow the keys of the coordinator's data that this entity shows."""
        super().__init__(coordinator, context=keys)
        self._attr_unique_id = unique_id
        self._shown: object = None

    @abstractmethod
    def _read(self) -> object:
        """Take over the current values, and return all that is shown, to be compared."""

    @callback
    def _refresh(self) -> bool:
        """Take over the current values and tell whether anything shown has changed."""
        value = self._read()
        shown = (self.available, value)
        changed, self._shown = shown != self._shown, shown
        return changed

    @property
    @override
    def available(self) -> bool:
        """Whether the coordinator's data may be shown."""
        return self.coordinator.serving

    @override
    async def async_added_to_hass(self) -> None:
        """Read the values for the first time, right before the first state is written."""
        await super().async_added_to_hass()
        self._refresh()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if self._refresh():
            self.async_write_ha_state()


async def async_add_as_found[KeyT: Hashable](
    coordinator: AnnouncingCoordinator[KeyT, Any],
    add_entities: AddConfigEntryEntitiesCallback,
    present: Callable[[], AbstractSet[KeyT]],
    build: Callable[[KeyT], Builders],
) -> None:
    """Add the entities of what is there, and of whatever appears or gains a value later.

    Args:
        coordinator: whose announcements tell where to look, until its account is closed.
        add_entities: the platform's own callback.
        present: the keys that exist now.
        build: for a key, how to make each of its entities, by unique id.
    """
    adding = _Adding(coordinator, add_entities, present, build)
    remove_listener = coordinator.async_add_inventory_listener(adding.announced)
    coordinator.config_entry.async_on_unload(remove_listener)
    await adding.async_add_present()


class _Adding[KeyT: Hashable]:
    """Adds the entities of some keys, a portion at a time."""

    def __init__(
        self,
        coordinator: AnnouncingCoordinator[KeyT, Any],
        add_entities: AddConfigEntryEntitiesCallback,
        present: Callable[[], AbstractSet[KeyT]],
        build: Callable[[KeyT], Builders],
    ) -> None:
        """Begin without entities; parameters as of `async_add_as_found`."""
        self._coordinator = coordinator
        self._add_entities = add_entities
        self._present = present
        self._build = build
        # Thousands of keys with a few entities each: tuples cost little, and the entities' own
        # texts nothing.
        self._known: dict[KeyT, tuple[str | None, ...]] = {}
        self._waiting: dict[KeyT, None] = {}

    async def async_add_present(self) -> None:
        """Add the entities of all that is there."""
        there, found = self._present(), list[Entity]()
        for key in tuple(there):
            if key in there:
                found += self._missing(key)
            if len(found) >= ADDED_AT_ONCE:
                self._add_entities(found)
                await asyncio.sleep(0)
                there, found = self._present(), []
        if found:
            self._add_entities(found)

    @callback
    def announced(self) -> None:
        """Forget what is gone, and have what was announced looked at in portions."""
        there, announced = self._present(), self._coordinator.announced
        if announced is None:
            announced = there | self._known.keys()
        for key in (announced & self._known.keys()) - there:
            del self._known[key]
        if found := announced & there:
            self._waiting.update(dict.fromkeys(found))
            self._coordinator.work_in_portions(self._add_portion)

    @callback
    def _add_portion(self) -> bool:
        """Add some entities that are missing, and return whether there may be more."""
        if not self._coordinator.in_use:
            # The platforms may have been unloaded already.
            self._waiting.clear()
        there, found = self._present(), list[Entity]()
        for key in tuple(islice(self._waiting, LOOKED_AT_ONCE)):
            if key in there:
                found += self._missing(key, FOUND_AT_ONCE - len(found))
            if len(found) >= FOUND_AT_ONCE:
                # The key may have more entities, for which the next portion looks.
                break
            del self._waiting[key]
        if found:
            self._add_entities(found)
        return bool(self._waiting)

    @callback
    def _missing(self, key: KeyT, most: int | None = None) -> list[Entity]:
        """Make the entities of a key that were not made before, or `most` of them."""
        mine = self._known.get(key, ())
        missing = (make for unique_id, make in self._build(key).items() if unique_id not in mine)
        made = [make() for make in islice(missing, most)]
        self._known[key] = (*mine, *(entity.unique_id for entity in made))
        return made
