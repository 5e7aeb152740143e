"""What the entities of both clouds have in common."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping, Set as AbstractSet
from enum import StrEnum
from typing import Any, Final, override

from homeassistant.const import ATTR_DEVICE_CLASS
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import AnnouncingCoordinator

type Builders = Mapping[str, Callable[[], Entity]]

ADDED_AT_ONCE: Final = 30
"""Entities after which everybody else has a turn: Home Assistant adds a list of them in one go."""


class Marker(StrEnum):
    """Device classes that mark the one entity by which a target finds a kind of device.

    A filter of a target knows an entity's domain and device class, and no class of Home
    Assistant's own tells a line from any other device. To filter by integration is not enough:
    the user interface then offers all entities of the integration, and it counts none of them.
    """

    ASSET = f"{DOMAIN}__asset"
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
        shown = (self.available, self._read())
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

    Parameters:
        coordinator: whose announcements tell where to look, until its account is closed.
        add_entities: the platform's own callback.
        present: the keys that exist now.
        build: for a key, how to make each of its entities, by unique id.
    """
    # Thousands of keys with a few entities each: tuples cost little, and the entities' own texts
    # nothing.
    known: dict[KeyT, tuple[str | None, ...]] = {}

    @callback
    def missing(key: KeyT) -> list[Entity]:
        mine = known.get(key, ())
        made = [make() for unique_id, make in build(key).items() if unique_id not in mine]
        known[key] = (*mine, *(entity.unique_id for entity in made))
        return made

    @callback
    def announced() -> None:
        there = present()
        told = coordinator.announced
        if told is None:
            told = there | known.keys()
        for key in (told & known.keys()) - there:
            del known[key]
        if found := [entity for key in told & there for entity in missing(key)]:
            add_entities(found)

    coordinator.config_entry.async_on_unload(coordinator.async_add_listener(announced))
    there, found = present(), list[Entity]()
    for key in tuple(there):
        if key in there:
            found += missing(key)
        if len(found) >= ADDED_AT_ONCE:
            add_entities(found)
            await asyncio.sleep(0)
            there, found = present(), []
    if found:
        add_entities(found)
