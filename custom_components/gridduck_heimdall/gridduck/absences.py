"""What was not listed for so long that it is gone."""

from collections.abc import Collection, Iterable, Set as AbstractSet
from typing import Final

GONE_AFTER: Final = 3


class Absences:
    """Count in how many complete lists in a row something known was missing.

    A list can skip an entry while it is paged, so a single absence proves nothing.
    Contract: gridduck-api.md, "List assets".
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Start with the ids that were known before."""
        self._known = set(known)
        self._missed: dict[str, int] = {}

    def __contains__(self, item: str) -> bool:
        """Tell whether it is there, or at least not known to be gone."""
        return item in self._known

    @property
    def missing(self) -> Collection[str]:
        """Return what was missing from the last list, and is not yet gone."""
        return self._missed.keys()

    def note(self, present: AbstractSet[str], *, complete: bool) -> set[str]:
        """Take a list into account and return what is gone for good.

        Parameters:
            present: the ids that were listed.
            complete: whether an id that was not listed is missing; else it may just not be shown.
        """
        if not complete:
            self._known |= present
            self._missed = {item: n for item, n in self._missed.items() if item not in present}
            return set()
        missed = {item: self._missed.get(item, 0) + 1 for item in self._known - present}
        gone = {item for item, times in missed.items() if times >= GONE_AFTER}
        self._missed = {item: times for item, times in missed.items() if item not in gone}
        self._known = (self._known | present) - gone
        return gone
