"""Which assets a request curtails: strictly in order, and within a rank as few as possible."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from .choice import choose
from .ledger import Ledger
from .models import AssetState, Candidate, Refusal, Request
from .situation import Look, longest_off
from .tuning import DEFAULT, Tuning

_STEP: Final = 100
"""Candidates between two steps of a pass."""
_SEARCH: Final = 500
"""Steps of a choice, so that it takes a few milliseconds."""
_SHORTEST: Final = 60.0
"""Seconds off for which it is not worth a command."""


@dataclass(frozen=True, slots=True)
class Option:
    """An asset that can be curtailed now.

    Attributes:
        key: the asset.
        above: keys of the assets that measure it too.
        order: its place in the order of curtailment: not interruptible, lately returned, rank.
        power: what the source sees less, W.
        drawn: what it draws, W.
    """

    key: str
    above: tuple[str, ...]
    order: tuple[int, bool, int]
    power: float
    drawn: float


CHECKS: Final[tuple[tuple[Refusal, Callable[[Request, AssetState], bool]], ...]] = (
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


def refusal(
    request: Request,
    state: AssetState | None,
    ledger: Ledger,
    now: float,
    tuning: Tuning = DEFAULT,
) -> Refusal | None:
    """Return why an asset may not be curtailed now; None where it may."""
    if state is None:
        return Refusal.UNAVAILABLE
    if state.key in ledger.curtailed:
        return Refusal.CURTAILED
    if state.refusal is not None:
        return state.refusal
    for why, holds in CHECKS:
        if holds(request, state):
            return why
    return _too_early(state, ledger, now, tuning)


def _too_early(state: AssetState, ledger: Ledger, now: float, tuning: Tuning) -> Refusal | None:
    returned = ledger.returned.get(state.key)
    if returned is not None:
        if now < returned.not_before:
            return Refusal.NO_EFFECT if returned.no_effect else Refusal.OVERRIDDEN
        if now - returned.at < max(state.min_time_on or 0.0, tuning.time_on):
            return Refusal.ON_TOO_SHORT
    least = tuning.time_on if state.min_time_on is None else state.min_time_on
    if state.on_since is not None and now - state.on_since < least:
        return Refusal.ON_TOO_SHORT
    return None


def options(
    request: Request, look: Look, found: list[Option], refused: dict[str, Refusal]
) -> Iterator[None]:
    """Find what a request can curtail now, and why it cannot curtail the rest.

    Args:
        request: the request.
        look: what the law looks at.
        found: is extended by what can be curtailed.
        refused: is extended by what cannot.
    """
    states, curtailed = look.fleet.states, look.ledger.curtailed
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
        why = refusal(request, state, look.ledger, look.now, look.tuning)
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
            found.append(_option(candidate, state, look))


def _option(candidate: Candidate, state: AssetState, look: Look) -> Option:
    returned = look.ledger.returned.get(state.key)
    lately = returned is not None and look.now - returned.at < look.tuning.rested
    drawn = state.power or 0.0
    order = (int(not state.interruptible), lately, candidate.rank)
    return Option(candidate.key, state.above, order, drawn * candidate.behind, drawn)


def select(found: Iterable[Option], need: float, *, whole_ranks: bool = False) -> Iterator[Option]:
    """Yield what is curtailed to save some power.

    Args:
        found: what can be curtailed.
        need: power to save, W.
        whole_ranks: whether each rank that is needed is curtailed as a whole.
    """
    taken, parents = set[str](), set[str]()
    for _, members in groupby(sorted(found, key=_order), key=_order):
        if need <= 0:
            break
        rank = [one for one in members if one.key not in parents and taken.isdisjoint(one.above)]
        goal = sum(one.power for one in rank) if whole_ranks else need
        for one in choose(rank, goal, steps=_SEARCH):
            yield one
            taken.add(one.key)
            parents.update(one.above)
            need -= one.power


def _order(option: Option) -> tuple[int, bool, int]:
    return option.order
