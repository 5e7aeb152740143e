"""Schedule the next request of each product of each line and facility."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from ..api.concurrency import Backoff
from ..core.coordinator import TOLERATED_FAILURES
from .products import Product, ProductRequest

TICK: Final = timedelta(minutes=5)
"""How often due requests are sent."""

BACKOFF: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
"""How long to wait after a response without data: the product is likely not offered."""

PERSISTENT: Final = timedelta(hours=3)
"""How long a product that has had data must fail until it is requested less often."""

WATCH: Final = timedelta(minutes=1)
"""How often a watched product is requested."""

LONGEST_WATCH: Final = timedelta(minutes=15)
"""How long a product is watched unless the watch is renewed."""

MAX_DELAY: Final = TICK - timedelta(seconds=30)
"""Maximum delay of a response without a gap: less than a whole poll."""

# A poll begins up to a second early or late: it includes requests that are due by then.
_SLACK: Final = timedelta(seconds=30)
_WATCH_SLACK: Final = timedelta(seconds=5)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Slot:
    """The schedule of one product of one line or facility.

    Attributes:
        request: what is requested.
        due: when the next request is due.
        misses: consecutive responses without data.
        failures: consecutive failures.
        backoffs: consecutive failures after which it was requested later than at the next tick.
        answered_at: when the last response with data came; None before the first.
        forbidden: whether the last response denied access.
        error: the last error, or "".
        unbroken_since: since when every response came when due; None before the first.
        expected_at: when the next response is due.
    """

    request: ProductRequest
    due: datetime
    misses: int = 0
    failures: int = 0
    backoffs: int = 0
    answered_at: datetime | None = None
    forbidden: bool = False
    error: str = ""
    unbroken_since: datetime | None = None
    expected_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Expect the first response when it is due."""
        self.expected_at = self.due

    def follow(self, now: datetime, interval: timedelta, *, after_gap: bool) -> None:
        """Record a response, and when the next one is due.

        Args:
            now: when it came.
            interval: until the next.
            after_gap: whether there may have been a gap before it.
        """
        if after_gap or self.unbroken_since is None or now > self.expected_at + MAX_DELAY:
            self.unbroken_since = now
        self.due = self.expected_at = now + interval

    def unbroken(self, since: datetime, now: datetime) -> bool:
        """Return whether every response came when it was due, from one time to another."""
        return (
            self.unbroken_since is not None
            and self.unbroken_since <= since
            and now <= self.expected_at + MAX_DELAY
        )

    @property
    def down(self) -> bool:
        """Whether it has failed more often than is tolerated."""
        return self.failures > TOLERATED_FAILURES

    @property
    def pause(self) -> timedelta | None:
        """How long to wait after a response without data or a persistent failure, else None."""
        if self.backoffs:
            return BACKOFF[min(self.backoffs, len(BACKOFF) - 1)]
        return BACKOFF[min(self.misses, len(BACKOFF)) - 1] if self.misses else None

    def persistent(self, now: datetime) -> bool:
        """Return whether it fails for longer than a passing fault does."""
        return self.down and (self.answered_at is None or now - self.answered_at >= PERSISTENT)


@dataclass
class _Watch:
    """A product that is requested every minute for some time.

    Attributes:
        until: when that ends.
        gate: closed until the next request is due.
    """

    until: datetime
    gate: Backoff = field(default_factory=lambda: Backoff(2 * WATCH, TICK))

    def lasts(self, now: datetime) -> bool:
        """Return whether the watch is still active."""
        # An end that is too far ahead means that the clock was set back.
        return now < self.until <= now + LONGEST_WATCH

    def wait(self, span: timedelta, now: datetime) -> None:
        """Request nothing for some time."""
        self.gate.close(span.total_seconds(), now.timestamp())


class RequestSchedule:
    """The schedule of one group of products.

    Attributes:
        slots: the schedule of each reading, by its key.
    """

    def __init__(self, interval: timedelta) -> None:
        """Request products with data every `interval`."""
        self._interval = interval
        self.slots: Mapping[str, Slot] = {}
        self._requests: Iterable[ProductRequest] = ()
        self._watches: dict[str, _Watch] = {}

    def schedule_only(self, requests: Iterable[ProductRequest], now: datetime) -> set[str]:
        """Schedule exactly these requests, and return the keys of those that were dropped."""
        if requests is self._requests:
            return set()
        self._requests = requests
        old = self.slots
        self.slots = slots = {
            request.key: old.get(request.key) or Slot(request, now) for request in requests
        }
        return old.keys() - slots.keys()

    def due(self, now: datetime) -> list[Slot]:
        """Return the requests that are due now, the longest overdue first."""
        due = list[Slot]()
        for slot in self.slots.values():
            wait = slot.due - now
            # A time that is too far ahead was set before the clock was set back.
            if wait <= _SLACK or wait > (slot.pause or self._interval) + _SLACK:
                due.append(slot)
        return sorted(due, key=attrgetter("due"))

    def watch(self, key: str, now: datetime, until: datetime) -> bool:
        """Request a product every minute for some time; return whether it is requested at all."""
        if (slot := self.slots.get(key)) is None:
            return False
        watch = self._watches.get(key)
        if watch is None or not watch.lasts(now):
            self._watches[key] = watch = _Watch(until)
            watch.wait(WATCH, slot.answered_at or now)
        watch.until = until
        return True

    def watched(self, now: datetime) -> list[Slot]:
        """Return what is watched now."""
        self._watches = {
            key: watch
            for key, watch in self._watches.items()
            if key in self.slots and watch.lasts(now)
        }
        return [self.slots[key] for key in self._watches]

    def due_of_watch(self, now: datetime) -> list[Slot]:
        """Return the watched requests that are due now, without those that a poll is about to send.

        A product without data, or one that has failed too often, is left to the polls.
        """
        soon = (now + _WATCH_SLACK).timestamp()
        return [
            slot
            for slot in self.watched(now)
            if slot.pause is None
            and not slot.down
            and not self._watches[slot.request.key].gate.is_closed(soon)
            and abs(slot.due - now) > _SLACK
        ]

    def watch_answered(self, slot: Slot, now: datetime) -> None:
        """Record the response to a watched request. The schedule stays as it is."""
        slot.answered_at = now
        if (watch := self._watches.get(slot.request.key)) is not None:
            watch.gate.open()
            watch.wait(WATCH, now)

    def watch_failed(self, slot: Slot, now: datetime) -> None:
        """Record the failure of a watched request. The pause doubles with each."""
        if (watch := self._watches.get(slot.request.key)) is not None:
            watch.gate.fail(now.timestamp())

    def make_all_due(self, now: datetime) -> None:
        """Make everything due now."""
        for slot in self.slots.values():
            slot.due = min(slot.due, now)

    def answered(self, slot: Slot, now: datetime) -> None:
        """Record a response with data."""
        # Without data it is rarely requested: there may have been a gap.
        slot.follow(now, self._interval, after_gap=slot.misses > 0)
        if slot.backoffs:
            self._retry(slot.request.product, now)
        slot.misses = slot.failures = slot.backoffs = 0
        slot.answered_at = now
        slot.forbidden, slot.error = False, ""
        if (watch := self._watches.get(slot.request.key)) is not None:
            watch.wait(WATCH, now)

    def missed(self, slot: Slot, now: datetime, *, forbidden: bool) -> None:
        """Record a response without data, or without access to it."""
        slot.misses += 1
        slot.failures = slot.backoffs = 0
        slot.forbidden, slot.error = forbidden, ""
        slot.follow(now, slot.pause or self._interval, after_gap=False)

    def failed(self, slot: Slot, now: datetime, error: str, *, served: bool) -> None:
        """Record a failure. It is retried at the next tick, or later if it persists.

        Args:
            slot: the request that failed.
            now: when it failed.
            error: why.
            served: whether the service answered other requests with data meanwhile. If it did
                not, it is down as a whole, and everything is retried soon after it is back.
        """
        slot.failures += 1
        slot.error = error
        slot.backoffs = slot.backoffs + 1 if served and slot.persistent(now) else 0
        slot.due = now + (slot.pause if slot.backoffs and slot.pause else TICK)

    def _retry(self, product: Product[Any], now: datetime) -> None:
        """Make a product that works again due for every line and facility."""
        for slot in self.slots.values():
            if slot.backoffs and slot.request.product is product:
                slot.due, slot.backoffs = now, 0

    def put_off(self, slot: Slot, now: datetime) -> None:
        """Record a rate limit: at the next tick all other requests come first.

        Otherwise a single request that is limited would come first and end each batch.
        """
        slot.due = now + TICK
        if (watch := self._watches.get(slot.request.key)) is not None:
            watch.wait(TICK, now)

    def calls_per_hour(self, now: datetime) -> dict[str, float]:
        """Return the calls per hour that each product currently costs."""
        calls: defaultdict[str, float] = defaultdict(float)
        watched = {slot.request.key for slot in self.watched(now)}
        for slot in self.slots.values():
            interval = WATCH if slot.request.key in watched else self._interval
            calls[slot.request.product.key] += timedelta(hours=1) / (slot.pause or interval)
        return {product: round(count, 1) for product, count in calls.items()}
