"""When each product of each line and facility is asked for next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from custom_components.gridduck_heimdall.coordinator import TOLERATED_FAILURES

from .products import Ask

TICK: Final = timedelta(minutes=5)
"""How often it is looked what is due."""

BACKOFF: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
"""How long to wait after an answer that there is no data: it is likely not offered."""

# A poll begins up to a second early or late: what is due by then belongs to it.
_SLACK: Final = timedelta(seconds=30)


@dataclass(slots=True)
class Slot:
    """The plan for one product of one line or facility.

    Attributes:
        ask: what it is about.
        due: when it is asked for next.
        misses: answers in a row that there is no data.
        failures: failures in a row.
        forbidden: whether the last answer was that the account may not have it.
        error: what went wrong last, "" when nothing did.
    """

    ask: Ask
    due: datetime
    misses: int = 0
    failures: int = 0
    forbidden: bool = False
    error: str = ""

    @property
    def down(self) -> bool:
        """Whether it has failed for longer than passes unseen."""
        return self.failures > TOLERATED_FAILURES

    @property
    def pause(self) -> timedelta | None:
        """How long an answer without data is waited on; None where there was data."""
        return BACKOFF[min(self.misses, len(BACKOFF)) - 1] if self.misses else None


class Schedule:
    """The plan of one group of products."""

    def __init__(self, interval: timedelta) -> None:
        """Plan to ask every `interval` for what has data."""
        self._interval = interval
        self._slots: dict[str, Slot] = {}

    @property
    def slots(self) -> Mapping[str, Slot]:
        """The plan by key of the reading."""
        return self._slots

    def keep(self, asks: Iterable[Ask], now: datetime) -> set[str]:
        """Plan for exactly these, and return the keys of those no longer planned for."""
        old, self._slots = self._slots, {}
        for ask in asks:
            self._slots[ask.key] = old.get(ask.key) or Slot(ask, now)
        return old.keys() - self._slots.keys()

    def due(self, now: datetime) -> list[Slot]:
        """Return what is to be asked for now, what has waited longest first."""
        due = [slot for slot in self._slots.values() if slot.due <= now + _SLACK]
        return sorted(due, key=lambda slot: slot.due)

    def hurry(self, now: datetime) -> None:
        """Let everything be due now."""
        for slot in self._slots.values():
            slot.due = min(slot.due, now)

    def answered(self, slot: Slot, now: datetime) -> None:
        """Note an answer with data."""
        slot.misses = slot.failures = 0
        slot.forbidden, slot.error = False, ""
        slot.due = now + self._interval

    def missed(self, slot: Slot, now: datetime, *, forbidden: bool) -> None:
        """Note an answer that there is no data, or none for this account."""
        slot.misses += 1
        slot.failures = 0
        slot.forbidden, slot.error = forbidden, ""
        slot.due = now + (slot.pause or self._interval)

    def failed(self, slot: Slot, now: datetime, error: str) -> None:
        """Note a failure: it is tried again at the next look."""
        slot.failures += 1
        slot.error = error
        slot.due = now + TICK

    def calls_per_hour(self) -> dict[str, float]:
        """Return how many calls an hour each product costs as things are now."""
        calls: defaultdict[str, float] = defaultdict(float)
        for slot in self._slots.values():
            calls[slot.ask.product.key] += timedelta(hours=1) / (slot.pause or self._interval)
        return {product: round(count, 1) for product, count in calls.items()}
