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
        counts: whether it counts towards the goal.
        longer: what is noted once it is snoozed for longer; None where it is not.
    """

    given: Given
    needed: bool
    counts: bool
    longer: Shed | None = None


@dataclass(frozen=True, slots=True)
class _Saving:
    """Something that was shed before, as an option to choose."""

    key: str
    power: float
    above: Sequence[str] = ()
    tier: tuple[int, ...] = ()


def keep(
    found: Iterable[tuple[Candidate, Shed]], goal: Goal, duration: timedelta, now: datetime
) -> list[Kept]:
    """Return what becomes of what was shed before.

    As few as reach the goal stay off for it. Where the goal follows from a measurement, those
    that the measurement knows of do not count, but stay off as well: the line would carry more
    if they came back.

    Parameters:
        found: the assets of the target that are shed.
        goal: what is to be shed.
        duration: for how long.
        now: the present.
    """
    every = list(found)
    recent = [shed for _, shed in every if goal.unmeasured(shed.since)]
    options = [_Saving(shed.key, shed.counts) for shed in recent if shed.counts > 0]
    counting = {option.key for option in choose(options, goal.power)}
    needed = set(counting)
    if goal.power > 0:
        needed.update(shed.key for _, shed in every if not goal.unmeasured(shed.since))
    return [
        _kept(candidate, shed, duration, now, counts=shed.key in counting)
        if shed.key in needed
        else Kept(given=Given(candidate=candidate, shed=shed), needed=False, counts=False)
        for candidate, shed in every
    ]


def _kept(
    candidate: Candidate, shed: Shed, duration: timedelta, now: datetime, *, counts: bool
) -> Kept:
    off_for = (now - shed.since).total_seconds()
    plan = length(duration, candidate.asset.max_time_off, off_for=off_for)
    limited = plan is None or plan.limited
    longer: Shed | None = None
    if plan is not None and prolonged(shed, plan.seconds, now, duration):
        longer = _longer(shed, plan, now)
    given = Given(candidate=candidate, shed=shed, limited=limited)
    return Kept(given=given, needed=True, counts=counts, longer=longer)


def _longer(shed: Shed, plan: Length, now: datetime) -> Shed:
    until = now + timedelta(seconds=plan.seconds)
    return msgspec.structs.replace(
        shed, until=until, until_else=shed.until, sent=now, comeback=None
    )
