"""Resolve targets of triggers and conditions: devices and everything beneath them.

A target is resolved again after each registry change.
"""

from collections.abc import Mapping, Set as AbstractSet
from typing import Any

from homeassistant.const import CONF_EXCLUDE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from ..const import DOMAIN
from ..core.device_map import beneath


def with_all_beneath(
    hass: HomeAssistant, target: Mapping[str, Any], entity_ids: AbstractSet[str]
) -> set[str]:
    """Return the entities of a target, of this integration and others.

    A site or gateway includes its assets, a facility or grid owner its lines. An entity
    represents its device, so its switch can select an asset.

    Args:
        hass: Home Assistant.
        target: the target of the automation.
        entity_ids: the entities that Home Assistant finds in it.
    """
    found = _of_devices(hass, target, entity_ids)
    if exclude := target.get(CONF_EXCLUDE):
        selection = TargetSelection(exclude)
        excluded = async_extract_referenced_entity_ids(
            hass, selection, expand_group=False, primary_entities_only=False
        )
        found -= _of_devices(hass, exclude, excluded.referenced | excluded.indirectly_referenced)
    return found


def _of_devices(
    hass: HomeAssistant, target: Mapping[str, Any], entity_ids: AbstractSet[str]
) -> set[str]:
    """Return the entities, and those of all devices of a target."""
    entities = er.async_get(hass)
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(dict(target)))
    named = selected.referenced_devices | {
        entry.device_id
        for entity_id in entity_ids
        if (entry := entities.async_get(entity_id)) is not None
        and entry.platform == DOMAIN
        and entry.device_id is not None
    }
    return {
        entry.entity_id
        for device_id in named | beneath(hass, named)
        for entry in er.async_entries_for_device(entities, device_id)
        if entry.hidden_by is None
    } | entity_ids
