"""When an action returns what is curtailed: in steps with an interval between them."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from itertools import batched
import time
from typing import Final

from ..control_law.ledger import Curtailed
from ..shared import Shared

SOONEST_AGAIN: Final = 60.0
"""Seconds after which a return that failed is tried again at the earliest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many assets return in one step, and after how many seconds the next do."""

    per_step: int
    interval: float


@dataclass(frozen=True, slots=True)
class Step:
    """What returns together, and seconds until the next step."""

    at: float
    interval: float
    assets: list[Curtailed]


class Schedule:
    """The steps that wait. Those of another interval belong to another action.

    Assets of an account that is not in use wait until it is, and hold up nothing else.
    """

    def __init__(self, shared: Shared) -> None:
        """Take what is curtailed."""
        self._shared = shared

    def waiting(self, keys: Container[str] | None = None) -> list[Curtailed]:
        """Return what is scheduled, of all or of some, but for what returns just now."""
        return [
            one
            for one in self._shared.ledger.curtailed.values()
            if one.scheduled is not None
            and not self._shared.in_flight.resuming(one.key)
            and (keys is None or one.key in keys)
        ]

    def first(self, keys: Container[str] | None = None) -> Step | None:
        """Return the step that is due first, of all or of some; None where none waits."""
        return min(self._steps(keys), key=_at, default=None)

    def due(self, now: float) -> set[str]:
        """Return the keys of what is to return by now."""
        return {one.key for step in self._steps() if step.at <= now for one in step.assets}

    def add(self, new: Iterable[Curtailed], keys: Container[str], pace: Pace, now: float) -> None:
        """Schedule what is not, after those with certain keys that are."""
        waiting = (one.scheduled for one in self.waiting(keys) if one.scheduled is not None)
        last = max(waiting, default=None)
        start = now if last is None else max(now, last + pace.interval)
        # What is curtailed last in the order returns first; of these, what has been off longest.
        longest_first = sorted(new, key=lambda one: one.since)
        ordered = sorted(longest_first, key=lambda one: one.tier, reverse=True)
        for number, assets in enumerate(batched(ordered, pace.per_step, strict=False)):
            self._put(assets, start + number * pace.interval, pace.interval)

    def keep_apart(self, interval: float) -> None:
        """Move the steps of an interval that wait, as far as they would be due too soon."""
        earliest = time.time() + interval
        for step in sorted(self._alike(interval), key=_at):
            at = max(step.at, earliest)
            self._put(step.assets, at, interval)
            earliest = at + interval

    def put_behind(self, failed: Iterable[Curtailed], interval: float) -> None:
        """Have what could not return wait until all else of its interval was tried."""
        now = time.time()
        last = max(map(_at, self._alike(interval)), default=now)
        self._put(failed, max(last + interval, now + SOONEST_AGAIN), interval)

    def _alike(self, interval: float) -> list[Step]:
        return [step for step in self._steps() if step.interval == interval]

    def _steps(self, keys: Container[str] | None = None) -> list[Step]:
        found: defaultdict[tuple[float, float], list[Curtailed]] = defaultdict(list)
        for one in self.waiting(keys):
            if one.scheduled is not None and self._shared.accounts.of(one) is not None:
                found[one.scheduled, one.interval].append(one)
        return [Step(at, interval, some) for (at, interval), some in found.items()]

    def _put(self, assets: Iterable[Curtailed], at: float, interval: float) -> None:
        for one in assets:
            self._shared.ledger.add(replace(one, scheduled=at, interval=interval))


def _at(step: Step) -> float:
    return step.at
