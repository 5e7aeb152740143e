"""When each product of each line and facility is asked for next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from ..core.coordinator import TOLERATED_FAILURES
from .products import Ask

TICK: Final = timedelta(minutes=5)
"""How often it is looked what is due."""

BACKOFF: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
"""How long to wait after an answer that there is no data: it is likely not offered."""

PATIENCE: Final = TICK - timedelta(seconds=30)
"""How late an answer may be for nothing to have been missed: less than a whole poll."""

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
        followed: since when every answer has come when it was due; None before the first.
        promised: when the answer after the newest is due.
    """

    ask: Ask
    due: datetime
    misses: int = 0
    failures: int = 0
    forbidden: bool = False
    error: str = ""
    followed: datetime | None = None
    promised: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Expect the first answer when it is due."""
        self.promised = self.due

    def follow(self, now: datetime, interval: timedelta, *, anew: bool) -> None:
        """Note that an answer has come, and when the next one is due.

        Args:
            now: when it came.
            interval: until the next.
            anew: whether what came before does not count, as something may have been missed.
        """
        if anew or self.followed is None or now > self.promised + PATIENCE:
            self.followed = now
        self.due = self.promised = now + interval

    def unbroken(self, since: datetime, now: datetime) -> bool:
        """Whether every answer has come when it was due, from one time to another."""
        return (
            self.followed is not None and self.followed <= since and now <= self.promised + PATIENCE
        )

    @property
    def down(self) -> bool:
        """Whether it has failed for longer than passes unseen."""
        return self.failures > TOLERATED_FAILURES

    @property
    def pause(self) -> timedelta | None:
        """How long an answer without data is waited on; None where there was data."""
        return BACKOFF[min(self.misses, len(BACKOFF)) - 1] if self.misses else None


class Schedule:
    """The plan of one group of products.

    Attributes:
        slots: the plan by the key of the reading.
    """

    def __init__(self, interval: timedelta) -> None:
        """Plan to ask every `interval` for what has data."""
        self._interval = interval
        self.slots: Mapping[str, Slot] = {}

    def keep(self, asks: Iterable[Ask], now: datetime) -> set[str]:
        """Plan for exactly these, and return the keys of those no longer planned for."""
        old = self.slots
        self.slots = slots = {ask.key: old.get(ask.key) or Slot(ask, now) for ask in asks}
        return old.keys() - slots.keys()

    def due(self, now: datetime) -> list[Slot]:
        """Return what is to be asked for now, what has waited longest first."""
        due = [slot for slot in self.slots.values() if self._is_due(slot, now)]
        return sorted(due, key=attrgetter("due"))

    def _is_due(self, slot: Slot, now: datetime) -> bool:
        """Tell whether to ask now, also where the clock was put back since it was last asked."""
        wait = slot.due - now
        return wait <= _SLACK or wait > (slot.pause or self._interval) + _SLACK

    def hurry(self, now: datetime) -> None:
        """Let everything be due now."""
        for slot in self.slots.values():
            slot.due = min(slot.due, now)

    def answered(self, slot: Slot, now: datetime) -> None:
        """Note an answer with data."""
        # While there was no data it was asked for seldom: the first may be older than this.
        slot.follow(now, self._interval, anew=slot.misses > 0)
        slot.misses = slot.failures = 0
        slot.forbidden, slot.error = False, ""

    def missed(self, slot: Slot, now: datetime, *, forbidden: bool) -> None:
        """Note an answer that there is no data, or none for this account."""
        slot.misses += 1
        slot.failures = 0
        slot.forbidden, slot.error = forbidden, ""
        slot.follow(now, slot.pause or self._interval, anew=False)

    def failed(self, slot: Slot, now: datetime, error: str) -> None:
        """Note a failure: it is tried again at the next look."""
        slot.failures += 1
        slot.error = error
        slot.due = now + TICK

    def put_off(self, slot: Slot, now: datetime) -> None:
        """Note that the service did not want to be asked: at the next look all else comes first.

        Whoever is limited alone would else be the first of each round, and its end.
        """
        slot.due = now + TICK

    def calls_per_hour(self) -> dict[str, float]:
        """Return how many calls an hour each product costs as things are now."""
        calls: defaultdict[str, float] = defaultdict(float)
        for slot in self.slots.values():
            calls[slot.ask.product.key] += timedelta(hours=1) / (slot.pause or self._interval)
        return {product: round(count, 1) for product, count in calls.items()}
