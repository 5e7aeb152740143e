"""How long a snooze of an action lasts; all durations are seconds."""

from dataclasses import dataclass
from enum import StrEnum
import math
from typing import Final

from .ledger import Curtailed

LONGEST: Final = 86_400
"""Longest snooze. Contract: gridduck-api.md, "Snooze an asset"."""
_WIDEST: Final = 60
_PART: Final = 10


class Limit(StrEnum):
    """What limits how long an asset may be off: the asset itself, or the action."""

    MAX_TIME_OFF = "max_time_off"
    LONGEST_OFF = "longest_off"


@dataclass(frozen=True, slots=True)
class TimeOff:
    """How many seconds from now an asset is off, or may be, and what limits that, if anything."""

    seconds: float = math.inf
    limit: Limit | None = None

    @property
    def over(self) -> bool:
        """Whether it may not be off any longer."""
        return self.seconds < 1


def bound_of(
    max_time_off: float | None, longest_off: float | None, off_for: float = 0.0
) -> TimeOff:
    """Return the tighter of the limits of an asset and of an action; None stands for none.

    They limit the time off altogether, of which `off_for` has passed.
    """
    limits = ((max_time_off, Limit.MAX_TIME_OFF), (longest_off, Limit.LONGEST_OFF))
    given = (TimeOff(most - off_for, limit) for most, limit in limits if most is not None)
    return min(given, key=lambda one: one.seconds, default=TimeOff())


def spread(seconds: float) -> int:
    """Return over which time the ends of snoozes spread: a tenth of them, a minute at most."""
    return min(_WIDEST, int(seconds) // _PART)


def length(duration: float, bound: TimeOff, *, place: int = 0, of: int = 1) -> TimeOff:
    """Return how long to snooze an asset: at least a second, and a little later than requested.

    Of those that are snoozed together, not all end at the same second: it is the one at `place`,
    from 0. Its limit is given where its snooze is shorter than requested.
    """
    asked, left = round(duration), int(min(LONGEST, bound.seconds))
    wanted = asked + spread(asked) * place // of
    if wanted <= left:
        return TimeOff(wanted)
    # They end before the limit, and not all of them right at it.
    width = spread(left)
    seconds = max(1, left - width + width * place // of)
    return TimeOff(seconds, bound.limit if seconds < asked else None)


def prolonged(one: Curtailed, seconds: float, now: float, duration: float) -> bool:
    """Return whether a new snooze would end later than the one that runs.

    It has to be later by more than ends are spread, or else an action that is repeated at once
    would snooze everything anew.
    """
    return now + seconds > one.until + 1 + 2 * spread(duration)
