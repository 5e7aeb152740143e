"""The views and cards that are tested: a new one is a row here."""

from dataclasses import dataclass
from typing import Any, Final

from devtools.demo.relief import make_load_limit
from devtools.settings import DOMAIN
from simulator.feeder import SITE

from .home import Home

type Config = dict[str, Any]

OWN_DASHBOARD: Final = "gridduck-heimdall-power"
"""The one that the first account puts into the sidebar."""
LINE: Final = "Nordvik - Sordal"
CARDS_DASHBOARD: Final = "browser-cards"
ONE_OF_EACH: Final = "browser-one-of-each"
"""The path of a view with one card of each kind."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A view of the dashboard.

    Attributes:
        name: what the test is called.
        path: in the dashboard; `{line}` and `{site}` are ids of devices.
        shows: selectors of what has to be there.
    """

    name: str
    path: str
    shows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card on a dashboard.

    Attributes:
        name: what the test is called.
        config: of the card; `{line}` and the like are ids of devices.
        shows: selectors of what has to be there, within the card.
        says: what has to be read on it.
        moving: selectors of values that differ from run to run, which its kept picture leaves out;
            None where no picture is kept.
    """

    name: str
    config: Config
    shows: tuple[str, ...] = ()
    says: str = ""
    moving: tuple[str, ...] | None = None


_LINE: Final = {"type": "custom:gridduck-heimdall-line"}
_LIMIT: Final = {"type": "custom:gridduck-heimdall-load-limit"}
_ASSETS: Final = {"type": "custom:gridduck-heimdall-assets"}
_HEADROOM: Final = {"type": "custom:gridduck-heimdall-headroom"}
_ATTENTION: Final = {"type": "custom:gridduck-heimdall-attention"}

VIEWS: Final = (
    View(
        name="overview",
        path="overview",
        shows=("gridduck-heimdall-lines svg", "hui-tile-card", "hui-heading-card"),
    ),
    View(
        name="line",
        path="line-{line}",
        shows=(
            "gridduck-heimdall-line svg",
            "hui-tile-card",
            "hui-statistics-graph-card",
            "gridduck-heimdall-headroom",
        ),
    ),
    View(name="site", path="site-{site}", shows=("hui-tile-card", "gridduck-heimdall-assets li")),
    View(name="activity", path="activity", shows=("hui-logbook-card",)),
)

CARDS: Final = (
    Card(
        name="line",
        config={**_LINE, "device_id": "{line}"},
        shows=("svg", ".plot .range"),
        moving=(".summary",),
    ),
    Card(
        name="line-long-name",
        config={**_LINE, "device_id": "{line}", "name": "A name of a line " * 6},
        shows=("svg",),
    ),
    Card(
        name="line-week",
        config={**_LINE, "device_id": "{line}", "hours_back": 168, "hours_ahead": 72},
        shows=("svg",),
    ),
    Card(name="line-gone", config={**_LINE, "device_id": "0"}, says="no longer exists"),
    Card(name="line-of-a-site", config={**_LINE, "device_id": "{site}"}, says="Choose a line"),
    Card(
        name="line-of-another-integration",
        config={**_LINE, "device_id": "{other}"},
        says="Choose a line",
    ),
    Card(name="line-unset", config=_LINE, says="Choose a line"),
    Card(name="limit", config={**_LIMIT, "device_id": "{load_limit}"}, shows=("svg", "button")),
    Card(name="limit-gone", config={**_LIMIT, "device_id": "0"}, says="no longer exists"),
    Card(
        name="limit-of-a-line",
        config={**_LIMIT, "device_id": "{line}"},
        says="Choose a load limit",
    ),
    Card(
        name="limit-of-another-integration",
        config={**_LIMIT, "device_id": "{other}"},
        says="Choose a load limit",
    ),
    Card(name="limit-unset", config=_LIMIT, says="Choose a load limit"),
    Card(name="assets", config={**_ASSETS, "device_id": "{site}"}, shows=("li button",)),
    Card(name="assets-of-all-sites", config=_ASSETS, shows=("select", "li button")),
    Card(
        name="assets-overridden",
        config={**_ASSETS, "device_id": "{site}", "show": "overridden"},
        says="Nothing is boosted or snoozed",
    ),
    Card(name="assets-gone", config={**_ASSETS, "device_id": "0"}, says="no longer exists"),
    Card(name="assets-of-a-line", config={**_ASSETS, "device_id": "{line}"}, says="Choose a site"),
    Card(
        name="assets-of-another-integration",
        config={**_ASSETS, "device_id": "{other}"},
        says="Choose a site",
    ),
    Card(name="lines", config={"type": "custom:gridduck-heimdall-lines"}, shows=("li svg",)),
    Card(
        name="headroom",
        config={**_HEADROOM, "device_id": "{line}"},
        # The past may still be imported.
        shows=(".map, [role=status]",),
    ),
    Card(
        name="headroom-of-another-integration",
        config={**_HEADROOM, "device_id": "{other}"},
        says="Choose a line",
    ),
    Card(name="attention", config=_ATTENTION, shows=("li li button",)),
    Card(name="headroom-gone", config={**_HEADROOM, "device_id": "0"}, says="no longer exists"),
)


async def ids(home: Home) -> dict[str, str]:
    """Return what stands for the names in braces; there is a load limit of the line."""
    line, site = await home.device("line", LINE), await home.device("site", SITE)
    limit = await make_load_limit(home.hass)
    return {
        "line": line.id,
        "site": site.id,
        "load_limit": limit.id,
        "other": await _other_device(home),
    }


async def _other_device(home: Home) -> str:
    """Return the id of a device of another integration."""
    devices = await home.hass.command("config/device_registry/list", list[dict[str, Any]])
    return next(str(each["id"]) for each in devices if DOMAIN not in dict(each["identifiers"]))


def filled(value: Any, names: dict[str, str]) -> Any:
    """Replace the names in braces of a configuration."""
    match value:
        case str():
            return value.format_map(names)
        case list():
            return [filled(each, names) for each in value]
        case dict():
            return {key: filled(each, names) for key, each in value.items()}
        case _:
            return value


async def make_dashboards(home: Home) -> dict[str, str]:
    """Make the dashboards that are not there yet; return the ids of devices by name."""
    names = await ids(home)
    views = [
        {
            "title": card.name,
            "path": card.name,
            "type": "sections",
            "sections": [{"type": "grid", "cards": [filled(card.config, names)]}],
        }
        for card in CARDS
    ]
    await make_dashboard(home, CARDS_DASHBOARD, {"views": views})
    return names


async def make_one_of_each(home: Home) -> dict[str, str]:
    """Make a view with one card of each kind; return the ids of devices by name."""
    names = await make_dashboards(home)
    wanted = ("line", "lines", "limit", "assets", "headroom", "attention")
    configs = {card.name: filled(card.config, names) for card in CARDS}
    sections = [{"type": "grid", "cards": [configs[name]]} for name in wanted]
    view = {"path": "all", "type": "sections", "sections": sections}
    await make_dashboard(home, ONE_OF_EACH, {"views": [view]})
    return names


async def make_dashboard(home: Home, path: str, config: Config) -> None:
    """Make a dashboard, or replace what is on it."""
    known = await home.hass.command("lovelace/dashboards/list", list[dict[str, Any]])
    if path not in {each["url_path"] for each in known}:
        create = "lovelace/dashboards/create"
        fields = {"title": "Cards", "icon": "mdi:cards", "show_in_sidebar": False}
        await home.hass.command(create, object, url_path=path, **fields)
    await home.hass.command("lovelace/config/save", object, url_path=path, config=config)
