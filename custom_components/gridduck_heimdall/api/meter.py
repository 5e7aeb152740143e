"""How many calls went out in the last hour, by kind."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

SLOT_SECONDS: Final = 60
"""Calls are counted by the minute."""
SLOTS: Final = 60
"""Minutes that are kept, the one under way included."""

type KindOfCall = Callable[[str, str], str]
"""Tells the kind of a call by its method and its path below the base address."""


class Meter:
    """Counts every call as it goes out, repeats included.

    Attributes:
        total: calls since the start, by kind.
    """

    def __init__(self, kind: KindOfCall = lambda _method, _path: "calls") -> None:
        """Take what names the kind of a call."""
        self.total = Counter[str]()
        self._kind = kind
        self._slots: deque[tuple[int, Counter[str]]] = deque(maxlen=SLOTS)

    def note(self, method: str, path: str) -> None:
        """Count one call.

        Args:
            method: its HTTP method.
            path: its path below the base address.
        """
        kind = self._kind(method, path)
        now = int(monotonic() // SLOT_SECONDS)
        if not self._slots or self._slots[-1][0] != now:
            self._slots.append((now, Counter()))
        self._slots[-1][1][kind] += 1
        self.total[kind] += 1

    def last_hour(self) -> Mapping[str, int]:
        """Return the calls of the last hour by kind; may under-count by up to a minute."""
        first = int(monotonic() // SLOT_SECONDS) - SLOTS
        return sum((calls for slot, calls in self._slots if slot > first), Counter())
