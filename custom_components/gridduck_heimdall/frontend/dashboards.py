"""Dashboards of the integration that outlive its last account."""

from collections.abc import AsyncIterator
from typing import Any, Final

from homeassistant.components.lovelace.const import LOVELACE_DATA, ConfigNotFound
from homeassistant.components.lovelace.dashboard import LovelaceStorage
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN
from .panel import STRATEGY

_TEXT: Final = "account_removed"

type _Config = dict[str, Any]


async def async_explain(hass: HomeAssistant) -> None:
    """Replace the dashboards of the integration by an explanation: its last account is gone.

    Their code is gone with it: Home Assistant would report that an element is missing.
    """
    texts = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    card = {"type": "markdown", "content": texts[f"component.{DOMAIN}.common.{_TEXT}"]}
    async for dashboard, config in _stored(hass):
        match config:
            case {"strategy": {"type": str(kind)} as strategy} if kind == STRATEGY:
                view = {"path": "overview", "cards": [card]}
                await dashboard.async_save({"views": [view], DOMAIN: {"strategy": strategy}})


async def async_bring_back(hass: HomeAssistant) -> None:
    """Restore the dashboards that `async_explain` has changed, unless a user changed them since."""
    async for dashboard, config in _stored(hass):
        match config:
            case {
                "views": [{"cards": [{"type": "markdown"}]}],
                "gridduck_heimdall": {"strategy": strategy},
            }:
                await dashboard.async_save({"strategy": strategy})


async def async_has_own(hass: HomeAssistant) -> bool:
    """Return whether a user has a dashboard with the strategy of the integration."""
    async for _, config in _stored(hass):
        match config:
            case {"strategy": {"type": str(kind)}} if kind == STRATEGY:
                return True
    return False


async def _stored(hass: HomeAssistant) -> AsyncIterator[tuple[LovelaceStorage, _Config]]:
    """Yield the dashboards that the user interface manages, with what they show."""
    data = hass.data.get(LOVELACE_DATA)
    for dashboard in [] if data is None else [*data.dashboards.values()]:
        if isinstance(dashboard, LovelaceStorage):
            try:
                yield dashboard, await dashboard.async_load(force=False)
            except ConfigNotFound:
                # It was never saved, or Home Assistant runs in recovery mode.
                continue
