"""Base of the entities of all clouds, and of descriptions of numbers."""

from abc import abstractmethod
import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, Final, override

from homeassistant.const import ATTR_DEVICE_CLASS
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..const import DOMAIN
from .announcing import AnnouncingCoordinator, for_one_slice
from .coordinator import PollingCoordinator

type Builders = Mapping[str, Callable[[], Entity]]

ADDED_AT_ONCE: Final = 10
"""Entities added per turn of the event loop; Home Assistant adds a list without yielding."""
FOUND_AT_ONCE: Final = 2
"""The same for entities that appear later, when other work is running."""
KEYS_PER_BATCH: Final = 50
"""Most keys checked for new entities per turn of the event loop."""


class Marker(StrEnum):
    """Device classes that mark the entity by which a target filter finds a kind of device.

    A target filter knows an entity's domain and device class, and no device class of Home
    Assistant distinguishes a line from other devices. A filter by integration alone does not
    work: the user interface would offer all entities of the integration, and count none.
    """

    ASSET = f"{DOMAIN}__asset"
    VIEWED_ASSET = f"{DOMAIN}__viewed_asset"
    GATEWAY = f"{DOMAIN}__gateway"
    SITE = f"{DOMAIN}__site"
    LINE = f"{DOMAIN}__line"
    FACILITY = f"{DOMAIN}__facility"
    ICE = f"{DOMAIN}__ice"


@dataclass(frozen=True, kw_only=True)
class RoundedDescription(EntityDescription):
    """Base of the descriptions of entities that show numbers.

    The state itself is rounded, not only how it is displayed.

    Attributes:
        precision: decimals of the state, in the native unit; None keeps all of them. At least as
            many as `suggested_display_precision`, which can be changed for each entity.
    """

    precision: int | None = None

    def rounded[T](self, value: T) -> T | float:
        """Return a float as the state shows it, and anything else unchanged."""
        digits = self.precision
        if digits is None or not isinstance(value, float):
            return value
        # With no decimals this is a whole number: "1165", not "1165.0". Adding 0 turns -0.0 into
        # 0.0.
        return round(value, digits or None) + 0


class MarkingEntity(Entity):
    """An entity that can mark its device for target filters."""

    _marker: Marker | None = None

    @property
    @override
    def capability_attributes(self) -> dict[str, Any] | None:
        """The capability attributes, including the mark."""
        capabilities = super().capability_attributes
        if self._marker is None:
            return capabilities
        return {**(capabilities or {}), ATTR_DEVICE_CLASS: self._marker.value}


class AnnouncedEntity[CoordinatorT: PollingCoordinator[Any, Any]](CoordinatorEntity[CoordinatorT]):
    """An entity that writes its state only when it has changed."""

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
        """Read the current values, and return everything that is shown, for comparison.

        It sets `_attr_available`, unless there is always something to show.
        """

    @callback
    def _refresh(self) -> bool:
        """Read the current values, and return whether anything shown has changed."""
        value = self._read()
        shown = (self.available, value)
        changed, self._shown = shown != self._shown, shown
        return changed

    @property
    @override
    def available(self) -> bool:
        """Whether there is something to show and the coordinator's data is valid."""
        return self._attr_available and self.coordinator.serving

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
    """Add the entities of all keys, now and as keys or values appear.

    Args:
        coordinator: its announcements name the keys to check, until the account is closed.
        add_entities: the platform's own callback.
        present: the keys that exist now.
        build: returns the factories of a key's entities, by unique id.
    """
    adding = _Adding(coordinator, add_entities, present, build)
    remove_listener = coordinator.async_add_inventory_listener(adding.announced)
    coordinator.config_entry.async_on_unload(remove_listener)
    await adding.async_add_present()


class _Adding[KeyT: Hashable]:
    """Adds entities in batches."""

    def __init__(
        self,
        coordinator: AnnouncingCoordinator[KeyT, Any],
        add_entities: AddConfigEntryEntitiesCallback,
        present: Callable[[], AbstractSet[KeyT]],
        build: Callable[[KeyT], Builders],
    ) -> None:
        """Start without entities; parameters as for `async_add_as_found`."""
        self._coordinator = coordinator
        self._add_entities = add_entities
        self._present = present
        self._build = build
        # Thousands of keys with a few entities each: tuples take little memory, and the strings are
        # shared with the entities.
        self._known: dict[KeyT, tuple[str | None, ...]] = {}
        self._waiting: dict[KeyT, None] = {}

    async def async_add_present(self) -> None:
        """Add the entities of all present keys."""
        waiting = dict.fromkeys(self._present())
        while waiting:
            if found := self._find(waiting, ADDED_AT_ONCE):
                self._add_entities(found)
            if waiting:
                await asyncio.sleep(0)

    @callback
    def announced(self) -> None:
        """Drop removed keys, and check the announced ones in batches."""
        there, announced = self._present(), self._coordinator.announced
        if announced is None:
            announced = there | self._known.keys()
        for key in (announced & self._known.keys()) - there:
            del self._known[key]
        if found := announced & there:
            self._waiting.update(dict.fromkeys(found))
            self._coordinator.work_in_batches(self._add_batch)

    @callback
    def _add_batch(self) -> bool:
        """Add a batch of missing entities, and return whether there may be more."""
        if not self._coordinator.in_use:
            # The platforms may already be unloaded.
            self._waiting.clear()
        if found := self._find(self._waiting, FOUND_AT_ONCE):
            self._add_entities(found)
        return bool(self._waiting)

    @callback
    def _find(self, waiting: dict[KeyT, None], most: int) -> list[Entity]:
        """Create missing entities of the next waiting keys, at most `most`, for one slice."""
        there, found = self._present(), list[Entity]()
        for key in for_one_slice(tuple(islice(waiting, KEYS_PER_BATCH))):
            if key in there:
                found += self._missing(key, most - len(found))
            if len(found) >= most:
                # The next batch checks the key for more entities.
                break
            del waiting[key]
        return found

    @callback
    def _missing(self, key: KeyT, most: int) -> list[Entity]:
        """Create missing entities of a key, at most `most`."""
        mine = self._known.get(key, ())
        missing = (make for unique_id, make in self._build(key).items() if unique_id not in mine)
        made = [make() for make in islice(missing, most)]
        if made:
            # Most keys of a large account have no entity of a group.
            self._known[key] = (*mine, *(entity.unique_id for entity in made))
        return made
