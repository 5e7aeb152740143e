"""What is curtailed already: how much of it counts for an action, and what stays off for longer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .answer import Given
from .choice import choose
from .goal import Goal
from .ledger import Curtailed
from .survey import Candidate
from .timing import bound_of, length, prolonged


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An asset of the target that was curtailed before.

    Attributes:
        given: the asset, and its next record in the ledger.
        needed: whether it is to stay off.
        longer: what is noted once it is snoozed for longer; None where it is not.
    """

    given: Given
    needed: bool = False
    longer: Curtailed | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """What was curtailed before.

    Attributes:
        every: the assets.
        power: W that they save for the goal; negative where as much could come back.
    """

    every: Sequence[Kept] = ()
    power: float = 0.0

    @property
    def needed(self) -> list[Kept]:
        """What is to stay off."""
        return [one for one in self.every if one.needed]


@dataclass(frozen=True, slots=True)
class _Saving:
    """A curtailed asset, as an option to choose.

    A meter and what hangs below it may both be off: the meter was measured without the rest.
    """

    key: str
    power: float
    tier: tuple[int, ...]
    above: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """How long what is needed is to stay off, s.

    Attributes:
        duration: from now.
        longest_off: altogether; None where the action has no limit.
    """

    duration: float
    longest_off: float | None = None


def keep(
    found: Iterable[tuple[Candidate, Curtailed]], goal: Goal, stay: Stay, now: float
) -> Keeping:
    """Return what becomes of what was curtailed before.

    As few as reach the goal stay off for it. Where the goal follows from a measurement that
    already shows the effect of some of them, the line would carry their power in addition if they
    came back: as many stay off as it takes for the line not to exceed the goal then.

    Args:
        found: the assets of the target that are curtailed.
        goal: the power to shed.
        stay: for how long.
        now: the present.
    """
    every = list(found)
    counts = {one.key: one.counts for _, one in every if one.counts > 0}
    known = sum(counts.get(one.key, 0.0) for _, one in every if not goal.unmeasured(one.since))
    options = [
        _Saving(candidate.key, counts[candidate.key], candidate.tier)
        for candidate, _ in every
        if candidate.key in counts
    ]
    needed = {option.key for option in choose(options, goal.power + known)}
    places = {key: place for place, key in enumerate(sorted(needed))}
    return Keeping(
        every=[
            _kept(candidate, one, goal, stay, now, place=places[one.key], of=len(places))
            if one.key in places
            else Kept(given=Given(candidate=candidate, noted=one))
            for candidate, one in every
        ],
        power=sum(counts[key] for key in needed) - known,
    )


def _kept(
    candidate: Candidate, one: Curtailed, goal: Goal, stay: Stay, now: float, *, place: int, of: int
) -> Kept:
    held = max(one.held, min(one.until, now + stay.duration))
    one = replace(one, line=goal.line_device, tier=candidate.tier, held=held)
    rest = bound_of(candidate.load.max_time_off, stay.longest_off, now - one.since)
    plan = length(stay.duration, rest, place=place, of=of)
    longer: Curtailed | None = None
    if not rest.reached and prolonged(one, plan.seconds, now, stay.duration):
        until = now + plan.seconds
        longer = replace(
            one,
            until=until,
            until_else=one.until,
            held=until,
            renewed=now,
            seen=None,
            scheduled=None,
        )
    given = Given(candidate=candidate, noted=one, limit=plan.limit)
    return Kept(given=given, needed=True, longer=longer)
