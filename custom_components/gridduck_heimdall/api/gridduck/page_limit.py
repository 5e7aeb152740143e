"""Which limit of a page a server takes.

Contract: gridduck-api.md, "List assets", its traps.
"""

from collections.abc import Sequence
from time import monotonic
from typing import Final

from .assumed import PAGE_LIMIT
from .const import DEFAULT_LIMIT

LIMITS: Final = (PAGE_LIMIT, DEFAULT_LIMIT, None)
"""Best first; None asks without any query, as the guide does."""
RETRY_AFTER: Final = 3600.0
"""Seconds after which a better one is tried again: a refusal may have been an accident."""


class PageLimit:
    """Remember the best limit that a server has taken."""

    def __init__(self) -> None:
        """Start with the best."""
        self._accepted = 0
        self._retry_at = 0.0

    @property
    def accepted(self) -> int | None:
        """Return what was taken last."""
        return LIMITS[self._accepted]

    def candidates(self) -> Sequence[int | None]:
        """Return the limits to ask for, until one is taken."""
        return LIMITS if monotonic() >= self._retry_at else LIMITS[self._accepted :]

    def accept(self, limit: int | None) -> None:
        """Note that a limit was taken."""
        number = LIMITS.index(limit)
        if number != self._accepted or monotonic() >= self._retry_at:
            self._retry_at = monotonic() + RETRY_AFTER
        self._accepted = number
