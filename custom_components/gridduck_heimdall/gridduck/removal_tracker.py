"""What is there of an account, and what has not been listed for so long that it is gone."""

from collections.abc import Iterable, Mapping, Set as AbstractSet
from typing import Final

from ..api.gridduck import Asset, AssetList
from .keys import Kind

GONE_AFTER: Final = 3


class RemovalTracker:
    """Count in how many complete lists in a row something known was missing.

    A list can skip an entry while it is paged, so a single absence proves nothing.
    Contract: gridduck-api.md, "List assets".
    """

    def __init__(self, known: Mapping[Kind, Iterable[str]]) -> None:
        """Start with the ids of each kind that were there when Home Assistant last ran."""
        self._known = {kind: set(known.get(kind, ())) for kind in Kind}
        self._missed: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}

    def has(self, kind: Kind, item: str) -> bool:
        """Tell whether something is there, or at least not known to be gone."""
        return item in self._known[kind]

    @property
    def missing(self) -> int:
        """Return how much was missing from the last list, and is not yet gone."""
        return sum(map(len, self._missed.values()))

    def note(self, listed: AssetList, assets: Mapping[str, Asset]) -> dict[Kind, set[str]]:
        """Take a list into account, and return what is gone for good.

        Args:
            listed: the list. Where it is not complete, or had entries without a usable id, what
                is missing from it may just not be shown.
            assets: its assets, by id.
        """
        certain = listed.complete and not listed.malformed
        present: dict[Kind, AbstractSet[str]] = {
            Kind.ASSET: assets.keys(),
            Kind.GATEWAY: {one.gateway_id for one in listed.assets if one.gateway_id is not None},
            Kind.SITE: {one.site_id for one in listed.assets if one.site_id is not None},
        }
        return {kind: self._note(kind, here, certain=certain) for kind, here in present.items()}

    def _note(self, kind: Kind, present: AbstractSet[str], *, certain: bool) -> set[str]:
        known, before = self._known[kind], self._missed[kind]
        known.update(present)
        missed = {item: before.get(item, 0) + certain for item in known - present}
        gone = {item for item, times in missed.items() if times >= GONE_AFTER}
        known.difference_update(gone)
        self._missed[kind] = {item: times for item, times in missed.items() if item not in gone}
        return gone
