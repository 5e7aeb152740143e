"""Plain buttons; nobody presses them here."""

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from custom_components.gridduck_heimdall.gridduck.button import END_OVERRIDE

from .entity import PlainAssetEntity, PlainEntry, add_of_assets


class PlainButton(PlainAssetEntity, ButtonEntity):
    """The button of an asset."""


async def async_setup_entry(
    hass: HomeAssistant, entry: PlainEntry, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add the buttons."""
    add_of_assets(entry, add, (END_OVERRIDE,), PlainButton, controllable=True)
