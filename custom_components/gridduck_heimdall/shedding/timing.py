"""How long a snooze is to last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import math
from typing import Final

from .record import Shed

LONGEST: Final = 86_400
"""Seconds that a snooze may last. Contract: gridduck-api.md, "Snooze an asset"."""
_WIDEST: Final = 60
_PART: Final = 10


class Limit(StrEnum):
    """What says how long an asset may be off: GridDuck, or the request."""

    MAX_TIME_OFF = "max_time_off"
    LONGEST_OFF = "longest_off"


@dataclass(frozen=True, slots=True)
class Bound:
    """How long an asset may be off.

    Attributes:
        seconds: from now.
        limit: what says so; None where nothing does.
    """

    seconds: float = math.inf
    limit: Limit | None = None

    @property
    def reached(self) -> bool:
        """Whether it may not be off any longer."""
        return self.seconds < 1


def bound_of(
    max_time_off: float | None, longest_off: timedelta | None, off_for: float = 0.0
) -> Bound:
    """Return the tighter of two limits of how long an asset is off altogether.

    Args:
        max_time_off: seconds that GridDuck allows; None where there is no limit.
        longest_off: what the request allows; as above.
        off_for: seconds that it is off already.
    """
    limits = (
        (max_time_off, Limit.MAX_TIME_OFF),
        (None if longest_off is None else longest_off.total_seconds(), Limit.LONGEST_OFF),
    )
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
    """Return within how many seconds the ends of snoozes lie: a tenth of them, a minute at most."""
    return min(_WIDEST, int(seconds) // _PART)


def length(duration: timedelta, bound: Bound, *, place: int = 0, of: int = 1) -> Length:
    """Return how long to snooze an asset, so that not all of them end at the same second.

    Args:
        duration: what was asked for; the end may be a little later.
        bound: how long the asset may be off; a second is the least that is returned.
        place: its place among those that are snoozed together, from 0.
        of: how many those are.
    """
    asked = round(duration.total_seconds())
    left = int(min(LONGEST, bound.seconds))
    wanted = asked + spread(asked) * place // of
    if wanted <= left:
        return Length(wanted)
    # They end before the limit, and not all of them right at it.
    width = spread(left)
    seconds = max(1, left - width + width * place // of)
    return Length(seconds, bound.limit if seconds < asked else None)


def prolonged(shed: Shed, seconds: int, now: datetime, duration: timedelta) -> bool:
    """Tell whether a snooze of so many seconds from now would end later than the one that runs.

    It has to be later by more than ends are spread, or else a call that is repeated at once
    would snooze everything anew.
    """
    slack = timedelta(seconds=1 + 2 * spread(duration.total_seconds()))
    return now + timedelta(seconds=seconds) > shed.until + slack
