"""Plain switches: what they show; nobody turns them here."""

from typing import override

from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from custom_components.gridduck_heimdall.gridduck.switch import SWITCH

from .entity import PlainAssetEntity, PlainEntry, add_of_assets


class PlainSwitch(PlainAssetEntity, SwitchEntity):
    """The switch of an asset."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the asset is on."""
        return self.control.is_on


async def async_setup_entry(
    hass: HomeAssistant, entry: PlainEntry, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add the switches."""
    add_of_assets(entry, add, (SWITCH,), PlainSwitch, controllable=True)
