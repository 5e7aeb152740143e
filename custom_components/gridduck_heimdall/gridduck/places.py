"""Sites and the tree of assets, as the assets themselves tell of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from custom_components.gridduck_heimdall.api.gridduck import Asset
from custom_components.gridduck_heimdall.api.texts import shown_name

# The guide shows "admin" only; whatever is not known to be less may be tried.
_VIEW_PERMISSIONS: Final = frozenset(
    {"view", "viewer", "view_only", "read", "reader", "read_only", "readonly", "none"}
)


@dataclass(frozen=True, slots=True)
class Site:
    """A site.

    Attributes:
        id: GridDuck's id.
        name: the user's name for it, or its id.
        assets: the assets that belong to it.
        roots: those of them that no other asset measures.
    """

    id: str
    name: str
    assets: tuple[Asset, ...]
    roots: tuple[Asset, ...]


def sites(assets: Mapping[str, Asset]) -> dict[str, Site]:
    """Return the sites of all assets, by id."""
    grouped: defaultdict[str, list[Asset]] = defaultdict(list)
    for asset in assets.values():
        if asset.site_id is not None:
            grouped[asset.site_id].append(asset)
    return {
        site_id: Site(
            id=site_id,
            name=shown_name(*(asset.site_name for asset in here), site_id),
            assets=tuple(here),
            roots=tuple(asset for asset in here if is_root(asset, assets)),
        )
        for site_id, here in grouped.items()
    }


def is_root(asset: Asset, assets: Mapping[str, Asset]) -> bool:
    """Tell whether no other asset that the account sees measures this one, too."""
    return asset.parent_asset == asset.id or asset.parent_asset not in assets


def site_names(assets: Iterable[Asset]) -> list[str]:
    """Return the names of all sites, in the order of the list."""
    return list(dict.fromkeys(filter(None, (shown_name(one.site_name) for one in assets))))


def lineage(asset: Asset, assets: Mapping[str, Asset]) -> list[Asset]:
    """Return an asset's ancestors, topmost first, and the asset itself.

    Ancestors that the account does not see are left out; a circle is cut where it closes.
    """
    return list(_upwards(asset, assets))[::-1]


def _upwards(asset: Asset, assets: Mapping[str, Asset]) -> Iterator[Asset]:
    seen: set[str] = set()
    current: Asset | None = asset
    while current is not None and current.id not in seen:
        seen.add(current.id)
        yield current
        current = assets.get(current.parent_asset or "")


def may_control(asset: Asset) -> bool:
    """Tell whether the service lets this account control the asset."""
    permission = (asset.permission or "").strip().casefold()
    return not asset.read_only and permission not in _VIEW_PERMISSIONS
