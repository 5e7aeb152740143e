"""Which assets a request curtails: strictly in order, and within a rank as few as possible.

Also which of them may stay off, and until when.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import groupby
import math
from operator import attrgetter
from typing import Final

from .choice import Option, choose
from .clock import is_near, lies_ahead
from .ledger import FORGET, Curtailed
from .models import AssetState, Candidate, Eligibility, Refusal, Request
from .situation import Snapshot, longest_off

_STEP: Final = 100
"""Candidates between two steps of a pass."""
_SEARCH: Final = 500
"""Steps of a choice, so that it takes a few milliseconds."""
MARGIN: Final = 5.0
"""Seconds by which a snooze ends before the longest time off."""
_SHORTEST: Final = 60.0
"""Seconds off for which it is not worth a command."""


CHECKS: Final[tuple[tuple[Refusal, Callable[[Eligibility, AssetState], bool]], ...]] = (
    (Refusal.IN_FLIGHT, lambda _, state: state.in_flight),
    (Refusal.SNOOZED, lambda _, state: state.off_until is not None),
    (
        Refusal.NOT_INTERRUPTIBLE,
        lambda request, state: not state.interruptible and not request.allow_non_interruptible,
    ),
    (Refusal.NO_POWER, lambda _, state: (state.power or 0.0) <= 0),
    (
        Refusal.OFF_TOO_LONG,
        lambda request, state: longest_off(request, state.max_time_off) < _SHORTEST,
    ),
)
"""Why an asset may not be curtailed, the first that holds."""


def _refusal(request: Eligibility, state: AssetState | None, snapshot: Snapshot) -> Refusal | None:
    """Return why an asset may not be curtailed now; None where it may."""
    if state is None:
        return Refusal.UNAVAILABLE
    if state.key in snapshot.ledger.curtailed:
        return Refusal.CURTAILED
    if state.refusal is not None:
        return state.refusal
    for why, holds in CHECKS:
        if holds(request, state):
            return why
    return _too_early(state, snapshot)


def _too_early(state: AssetState, snapshot: Snapshot) -> Refusal | None:
    now, tuning, returned = snapshot.now, snapshot.tuning, snapshot.ledger.returned.get(state.key)
    if returned is not None:
        if lies_ahead(returned.not_before, now, 2 * FORGET):
            return Refusal.NO_EFFECT if returned.no_effect else Refusal.OVERRIDDEN
        if is_near(returned.at, now, max(state.min_time_on or 0.0, tuning.time_on)):
            return Refusal.ON_TOO_SHORT
    least = tuning.time_on if state.min_time_on is None else state.min_time_on
    if state.on_since is not None and is_near(state.on_since, now, least):
        return Refusal.ON_TOO_SHORT
    return None


def options(
    request: Eligibility, snapshot: Snapshot, found: list[Option], refused: dict[str, Refusal]
) -> Iterator[None]:
    """Extend `found` by what a request can curtail now, and `refused` by why it cannot the rest."""
    states, curtailed = snapshot.fleet.states, snapshot.ledger.curtailed
    # Until the fall of a part is measured, it is not known what its meter draws without it.
    parents = {
        parent
        for key, one in curtailed.items()
        if one.saved is None and (part := states.get(key)) is not None
        for parent in part.above
    }
    for number, (key, candidate) in enumerate(request.candidates.items()):
        if number % _STEP == 0:
            yield
        state = states.get(key)
        why = _refusal(request, state, snapshot)
        if state is not None and why is not Refusal.CURTAILED:
            if not curtailed.keys().isdisjoint(state.above):
                why = Refusal.PARENT_CURTAILED
            elif why is None and candidate.behind <= 0:
                why = Refusal.NOT_BEHIND
            elif why is None and key in parents:
                why = Refusal.CHILD_CURTAILED
        if why is not None:
            refused[key] = why
        elif state is not None:
            found.append(_option(candidate, state, snapshot))


def _option(candidate: Candidate, state: AssetState, snapshot: Snapshot) -> Option:
    returned = snapshot.ledger.returned.get(state.key)
    lately = returned is not None and is_near(returned.at, snapshot.now, snapshot.tuning.rested)
    drawn = state.power or 0.0
    order = (int(not state.interruptible), lately, candidate.rank)
    return Option(candidate.key, state.above, order, drawn * candidate.behind, drawn)


def spare(request: Request, states: Mapping[str, AssetState], off: Collection[str] = ()) -> float:
    """Return how much its candidates may draw less, W, for as much to stay on as has to.

    What is `off` by now does not count, nor what hangs below another candidate.
    """
    if request.limit.floor <= 0:
        return math.inf
    candidates = request.candidates
    drawn = (
        state.power or 0.0
        for key in candidates
        if (state := states.get(key)) is not None
        and key not in off
        and candidates.keys().isdisjoint(state.above)
    )
    return sum(drawn) - request.limit.floor


def select(
    found: Iterable[Option], need: float, *, whole_ranks: bool = False, left: float = math.inf
) -> Iterator[Option]:
    """Yield what is curtailed to save some power, W, or each rank that is needed as a whole.

    Together it draws at most what is `left` of what may be curtailed, W.
    """
    taken, parents = set[str](), set[str]()
    order = attrgetter("order")
    for _, members in groupby(sorted(found, key=order), key=order):
        if need <= 0:
            break
        rank = [
            one
            for one in members
            if one.drawn <= left and one.key not in parents and taken.isdisjoint(one.above)
        ]
        goal = sum(one.power for one in rank) if whole_ranks else need
        for one in choose(rank, goal, steps=_SEARCH):
            if one.drawn > left:
                continue
            yield one
            taken.add(one.key)
            parents.update(one.above)
            need -= one.power
            left -= one.drawn


def may_be_off(state: AssetState | None, request: Eligibility) -> bool:
    """Return whether a candidate that is off may stay so: either may have been changed since."""
    return state is None or state.interruptible or request.allow_non_interruptible


def lease(request: Request, state: AssetState, *, off_for: float = 0.0) -> float:
    """Return for how long an asset may be snoozed from now on, s."""
    longest = longest_off(request, state.max_time_off)
    return max(1.0, min(request.lease, longest - off_for - MARGIN))


def latest_end(snapshot: Snapshot, one: Curtailed) -> float:
    """Return when an asset has to be on: it may be off for less than when it was snoozed."""
    state, request = snapshot.fleet.states.get(one.key), snapshot.requests.get(one.request)
    longest = None if state is None else state.max_time_off
    if request is not None:
        longest = longest_off(request, longest)
    return one.until if longest is None else min(one.until, one.since + longest)
