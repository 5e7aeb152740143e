"""Have a core take the plain integration for ours."""

from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.loader import Integration, async_get_custom_components

from custom_components.gridduck_heimdall.const import DOMAIN

from . import plain

_PACKAGE: Final = Path(plain.__file__).parent


async def use_plain(hass: HomeAssistant) -> None:
    """Let accounts be opened by the plain integration; its texts are ours."""
    known = await async_get_custom_components(hass)
    ours = known[DOMAIN]
    files = {path.name for path in (*_PACKAGE.iterdir(), *ours.file_path.glob("*.json"))}
    known[DOMAIN] = Integration(
        hass, plain.__name__, ours.file_path, ours.manifest, files | {"translations"}
    )
