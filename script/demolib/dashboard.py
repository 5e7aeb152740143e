"""The dashboard that the demo opens with."""

from collections.abc import Iterable, Iterator
from typing import Final

from .hass import Hass
from .inventory import Device, Inventory, take_inventory

PATH: Final = "buildings-and-lines"
_TITLE: Final = "Buildings and lines"
_ICON: Final = "mdi:transmission-tower"

_SITE_TILES: Final = ("assets_online", "price")
_ASSETS_SHOWN: Final = 7
_LINE_TILES: Final = (
    "current",
    "headroom",
    "dlr",
    "aar",
    "dlr_forecast_lowest",
    "dlr_forecast_lowest_time",
    "conductor_temperature_max",
    "ice_load_forecast_peak",
)
_LINE_GRAPH: Final = ("current", "dlr", "aar")
# An entity's own name: that of its device stands in the heading.
_OWN_NAME: Final = {"type": "entity"}
# Loading, in percent, from which a gauge is green, yellow and red.
_SEVERITY: Final = {"green": 0, "yellow": 70, "red": 90}

type Card = dict[str, object]


async def make_dashboard(hass: Hass) -> str:
    """Make the dashboard and open the user interface with it; return its path.

    Where it exists nothing is done: what a user changed in it stays.
    """
    dashboards = await hass.command("lovelace/dashboards/list", list[dict[str, object]])
    if all(each["url_path"] != PATH for each in dashboards):
        config = {"views": [_view(await take_inventory(hass))]}
        await hass.command(
            "lovelace/dashboards/create", object, url_path=PATH, title=_TITLE, icon=_ICON
        )
        await hass.command("lovelace/config/save", object, url_path=PATH, config=config)
        opens_with = {"default_panel": PATH}
        await hass.command("frontend/set_system_data", object, key="core", value=opens_with)
    return PATH


def _view(inventory: Inventory) -> Card:
    lines = inventory.devices_of("line")
    fullest = max(lines, key=lambda each: len(inventory.entities_of(each)))
    # A column each, where the window is wide enough.
    sections = (
        [*_buildings(inventory)],
        [*_assets(inventory), *_graph(inventory, fullest)],
        [*_loading(inventory, lines), *_line(inventory, fullest)],
    )
    return {
        "title": _TITLE,
        "path": "overview",
        "type": "sections",
        "max_columns": 3,
        "sections": [{"type": "grid", "cards": cards} for cards in sections],
    }


def _buildings(inventory: Inventory) -> Iterator[Card]:
    yield _heading("Buildings", "mdi:office-building")
    for site in inventory.devices_of("site"):
        yield _heading(_name(site))
        for entity_id in _of_class(inventory, site, "power"):
            trend = {"features": [{"type": "trend-graph", "hours_to_show": 1}]}
            yield _tile(entity_id) | trend | _wide()
        for key in _SITE_TILES:
            yield from map(_tile, _of_key(inventory, site, key))


def _assets(inventory: Inventory) -> Iterator[Card]:
    yield _heading("Assets", "mdi:power-plug")
    names = set[str]()
    for asset in inventory.devices_of("asset"):
        switches = _of_key(inventory, asset, "asset")
        if switches and _name(asset) not in names and len(names) < _ASSETS_SHOWN:
            names.add(_name(asset))
            toggle = {"features": [{"type": "toggle"}], "features_position": "inline"}
            # The switch has no name of its own: it is the asset.
            yield {"type": "tile", "entity": switches[0]} | toggle | _wide()


def _loading(inventory: Inventory, lines: Iterable[Device]) -> Iterator[Card]:
    yield _heading("Loading of the lines", "mdi:gauge")
    for line in lines:
        for entity_id in _of_key(inventory, line, "loading"):
            yield {
                "type": "gauge",
                "entity": entity_id,
                "name": _name(line),
                "max": 120,
                "needle": True,
                "severity": _SEVERITY,
                "grid_options": {"columns": 6},
            }


def _graph(inventory: Inventory, line: Device) -> Iterator[Card]:
    yield _heading(f"{_name(line)}: current and ratings", "mdi:chart-line")
    graphed = [each for key in _LINE_GRAPH for each in _of_key(inventory, line, key)]
    entities = [{"entity": entity_id, "name": _OWN_NAME} for entity_id in graphed]
    yield {"type": "history-graph", "hours_to_show": 1, "entities": entities} | _wide()


def _line(inventory: Inventory, line: Device) -> Iterator[Card]:
    yield _heading(_name(line), "mdi:transmission-tower")
    for key in _LINE_TILES:
        yield from map(_tile, _of_key(inventory, line, key))


def _heading(text: str, icon: str | None = None) -> Card:
    style = {"heading_style": "subtitle"} if icon is None else {"icon": icon}
    return {"type": "heading", "heading": text, **style}


def _tile(entity_id: str) -> Card:
    return {"type": "tile", "entity": entity_id, "name": _OWN_NAME}


def _wide() -> Card:
    return {"grid_options": {"columns": "full"}}


def _name(device: Device) -> str:
    return device.name_by_user or device.name or device.own_id


def _of_key(inventory: Inventory, device: Device, key: str) -> list[str]:
    return [
        each.entity_id
        for each in inventory.entities_of(device)
        if each.translation_key == key and each.entity_id in inventory.states
    ]


def _of_class(inventory: Inventory, device: Device, device_class: str) -> list[str]:
    return [
        each.entity_id
        for each in inventory.entities_of(device)
        if (state := inventory.states.get(each.entity_id)) is not None
        and state.attributes.get("device_class") == device_class
    ]
