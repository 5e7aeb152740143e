"""Sites, gateways and the tree of assets, derived from the fields of the assets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from ..api.gridduck import Asset
from ..api.sanitizer import sanitize_name
from .keys import Key, Kind

# The guide shows only "admin"; any role that is not known to be lower may try.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Sites, gateways and permissions of an account, derived from its assets.

    Attributes:
        sites: the sites, by id.
        site_keys: their keys.
        parents: the ids of the assets that measure others, too.
        gateways: whether each gateway is connected, by id; None if unknown.
        gateway_keys: their keys.
        granted: whether the account has a scope of control.
        controllable: the assets that may be boosted and snoozed, in the order of the list.
        viewable: all others.
    """

    sites: Mapping[str, Site] = MappingProxyType({})
    site_keys: AbstractSet[Key] = frozenset()
    parents: AbstractSet[str] = frozenset()
    gateways: Mapping[str, bool | None] = MappingProxyType({})
    gateway_keys: AbstractSet[Key] = frozenset()
    granted: bool = False
    controllable: AbstractSet[str] = frozenset()
    viewable: AbstractSet[str] = frozenset()

    def with_sites(self, assets: Mapping[str, Asset]) -> Inventory:
        """Return a copy with the sites of new, removed, moved and renamed assets."""
        found = sites(assets)
        return replace(
            self,
            sites=found,
            site_keys=dict.fromkeys((Kind.SITE, site_id) for site_id in found).keys(),
            parents=parents(assets.values()),
        )

    def with_values(
        self, assets: Mapping[str, Asset], site_ids: AbstractSet[str | None] | None = None
    ) -> Inventory:
        """Return a copy with the current values of the assets of its sites.

        Args:
            assets: the same assets, as they are now.
            site_ids: the sites whose assets have changed; None for all.
        """
        found = dict(self.sites)
        for site in self.sites.values():
            if site_ids is None or site.id in site_ids:
                found[site.id] = replace(
                    site,
                    assets=tuple([assets[one.id] for one in site.assets]),
                    roots=tuple([assets[one.id] for one in site.roots]),
                )
        return replace(self, sites=found)

    def with_gateways(self, assets: Mapping[str, Asset]) -> Inventory:
        """Return a copy with the connections of the assets' gateways."""
        found = gateway_connections(assets.values())
        keys = dict.fromkeys((Kind.GATEWAY, gateway_id) for gateway_id in found).keys()
        return replace(self, gateways=found, gateway_keys=keys)

    def with_permissions(self, assets: Mapping[str, Asset], *, granted: bool) -> Inventory:
        """Return a copy with the permissions of the assets."""
        # In the order of the list, so that entities are always made in the same order.
        controllable = dict.fromkeys(
            asset.id for asset in assets.values() if granted and may_control(asset)
        ).keys()
        viewable = dict.fromkeys(one for one in assets if one not in controllable).keys()
        return replace(self, granted=granted, controllable=controllable, viewable=viewable)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway.

    Attributes:
        name: the user's name for it, or its id.
        site_id: GridDuck's id of the site where it is.
    """

    name: str
    site_id: str | None


def sites(assets: Mapping[str, Asset]) -> dict[str, Site]:
    """Return the sites of all assets, by id."""
    grouped: defaultdict[str, list[Asset]] = defaultdict(list)
    for asset in assets.values():
        if asset.site_id is not None:
            grouped[asset.site_id].append(asset)
    return {
        site_id: Site(
            id=site_id,
            name=sanitize_name(*(asset.site_name for asset in here), site_id),
            assets=tuple(here),
            roots=tuple(asset for asset in here if is_root(asset, assets)),
        )
        for site_id, here in grouped.items()
    }


def parents(assets: Iterable[Asset]) -> set[str]:
    """Return the ids of the assets that measure others."""
    return {
        one.parent_asset
        for one in assets
        if one.parent_asset is not None and one.parent_asset != one.id
    }


def gateway_connections(assets: Iterable[Asset]) -> dict[str, bool | None]:
    """Return whether each gateway is connected, by id; None if unknown.

    Each asset reports it. An asset that was not polled lately may be stale, so a single report of
    a disconnected gateway counts.
    """
    found: dict[str, bool | None] = {}
    for asset in assets:
        if asset.gateway_id is None:
            continue
        disconnected, before = asset.gateway_disconnected, found.get(asset.gateway_id)
        connected = None if disconnected is None else not disconnected
        if before is None or connected is False:
            found[asset.gateway_id] = before if connected is None else connected
    return found


def is_root(asset: Asset, assets: Mapping[str, Asset]) -> bool:
    """Return whether no other visible asset measures this one."""
    return asset.parent_asset == asset.id or asset.parent_asset not in assets


def site_names(assets: Iterable[Asset]) -> list[str]:
    """Return the names of all sites, in the order of the list."""
    return list(dict.fromkeys(filter(None, (sanitize_name(one.site_name) for one in assets))))


def lineage(asset: Asset, assets: Mapping[str, Asset]) -> list[Asset]:
    """Return an asset's ancestors, topmost first, and the asset itself.

    Invisible ancestors are left out; a cycle is cut where it closes.
    """
    return list(_upwards(asset, assets))[::-1]


def branch(asset: Asset, assets: Mapping[str, Asset]) -> list[Asset]:
    """Return the parent devices of an asset, topmost first, and the asset itself.

    As `lineage`, but a cycle is always cut above its asset with the smallest id.
    """
    found = lineage(asset, assets)
    places = {one.id: place for place, one in enumerate(found)}
    if (last := places.get(found[0].parent_asset or "")) is None:
        return found
    return found[places[min(one.id for one in found[: last + 1])] :]


def gateways(assets: Mapping[str, Asset]) -> dict[str, Gateway]:
    """Return the gateways of all assets, by id.

    Where its assets disagree, the asset with the least id decides.
    """
    first: dict[str, Asset] = {}
    for asset in assets.values():
        if asset.gateway_id is not None:
            known = first.get(asset.gateway_id)
            if known is None or asset.id < known.id:
                first[asset.gateway_id] = asset
    return {
        gateway_id: Gateway(sanitize_name(asset.gateway_name, gateway_id), asset.site_id)
        for gateway_id, asset in first.items()
    }


def _upwards(asset: Asset, assets: Mapping[str, Asset]) -> Iterator[Asset]:
    seen: set[str] = set()
    current: Asset | None = asset
    while current is not None and current.id not in seen:
        seen.add(current.id)
        yield current
        current = assets.get(current.parent_asset or "")


def may_control(asset: Asset) -> bool:
    """Return whether the service lets this account control the asset."""
    permission = (asset.permission or "").strip().casefold()
    return not asset.read_only and permission not in _VIEW_PERMISSIONS
