"""The dashboard's view of the evening peak: the feeder, and the load that is shed."""

from collections.abc import Iterator
from typing import Final

from ..inventory import Device, Inventory
from .cards import Card, gauge, graph, heading, name_of, of_class, of_key, tile, toggle, view, wide
from .relief import feeder, load_limit_of

PATH: Final = "evening-peak"
_LINE_TILES: Final = ("current", "headroom")
_LIMIT_TILES: Final = (
    "load_limit_state",
    "load_limit_mode",
    "load_limit_power_curtailed",
    "load_limit_assets_curtailed",
    "load_limit_next_return",
    "load_limit_restore",
)


def peak_view(inventory: Inventory) -> Iterator[Card]:
    """Yield the view; none where there is no feeder."""
    if (found := feeder(inventory)) is None:
        return
    line, site = found
    assets = [each for each in inventory.devices_of("asset") if _stands_at(inventory, each, site)]
    switches = [each for asset in assets for each in of_key(inventory, asset, "asset")]
    limit = load_limit_of(inventory, name_of(line))
    columns = (
        [*_line(inventory, line)],
        [heading(name_of(site), "mdi:factory"), *_power(inventory, site), *map(toggle, switches)],
        [*_what_happened(inventory, limit, switches)],
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


def _what_happened(
    inventory: Inventory, limit: Device | None, switches: list[str]
) -> Iterator[Card]:
    decisions = list[str]()
    if limit is not None:
        yield heading("Load limit", "mdi:gauge")
        for key in _LIMIT_TILES:
            yield from map(tile, of_key(inventory, limit, key))
        decisions = of_key(inventory, limit, "load_limit_decision")
    yield heading("What happened", "mdi:history")
    target = {"entity_id": [*decisions, *switches]}
    yield {"type": "logbook", "hours_to_show": 1, "target": target} | wide()
