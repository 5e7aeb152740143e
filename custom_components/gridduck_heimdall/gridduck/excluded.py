"""Exclude assets from the list by the options of an account."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from ..api.gridduck import Asset, AssetList
from ..api.sanitizer import sanitize_name
from ..core.inclusion import UNASSIGNED, Inclusion, Part
from .keys import Kind


@dataclass(frozen=True, slots=True)
class Excluded:
    """The excluded part of a list; empty if the account includes all.

    Attributes:
        items: the ids of the assets, and of their sites and gateways, by kind. A gateway may have
            other assets that are included.
        names: the names of all sites of the list, as received, by id, in its order.
        labels: the names of the assets, by id.
    """

    items: Mapping[Kind, AbstractSet[str]] = MappingProxyType({})
    names: Mapping[str | None, str | None] = MappingProxyType({})
    labels: Mapping[str, str] = MappingProxyType({})


def split(listed: AssetList, inclusion: Inclusion) -> tuple[AssetList, Excluded]:
    """Return the included and the excluded part of a list.

    The API has no filter by site, so the whole list is read. Its completeness refers to the whole.
    """
    certain = listed.complete and not listed.malformed
    assets, excluded = list[Asset](), list[Asset]()
    for asset in listed.assets:
        (assets if inclusion.includes(asset.site_id) else excluded).append(asset)
    return msgspec.structs.replace(listed, assets=tuple(assets)), Excluded(
        {
            Kind.ASSET: {one.id for one in excluded},
            # An asset that is missing from the list may be included, so its gateway stays.
            Kind.GATEWAY: {one.gateway_id for one in excluded if certain and one.gateway_id},
            Kind.SITE: {one.site_id for one in excluded if one.site_id},
        },
        names_of(listed.assets),
        {one.id: one.label for one in excluded},
    )


def names_of(assets: Iterable[Asset]) -> dict[str | None, str | None]:
    """Return the names of the sites of assets, as received, by id."""
    names = dict[str | None, str | None]()
    for asset in assets:
        if not names.get(asset.site_id):
            names[asset.site_id] = asset.site_name
    return names


def parts_named(names: Mapping[str | None, str | None]) -> dict[str, Part]:
    """Return sites by id; `UNASSIGNED` stands for assets without a site."""
    return {
        site_id or UNASSIGNED: Part(
            sanitize_name(name, site_id or UNASSIGNED), sanitize_name(name) or None
        )
        for site_id, name in names.items()
    }
