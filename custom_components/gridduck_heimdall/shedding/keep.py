"""What is shed already: how much of it counts, and what is to stay off for longer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from ..load_limits.choice import choose
from .answer import Given
from .candidates import Candidate
from .goal import Goal
from .record import Shed
from .timing import Length, bound_of, length, prolonged


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An asset of the target that was shed before.

    Attributes:
        given: the asset, and what is to be noted of it.
        needed: whether it is to stay off.
        longer: what is noted once it is snoozed for longer; None where it is not.
    """

    given: Given
    needed: bool = False
    longer: Shed | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """What was shed before.

    Attributes:
        every: the assets.
        power: W that they save for the goal. Less than zero where so much could come back.
    """

    every: Sequence[Kept] = ()
    power: float = 0.0

    @property
    def needed(self) -> list[Kept]:
        """What is to stay off."""
        return [one for one in self.every if one.needed]


@dataclass(frozen=True, slots=True)
class _Saving:
    """Something that was shed before, as an option to choose."""

    key: str
    power: float
    tier: tuple[int, ...]
    # Of a meter and what hangs below it, both may be off: the meter's power was measured without.
    above: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """How long what is needed is to stay off.

    Attributes:
        duration: from now.
        longest_off: altogether; None where the request has no limit.
    """

    duration: timedelta
    longest_off: timedelta | None = None


def keep(found: Iterable[tuple[Candidate, Shed]], goal: Goal, stay: Stay, now: datetime) -> Keeping:
    """Return what becomes of what was shed before.

    As few as reach the goal stay off for it. Where the goal follows from a measurement that knows
    of some of them, the line would carry their power more if they came back: as many stay off as
    it takes for the line not to exceed the goal then.

    Args:
        found: the assets of the target that are shed.
        goal: what is to be shed.
        stay: for how long.
        now: the present.
    """
    every = list(found)
    counts = {shed.key: shed.counts for _, shed in every if shed.counts > 0}
    known = sum(counts.get(shed.key, 0.0) for _, shed in every if not goal.unmeasured(shed.since))
    options = [
        _Saving(candidate.key, counts[candidate.key], candidate.tier)
        for candidate, _ in every
        if candidate.key in counts
    ]
    needed = {option.key for option in choose(options, goal.power + known)}
    places = {key: place for place, key in enumerate(sorted(needed))}
    return Keeping(
        every=[
            _kept(candidate, shed, goal, stay, now, place=places[shed.key], of=len(places))
            if shed.key in places
            else Kept(given=Given(candidate=candidate, shed=shed))
            for candidate, shed in every
        ],
        power=sum(counts[key] for key in needed) - known,
    )


def _kept(
    candidate: Candidate, shed: Shed, goal: Goal, stay: Stay, now: datetime, *, place: int, of: int
) -> Kept:
    shed = msgspec.structs.replace(shed, line=goal.line_device, tier=candidate.tier)
    off_for = (now - shed.since).total_seconds()
    rest = bound_of(candidate.asset.max_time_off, stay.longest_off, off_for)
    plan = length(stay.duration, rest, place=place, of=of)
    longer: Shed | None = None
    if not rest.reached and prolonged(shed, plan.seconds, now, stay.duration):
        longer = _longer(shed, plan, now)
    given = Given(candidate=candidate, shed=shed, limit=plan.limit)
    return Kept(given=given, needed=True, longer=longer)


def _longer(shed: Shed, plan: Length, now: datetime) -> Shed:
    until = now + timedelta(seconds=plan.seconds)
    return msgspec.structs.replace(
        shed, until=until, until_else=shed.until, sent=now, seen=False, comeback=None
    )
