"""What a load limit is going to curtail in the hours ahead, if loads come as expected.

The same candidates, order, limits and refusals count as for what is curtailed now.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from .boosts import can_be_boosted
from .choice import Option
from .fleet import Fleet
from .ledger import Ledger, Returned
from .models import AssetState, LoadLimit, Reason, Refusal, Request
from .selection import options, select, spare
from .situation import Snapshot, longest_off

HOUR: Final = 3600.0
_BEFORE: Final = 6 * HOUR
"""Time before a curtailment in which an asset that stores may be boosted."""
_STEP: Final = 100
"""Candidates between two steps."""
_TEMPORARY: Final = frozenset({Refusal.BOOSTED, Refusal.IN_FLIGHT})
"""Why an asset may not be curtailed now, though later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourAhead:
    """An hour for which load and limit are expected.

    Attributes:
        start: when it begins, or the present if it has begun.
        load: the expected mean load, W.
        limit: W.
    """

    start: float
    end: float
    load: float
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An asset that is to be curtailed or boosted.

    Attributes:
        power: by how much it changes the mean load of the hour, W.
        drawn: what it draws while it is boosted, W.
    """

    key: str
    start: float
    end: float
    power: float
    drawn: float = 0.0


@dataclass(slots=True, kw_only=True)
class PlannedHour:
    """What is planned for an hour.

    Attributes:
        reason: why something is curtailed, or nothing although it has to be; None where nothing
            has to be.
        curtail: in the order of curtailment.
        boost: what is boosted, to be curtailed later.
        unmet: the power that would have to be curtailed in addition, W.
        refusals: why other candidates are left on, where they do not suffice.
    """

    ahead: HourAhead
    reason: Reason | None = None
    curtail: list[Planned] = field(default_factory=list)
    boost: list[Planned] = field(default_factory=list)
    unmet: float = 0.0
    refusals: Mapping[str, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSnapshot:
    """What a plan looks at.

    Attributes:
        hours: in order of time.
        states: its candidates, as they are now.
        ledger: what is curtailed now, and what was until lately.
        power: returns what an asset is expected to draw at a time, W; None where that is not known.
        storing: the keys of the assets that can be boosted ahead.
        paused_until: before this time nothing is switched, as a person has requested.
    """

    request: Request
    hours: Sequence[HourAhead]
    states: Mapping[str, AssetState]
    ledger: Ledger
    power: Callable[[str, float], float | None]
    storing: Collection[str] = ()
    paused_until: float = 0.0


def plan(snapshot: PlanSnapshot, planned: list[PlannedHour]) -> Iterator[None]:
    """Extend `planned` by each hour ahead; between two steps other tasks may run."""
    request, ledger = snapshot.request, Ledger(returned=snapshot.ledger.returned.copy())
    off_since = {
        key: one.since
        for key, one in snapshot.ledger.curtailed.items()
        if key in request.candidates and (one.returning is None or one.by_action)
    }
    for ahead in snapshot.hours:
        states = dict[str, AssetState]()
        yield from _states(snapshot, ahead.start, states)
        for key, since in list(off_since.items()):
            state = states.get(key)
            if state is None or ahead.start - since >= longest_off(request, state.max_time_off):
                del off_since[key]
                ledger.returned[key] = Returned(key=key, at=ahead.start, power=0.0)
        hour = PlannedHour(ahead=ahead)
        yield from _curtail(hour, snapshot, states, ledger, off_since)
        chosen = {one.key: one.start for one in hour.curtail}
        for key in off_since.keys() - chosen.keys():
            del off_since[key]
            ledger.returned[key] = Returned(key=key, at=ahead.start, power=0.0)
        for key, start in chosen.items():
            off_since.setdefault(key, start)
        planned.append(hour)


def _curtail(
    hour: PlannedHour,
    snapshot: PlanSnapshot,
    states: Mapping[str, AssetState],
    ledger: Ledger,
    off_since: Mapping[str, float],
) -> Iterator[None]:
    """Add to an hour what is curtailed in it.

    `states` are as they are expected then, `ledger` has what was planned to return before, and
    `off_since` since when assets are off that are planned to be.
    """
    ahead, request, limit = hour.ahead, snapshot.request, snapshot.request.limit
    if (need := _need(limit, ahead)) <= 0:
        return
    if _is_blocked(snapshot, ahead):
        hour.reason, hour.unmet = Reason.NO_RESPONSE, need
        return
    start = max(ahead.start, snapshot.paused_until)
    if start >= ahead.end:
        hour.reason, hour.unmet = Reason.RESTORED, need
        return
    hour.reason = Reason.WINDOW_AT_RISK if limit.window else Reason.ABOVE_LIMIT
    fleet, found, refused = Fleet(), list[Option](), dict[str, Refusal]()
    fleet.states.update(states)
    now = Snapshot(requests={}, estimates={}, ledger=ledger, fleet=fleet, now=start)
    yield from options(request, now, found, refused)
    ends = {
        one.key: min(
            ahead.end,
            off_since.get(one.key, start) + longest_off(request, states[one.key].max_time_off),
        )
        for one in found
    }
    length = ahead.end - ahead.start
    shares = {key: (end - start) / length for key, end in ends.items()}
    found = [replace(one, power=one.power * shares[one.key]) for one in found]
    for one in select(found, need, left=spare(request, states)):
        need -= one.power
        hour.curtail.append(Planned(key=one.key, start=start, end=ends[one.key], power=one.power))
    hour.unmet = max(0.0, need)
    if hour.unmet:
        hour.refusals = refused


def _is_blocked(snapshot: PlanSnapshot, ahead: HourAhead) -> bool:
    """Return whether nothing is switched yet when an hour begins, as the load does not respond."""
    return snapshot.ledger.blocks(snapshot.request.limit.source, ahead.start)


def _need(limit: LoadLimit, ahead: HourAhead) -> float:
    """Return how much has to be curtailed in an hour, W; zero or less where nothing."""
    thresholds = limit.thresholds
    if ahead.load <= thresholds.act_above * ahead.limit:
        return 0.0
    return ahead.load - thresholds.down_to * ahead.limit


def _states(snapshot: PlanSnapshot, at: float, states: dict[str, AssetState]) -> Iterator[None]:
    """Add the candidates as they are expected at a time: overrides of now have ended."""
    for key in snapshot.request.candidates:
        if (state := snapshot.states.get(key)) is not None:
            states[key] = _state(snapshot, state, at)
        if len(states) % _STEP == 0:
            yield


def _state(snapshot: PlanSnapshot, state: AssetState, at: float) -> AssetState:
    ours, expected = snapshot.ledger.curtailed.get(state.key), snapshot.power(state.key, at)
    power = expected
    if power is None:
        power = state.power if ours is None else ours.power
    is_snoozed = ours is None and state.off_until is not None and state.off_until > at
    later = at > state.seen + HOUR
    ends = later and (
        state.refusal in _TEMPORARY
        # One that is off now is on when it is expected to draw something.
        or (state.refusal is Refusal.OFF and expected is not None)
    )
    refusal = None if ends else state.refusal
    if refusal is None and state.kept_off and ours is None and not is_snoozed:
        # Without the override its mode has it off, whatever it used to draw.
        refusal = Refusal.OFF
    return replace(
        state,
        power=power,
        off_until=state.off_until if is_snoozed else None,
        in_flight=state.in_flight and not later,
        boosted=state.boosted and not later,
        refusal=refusal,
    )


def boost_ahead(snapshot: PlanSnapshot, hours: Sequence[PlannedHour]) -> Iterator[None]:
    """Plan to boost assets that store before they are curtailed, as far as there is room.

    An asset is boosted for as many of the hours before as it is then off, the latest first.
    Between two steps other tasks may run.
    """
    curtailed = list[Mapping[str, Planned]]()
    for hour in hours:
        curtailed.append({one.key: one for one in hour.curtail})
        yield
    boosted = [set[str]() for _ in hours]
    rooms = [_room(snapshot, hour) for hour in hours]
    for number, chosen in enumerate(curtailed):
        start = hours[number].ahead.start
        # Hours whose load or limit is not known are missing.
        follows = number > 0 and hours[number - 1].ahead.end == start
        for key in chosen:
            yield
            if key not in snapshot.storing or (follows and key in curtailed[number - 1]):
                continue
            left = _length(hours[number:], curtailed[number:], key)
            full = _full_power(snapshot, key)
            for place in reversed(range(number)):
                earlier = hours[place]
                ahead, more = earlier.ahead, full - _drawn(snapshot, key, earlier.ahead.start)
                if left <= 0 or start - ahead.start > _BEFORE:
                    break
                if key in boosted[place] or not 0 < more <= rooms[place]:
                    continue
                if not _may_be_boosted(snapshot, key, ahead.start):
                    continue
                left -= ahead.end - ahead.start
                rooms[place] -= more
                boosted[place].add(key)
                earlier.boost.append(
                    Planned(key=key, start=ahead.start, end=ahead.end, power=more, drawn=full)
                )


def _room(snapshot: PlanSnapshot, hour: PlannedHour) -> float:
    """Return what boosts may add in an hour, W; nothing where something has to be curtailed."""
    ahead = hour.ahead
    if hour.reason or _is_blocked(snapshot, ahead) or ahead.start < snapshot.paused_until:
        return 0.0
    return snapshot.request.limit.thresholds.release_below * ahead.limit - ahead.load


def _may_be_boosted(snapshot: PlanSnapshot, key: str, at: float) -> bool:
    """Return whether neither the account of an asset nor a person will speak against a boost."""
    state, ledger = snapshot.states.get(key), snapshot.ledger
    if state is None or ledger.leaves_alone(key, at):
        return False
    # Without an expectation it is not known what a boost adds.
    return snapshot.power(key, at) is not None and can_be_boosted(_state(snapshot, state, at))


def _length(
    hours: Sequence[PlannedHour], curtailed: Sequence[Mapping[str, Planned]], key: str
) -> float:
    """Return for how long an asset is off from the first of some hours on, s."""
    length, end = 0.0, hours[0].ahead.start
    for hour, chosen in zip(hours, curtailed, strict=True):
        found = chosen.get(key)
        if found is None or hour.ahead.start != end:
            break
        length += found.end - found.start
        end = hour.ahead.end
    return length


def _full_power(snapshot: PlanSnapshot, key: str) -> float:
    """Return what an asset draws while it is boosted: the most that it is expected to draw, W."""
    return max(_drawn(snapshot, key, one.start) for one in snapshot.hours)


def _drawn(snapshot: PlanSnapshot, key: str, at: float) -> float:
    """Return what an asset is expected to draw, or draws now if that is not known, W."""
    power, state = snapshot.power(key, at), snapshot.states.get(key)
    if power is None and state is not None:
        power = state.power
    return power or 0.0
