"""The dashboard's view of the evening peak: the feeder, and the load that is shed."""

from collections.abc import Iterator
from typing import Final

from ..inventory import Device, Inventory
from .cards import Card, gauge, graph, heading, name_of, of_class, of_key, tile, toggle, view, wide
from .relief import AUTOMATION, feeder

PATH: Final = "evening-peak"
_LINE_TILES: Final = ("current", "headroom")


def peak_view(inventory: Inventory) -> Iterator[Card]:
    """Yield the view; none where there is no feeder."""
    if (found := feeder(inventory)) is None:
        return
    line, site = found
    assets = [each for each in inventory.devices_of("asset") if _stands_at(inventory, each, site)]
    switches = [each for asset in assets for each in of_key(inventory, asset, "asset")]
    columns = (
        [*_line(inventory, line)],
        [heading(name_of(site), "mdi:factory"), *_power(inventory, site), *map(toggle, switches)],
        [*_what_happened(inventory, switches)],
    )
    yield view("Evening peak", PATH, columns)


def _stands_at(inventory: Inventory, asset: Device, site: Device) -> bool:
    """Tell whether an asset is below a site, whatever is between them."""
    above = inventory.above(asset)
    while above is not None and above.id != site.id:
        above = inventory.above(above)
    return above is not None


def _line(inventory: Inventory, line: Device) -> Iterator[Card]:
    yield heading(name_of(line), "mdi:transmission-tower")
    loading = of_key(inventory, line, "loading")
    for entity_id in loading:
        yield gauge(entity_id, "Loading") | wide()
    for key in _LINE_TILES:
        yield from map(tile, of_key(inventory, line, key))
    yield graph(loading)


def _power(inventory: Inventory, site: Device) -> Iterator[Card]:
    for entity_id in of_class(inventory, site, "power"):
        trend = {"features": [{"type": "trend-graph", "hours_to_show": 1}]}
        yield tile(entity_id) | trend | wide()


def _what_happened(inventory: Inventory, switches: list[str]) -> Iterator[Card]:
    yield heading("What happened", "mdi:history")
    automations = [
        each.entity_id
        for each in inventory.states.values()
        if each.attributes.get("id") == AUTOMATION
    ]
    for entity_id in automations:
        yield {"type": "tile", "entity": entity_id} | wide()
    target = {"entity_id": [*automations, *switches]}
    yield {"type": "logbook", "hours_to_show": 1, "target": target} | wide()
