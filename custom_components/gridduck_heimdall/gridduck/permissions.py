"""What may be controlled decides which entities there are, also when it changes."""

import asyncio
from collections.abc import Iterable, Set as AbstractSet
from itertools import batched
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from custom_components.gridduck_heimdall.issues import (
    CONTROL_NOT_GRANTED,
    async_clear,
    async_raise,
)

from .estate import Estate
from .offers import Offer

CHECKED_AT_ONCE: Final = 250
"""Assets that are checked before other tasks run: a few milliseconds."""


class Permissions:
    """Swap the entities of assets whose permission changed, and say where control is missing."""

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        estate: Estate,
        offers: Iterable[Offer],
    ) -> None:
        """Take what there is to watch, and the entities that depend on permissions."""
        self._hass = hass
        self._entry = entry
        self._estate = estate
        self._offers = tuple(offers)
        self._controllable: AbstractSet[str] = frozenset()
        self._told: bool | None = None

    async def async_check_all(self) -> None:
        """Remove what an earlier run has registered and is no longer allowed."""
        self._controllable = self._estate.assets.controllable
        for some in batched(tuple(self._estate.assets.data), CHECKED_AT_ONCE, strict=False):
            self._swap(some)
            await asyncio.sleep(0)
        self._tell()

    @callback
    def update(self) -> None:
        """Remove the entities that a change of permission has taken away."""
        former, self._controllable = self._controllable, self._estate.assets.controllable
        if former is not self._controllable:
            self._swap(former ^ self._controllable)
        self._tell()

    def _swap(self, asset_ids: Iterable[str]) -> None:
        registry = er.async_get(self._hass)
        for one in self._offers:
            present = one.present(self._estate)
            for asset_id in asset_ids:
                if asset_id in self._estate.assets.data and asset_id not in present:
                    for entry in one.registered(self._estate, asset_id):
                        registry.async_remove(entry.entity_id)

    def _tell(self) -> None:
        granted = self._estate.assets.granted
        if granted == self._told:
            return
        self._told = granted
        if granted:
            async_clear(self._hass, self._entry, CONTROL_NOT_GRANTED)
        else:
            async_raise(self._hass, self._entry, CONTROL_NOT_GRANTED)
