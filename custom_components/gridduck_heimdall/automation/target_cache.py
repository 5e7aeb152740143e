"""Invalidate resolved targets of triggers and conditions.

Home Assistant resolves the target of every trigger again after each registry change, of any
integration. With thousands of assets that is expensive, so only relevant changes are counted here.
"""

from typing import Final

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.area_registry import EventAreaRegistryUpdatedData
from homeassistant.helpers.device_registry import EventDeviceRegistryUpdatedData
from homeassistant.helpers.entity_registry import EventEntityRegistryUpdatedData
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..core.backend import AccountEntry

CHANGES: Final = HassKey["Changes"](f"{DOMAIN}.changes")

_MATTERS: Final = frozenset(
    {
        "area_id",
        "config_entry_id",
        "device_id",
        "disabled_by",
        "entity_category",
        "entity_id",
        "hidden_by",
        "labels",
        "platform",
        "translation_key",
    }
)
"""Fields of an entity that decide whether a target contains it."""


class Changes:
    """Count the changes that may alter what a target contains."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Start to listen."""
        self._hass = hass
        self._count = 0
        self._hierarchies: list[object] = []
        # The owner of a removed registry entry is no longer known.
        self._entities, self._devices = set[str](), set[str]()
        entities, devices = er.async_get(hass), dr.async_get(hass)
        for entry in hass.config_entries.async_entries(DOMAIN):
            self._entities.update(
                one.entity_id for one in er.async_entries_for_config_entry(entities, entry.entry_id)
            )
            self._devices.update(
                one.id for one in dr.async_entries_for_config_entry(devices, entry.entry_id)
            )
        hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._entity_changed)
        hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._device_changed)
        hass.bus.async_listen(ar.EVENT_AREA_REGISTRY_UPDATED, self._area_changed)

    @property
    def count(self) -> int:
        """Number of changes; a resolved target is valid while it stays the same."""
        # An account may know more devices beneath a group than the registry.
        entries: list[AccountEntry] = self._hass.config_entries.async_loaded_entries(DOMAIN)
        hierarchies = [entry.runtime_data.hierarchy for entry in entries]
        if list(map(id, hierarchies)) != list(map(id, self._hierarchies)):
            self._hierarchies = hierarchies
            self._count += 1
        return self._count

    @callback
    def _entity_changed(self, event: Event[EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        entity_id = data["entity_id"]
        if data["action"] == "update":
            known = data.get("old_entity_id", entity_id) in self._entities
            matters = not _MATTERS.isdisjoint(data["changes"])
        else:
            known, matters = entity_id in self._entities, True
        entry = er.async_get(self._hass).async_get(entity_id)
        ours = entry is not None and entry.platform == DOMAIN
        if matters and (known or ours):
            self._count += 1
            self._entities.discard(data.get("old_entity_id", entity_id))
            if ours:
                self._entities.add(entity_id)

    @callback
    def _device_changed(self, event: Event[EventDeviceRegistryUpdatedData]) -> None:
        device_id = event.data["device_id"]
        device = dr.async_get(self._hass).async_get(device_id)
        if device is None:
            ours = device_id in self._devices
            self._devices.discard(device_id)
        elif ours := any(domain == DOMAIN for domain, *_ in device.identifiers):
            self._devices.add(device_id)
        if ours:
            self._count += 1

    @callback
    def _area_changed(self, _event: Event[EventAreaRegistryUpdatedData]) -> None:
        self._count += 1


@singleton(CHANGES)
@callback
def changes(hass: HomeAssistant) -> Changes:
    """Return the counter of changes.

    It must listen before any trigger does; otherwise a trigger reads a stale target.
    """
    return Changes(hass)
