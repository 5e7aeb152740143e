"""A temporary request: what an action curtails, and what stays off for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .choice import Option
from .ledger import Curtailed
from .models import Action, Decision, Eligibility, Reason, Refusal, Wanted
from .selection import options, select
from .situation import Snapshot
from .timing import Limit, bound_of, length, prolonged

_STEP: Final = 100
"""Assets between two steps of a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyOff:
    """An asset that was off before.

    Attributes:
        until: until when it has to be snoozed anew; None where its snooze lasts long enough.
        limit: why it may not be off for as long as requested; None where it may.
    """

    one: Curtailed
    needed: bool = False
    until: float | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """An asset to curtail, and the limit that shortens its time off; None where none does."""

    decision: Decision
    limit: Limit | None


@dataclass(slots=True)
class RequestPlan:
    """What a request decides.

    Attributes:
        already_off: the candidates that were off before.
        chosen: those that are to be curtailed.
        refused: why the others stay on, by key.
        saved: W that what was off before saves for the request; negative where as much could
            come back.
    """

    already_off: list[AlreadyOff] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)
    saved: float = 0.0

    def missing(self, wanted: Wanted) -> float:
        """Return what is still to be curtailed, W; rounded, as sums differ with their order."""
        return round(wanted.power - wanted.served - self.saved, 3)


def plan_of(
    request: Eligibility, wanted: Wanted, snapshot: Snapshot, plan: RequestPlan
) -> Iterator[None]:
    """Plan a request; between two steps other tasks may run.

    Of what is off already, as few assets as reach the goal stay off for it. Where the goal follows
    from a measurement that already shows the effect of some of them, the source would carry their
    power in addition if they came back: as many stay off as it takes not to exceed the goal then.
    Only what is missing then is curtailed, by the same rules as for a load limit.
    """
    curtailed = snapshot.ledger.curtailed
    off = [one for key in request.candidates if (one := curtailed.get(key)) is not None]
    yield
    savings = list[Option]()
    for number, one in enumerate(off):
        if one.counts > 0:
            savings.append(_saving(one, request, snapshot))
        if number % _STEP == 0:
            yield
    known = sum(one.counts for one in off if one.since <= wanted.measured_until)
    needed = list[Option]()
    yield from _select(savings, wanted.power + known, needed)
    plan.saved = sum(one.power for one in needed) - known
    places = {key: place for place, key in enumerate(sorted(one.key for one in needed))}
    yield
    for number, one in enumerate(off):
        plan.already_off.append(_already_off(one, wanted, snapshot, places))
        if number % _STEP == 0:
            yield
    found = list[Option]()
    yield from options(request, snapshot, found, plan.refused)
    chosen = list[Option]()
    yield from _select(found, plan.missing(wanted), chosen)
    for place, option in enumerate(chosen):
        plan.chosen.append(_chosen(option, wanted, snapshot, place, len(chosen)))
        if place % _STEP == 0:
            yield
    _refuse_rest(found, chosen, plan.refused)
    yield


def _select(found: list[Option], need: float, selected: list[Option]) -> Iterator[None]:
    """Extend `selected` by what saves some power, rank by rank."""
    for option in select(found, need):
        selected.append(option)
        if len(selected) % _STEP == 0:
            yield
    yield


def _saving(one: Curtailed, request: Eligibility, snapshot: Snapshot) -> Option:
    """Return what is off as an option: a meter was measured without what was off below it."""
    state, rank = snapshot.fleet.states.get(one.key), request.candidates[one.key].rank
    interruptible = state is None or state.interruptible
    return Option(one.key, (), (int(not interruptible), False, rank), one.counts, one.counts)


def _already_off(
    one: Curtailed, wanted: Wanted, snapshot: Snapshot, places: dict[str, int]
) -> AlreadyOff:
    if (place := places.get(one.key)) is None:
        return AlreadyOff(one=one)
    bound = bound_of(_max_time_off(snapshot, one.key), wanted.longest_off, snapshot.now - one.since)
    plan = length(wanted.duration, bound, place=place, of=len(places))
    longer = not bound.over and prolonged(one, plan.seconds, snapshot.now, wanted.duration)
    until = snapshot.now + plan.seconds if longer else None
    return AlreadyOff(one=one, needed=True, until=until, limit=plan.limit)


def _chosen(option: Option, wanted: Wanted, snapshot: Snapshot, place: int, count: int) -> Chosen:
    bound = bound_of(_max_time_off(snapshot, option.key), wanted.longest_off)
    plan = length(wanted.duration, bound, place=place, of=count)
    decision = Decision(
        action=Action.CURTAIL,
        key=option.key,
        request="",
        reason=Reason.REQUESTED,
        at=snapshot.now,
        until=snapshot.now + plan.seconds,
        power=option.drawn,
        tier=(option.order[0], option.order[2]),
    )
    return Chosen(decision, plan.limit)


def _max_time_off(snapshot: Snapshot, key: str) -> float | None:
    state = snapshot.fleet.states.get(key)
    return None if state is None else state.max_time_off


def _refuse_rest(found: list[Option], chosen: list[Option], refused: dict[str, Refusal]) -> None:
    """Note why the options that were not chosen stay on."""
    keys = {one.key for one in chosen}
    parents = {parent for one in chosen for parent in one.above}
    for one in found:
        if one.key in keys:
            continue
        if not keys.isdisjoint(one.above):
            refused[one.key] = Refusal.PARENT_CURTAILED
        else:
            is_parent = one.key in parents
            refused[one.key] = Refusal.CHILD_CURTAILED if is_parent else Refusal.NOT_NEEDED
