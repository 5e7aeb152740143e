"""When what is shed comes back: in steps that keep apart."""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from homeassistant.util import dt as dt_util
import msgspec

from .record import Comeback, Ledger, Shed
from .survey import Watches

SOONEST_AGAIN: Final = timedelta(minutes=1)
"""How long what could not come back waits at least before it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast load comes back.

    Attributes:
        per_step: how many assets come back in one step.
        interval: how long the next step waits.
    """

    per_step: int
    interval: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """What comes back together.

    Attributes:
        at: when.
        interval: how long the next step waits.
        sheds: what comes back.
    """

    at: datetime
    interval: timedelta
    sheds: list[Shed]


class Schedule:
    """The steps that wait. Those of another interval are of another restoration.

    What is of an account that is not in use waits until it is, and holds up nothing else.
    """

    def __init__(self, ledger: Ledger, watches: Watches) -> None:
        """Take what is noted, and the accounts in use."""
        self._ledger, self._watches = ledger, watches

    def waiting(self, keys: Container[str] | None = None) -> list[Shed]:
        """Return what is on the schedule, of all or of some, but for what comes back just now."""
        return [
            shed
            for shed in self._ledger
            if shed.comeback is not None
            and not self._ledger.underway.resuming(shed.key)
            and (keys is None or shed.key in keys)
        ]

    def first(self, keys: Container[str] | None = None) -> Step | None:
        """Return the step that is due first, of all or of some; None where none waits."""
        return min(self._steps(keys), key=_at, default=None)

    def due(self, now: datetime) -> set[str]:
        """Return the keys of what is to come back by now."""
        due = (step.sheds for step in self._steps() if step.at <= now)
        return {shed.key for sheds in due for shed in sheds}

    def add(self, new: Iterable[Shed], keys: Container[str], pace: Pace, now: datetime) -> None:
        """Put on the schedule what is not.

        Args:
            new: what is to come back.
            keys: behind which it does.
            pace: how fast.
            now: the present.
        """
        waiting = (shed.comeback for shed in self.waiting(keys))
        last = max((one.at for one in waiting if one is not None), default=None)
        start = now if last is None else max(now, last + pace.interval)
        # Who was to give way last comes back first; of these, who has been off longest.
        longest_first = sorted(new, key=lambda shed: shed.since)
        ordered = sorted(longest_first, key=lambda shed: shed.tier, reverse=True)
        for number, sheds in enumerate(batched(ordered, pace.per_step, strict=False)):
            self._put(sheds, start + number * pace.interval, pace.interval)

    def keep_apart(self, interval: timedelta) -> None:
        """Move the steps of an interval that wait, as far as they would be due too soon."""
        earliest = dt_util.utcnow() + interval
        for step in sorted(self._alike(interval), key=_at):
            at = max(step.at, earliest)
            self._put(step.sheds, at, interval)
            earliest = at + interval

    def put_behind(self, failed: Iterable[Shed], interval: timedelta) -> None:
        """Have what could not come back wait until all else of its interval was tried."""
        now = dt_util.utcnow()
        last = max(map(_at, self._alike(interval)), default=now)
        self._put(failed, max(last + interval, now + SOONEST_AGAIN), interval)

    def _alike(self, interval: timedelta) -> list[Step]:
        return [step for step in self._steps() if step.interval == interval]

    def _steps(self, keys: Container[str] | None = None) -> list[Step]:
        found: defaultdict[Comeback, list[Shed]] = defaultdict(list)
        for shed in self.waiting(keys):
            if shed.comeback is not None and shed.entry_id in self._watches:
                found[shed.comeback].append(shed)
        return [Step(one.at, timedelta(seconds=one.interval), some) for one, some in found.items()]

    def _put(self, sheds: Iterable[Shed], at: datetime, interval: timedelta) -> None:
        comeback = Comeback(at=at, interval=interval.total_seconds())
        self._ledger.put(*(msgspec.structs.replace(shed, comeback=comeback) for shed in sheds))


def _at(step: Step) -> datetime:
    return step.at
