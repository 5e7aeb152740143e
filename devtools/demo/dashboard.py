"""The dashboard that the demo opens with."""

from collections.abc import Iterable, Iterator
from typing import Final

from ..hass import Hass
from ..inventory import Device, Inventory, take_inventory
from .cards import Card, gauge, graph, heading, name_of, of_class, of_key, tile, toggle, view, wide
from .peak_view import peak_view

PATH: Final = "buildings-and-lines"
_TITLE: Final = "Buildings and lines"
_ICON: Final = "mdi:transmission-tower"

_SITE_TILES: Final = ("assets_online", "price")
_ASSETS_SHOWN: Final = 7
_LINE_TILES: Final = (
    "current",
    "headroom",
    "limited_by",
    "dlr",
    "aar",
    "dlr_forecast_lowest",
    "dlr_forecast_lowest_time",
    "conductor_temperature_max",
    "ice_load_forecast_peak",
)
_LINE_GRAPH: Final = ("current", "dlr", "aar")


async def make_dashboard(hass: Hass) -> str:
    """Make the dashboard and open the user interface with it; return its path.

    Where it exists nothing is done: what a user changed in it stays.
    """
    dashboards = await hass.command("lovelace/dashboards/list", list[dict[str, object]])
    paths = {each["url_path"] for each in dashboards}
    if PATH not in paths:
        inventory = await take_inventory(hass)
        config = {"views": [_overview(inventory), *peak_view(inventory)]}
        await hass.command(
            "lovelace/dashboards/create", object, url_path=PATH, title=_TITLE, icon=_ICON
        )
        await hass.command("lovelace/config/save", object, url_path=PATH, config=config)
        opens_with = {"default_panel": PATH}
        await hass.command("frontend/set_system_data", object, key="core", value=opens_with)
    return PATH


def _overview(inventory: Inventory) -> Card:
    lines = inventory.devices_of("line")
    fullest = max(lines, key=lambda each: len(inventory.entities_of(each)))
    columns = (
        [*_buildings(inventory)],
        [*_assets(inventory), *_graph(inventory, fullest)],
        [*_loading(inventory, lines), *_line(inventory, fullest)],
    )
    return view(_TITLE, "overview", columns)


def _buildings(inventory: Inventory) -> Iterator[Card]:
    yield heading("Buildings", "mdi:office-building")
    for site in inventory.devices_of("site"):
        yield heading(name_of(site))
        for entity_id in of_class(inventory, site, "power"):
            trend = {"features": [{"type": "trend-graph", "hours_to_show": 1}]}
            yield tile(entity_id) | trend | wide()
        for key in _SITE_TILES:
            yield from map(tile, of_key(inventory, site, key))


def _assets(inventory: Inventory) -> Iterator[Card]:
    yield heading("Assets", "mdi:power-plug")
    names = set[str]()
    for asset in inventory.devices_of("asset"):
        switches = of_key(inventory, asset, "asset")
        if switches and name_of(asset) not in names and len(names) < _ASSETS_SHOWN:
            names.add(name_of(asset))
            # The switch has no name of its own: it is the asset.
            yield toggle(switches[0])


def _loading(inventory: Inventory, lines: Iterable[Device]) -> Iterator[Card]:
    yield heading("Loading of the lines", "mdi:gauge")
    for line in lines:
        for entity_id in of_key(inventory, line, "loading"):
            yield gauge(entity_id, name_of(line))


def _graph(inventory: Inventory, line: Device) -> Iterator[Card]:
    yield heading(f"{name_of(line)}: current and ratings", "mdi:chart-line")
    yield graph(each for key in _LINE_GRAPH for each in of_key(inventory, line, key))


def _line(inventory: Inventory, line: Device) -> Iterator[Card]:
    yield heading(name_of(line), "mdi:transmission-tower")
    for key in _LINE_TILES:
        yield from map(tile, of_key(inventory, line, key))
