"""Plain numbers: settings that the integration itself keeps."""

from typing import override

from homeassistant.components.number import RestoreNumber
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from custom_components.gridduck_heimdall.gridduck.number import NUMBERS
from custom_components.gridduck_heimdall.gridduck.runtime_data import DEFAULT_MINUTES

from .entity import PlainAssetEntity, PlainEntry, add_of_assets


class PlainNumber(PlainAssetEntity, RestoreNumber):
    """A duration."""

    _attr_native_value: float | None = DEFAULT_MINUTES

    @override
    async def async_added_to_hass(self) -> None:
        """Take over what was set before a restart."""
        await super().async_added_to_hass()
        restored = await self.async_get_last_number_data()
        if restored is not None:
            self._attr_native_value = restored.native_value


async def async_setup_entry(
    hass: HomeAssistant, entry: PlainEntry, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add the numbers."""
    add_of_assets(entry, add, NUMBERS, PlainNumber, controllable=True)
