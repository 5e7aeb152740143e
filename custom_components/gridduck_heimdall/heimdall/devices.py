"""The devices of an account in Home Assistant's registry."""

from collections.abc import Iterable
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from .assets_coordinator import Directory, identifiers_of
from .inventory import GridItem

MANUFACTURER: Final = "Heimdall Power"


class Devices:
    """Keeps the registry in step with the service's assets."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Begin with nothing registered."""
        self._registry = dr.async_get(hass)
        self._entry_id = entry_id
        self._registered: dict[str, GridItem] = {}

    @callback
    def sync(self, directory: Directory) -> None:
        """Register what is new, rename what has another name, and remove what is gone."""
        for identifier, subject in directory.subjects.items():
            if self._registered.get(identifier) != subject:
                self._register(subject)
        self._registered = dict(directory.subjects)
        self._remove(directory.gone)

    def _register(self, subject: GridItem) -> None:
        parent = None if subject.parent is None else self._device(subject.parent)
        self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={(DOMAIN, subject.identifier)},
            manufacturer=MANUFACTURER,
            model=subject.model,
            name=subject.name,
            via_device_id=None if parent is None else parent.id,
        )

    def _remove(self, gone: Iterable[str]) -> None:
        for identifier in gone:
            if (device := self._device(identifier)) is not None:
                self._registry.async_remove_device(device.id)

    def device_of(self, subject: GridItem) -> dr.DeviceEntry | None:
        """Return the device of a subject; there is one before it has entities."""
        return self._device(subject.identifier)

    def _device(self, identifier: str) -> dr.DeviceEntry | None:
        return self._registry.async_get_device_by_identifier((DOMAIN, identifier), self._entry_id)


def subject_of(directory: Directory, device: dr.AnyDeviceEntry) -> GridItem | None:
    """Return what a device stands for; None where the account has no such thing."""
    for identifier in identifiers_of(device):
        if (subject := directory.subjects.get(identifier)) is not None:
            return subject
    return None
