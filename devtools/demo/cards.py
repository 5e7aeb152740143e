"""Cards of a dashboard, and the entities that stand on them."""

from collections.abc import Iterable
from typing import Final

from ..inventory import Device, Inventory

type Card = dict[str, object]

OWN_NAME: Final = {"type": "entity"}
"""An entity's own name: that of its device stands in the heading."""

# Loading, in percent, from which a gauge is green, yellow and red.
_SEVERITY: Final = {"green": 0, "yellow": 70, "red": 90}


def view(title: str, path: str, sections: Iterable[list[Card]]) -> Card:
    """Return a view with a column for each section, where the window is wide enough."""
    return {
        "title": title,
        "path": path,
        "type": "sections",
        "max_columns": 3,
        "sections": [{"type": "grid", "cards": cards} for cards in sections],
    }


def heading(text: str, icon: str | None = None) -> Card:
    """Return a heading; one without an icon is a smaller one."""
    style = {"heading_style": "subtitle"} if icon is None else {"icon": icon}
    return {"type": "heading", "heading": text, **style}


def tile(entity_id: str) -> Card:
    """Return a tile with the entity's own name."""
    return {"type": "tile", "entity": entity_id, "name": OWN_NAME}


def toggle(entity_id: str) -> Card:
    """Return a tile that switches; it is named after what it switches."""
    features = {"features": [{"type": "toggle"}], "features_position": "inline"}
    return {"type": "tile", "entity": entity_id} | features | wide()


def gauge(entity_id: str, name: str) -> Card:
    """Return a gauge of a line's loading."""
    return {
        "type": "gauge",
        "entity": entity_id,
        "name": name,
        "max": 120,
        "needle": True,
        "severity": _SEVERITY,
        "grid_options": {"columns": 6},
    }


def graph(entity_ids: Iterable[str]) -> Card:
    """Return a graph of the last hour."""
    entities = [{"entity": entity_id, "name": OWN_NAME} for entity_id in entity_ids]
    return {"type": "history-graph", "hours_to_show": 1, "entities": entities} | wide()


def wide() -> Card:
    """Return what makes a card as wide as its column."""
    return {"grid_options": {"columns": "full"}}


def name_of(device: Device) -> str:
    """Return what a device is called."""
    return device.name_by_user or device.name or device.own_id


def of_key(inventory: Inventory, device: Device, key: str) -> list[str]:
    """Return the entities of a device with this translation key."""
    return [
        each.entity_id
        for each in inventory.entities_of(device)
        if each.translation_key == key and each.entity_id in inventory.states
    ]


def of_class(inventory: Inventory, device: Device, device_class: str) -> list[str]:
    """Return the entities of a device with this device class."""
    return [
        each.entity_id
        for each in inventory.entities_of(device)
        if (state := inventory.states.get(each.entity_id)) is not None
        and state.attributes.get("device_class") == device_class
    ]
