"""The control law: which asset is off until when, from requests, estimates, ledger and assets."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
import math
from typing import Final

from .choice import Option
from .ledger import Curtailed
from .models import Action, Decision, Mode, Reason, Refusal, Request, Status, Urgency
from .selection import MARGIN, latest_end, lease, may_be_off, options, select, spare
from .situation import Situation, Snapshot, in_reverse, returns, situation_of, sources
from .status import Unmet, status_of, status_of_rest

_WORTHWHILE: Final = 120.0
"""Seconds by which a renewed lease has to end later."""
_SHORTEST_OFF: Final = 300.0
"""Seconds after which an asset may be returned as its lease ends."""

_STEP: Final = 50
"""Assets between two steps of a pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is decided.

    Attributes:
        decisions: commands, in the order in which they are sent.
        statuses: of the requests for which load could be curtailed, and of those that are off.
        blocked: until when a source is not acted for, as it does not respond; only new ones.
    """

    decisions: tuple[Decision, ...] = ()
    statuses: Mapping[str, Status] = field(default_factory=dict)
    blocked: Mapping[str, float] = field(default_factory=dict)


def decide(snapshot: Snapshot, due: Iterable[str] | None = None) -> Outcome:
    """Decide which asset is off until when; `due` as for a pass, all requests by default."""
    one = Pass(snapshot, snapshot.requests if due is None else due)
    for _ in one.steps():
        pass
    return one.outcome()


class Pass:
    """One pass: what is decided so far, and what that changes.

    With thousands of assets a pass is run in steps, between which the event loop can run other
    tasks: `steps` yields after each millisecond or so, `outcome` has the result afterwards.
    """

    def __init__(self, snapshot: Snapshot, due: Iterable[str]) -> None:
        """Begin a pass.

        Args:
            snapshot: what the law looks at; it is not changed.
            due: the requests for which load may be curtailed, as their source was measured or
                their assets have changed. Leases and returns concern all requests.
        """
        self._snapshot, self._now, self._tuning = snapshot, snapshot.now, snapshot.tuning
        self._states, self._ledger = snapshot.fleet.states, snapshot.ledger
        self._drawn = dict(snapshot.fleet.drawn)
        self._decisions = list[Decision]()
        self._decided = set[str]()
        self._unmet = dict[str, Unmet]()
        self._stepped = dict[str, float]()
        self._situations = dict[str, Situation | None]()
        self._statuses = dict[str, Status]()
        requests = (snapshot.requests[one] for one in due)
        self._due = [one for one in requests if one.mode is not Mode.OFF]
        self._off = defaultdict[str, list[Curtailed]](list)
        for one in self._ledger.curtailed.values():
            self._off[one.request].append(one)

    def steps(self) -> Iterator[None]:
        """Compute; between two steps other tasks may run."""
        for request in self._due:
            self._situation(request)
            yield
        # The larger need first: what it curtails may serve the others as well.
        for request in sorted(self._due, key=self._excess, reverse=True):
            yield from self._curtail(request)
        for request in self._snapshot.requests.values():
            yield from self._leave_on(request)
        off = list(self._ledger.curtailed.values())
        for number, one in enumerate(off):
            self._without_effect(one)
            self._extend(one)
            if number % _STEP == 0:
                yield
        yield from self._return([one for one in off if self._may_return(one)])
        actions = defaultdict[str, set[Action]](set)
        for decision in self._decisions:
            actions[decision.request].add(decision.action)
        for request in self._due:
            self._statuses[request.id] = self._status(request, actions[request.id])
            yield
        for request in self._snapshot.requests.values():
            if request.mode is Mode.OFF:
                self._statuses[request.id] = status_of_rest(self._off[request.id])

    def outcome(self) -> Outcome:
        """Return what is decided."""
        return Outcome(
            decisions=tuple(self._decisions), statuses=self._statuses, blocked=self._newly_blocked()
        )

    # How requests stand

    def _situation(self, request: Request) -> Situation | None:
        if request.id not in self._situations:
            self._situations[request.id] = situation_of(self._snapshot, request)
        return self._situations[request.id]

    def _drawn_behind(self, situation: Situation) -> float:
        return self._drawn.get(situation.load_limit.source, 0.0)

    def _excess(self, request: Request) -> tuple[float, int]:
        """Return how much a request needs; among equals, the one with less curtailed is first."""
        found = self._situation(request)
        excess = 0.0 if found is None else found.excess(self._drawn_behind(found))
        return excess, -len(self._off[request.id])

    def _need(self, request: Request, found: Situation) -> float:
        """Return what a request has to curtail in addition, W."""
        curtailed = sum(
            one.power for one in self._ledger.curtailed.values() if one.key in request.candidates
        )
        return found.need(self._drawn_behind(found), curtailed)

    # Curtailing

    def _curtail(self, request: Request) -> Iterator[None]:
        situation = self._situation(request)
        if situation is None or (need := self._need(request, situation)) <= 0:
            return
        found, refused = list[Option](), dict[str, Refusal]()
        yield from options(request, self._snapshot, found, refused)
        urgency = situation.urgency(self._drawn_behind(situation), self._now)
        whole_ranks = urgency is Urgency.CRITICAL
        left = spare(request, self._states, self._decided)
        for option in select(found, need, whole_ranks=whole_ranks, left=left):
            need -= option.power
            if option.key not in self._decided:
                self._curtail_one(request, option, self._why(request, urgency), situation)
            if len(self._decisions) % _STEP == 0:
                yield
        self._unmet[request.id] = Unmet(need, refused)
        yield

    def _curtail_one(
        self, request: Request, option: Option, reason: Reason, situation: Situation
    ) -> None:
        seconds = lease(request, self._states[option.key])
        decision = Decision(
            action=Action.CURTAIL,
            key=option.key,
            request=request.id,
            reason=reason,
            at=self._now,
            until=self._now + seconds,
            power=option.drawn,
            tier=(option.order[0], option.order[2]),
            send=request.mode is Mode.AUTOMATIC,
        )
        self._add(decision, situation)
        if decision.send:
            self._decided.add(option.key)
            self._change(option.key, -option.drawn)

    def _change(self, key: str, power: float) -> None:
        for source, share in self._snapshot.fleet.behind(key).items():
            self._drawn[source] = self._drawn.get(source, 0.0) + share * power

    def _why(self, request: Request, urgency: Urgency) -> Reason:
        if urgency > Urgency.NORMAL:
            return Reason.ABOVE_SHORT_TIME_RATING
        return Reason.WINDOW_AT_RISK if request.limit.window else Reason.ABOVE_LIMIT

    # Who still needs what is curtailed

    def _needing(self, one: Curtailed, margin: float = 0.0) -> Iterator[tuple[Request, bool]]:
        """Yield the requests for which an asset stays off, and whether there is data."""
        if one.returning is not None and self._now >= one.returning:
            return
        state = self._states.get(one.key)
        for request in self._snapshot.requests.values():
            if request.mode is not Mode.AUTOMATIC or one.key not in request.candidates:
                continue
            if not may_be_off(state, request):
                continue
            if (found := self._situation(request)) is None:
                if request.id == one.request:
                    yield request, False
            elif not found.blocked:
                more = self._more(one) * request.candidates[one.key].behind
                if not found.has_room(self._drawn_behind(found), more, margin):
                    yield request, True

    def _more(self, one: Curtailed) -> float:
        """Return what an asset would draw in addition on its return, W."""
        state = self._states.get(one.key)
        drawn = 0.0 if state is None else state.power or 0.0
        return one.power - drawn

    def _extend(self, one: Curtailed) -> None:
        if one.key in self._decided or one.until - self._now >= (one.until - one.renewed) / 2:
            return
        if (state := self._states.get(one.key)) is None or state.in_flight:
            return
        request = next((needing for needing, has_data in self._needing(one) if has_data), None)
        if request is None:
            return
        until = self._now + lease(request, state, off_for=self._now - one.since)
        if until > one.until + _WORTHWHILE:
            self._decide(one, Action.EXTEND, Reason.STILL_NEEDED, request.id, until)

    # Returning

    def _leave_on(self, request: Request) -> Iterator[None]:
        """Bring back at once what has to stay on, where what is on draws too little.

        It does where more has to stay on than before, or what was left on draws less than then.
        """
        off = self._off[request.id]
        if request.mode is not Mode.AUTOMATIC or not (off and request.complete):
            return
        missing = -spare(request, self._states, self._decided)
        yield
        if missing <= self._tuning.floor_slack * request.limit.floor:
            return
        for number, one in enumerate(sorted(off, key=in_reverse)):
            if missing <= 0:
                break
            if self._can_be_left_on(one, request):
                missing -= self._more(one)
                self._decide(one, Action.RETURN, Reason.LEFT_ON, request.id)
            if number % _STEP == 0:
                yield

    def _can_be_left_on(self, one: Curtailed, request: Request) -> bool:
        """Return whether an asset may return, would draw power, and serves no other request."""
        state = self._states.get(one.key)
        return (
            state is not None
            and state.refusal is None
            and one.key in request.candidates
            and self._ledger.curtailed.keys().isdisjoint(state.above)
            and self._may_return(one)
            and all(needing.id == request.id for needing, _ in self._needing(one))
        )

    def _without_effect(self, one: Curtailed) -> None:
        """Bring back an asset that draws what it drew before: its curtailment gains nothing."""
        state = self._states.get(one.key)
        if state is None or state.in_flight or not state.power or self._now < one.held:
            return
        much = self._tuning.no_effect * one.power
        if state.seen - one.since >= self._tuning.check_after and state.power > much:
            self._decide(one, Action.RETURN, Reason.NO_EFFECT, one.request)

    def _return(self, off: list[Curtailed]) -> Iterator[None]:
        last = returns(self._snapshot)
        full = set[str]()
        for number, one in enumerate(off):
            if number % _STEP == 0:
                yield
            ends = latest_end(self._snapshot, one)
            if ends - self._now < self._tuning.early and self._now - one.since > _SHORTEST_OFF:
                self._step(one, self._why_ending(one), last, self._tuning.step)
        yield
        for number, one in enumerate(sorted(off, key=in_reverse)):
            if one.key not in self._decided and not self._waits(one, last, full):
                self._return_for_room(one, last, full)
            if number % _STEP == 0:
                yield

    def _waits(self, one: Curtailed, last: dict[str, float], full: set[str]) -> bool:
        """Return whether another behind the same source has just returned, or comes first."""
        latest = self._now - self._tuning.step + MARGIN
        behind = sources(self._snapshot, one.key)
        return any(source in full or last.get(source, -math.inf) > latest for source in behind)

    def _may_return(self, one: Curtailed) -> bool:
        if one.key in self._decided or self._now < one.held:
            return False
        state = self._states.get(one.key)
        return state is None or not state.in_flight

    def _return_for_room(self, one: Curtailed, last: dict[str, float], full: set[str]) -> None:
        """Bring back an asset that is not needed, or note that those before it have to wait.

        With ample room one follows the other sooner.
        """
        is_needed = any(self._needing(one))
        # One that is needed may still find room.
        reason = Reason.ROOM if is_needed else self._why_free(one)
        if reason is Reason.ROOM and self._now - one.since < self._tuning.time_off:
            return
        if reason is not Reason.ROOM:
            self._step(one, reason, last, self._tuning.step)
        elif is_needed:
            full.update(sources(self._snapshot, one.key))
        elif not any(self._needing(one, self._tuning.ample)):
            self._step(one, reason, last, self._tuning.step)
        else:
            self._step(one, reason, last, self._tuning.slow_step)

    def _why_free(self, one: Curtailed) -> Reason:
        """Return why an asset that no request needs may return."""
        if one.returning is not None and self._now >= one.returning:
            return Reason.RESTORED
        request = self._snapshot.requests.get(one.request)
        found = None if request is None else self._situation(request)
        if found is not None and found.blocked:
            return Reason.NO_RESPONSE
        if request is None or request.mode is not Mode.AUTOMATIC:
            return Reason.REQUEST_ENDED
        wanted = one.key in request.candidates and may_be_off(self._states.get(one.key), request)
        return Reason.ROOM if wanted else Reason.REQUEST_ENDED

    def _why_ending(self, one: Curtailed) -> Reason:
        """Return why the lease of an asset was not renewed."""
        has_data = [has_data for _, has_data in self._needing(one)]
        if not has_data:
            return Reason.ROOM
        return Reason.LONGEST_TIME_OFF if any(has_data) else Reason.NO_DATA

    def _step(self, one: Curtailed, reason: Reason, last: dict[str, float], wait: float) -> None:
        """Bring an asset back, unless others behind the same source have just returned.

        Small assets return several at a time: thousands of them would take days one by one.
        """
        behind = sources(self._snapshot, one.key)
        if any(self._now - last.get(source, -wait) < wait - MARGIN for source in behind):
            return
        self._decide(one, Action.RETURN, reason, one.request)
        for source in behind:
            self._stepped[source] = self._stepped.get(source, 0.0) + one.power
            estimate = self._snapshot.estimates.get(source)
            limit = 0.0 if estimate is None else estimate.measured.limit
            if self._stepped[source] >= self._tuning.step_share * limit:
                last[source] = self._now

    def _decide(
        self,
        one: Curtailed,
        action: Action,
        reason: Reason,
        request: str,
        until: float | None = None,
    ) -> None:
        asked = self._snapshot.requests.get(request)
        found = None if asked is None else self._situation(asked)
        self._decided.add(one.key)
        decision = Decision(
            action=action,
            key=one.key,
            request=request,
            reason=reason,
            at=self._now,
            until=until,
            power=one.power,
            tier=one.tier,
        )
        self._add(decision, found)
        if action is Action.RETURN:
            self._change(one.key, self._more(one))

    def _add(self, decision: Decision, found: Situation | None) -> None:
        if found is not None:
            load = found.load(self._drawn_behind(found))
            decision = replace(decision, load=load, limit=found.limit)
        self._decisions.append(decision)

    # Results

    def _newly_blocked(self) -> dict[str, float]:
        return {
            found.load_limit.source: self._now + self._tuning.blocked
            for found in self._situations.values()
            if found is not None
            and found.blocked
            and not self._ledger.blocks(found.load_limit.source, self._now)
        }

    def _status(self, request: Request, actions: Collection[Action]) -> Status:
        found = self._situation(request)
        drawn = 0.0 if found is None else self._drawn_behind(found)
        unmet, off = self._unmet.get(request.id, Unmet()), self._off[request.id]
        return status_of(self._snapshot, found, drawn, off, unmet, actions)
