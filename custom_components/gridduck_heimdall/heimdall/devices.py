"""The devices of an account in Home Assistant's registry."""

from collections.abc import Iterable
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from .inventory import MODELS, GridItem, Inventory

MANUFACTURER: Final = "Heimdall Power"


class Devices:
    """Reconcile the device registry with the assets of the service."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare to register the devices of an account."""
        self._registry = dr.async_get(hass)
        self._entry_id = entry_id
        self._registered: dict[str, GridItem] = {}

    @callback
    def sync(self, inventory: Inventory) -> None:
        """Register new devices, update changed ones, and remove those that are gone."""
        for key, item in inventory.grid_items.items():
            if self._registered.get(key) != item:
                self._register(item)
        self._registered = dict(inventory.grid_items)
        self._remove(inventory.gone)

    def _register(self, item: GridItem) -> None:
        parent = None if item.parent is None else self._device(item.parent)
        self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={item.identifier},
            manufacturer=MANUFACTURER,
            model=MODELS[item.kind],
            name=item.name,
            via_device_id=None if parent is None else parent.id,
        )

    def _remove(self, gone: Iterable[str]) -> None:
        for key in gone:
            if (device := self._device(key)) is not None:
                self._registry.async_remove_device(device.id)

    def device_of(self, item: GridItem) -> dr.DeviceEntry | None:
        """Return the device of an item; it is registered before its entities."""
        return self._device(item.key)

    def _device(self, key: str) -> dr.DeviceEntry | None:
        return self._registry.async_get_device_by_identifier((DOMAIN, key), self._entry_id)
