"""What a request is doing, in the words and figures that people see."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from .ledger import Curtailed
from .models import Action, Refusal, State, Status
from .situation import Situation, Snapshot


class Unmet(NamedTuple):
    """The power that a request could not curtail, W, and why candidates were left on, by key."""

    power: float = 0.0
    refusals: Mapping[str, Refusal] = {}


def status_of(
    snapshot: Snapshot,
    found: Situation | None,
    drawn: float,
    off: Collection[Curtailed],
    unmet: Unmet,
    actions: Collection[Action],
) -> Status:
    """Return the status of a request at the end of a pass.

    Its load limit stands as `found` (None while there is no data), the candidates of its source
    draw `drawn` (W), and `off` is curtailed for it.
    """
    known = Status(
        state=_state(found, off, unmet, actions),
        curtailed=sum(one.power for one in off),
        assets=len(off),
        unmet=max(0.0, unmet.power),
        next_return=min(
            (max(one.since + snapshot.tuning.time_off, snapshot.now) for one in off), default=None
        ),
        refusals=unmet.refusals if unmet.power > 0 else {},
    )
    if found is None:
        return known
    return replace(
        known,
        urgency=found.urgency(drawn, snapshot.now),
        load=found.load(drawn),
        limit=found.limit,
        response=found.estimate.response,
    )


def status_of_rest(off: Collection[Curtailed]) -> Status:
    """Return the status of a request that curtails nothing, but may have curtailed."""
    return Status(
        state=State.RESTORING if off else State.IDLE,
        curtailed=sum(one.power for one in off),
        assets=len(off),
    )


def _state(
    found: Situation | None, off: Collection[Curtailed], unmet: Unmet, actions: Collection[Action]
) -> State:
    if found is None:
        return State.NO_DATA
    if found.blocked:
        return State.NO_RESPONSE
    if unmet.power > 0:
        return State.NOT_ENOUGH
    if Action.CURTAIL in actions:
        return State.CURTAILING
    if Action.RETURN in actions:
        return State.RESTORING
    return State.HOLDING if off else State.IDLE
