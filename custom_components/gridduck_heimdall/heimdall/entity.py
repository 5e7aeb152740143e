"""The entities of Heimdall Power."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.number import NumberEntity
from homeassistant.components.sensor import SensorEntity
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util

from ..core.coordinator import AnnouncingCoordinator
from ..core.entity import AnnouncedEntity, MarkingEntity
from .descriptions import (
    AnyDescription,
    HeimdallBinarySensorDescription,
    HeimdallNumberDescription,
    HeimdallSensorDescription,
)
from .inventory import GridItem
from .products import reading_key
from .value_source import View

if TYPE_CHECKING:
    from .backend import HeimdallAccount


class HeimdallEntity(AnnouncedEntity[AnnouncingCoordinator[str, Any]]):
    """One value of one line, facility, span or sensor."""

    entity_description: AnyDescription

    def __init__(
        self, account: HeimdallAccount, item: GridItem, description: AnyDescription
    ) -> None:
        """Follow what the value depends on."""
        keys = {item.key}
        for product in description.source.products:
            if (target_id := item.target_id(product.target)) is not None:
                keys.add(reading_key(product, target_id))
        super().__init__(
            account.coordinator_of(description), keys, account.unique_id(item, description)
        )
        self.entity_description = description
        self._account: Final = account
        self._item_key: Final = item.key
        self.device_entry = account.device_of(item)

    @property
    def view(self) -> View[Any] | None:
        """What there is to read; None once the service no longer has the item."""
        return self._account.view(self._item_key)

    @property
    @override
    def available(self) -> bool:
        view = self.view
        return (
            super().available
            and view is not None
            and not any(view.down(product) for product in self.entity_description.source.needs)
        )


class HeimdallSensor(HeimdallEntity, MarkingEntity, SensorEntity):
    """A sensor."""

    entity_description: HeimdallSensorDescription[Any]

    def __init__(
        self,
        account: HeimdallAccount,
        item: GridItem,
        description: HeimdallSensorDescription[Any],
    ) -> None:
        """Follow what the value depends on."""
        super().__init__(account, item, description)
        self._marker = description.marker

    @property
    @override
    def available(self) -> bool:
        applies, view = self.entity_description.applies, self.view
        return super().available and (applies is None or (view is not None and applies(view)))

    @override
    def _read(self) -> object:
        description, view = self.entity_description, self.view
        value = None if view is None else description.source.read(view)
        self._attr_native_value = description.rounded(value)
        if view is not None and description.attributes is not None:
            self._attr_extra_state_attributes = dict(description.attributes(view))
            return self._attr_native_value, self._attr_extra_state_attributes
        return self._attr_native_value


class HeimdallTimeAhead(HeimdallSensor):
    """A time to come, which never stands in the past for longer than until the next poll."""

    def __init__(
        self,
        account: HeimdallAccount,
        item: GridItem,
        description: HeimdallSensorDescription[Any],
    ) -> None:
        """Follow what the value depends on, and what is marked for this entity alone."""
        super().__init__(account, item, description)
        self._key: Final = account.unique_id(item, description)
        self.coordinator_context = {*self.coordinator_context, self._key}

    @override
    async def async_added_to_hass(self) -> None:
        """Look at the clock after each poll."""
        await super().async_added_to_hass()
        after_poll = self.coordinator.after_poll
        after_poll.append(self._move_on)
        self.async_on_remove(lambda: after_poll.remove(self._move_on))

    @callback
    def _move_on(self) -> None:
        shown = self._attr_native_value
        if isinstance(shown, datetime) and shown <= dt_util.utcnow():
            self.coordinator.mark((self._key,))


class HeimdallBinarySensor(HeimdallEntity, BinarySensorEntity):
    """A binary sensor."""

    entity_description: HeimdallBinarySensorDescription[Any]

    @override
    def _read(self) -> object:
        view = self.view
        self._attr_is_on = None if view is None else self.entity_description.source.read(view)
        return self._attr_is_on


class HeimdallNumber(HeimdallEntity, NumberEntity):
    """A number that is kept here, as the service knows of none."""

    entity_description: HeimdallNumberDescription[Any]

    @override
    def _read(self) -> object:
        source, view = self.entity_description.source, self.view
        self._attr_native_value = None if view is None else source.read(view)
        return self._attr_native_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the static rating of the line, in amperes."""
        if (view := self.view) is not None:
            self._account.set_static_rating(view.item, value)


def make_entity(account: HeimdallAccount, item: GridItem, description: AnyDescription) -> Entity:
    """Return the entity of a description."""
    if isinstance(description, HeimdallBinarySensorDescription):
        return HeimdallBinarySensor(account, item, description)
    if isinstance(description, HeimdallNumberDescription):
        return HeimdallNumber(account, item, description)
    if description.ahead:
        return HeimdallTimeAhead(account, item, description)
    return HeimdallSensor(account, item, description)
