"""What is shed already: how much of it counts, and what is to stay off for longer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from .answer import Given
from .candidates import Candidate
from .choice import choose
from .goal import Goal
from .record import Shed
from .timing import Length, length, prolonged


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An asset of the target that was shed before.

    Parameters:
        given: the asset, and what is noted of it.
        needed: whether it is to stay off.
        longer: what is noted once it is snoozed for longer; None where it is not.
    """

    given: Given
    needed: bool = False
    longer: Shed | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """What was shed before.

    Parameters:
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
    above: Sequence[str] = ()
    tier: tuple[int, ...] = ()


def keep(
    found: Iterable[tuple[Candidate, Shed]], goal: Goal, duration: timedelta, now: datetime
) -> Keeping:
    """Return what becomes of what was shed before.

    As few as reach the goal stay off for it. Where the goal follows from a measurement that knows
    of some of them, the line would carry their power more if they came back: as many stay off as
    it takes for the line not to exceed the goal then.

    Parameters:
        found: the assets of the target that are shed.
        goal: what is to be shed.
        duration: for how long.
        now: the present.
    """
    every = list(found)
    counts = {shed.key: shed.counts for _, shed in every if shed.counts > 0}
    known = sum(counts.get(shed.key, 0.0) for _, shed in every if not goal.unmeasured(shed.since))
    options = [_Saving(key, power) for key, power in counts.items()]
    needed = {option.key for option in choose(options, goal.power + known)}
    return Keeping(
        every=[
            _kept(candidate, shed, duration, now)
            if shed.key in needed
            else Kept(given=Given(candidate=candidate, shed=shed))
            for candidate, shed in every
        ],
        power=sum(counts[key] for key in needed) - known,
    )


def _kept(candidate: Candidate, shed: Shed, duration: timedelta, now: datetime) -> Kept:
    off_for = (now - shed.since).total_seconds()
    plan = length(duration, candidate.asset.max_time_off, off_for=off_for)
    limited = plan is None or plan.limited
    longer: Shed | None = None
    if plan is not None and prolonged(shed, plan.seconds, now, duration):
        longer = _longer(shed, plan, now)
    given = Given(candidate=candidate, shed=shed, limited=limited)
    return Kept(given=given, needed=True, longer=longer)


def _longer(shed: Shed, plan: Length, now: datetime) -> Shed:
    until = now + timedelta(seconds=plan.seconds)
    return msgspec.structs.replace(
        shed, until=until, until_else=shed.until, sent=now, seen=False, comeback=None
    )
