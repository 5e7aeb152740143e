"""Count the requests of the last hour, by kind."""

from collections import Counter, deque
from collections.abc import Mapping
from time import monotonic
from typing import Final

SLOT_SECONDS: Final = 60
"""Calls are counted by the minute."""
SLOTS: Final = 60
"""Number of minutes stored, including the current one."""


class CallMeter:
    """Counts every request that is sent, including retries.

    Attributes:
        total: calls since the start, by kind.
    """

    def __init__(self) -> None:
        """Start without requests."""
        self.total = Counter[str]()
        self._slots: deque[tuple[int, Counter[str]]] = deque(maxlen=SLOTS)

    def note(self, kind: str) -> None:
        """Count one call of a kind."""
        now = int(monotonic() // SLOT_SECONDS)
        if not self._slots or self._slots[-1][0] != now:
            self._slots.append((now, Counter()))
        self._slots[-1][1][kind] += 1
        self.total[kind] += 1

    def last_hour(self) -> Mapping[str, int]:
        """Return the calls of the last hour by kind; may under-count by up to a minute."""
        first = int(monotonic() // SLOT_SECONDS) - SLOTS
        return sum((calls for slot, calls in self._slots if slot > first), Counter())
