"""Plain binary sensors."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from custom_components.gridduck_heimdall.gridduck.binary_sensor import (
    CONNECTION,
    STATE,
    AssetBinarySensorDescription,
)

from .entity import PlainAssetEntity, PlainEntry, add_of_assets


class PlainBinarySensor(PlainAssetEntity, BinarySensorEntity):
    """A yes or no of an asset."""

    entity_description: AssetBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is so."""
        return self.entity_description.value_fn(self.asset, self.control)


async def async_setup_entry(
    hass: HomeAssistant, entry: PlainEntry, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensors."""
    add_of_assets(entry, add, (CONNECTION,), PlainBinarySensor)
    add_of_assets(entry, add, (STATE,), PlainBinarySensor, controllable=False)
