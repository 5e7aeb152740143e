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
class Bound:
    """How long an asset may be off.

    Attributes:
        seconds: from now.
        limit: what limits it; None where nothing does.
    """

    seconds: float = math.inf
    limit: Limit | None = None

    @property
    def reached(self) -> bool:
        """Whether it may not be off any longer."""
        return self.seconds < 1


def bound_of(max_time_off: float | None, longest_off: float | None, off_for: float = 0.0) -> Bound:
    """Return the tighter of two limits of how long an asset is off altogether.

    Args:
        max_time_off: longest time off of the asset; None where it has none.
        longest_off: that of the action; None where it has none.
        off_for: how long the asset is off already.
    """
    limits = ((max_time_off, Limit.MAX_TIME_OFF), (longest_off, Limit.LONGEST_OFF))
    given = (Bound(most - off_for, limit) for most, limit in limits if most is not None)
    return min(given, key=lambda one: one.seconds, default=Bound())


@dataclass(frozen=True, slots=True)
class Length:
    """How long a snooze lasts.

    Attributes:
        seconds: from now.
        limit: why that is less than was asked for; None where it is not.
    """

    seconds: int
    limit: Limit | None = None


def spread(seconds: float) -> int:
    """Return over which time the ends of snoozes spread: a tenth of them, a minute at most."""
    return min(_WIDEST, int(seconds) // _PART)


def length(duration: float, bound: Bound, *, place: int = 0, of: int = 1) -> Length:
    """Return how long to snooze an asset, so that not all snoozes end at the same second.

    Args:
        duration: what was asked for; the end may be a little later.
        bound: how long the asset may be off; at least a second is returned.
        place: its place among those that are snoozed together, from 0.
        of: number of assets that are snoozed together.
    """
    asked, left = round(duration), int(min(LONGEST, bound.seconds))
    wanted = asked + spread(asked) * place // of
    if wanted <= left:
        return Length(wanted)
    # They end before the limit, and not all of them right at it.
    width = spread(left)
    seconds = max(1, left - width + width * place // of)
    return Length(seconds, bound.limit if seconds < asked else None)


def prolonged(one: Curtailed, seconds: float, now: float, duration: float) -> bool:
    """Whether a new snooze would end later than the one that runs.

    It has to be later by more than ends are spread, or else an action that is repeated at once
    would snooze everything anew.
    """
    return now + seconds > one.until + 1 + 2 * spread(duration)
