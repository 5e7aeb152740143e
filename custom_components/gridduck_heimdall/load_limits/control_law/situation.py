"""How each load limit stands: projected load, limit in force, need and room."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .clock import is_near
from .estimate import Estimate
from .fleet import Fleet
from .ledger import Curtailed, Ledger
from .models import Eligibility, LoadLimit, Request, Urgency
from .tuning import DEFAULT, Tuning
from .window import WindowMean


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the law looks at, by request, source and asset; a pass changes none of it."""

    requests: Mapping[str, Request]
    estimates: Mapping[str, Estimate]
    ledger: Ledger
    fleet: Fleet
    now: float
    windows: Mapping[str, WindowMean] = field(default_factory=dict)
    tuning: Tuning = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A load limit at present.

    Attributes:
        uncontrolled: the projected uncontrolled part of the load, W.
        limit: what the load has to stay below now, W.
        blocked: whether its source does not respond.
    """

    load_limit: LoadLimit
    estimate: Estimate
    uncontrolled: float
    limit: float
    blocked: bool
    tuning: Tuning

    def load(self, drawn: float) -> float:
        """Return the projected load while candidates draw some power, W."""
        return self.uncontrolled + self.estimate.response * drawn

    def excess(self, drawn: float) -> float:
        """Return by how much the projected load exceeds the threshold to act, share of limit."""
        return self.load(drawn) / self.limit - self.load_limit.thresholds.act_above

    def need(self, drawn: float, curtailed: float) -> float:
        """Return how much candidates have to draw less, W; zero or less where nothing."""
        if self.blocked or self.excess(drawn) <= 0:
            return 0.0
        target = self.load_limit.thresholds.down_to * self.limit
        response = max(self.tuning.least_response, self.estimate.response)
        need = (self.load(drawn) - target) / response
        if self.estimate.proven < self.tuning.trusted:
            need = min(need, self.tuning.unproven * self.limit - curtailed)
        return need

    def urgency(self, drawn: float, now: float) -> Urgency:
        """Return how long the load may stay as it is while candidates draw some power, W."""
        if self.excess(drawn) <= 0:
            return Urgency.NONE
        present = self.estimate.uncontrolled(now) + self.estimate.response * drawn
        return self.estimate.urgency(present)

    def has_room(self, drawn: float, more: float, margin: float = 0.0) -> bool:
        """Return whether the load stays low enough with more (W), by a margin (share of limit)."""
        response = max(0.0, self.estimate.response)
        load = self.uncontrolled + response * (drawn + more)
        return load <= (self.load_limit.thresholds.release_below - margin) * self._lowest_limit

    def room(self, drawn: float, share: float) -> float:
        """Return what the load may rise by, for long, to a share of the limit, W; may be negative.

        What a mean leaves for the rest of its window is no room beyond that window.
        """
        estimate = self.estimate
        lowest = min(self._lowest_limit, estimate.lowest_limit, estimate.measured.limit)
        return share * lowest - self.load(drawn)

    @property
    def _lowest_limit(self) -> float:
        """The lowest limit of the last minutes: a limit that varies may soon be there again."""
        return self.limit * self.estimate.lowest_limit / self.estimate.measured.limit


def situation_of(snapshot: Snapshot, request: Request) -> Situation | None:
    """Return how a load limit stands; None while there is no data."""
    load_limit = request.limit
    if (estimate := snapshot.estimates.get(load_limit.source)) is None:
        return None
    measured = estimate.measured
    if (
        not is_near(measured.time, snapshot.now, snapshot.tuning.without_data)
        or measured.limit <= 0
    ):
        return None
    window = snapshot.windows.get(request.id)
    limit = measured.limit
    if window is not None:
        limit = window.allowed(limit, measured.value, snapshot.now)
    blocked = snapshot.ledger.blocks(load_limit.source, snapshot.now)
    # Before anything has been off for a while there is no response that could be missing.
    tried = any(
        one.key in request.candidates and snapshot.now - one.since >= snapshot.tuning.check_after
        for one in snapshot.ledger.curtailed.values()
    )
    return Situation(
        load_limit=load_limit,
        estimate=estimate,
        uncontrolled=estimate.uncontrolled(snapshot.now, snapshot.tuning.ahead),
        limit=limit,
        blocked=blocked or (tried and _is_doubtful(estimate, snapshot.tuning)),
        tuning=snapshot.tuning,
    )


def _is_doubtful(estimate: Estimate, tuning: Tuning) -> bool:
    """Return whether a source most likely does not respond, or has not seemed to for some time.

    A single reading that misleads is soon contradicted by the next.
    """
    return estimate.doubt > tuning.doubt or estimate.doubtful_for >= tuning.doubt_lasts


def longest_off(request: Eligibility, max_time_off: float | None) -> float:
    """Return how long an asset may be off altogether, s."""
    if max_time_off is None:
        return request.longest_off
    return min(request.longest_off, max_time_off)


def returns(snapshot: Snapshot) -> dict[str, float]:
    """Return when an asset behind each source came back last, of the last minutes.

    One to which a command is in flight may be about to.
    """
    found = dict[str, float]()
    for one in reversed(snapshot.ledger.returned.values()):
        if not is_near(one.at, snapshot.now, snapshot.tuning.slow_step):
            if one.at < snapshot.now:
                break
            continue
        for source in sources(snapshot, one.key):
            found[source] = max(found.get(source, one.at), one.at)
    for key in snapshot.ledger.curtailed:
        if (state := snapshot.fleet.states.get(key)) is not None and state.in_flight:
            found |= dict.fromkeys(sources(snapshot, key), snapshot.now)
    return found


def sources(snapshot: Snapshot, key: str) -> tuple[str, ...]:
    """Return the sources that see an asset; where there is none, one for all such assets."""
    return tuple(snapshot.fleet.behind(key)) or ("",)


def in_reverse(one: Curtailed) -> tuple[int, int, float]:
    """Return the order of returns: what was curtailed last in the order comes back first."""
    not_interruptible, rank = one.tier
    return (-not_interruptible, -rank, one.power)
