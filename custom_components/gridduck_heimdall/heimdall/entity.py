"""The entities of Heimdall Power."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.number import NumberEntity
from homeassistant.components.sensor import SensorEntity
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util

from ..core.coordinator import PollingCoordinator
from ..core.entity import AnnouncedEntity, MarkingEntity
from .descriptions import (
    AnyDescription,
    HeimdallBinarySensorDescription,
    HeimdallNumberDescription,
    HeimdallSensorDescription,
)
from .inventory import GridItem
from .latest import TargetData
from .products import outlook_key, reading_key
from .runtime_data import HeimdallData


class HeimdallEntity(AnnouncedEntity[PollingCoordinator[str, Any]]):
    """One value of one line, facility, span or sensor."""

    entity_description: AnyDescription

    def __init__(self, data: HeimdallData, item: GridItem, description: AnyDescription) -> None:
        """Follow the item and the products that the value depends on."""
        keys = [
            item.key,
            *(
                reading_key(product, target_id)
                for product in description.products
                if (target_id := item.target_ids.get(product.endpoint.target)) is not None
            ),
        ]
        if description.follows_outlook:
            keys.append(outlook_key(item.id))
        coordinator = data.coordinator_of(description)
        super().__init__(coordinator, tuple(keys), data.unique_id(item, description))
        self.entity_description = description
        self._data: Final = data
        self._item_key: Final = item.key
        self.device_entry = data.device_of(item)

    @override
    def _read(self) -> object:
        description, target = self.entity_description, self._data.target(self._item_key)
        self._attr_available = (
            target is not None
            and target.down.isdisjoint(description.needs)
            and (description.available_fn is None or description.available_fn(target))
        )
        return self._show(target)

    @abstractmethod
    def _show(self, target: TargetData[Any] | None) -> object:
        """Update the state from the latest data, and return it."""


class HeimdallSensor(HeimdallEntity, MarkingEntity, SensorEntity):
    """A sensor."""

    entity_description: HeimdallSensorDescription[Any]

    def __init__(
        self, data: HeimdallData, item: GridItem, description: HeimdallSensorDescription[Any]
    ) -> None:
        """Follow the item and the products that the value depends on."""
        super().__init__(data, item, description)
        self._marker = description.marker

    @override
    def _show(self, target: TargetData[Any] | None) -> object:
        description = self.entity_description
        value = None if target is None else description.value_fn(target)
        self._attr_native_value = description.rounded(value)
        if target is not None and description.attributes_fn is not None:
            self._attr_extra_state_attributes = dict(description.attributes_fn(target))
            return self._attr_native_value, self._attr_extra_state_attributes
        return self._attr_native_value


class HeimdallTimeAhead(HeimdallSensor):
    """A time in the future; each poll replaces one that has passed."""

    def __init__(
        self, data: HeimdallData, item: GridItem, description: HeimdallSensorDescription[Any]
    ) -> None:
        """Also follow a key that is announced only for this entity."""
        super().__init__(data, item, description)
        self._key: Final = data.unique_id(item, description)
        self.coordinator_context = (*self.coordinator_context, self._key)

    @override
    async def async_added_to_hass(self) -> None:
        """Compare the time with the clock after each poll."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_follow_polls(self._move_on))

    @callback
    def _move_on(self) -> None:
        shown = self._attr_native_value
        if isinstance(shown, datetime) and shown <= dt_util.utcnow():
            self.coordinator.mark((self._key,))


class HeimdallBinarySensor(HeimdallEntity, BinarySensorEntity):
    """A binary sensor."""

    entity_description: HeimdallBinarySensorDescription[Any]

    @override
    def _show(self, target: TargetData[Any] | None) -> object:
        self._attr_is_on = None if target is None else self.entity_description.value_fn(target)
        return self._attr_is_on


class HeimdallNumber(HeimdallEntity, NumberEntity):
    """A number that is an option of the account, as the service has no such value."""

    entity_description: HeimdallNumberDescription[Any]

    @override
    def _show(self, target: TargetData[Any] | None) -> object:
        value_fn = self.entity_description.value_fn
        self._attr_native_value = None if target is None else value_fn(target)
        return self._attr_native_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the static rating of the line, in amperes."""
        if (item := self._data.assets.data.grid_items.get(self._item_key)) is not None:
            self._data.set_static_rating(item, value)


def make_entity(data: HeimdallData, item: GridItem, description: AnyDescription) -> Entity:
    """Return the entity of a description."""
    if isinstance(description, HeimdallBinarySensorDescription):
        return HeimdallBinarySensor(data, item, description)
    if isinstance(description, HeimdallNumberDescription):
        return HeimdallNumber(data, item, description)
    if description.ahead:
        return HeimdallTimeAhead(data, item, description)
    return HeimdallSensor(data, item, description)
