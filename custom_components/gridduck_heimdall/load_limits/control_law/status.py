"""What a request is doing, in the words and figures that people see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from .ledger import Curtailed
from .models import Action, Refusal, State, Status, Urgency
from .situation import Situation
from .tuning import Tuning


@dataclass(frozen=True, slots=True)
class Unmet:
    """What a request could not curtail.

    Attributes:
        power: W.
        refusals: why candidates were left on, by key.
    """

    power: float = 0.0
    refusals: Mapping[str, Refusal] = field(default_factory=dict)


NOTHING_UNMET = Unmet()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a pass has come with a request.

    Attributes:
        situation: how its load limit stands; None for another request, or while there is no data.
        drawn: what the candidates of its source draw, W.
        off: what is curtailed for it.
        unmet: what it could not curtail.
        actions: what the pass does for it.
    """

    situation: Situation | None
    drawn: float
    off: Collection[Curtailed]
    unmet: Unmet
    actions: Collection[Action]


def status_of(progress: Progress, now: float, tuning: Tuning) -> Status:
    """Return the status of a request at the end of a pass."""
    found, drawn, unmet = progress.situation, progress.drawn, progress.unmet
    return Status(
        state=_state(progress),
        urgency=Urgency.NONE if found is None else found.urgency(drawn, now),
        load=None if found is None else found.load(drawn),
        limit=None if found is None else found.limit,
        response=1.0 if found is None else found.estimate.response,
        curtailed=sum(one.power for one in progress.off),
        assets=len(progress.off),
        unmet=max(0.0, unmet.power),
        next_return=min(
            (max(one.since + tuning.time_off, now) for one in progress.off), default=None
        ),
        refusals=unmet.refusals if unmet.power > 0 else {},
    )


def status_of_rest(off: Collection[Curtailed]) -> Status:
    """Return the status of a request that curtails nothing, but may have curtailed."""
    return Status(
        state=State.RESTORING if off else State.IDLE,
        curtailed=sum(one.power for one in off),
        assets=len(off),
    )


def _state(progress: Progress) -> State:
    found = progress.situation
    if found is None:
        return State.NO_DATA
    if found.blocked:
        return State.NO_RESPONSE
    if progress.unmet.power > 0:
        return State.NOT_ENOUGH
    if Action.CURTAIL in progress.actions:
        return State.CURTAILING
    if Action.RETURN in progress.actions:
        return State.RESTORING
    return State.HOLDING if progress.off else State.IDLE
