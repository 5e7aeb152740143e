"""Who gives way first, by the labels that a user has put on assets."""

from collections.abc import Sequence

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)


def rank(hass: HomeAssistant, device_id: str | None, priority: Sequence[str]) -> int:
    """Return the place of the first label that a device has, in the order of giving way.

    An entity of the device, or the area of either, may have the label as well. Without any of
    them its place is after the last one.

    Args:
        hass: Home Assistant.
        device_id: the device of an asset; None where it has none.
        priority: ids of labels, of those first that give way first.
    """
    if not priority or device_id is None:
        return len(priority)
    labels = _labels(hass, device_id)
    places = (place for place, label in enumerate(priority) if label in labels)
    return next(places, len(priority))


def _labels(hass: HomeAssistant, device_id: str) -> set[str]:
    found, areas = set[str](), set[str]()
    if (device := dr.async_get(hass).async_get(device_id)) is not None:
        found |= device.labels
        areas.update(filter(None, (device.area_id,)))
    entities = er.async_get(hass)
    for entity in er.async_entries_for_device(entities, device_id, include_disabled_entities=True):
        found |= entity.labels
        areas.update(filter(None, (entity.area_id,)))
    registry = ar.async_get(hass)
    for area_id in areas:
        if (area := registry.async_get_area(area_id)) is not None:
            found |= area.labels
    return found
