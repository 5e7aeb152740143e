"""What the browser gets: the JavaScript of the dashboard and cards, and its WebSocket commands."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from .module import FrontendModule
from .websocket import async_register_commands

FRONTEND: Final[HassKey[FrontendModule]] = HassKey(f"{DOMAIN}_frontend")


@callback
def async_setup_frontend(hass: HomeAssistant) -> None:
    """Register the WebSocket commands, and prepare to serve the JavaScript."""
    hass.data[FRONTEND] = FrontendModule(hass)
    async_register_commands(hass)
