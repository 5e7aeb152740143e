"""Choose the scope to request next, so that few requests find the best one that is granted."""

from collections.abc import Collection, Sequence
from time import monotonic
from typing import Final

RETRY_DELAY: Final = 1800.0
"""Seconds for which a lesser scope that was granted is requested first.

A token lasts an hour: each regular renewal tries better scopes, and the renewal of a token that was
invalidated early does not.
"""


class ScopeChoice:
    """Remember which of some scopes a token endpoint grants."""

    def __init__(self, scopes: Sequence[str], sufficient: Collection[str]) -> None:
        """Start without a granted scope.

        Args:
            scopes: all scopes, best first.
            sufficient: scopes that are equivalent to the first.
        """
        self._scopes = tuple(scopes)
        self._sufficient = {*self._scopes[:1], *sufficient}
        self._accepted: str | None = None
        self._retry_at = 0.0
        self._all_refused = False

    @property
    def probe(self) -> str | None:
        """The least scope, if all were refused last: one request shows whether that still holds."""
        return self._scopes[-1] if self._all_refused and len(self._scopes) > 1 else None

    def candidates(self) -> Sequence[str]:
        """Return the scopes to request, until one is granted."""
        accepted = self._accepted
        if accepted is None:
            return self._scopes
        if accepted not in self._sufficient and monotonic() >= self._retry_at:
            return self._scopes
        return (accepted, *(one for one in self._scopes if one != accepted))

    def accept(self, scope: str) -> None:
        """Note that a scope was granted."""
        if scope != self._accepted or monotonic() >= self._retry_at:
            self._retry_at = monotonic() + RETRY_DELAY
        self._accepted, self._all_refused = scope, False

    def refuse_all(self) -> None:
        """Note that none was granted."""
        self._accepted, self._all_refused = None, True
