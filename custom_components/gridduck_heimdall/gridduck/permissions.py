"""Replace entities when the permission to control their assets changes."""

import asyncio
from collections.abc import Iterable, Set as AbstractSet
from itertools import islice
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..core.issues import CONTROL_NOT_GRANTED, async_clear, async_raise
from .entity_factory import EntityGroup
from .runtime_data import GridDuckData

CHECKED_AT_ONCE: Final = 100
"""Assets that are checked before the event loop is yielded to."""
REMOVED_AT_ONCE: Final = 15
"""Entities after which the event loop is yielded to: each removal fires an event."""


class Permissions:
    """Replace the entities of assets whose permission changed, and report missing control."""

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        data: GridDuckData,
        groups: Iterable[EntityGroup],
    ) -> None:
        """Take the account, and the groups of entities that depend on permissions."""
        self._hass = hass
        self._entry = entry
        self._data = data
        self._groups = tuple(groups)
        self._controllable: AbstractSet[str] = frozenset()
        self._to_check: dict[str, None] = {}
        self._reported: bool | None = None

    async def async_check_all(self) -> None:
        """Remove entities of an earlier run that are no longer permitted."""
        self._controllable = self._data.assets.inventory.controllable
        self._to_check.update(dict.fromkeys(self._data.assets.data))
        more = True
        while more:
            more = self._check_some()
            await asyncio.sleep(0)
        self._report()

    @callback
    def update(self) -> None:
        """Remove entities that are no longer permitted, in batches."""
        former, self._controllable = self._controllable, self._data.assets.inventory.controllable
        if former is not self._controllable:
            self._to_check.update(dict.fromkeys(former ^ self._controllable))
        if self._to_check:
            # Before other entities replace them.
            self._data.assets.work_in_batches(self._check_some, first=True)
        self._report()

    @callback
    def _check_some(self) -> bool:
        """Remove entities that are no longer allowed, and return whether there may be more."""
        assets, removed = self._data.assets, 0
        if not assets.in_use:
            self._to_check.clear()
        for asset_id in tuple(islice(self._to_check, CHECKED_AT_ONCE)):
            del self._to_check[asset_id]
            if asset_id in assets.data:
                removed += self._remove_entities(asset_id)
            if removed >= REMOVED_AT_ONCE:
                break
        return bool(self._to_check)

    def _remove_entities(self, asset_id: str) -> int:
        """Remove the forbidden entities of an asset, and return their number."""
        registry = er.async_get(self._hass)
        registered = [
            entry.entity_id
            for one in self._groups
            if asset_id not in one.present(self._data)
            for entry in one.registered(self._data, asset_id)
        ]
        for entity_id in registered:
            registry.async_remove(entity_id)
        return len(registered)

    def _report(self) -> None:
        granted = self._data.assets.inventory.granted
        if granted == self._reported:
            return
        self._reported = granted
        if granted:
            async_clear(self._hass, self._entry, CONTROL_NOT_GRANTED)
        else:
            async_raise(self._hass, self._entry, CONTROL_NOT_GRANTED)
