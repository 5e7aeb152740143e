"""Which assets are boosted ahead of their curtailment: from a plan, measurements and the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
import math
from typing import Final

from .clock import lies_ahead
from .ledger import REST, Boosted, Ledger
from .models import Action, AssetState, Decision, Mode, Reason, Refusal, Request
from .observe import LATE, SAME_END, UNSEEN
from .situation import Situation, Snapshot, situation_of

LEASE: Final = 5400.0
"""Seconds that a boost lasts unless it is renewed: it ends by itself if Home Assistant stops."""
RENEWED_BEFORE: Final = 1800.0
"""Seconds before its end at which a boost is renewed that is planned for longer."""
SHORTEST: Final = 900.0
"""Seconds for which a boost is at least worth a command."""
FRESH: Final = 900.0
"""Seconds after which a measurement no longer says that there is room for a boost."""
STEP: Final = 0.05
"""Share of the limit that boosts add between two measurements, unless it is a single asset: what
an asset draws while it is boosted is only expected."""
_WORTHWHILE: Final = 120.0
"""Seconds by which a renewed boost has to end later."""
_SKEW: Final = 600.0
"""Seconds by which the end that a service shows first may differ from ours.

Clocks differ, and a command whose outcome is unknown may take effect late.
"""
_BOOSTABLE: Final = (None, Refusal.OFF)
"""What an account may say of an asset that can be boosted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBoost:
    """Until when a load limit has an asset boosted now, and what it then draws, W."""

    request: str
    until: float
    power: float


@dataclass(slots=True)
class BoostOutcome:
    """What is decided of boosts, and what has become of former ones.

    Attributes:
        decisions: commands, in the order in which they are sent.
        shown: boosts of which the service has shown more than is noted, as they are from now on.
        lapsed: assets whose boost has ended by itself, or never began.
        by_person: assets whose boost a person has ended or changed.
    """

    decisions: list[Decision] = field(default_factory=list)
    shown: list[Boosted] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    by_person: list[str] = field(default_factory=list)

    def settle(self, ledger: Ledger, snapshot: Snapshot) -> bool:
        """Take over what has become of earlier boosts; return whether anything changed.

        Commands may have been answered since the snapshot, which the current ledger shows.
        """
        for one in self.shown:
            if ledger.boosted.get(one.key) is snapshot.ledger.boosted[one.key]:
                ledger.boosted[one.key] = one
        for key in (*self.lapsed, *self.by_person):
            former = ledger.boosted.pop(key, None)
            if former is not None and former.ending is not None:
                ledger.left_alone[key] = snapshot.now + REST
        for key in self.by_person:
            ledger.left_alone[key] = snapshot.now + snapshot.tuning.respect
        return bool(self.shown or self.lapsed or self.by_person)


def decide_boosts(
    snapshot: Snapshot, planned: Mapping[str, PlannedBoost], unknown: Collection[str]
) -> BoostOutcome:
    """Decide which assets are boosted; the arguments are those of `BoostPass`."""
    one = BoostPass(snapshot, planned, unknown)
    for _ in one.steps():
        pass
    return one.outcome


class BoostPass:
    """One pass over what is boosted and what is to be.

    With thousands of assets it is run in steps, between which the event loop can run other tasks.

    Attributes:
        outcome: what is decided so far.
    """

    def __init__(
        self, snapshot: Snapshot, planned: Mapping[str, PlannedBoost], unknown: Collection[str]
    ) -> None:
        """Begin a pass.

        Args:
            snapshot: what the law looks at; it is not changed.
            planned: what is to be boosted now, by the key of the asset.
            unknown: load limits whose plan is not known; what they boost lasts until its lease
                ends.
        """
        self._snapshot, self._now = snapshot, snapshot.now
        self._planned, self._unknown = planned, unknown
        self._drawn = dict(snapshot.fleet.drawn)
        # What boosts that begin now add to each source, W, what those that end now take from it,
        # and when the latest before began.
        self._added = defaultdict[str, float](float)
        self._freed = defaultdict[str, float](float)
        self._began = dict[str, float]()
        self._situations = dict[str, Situation | None]()
        self.outcome = BoostOutcome()

    def steps(self) -> Iterator[None]:
        """Decide; between two steps other tasks may run."""
        boosted = self._snapshot.ledger.boosted
        for one in boosted.values():
            for source in self._snapshot.fleet.behind(one.key):
                self._began[source] = max(one.since, self._began.get(source, one.since))
            self._look_at(one)
            yield
        for key, ahead in self._planned.items():
            if key not in boosted:
                self._begin(key, ahead)
                yield

    # What is boosted

    def _look_at(self, one: Boosted) -> None:
        """Find out what has become of a boost, and renew or end it."""
        state, outcome = self._snapshot.fleet.states.get(one.key), self.outcome
        if not lies_ahead(max(one.ends), self._now, LEASE + _SKEW):
            outcome.lapsed.append(one.key)
        elif state is None or state.in_flight:
            # Its account is not in use, or a command is not answered yet.
            return
        elif state.boosted_until is None:
            if state.seen < one.renewed + _awaited(one):
                return
            (outcome.lapsed if _has_ended(one, self._now) else outcome.by_person).append(one.key)
        elif (end := _end_of(one, state.boosted_until)) is None:
            outcome.by_person.append(one.key)
        elif end == one.until or state.seen >= one.renewed + UNSEEN:
            if (known := _confirmed(one, state, end)) is not one:
                outcome.shown.append(known)
            self._go_on(known, end)

    def _go_on(self, one: Boosted, end: float) -> None:
        """Renew a boost of ours, which ends at some time, or end it."""
        requests, ahead = self._snapshot.requests, self._planned.get(one.key)
        request = requests.get(one.request)
        another = None if ahead is None else requests.get(ahead.request)
        if another is not None and another.mode is Mode.AUTOMATIC:
            # Another load limit may need it now.
            request = another
        else:
            ahead = None
        if (
            request is None
            or request.mode is not Mode.AUTOMATIC
            or one.key not in request.candidates
        ):
            self._end(one, Reason.REQUEST_ENDED)
        elif not self._may_go_on(one.key):
            self._end(one, Reason.NO_ROOM)
        elif ahead is None:
            if one.request not in self._unknown:
                self._end(one, Reason.NO_LONGER_EXPECTED)
        elif end - self._now < RENEWED_BEFORE:
            until = min(ahead.until, self._now + LEASE)
            if until > end + _WORTHWHILE:
                self._boost(one.key, request, until, more=0.0)

    def _end(self, one: Boosted, reason: Reason) -> None:
        # Only as many end as have to; what is freed is no room for others before it is measured.
        state = self._snapshot.fleet.states.get(one.key)
        power = 0.0 if state is None else state.power or 0.0
        for source, share in self._snapshot.fleet.behind(one.key).items():
            self._freed[source] += share * power
        self._note(
            Decision(
                action=Action.END_BOOST,
                key=one.key,
                request=one.request,
                reason=reason,
                at=self._now,
            )
        )

    # What is to be boosted

    def _begin(self, key: str, ahead: PlannedBoost) -> None:
        """Boost an asset, unless anything speaks against it."""
        request, state = (
            self._snapshot.requests.get(ahead.request),
            self._snapshot.fleet.states.get(key),
        )
        if request is None or request.mode is Mode.OFF or state is None:
            return
        until = min(ahead.until, self._now + LEASE)
        if not self._may_be_boosted(state) or until - self._now < _shortest(state):
            return
        more = max(0.0, ahead.power - (state.power or 0.0))
        if self._may_begin(key, more):
            self._boost(key, request, until, more)
            for source, share in self._snapshot.fleet.behind(key).items():
                self._drawn[source] = self._drawn.get(source, 0.0) + share * more
                if request.mode is Mode.AUTOMATIC:
                    self._added[source] += share * more

    def _may_be_boosted(self, state: AssetState) -> bool:
        """Return whether neither its account, a person nor a curtailment speaks against a boost."""
        ledger, key = self._snapshot.ledger, state.key
        returned = ledger.returned.get(key)
        return (
            can_be_boosted(state)
            and not state.in_flight
            and key not in ledger.curtailed
            and ledger.curtailed.keys().isdisjoint(state.above)
            and not ledger.leaves_alone(key, self._now)
            and (returned is None or self._now >= returned.not_before)
        )

    def _may_begin(self, key: str, more: float) -> bool:
        """Return whether all load limits that an asset counts for have room if it draws more, W."""
        for request in self._counting(key):
            found = self._room_of(request)
            if found is None:
                return False
            source, added = found.load_limit.source, more * request.candidates[key].behind
            drawn, before = self._drawn.get(source, 0.0), self._added[source]
            if added > found.room(drawn, found.load_limit.thresholds.release_below):
                return False
            if before and before + added > STEP * found.limit:
                return False
            # The measurement does not show those yet that have begun before.
            if self._began.get(source, -math.inf) >= found.estimate.measured.time:
                return False
        return True

    def _may_go_on(self, key: str) -> bool:
        """Return whether the load limits that an asset counts for let its boost go on.

        Each has to be at or below its `down_to`. Without a measurement there is no room.
        """
        for request in self._counting(key):
            found = self._room_of(request)
            if found is None:
                return False
            source = found.load_limit.source
            drawn = self._drawn.get(source, 0.0) - self._freed[source]
            if found.room(drawn, found.load_limit.thresholds.down_to) < 0:
                return False
        return True

    def _counting(self, key: str) -> Iterator[Request]:
        """Yield the load limits that an asset counts for."""
        return (
            request
            for request in self._snapshot.requests.values()
            if request.mode is not Mode.OFF and key in request.candidates
        )

    def _room_of(self, request: Request) -> Situation | None:
        """Return how a load limit stands; None where it has no room for any boost.

        What is curtailed of its candidates, by whatever, comes first.
        """
        if request.id not in self._situations:
            found = situation_of(self._snapshot, request)
            if found is not None and (
                found.blocked
                or self._now - found.estimate.measured.time > FRESH
                or not request.candidates.keys().isdisjoint(self._snapshot.ledger.curtailed)
            ):
                found = None
            self._situations[request.id] = found
        return self._situations[request.id]

    def _boost(self, key: str, request: Request, until: float, more: float) -> None:
        """Boost an asset until some time; it then draws that much more, W."""
        power = self._snapshot.fleet.states[key].power or 0.0
        self._note(
            Decision(
                action=Action.BOOST,
                key=key,
                request=request.id,
                reason=Reason.EXPECTED_ABOVE_LIMIT,
                at=self._now,
                until=until,
                power=power + more,
                send=request.mode is Mode.AUTOMATIC,
            )
        )

    def _note(self, decision: Decision) -> None:
        """Add a decision, with load and limit if they are known."""
        request = self._snapshot.requests.get(decision.request)
        found = None if request is None else situation_of(self._snapshot, request)
        if found is not None:
            drawn = self._snapshot.fleet.drawn.get(found.load_limit.source, 0.0)
            decision = replace(decision, load=found.load(drawn), limit=found.limit)
        self.outcome.decisions.append(decision)


def can_be_boosted(state: AssetState) -> bool:
    """Return whether an asset can be boosted: its account lets it, and nothing overrides it.

    One that was switched off for good, perhaps for repair, stays off.
    """
    is_free = state.off_until is None and not state.boosted
    return state.refusal in _BOOSTABLE and is_free and not state.kept_off


def _shortest(state: AssetState) -> float:
    """Return for how long an asset has to be on, s."""
    return max(SHORTEST, state.min_time_on or 0.0)


def _awaited(one: Boosted) -> float:
    """Return for how long after a command a boost may not be shown, s."""
    return UNSEEN if one.accepted or one.until_else is not None else LATE


def _has_ended(one: Boosted, now: float) -> bool:
    """Return whether a boost that is not shown has ended without a person, or has never begun."""
    never_begun = not one.accepted and one.until_else is None
    return never_begun or one.ending is not None or now >= min(one.ends) - SAME_END


def _end_of(one: Boosted, shown: float) -> float | None:
    """Return the end, by our clock, of a boost that a service shows; None if it is not ours."""
    if one.shown is not None:
        return one.until if abs(shown - one.shown) <= SAME_END else None
    nearest = min(one.ends, key=lambda end: abs(shown - end))
    return nearest if abs(shown - nearest) <= _SKEW else None


def _confirmed(one: Boosted, state: AssetState, end: float) -> Boosted:
    """Return what is known of a boost, now that the service shows it with one of its ends."""
    if one.shown is None and end == one.until and state.seen >= one.renewed + UNSEEN:
        one = replace(one, shown=state.boosted_until, accepted=True, until_else=None)
    if one.ending is not None and state.seen > one.ending + LATE:
        # The command to end it has never arrived.
        one = replace(one, ending=None)
    return one
