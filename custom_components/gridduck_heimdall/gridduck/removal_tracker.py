"""Detect removed assets, gateways and sites."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from types import MappingProxyType
from typing import Final

from ..api.gridduck import Asset, AssetList
from .keys import Kind

GONE_AFTER: Final = 3


class RemovalTracker:
    """Count the consecutive complete lists from which each known item was missing.

    A list can skip an entry while it is paged, so a single absence proves nothing.
    Contract: gridduck-api.md, "List assets".
    """

    def __init__(self, known: Mapping[Kind, Iterable[str]]) -> None:
        """Start with the registered ids of each kind."""
        self._known = {kind: set(known.get(kind, ())) for kind in Kind}
        self._missed: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}

    def has(self, kind: Kind, item: str) -> bool:
        """Return whether an item exists, or is not known to be removed."""
        return item in self._known[kind]

    @property
    def missing(self) -> int:
        """How many items were missing from the last list and are not removed yet."""
        return sum(map(len, self._missed.values()))

    def note(
        self,
        listed: AssetList,
        assets: Mapping[str, Asset],
        excluded: Mapping[Kind, AbstractSet[str]] = MappingProxyType({}),
    ) -> dict[Kind, set[str]]:
        """Take a list into account, and return the removed ids by kind.

        Args:
            listed: the list. Where it is not complete, or had entries without a usable id, what
                is missing from it may just not be shown.
            assets: its assets, by id.
            excluded: the ids, by kind, of what the options leave out of it: these are removed at
                once.
        """
        certain = listed.complete and not listed.malformed
        present: dict[Kind, AbstractSet[str]] = {
            Kind.ASSET: assets.keys(),
            Kind.GATEWAY: {one.gateway_id for one in listed.assets if one.gateway_id is not None},
            Kind.SITE: {one.site_id for one in listed.assets if one.site_id is not None},
        }
        return {
            kind: self._note(kind, here, excluded.get(kind, frozenset()), certain=certain)
            for kind, here in present.items()
        }

    def _note(
        self, kind: Kind, present: AbstractSet[str], excluded: AbstractSet[str], *, certain: bool
    ) -> set[str]:
        known, before = self._known[kind], self._missed[kind]
        known.update(present)
        missed = {item: before.get(item, 0) + certain for item in known - present}
        gone = {item for item, times in missed.items() if times >= GONE_AFTER or item in excluded}
        known.difference_update(gone)
        self._missed[kind] = {item: times for item, times in missed.items() if item not in gone}
        return gone
