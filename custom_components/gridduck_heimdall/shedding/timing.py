"""How long a snooze is to last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from .record import Shed

LONGEST: Final = 86_400
"""Seconds that a snooze may last. Contract: gridduck-api.md, "Snooze an asset"."""
_WIDEST: Final = 60
_PART: Final = 10


@dataclass(frozen=True, slots=True)
class Length:
    """How long a snooze lasts.

    Parameters:
        seconds: from now.
        limited: whether that is less than was asked for, as the asset may not be off longer.
    """

    seconds: int
    limited: bool


SHORTEST: Final = Length(1, limited=True)


def spread(seconds: float) -> int:
    """Return within how many seconds the ends of snoozes lie: a tenth of them, a minute at most."""
    return min(_WIDEST, int(seconds) // _PART)


def length(
    duration: timedelta, longest: float | None, *, off_for: float = 0.0, place: int = 0, of: int = 1
) -> Length | None:
    """Return how long to snooze an asset, so that not all of them end at the same second.

    Parameters:
        duration: what was asked for; the end may be a little later.
        longest: seconds that the asset may be off; None where there is no limit.
        off_for: seconds that it is off already.
        place: its place among those that are snoozed together, from 0.
        of: how many those are.

    Returns:
        None where the asset may not be off any longer.
    """
    asked = round(duration.total_seconds())
    left = LONGEST if longest is None else min(LONGEST, int(longest - off_for))
    if left < 1:
        return None
    wanted = asked + spread(asked) * place // of
    if wanted <= left:
        return Length(wanted, limited=False)
    # They end before the limit, and not all of them right at it.
    width = spread(left)
    seconds = max(1, left - width + width * place // of)
    return Length(seconds, limited=longest is not None and seconds < asked)


def prolonged(shed: Shed, seconds: int, now: datetime, duration: timedelta) -> bool:
    """Tell whether a snooze of so many seconds from now would end later than the one that runs.

    It has to be later by more than ends are spread, or else a call that is repeated at once
    would snooze everything anew.
    """
    slack = timedelta(seconds=1 + 2 * spread(duration.total_seconds()))
    return now + timedelta(seconds=seconds) > shed.until + slack
