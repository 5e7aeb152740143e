"""Boosts ahead of a curtailment, as a pure function of plan, measurements and ledger."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.boosts import (
    LEASE,
    SHORTEST,
    BoostOutcome,
    PlannedBoost,
    decide_boosts,
)
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import (
    Boosted,
    Curtailed,
    Returned,
)
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    Action,
    AssetState,
    Candidate,
    Decision,
    LoadLimit,
    Mode,
    Reason,
    Refusal,
    Thresholds,
)
from custom_components.gridduck_heimdall.load_limits.control_law.plan import (
    HourAhead,
    Planned,
    PlannedHour,
)
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot
from custom_components.gridduck_heimdall.load_limits.planning.boost_ahead import boosts_at

from .test_reconcile import HOUR, NOW, asset, ledger_of, limit_of, limit_on, snapshot_of

MINUTE = 60.0
THRESHOLDS = Thresholds()


def planned(
    power: float = 5_000.0, until: float = NOW + 3 * HOUR, request: str = "limit"
) -> Mapping[str, PlannedBoost]:
    """Return a plan that boosts the asset a."""
    return {"a": PlannedBoost(request=request, until=until, power=power)}


def idle(**fields: Any) -> AssetState:
    """Return an asset that draws nothing and can be boosted."""
    return replace(asset("a", 0.0), **fields)


def boosted(**fields: Any) -> Boosted:
    """Return a boost of half an hour ago, as the service shows it."""
    one = Boosted(
        key="a",
        request="limit",
        since=NOW - HOUR / 2,
        renewed=NOW - HOUR / 2,
        until=NOW + HOUR,
        accepted=True,
        shown=NOW + HOUR,
    )
    return replace(one, **fields)


def on(**fields: Any) -> AssetState:
    """Return the asset that we have boosted."""
    state = replace(
        asset("a", 5_000.0),
        seen=NOW,
        boosted=True,
        boosted_until=NOW + HOUR,
        refusal=Refusal.BOOSTED,
    )
    return replace(state, **fields)


def look_with(
    state: AssetState, load: float = 60_000.0, *others: Boosted, mode: Mode = Mode.AUTOMATIC
) -> Snapshot:
    """Return a line with a limit of 100 kW and one asset."""
    snapshot = snapshot_of([replace(limit_on("a"), mode=mode)], [state], load)
    snapshot.ledger.boosted.update({one.key: one for one in others})
    return snapshot


def only(outcome: BoostOutcome) -> Decision:
    [decision] = outcome.decisions
    return decision


def test_an_asset_is_boosted_for_at_most_a_lease() -> None:
    decision = only(decide_boosts(look_with(idle()), planned(), ()))
    assert (decision.action, decision.reason) == (Action.BOOST, Reason.EXPECTED_ABOVE_LIMIT)
    assert decision.until == NOW + LEASE
    assert (decision.power, decision.send) == (5_000.0, True)
    assert decision.limit == 100_000
    short = only(decide_boosts(look_with(idle()), planned(until=NOW + HOUR), ()))
    assert short.until == NOW + HOUR


def test_one_that_its_own_schedule_has_off_is_boosted() -> None:
    assert only(decide_boosts(look_with(idle(refusal=Refusal.OFF)), planned(), ())).send


def test_advice_sends_nothing_and_off_decides_nothing() -> None:
    advice = only(decide_boosts(look_with(idle(), mode=Mode.ADVISE), planned(), ()))
    assert not advice.send
    assert not decide_boosts(look_with(idle(), mode=Mode.OFF), planned(), ()).decisions


@pytest.mark.parametrize(
    "fields",
    [
        {"refusal": Refusal.READ_ONLY},
        {"refusal": Refusal.DISCONNECTED},
        {"refusal": Refusal.UNAVAILABLE},
        {"boosted": True, "refusal": Refusal.BOOSTED},
        {"off_until": NOW + HOUR},
        {"in_flight": True},
        {"kept_off": True, "refusal": Refusal.OFF},
        {"min_time_on": 4 * HOUR},
    ],
    ids=str,
)
def test_what_is_not_boosted(fields: dict[str, Any]) -> None:
    assert not decide_boosts(look_with(idle(**fields)), planned(), ()).decisions


def test_what_is_curtailed_or_a_person_has_ended_is_not_boosted() -> None:
    curtailed = look_with(idle())
    curtailed.ledger.curtailed["a"] = Curtailed(
        key="a", request="limit", since=NOW, renewed=NOW, until=NOW + HOUR, power=1.0
    )
    resumed = look_with(idle())
    resumed.ledger.returned["a"] = Returned(key="a", at=NOW, power=1.0, not_before=NOW + HOUR)
    ended = look_with(idle())
    ended.ledger.left_alone["a"] = NOW + HOUR
    for snapshot in (curtailed, resumed, ended):
        assert not decide_boosts(snapshot, planned(), ()).decisions
    ended.ledger.left_alone["a"] = NOW
    assert only(decide_boosts(ended, planned(), ())).send


def test_the_rest_of_an_hour_is_too_short() -> None:
    short = planned(until=NOW + SHORTEST - 1)
    assert not decide_boosts(look_with(idle()), short, ()).decisions


def test_all_load_limits_that_it_counts_for_need_room() -> None:
    assert decide_boosts(look_with(idle(), 88_000), planned(), ()).decisions
    assert not decide_boosts(look_with(idle(), 89_000), planned(), ()).decisions
    other = replace(
        limit_of([Candidate(key="a", behind=0.5)], "other"), limit=LoadLimit(source="other")
    )
    for load, allowed in ((90_500.0, True), (92_000.0, False)):
        snapshot = snapshot_of([limit_on("a"), other], [idle()], 60_000.0)
        elsewhere = replace(snapshot.estimates["line"], level=load)
        snapshot = replace(snapshot, estimates={**snapshot.estimates, "other": elsewhere})
        assert bool(decide_boosts(snapshot, planned(), ()).decisions) is allowed


def test_without_a_measurement_nothing_is_boosted() -> None:
    snapshot = replace(look_with(idle()), estimates={})
    assert not decide_boosts(snapshot, planned(), ()).decisions


def test_a_boost_goes_on_while_it_is_planned() -> None:
    assert decide_boosts(look_with(on(), 80_000, boosted()), planned(), ()) == BoostOutcome()


def test_it_is_renewed_before_its_end() -> None:
    late = boosted(until=NOW + 20 * MINUTE, shown=NOW + 20 * MINUTE)
    snapshot = look_with(on(boosted_until=NOW + 20 * MINUTE), 80_000, late)
    decision = only(decide_boosts(snapshot, planned(), ()))
    assert (decision.action, decision.until) == (Action.BOOST, NOW + LEASE)
    as_planned = planned(until=NOW + 21 * MINUTE)
    assert not decide_boosts(snapshot, as_planned, ()).decisions
    assert not decide_boosts(snapshot, {}, {"limit"}).decisions


@pytest.mark.parametrize(
    ("load", "plan", "reason"),
    [
        (80_000, {}, Reason.NO_LONGER_EXPECTED),
        (99_000, planned(), Reason.NO_ROOM),
        (80_000, planned(request="another"), Reason.NO_LONGER_EXPECTED),
    ],
)
def test_it_ends(load: float, plan: Mapping[str, PlannedBoost], reason: Reason) -> None:
    decision = only(decide_boosts(look_with(on(), load, boosted()), plan, ()))
    assert (decision.action, decision.reason) == (Action.END_BOOST, reason)
    assert decision.until is None


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.ADVISE])
def test_it_ends_with_the_mode(mode: Mode) -> None:
    snapshot = look_with(on(), 80_000, boosted(), mode=mode)
    assert only(decide_boosts(snapshot, planned(), ())).reason is Reason.REQUEST_ENDED
    removed = replace(snapshot, requests={})
    assert only(decide_boosts(removed, {}, ())).reason is Reason.REQUEST_ENDED


def test_an_unknown_forecast_ends_nothing() -> None:
    snapshot = look_with(on(), 80_000, boosted())
    assert not decide_boosts(snapshot, {}, {"limit"}).decisions
    assert not decide_boosts(look_with(on(in_flight=True), 80_000, boosted()), {}, ()).decisions


def test_a_person_who_ends_or_changes_it() -> None:
    resumed = look_with(idle(), 80_000, boosted())
    snoozed = look_with(idle(off_until=NOW + HOUR), 80_000, boosted())
    longer = look_with(on(boosted_until=NOW + 5 * HOUR), 80_000, boosted())
    for snapshot in (resumed, snoozed, longer):
        outcome = decide_boosts(snapshot, planned(), ())
        assert outcome.by_person == ["a"]
        assert not outcome.decisions


def test_the_end_that_a_service_shows_may_differ_by_its_clock() -> None:
    new = boosted(accepted=False, shown=None)
    outcome = decide_boosts(
        look_with(on(boosted_until=NOW + HOUR + 300), 80_000, new), {}, {"limit"}
    )
    [shown] = outcome.shown
    assert (shown.shown, shown.accepted) == (NOW + HOUR + 300, True)
    assert not outcome.by_person


def test_what_has_lapsed_or_never_begun_is_forgotten() -> None:
    over = look_with(idle(), 80_000, boosted(until=NOW))
    never = look_with(idle(), 80_000, boosted(accepted=False))
    for snapshot in (over, never):
        assert decide_boosts(snapshot, {}, ()).lapsed == ["a"]
    just_sent = look_with(idle(), 80_000, boosted(renewed=NOW, accepted=False))
    assert decide_boosts(just_sent, planned(), ()) == BoostOutcome()


def test_a_plan_boosts_until_its_first_gap() -> None:
    """An hour whose load is not known is missing in a plan."""

    def hour(number: int) -> PlannedHour:
        start, end = NOW + number * HOUR, NOW + (number + 1) * HOUR
        boost = [Planned(key="a", start=start, end=end, power=5_000.0, drawn=5_000.0)]
        return PlannedHour(
            ahead=HourAhead(start=start, end=end, load=80_000.0, limit=100_000.0), boost=boost
        )

    for hours, until in (([0, 1, 2], 3), ([0, 1, 3], 2), ([1, 2], None), ([-1], None)):
        found = dict(boosts_at([hour(one) for one in hours], "limit", NOW))
        assert found == ({} if until is None else planned(until=NOW + until * HOUR))


@st.composite
def yards(draw: st.DrawFn) -> tuple[Snapshot, Mapping[str, PlannedBoost]]:
    """Return two load limits with assets of every kind, and a plan that would boost them all."""
    states, plan, boosts = list[AssetState](), dict[str, PlannedBoost](), list[Boosted]()
    for number in range(draw(st.integers(1, 6))):
        key = str(number)
        refusal = draw(st.sampled_from([None, None, Refusal.OFF, Refusal.READ_ONLY]))
        state = replace(
            asset(key, draw(st.floats(0, 20_000))),
            refusal=refusal,
            in_flight=draw(st.booleans()),
            off_until=draw(st.sampled_from([None, None, NOW + HOUR])),
            min_time_on=draw(st.sampled_from([None, 300.0, 2 * HOUR])),
        )
        if draw(st.booleans()):
            end = NOW + draw(st.sampled_from([600.0, 1_700.0, 3_600.0]))
            state = replace(
                state, boosted=True, boosted_until=end, off_until=None, refusal=Refusal.BOOSTED
            )
            if draw(st.booleans()):
                boosts.append(boosted(key=key, until=end, shown=end))
        states.append(state)
        if draw(st.booleans()):
            plan[key] = PlannedBoost(
                request=draw(st.sampled_from(["limit", "other"])),
                until=NOW + draw(st.floats(60, 5 * HOUR)),
                power=draw(st.floats(1, 30_000)),
            )
    requests = [
        replace(
            limit_of([Candidate(key=one.key) for one in states], name),
            mode=draw(st.sampled_from([Mode.AUTOMATIC, Mode.AUTOMATIC, Mode.ADVISE])),
        )
        for name in ("limit", "other")
    ]
    snapshot = snapshot_of(requests, states, draw(st.floats(40_000, 120_000)), ledger_of())
    snapshot.ledger.boosted.update({one.key: one for one in boosts})
    return snapshot, plan


@given(yards())
def test_no_boost_violates_what_speaks_against_it(
    yard: tuple[Snapshot, Mapping[str, PlannedBoost]],
) -> None:
    snapshot, plan = yard
    outcome = decide_boosts(snapshot, plan, ())
    assert len({one.key for one in outcome.decisions}) == len(outcome.decisions)
    for one in outcome.decisions:
        state, ours = snapshot.fleet.states[one.key], snapshot.ledger.boosted.get(one.key)
        assert not state.in_flight
        assert one.send is (snapshot.requests[one.request].mode is Mode.AUTOMATIC) or ours
        if one.action is Action.END_BOOST:
            assert ours is not None
            continue
        assert one.until is not None
        assert one.until <= min(plan[one.key].until, NOW + LEASE)
        if ours is None:
            assert state.refusal in {None, Refusal.OFF}
            assert state.off_until is None
            assert not state.boosted
            assert one.until - NOW >= max(SHORTEST, state.min_time_on or 0.0)


@given(yards())
def test_boosts_together_leave_room(yard: tuple[Snapshot, Mapping[str, PlannedBoost]]) -> None:
    snapshot, plan = yard
    outcome = decide_boosts(snapshot, plan, ())
    begun = [one.key for one in outcome.decisions if one.key not in snapshot.ledger.boosted]
    states = snapshot.fleet.states
    more = sum(max(0.0, plan[key].power - (states[key].power or 0.0)) for key in begun)
    for request in snapshot.requests.values():
        assert request.limit is not None
        estimate = snapshot.estimates[request.limit.source]
        load = estimate.measured.value + more
        assert not begun or load <= THRESHOLDS.release_below * 100_000 + 1


@given(yards())
def test_the_same_again_changes_nothing(yard: tuple[Snapshot, Mapping[str, PlannedBoost]]) -> None:
    snapshot, plan = yard
    first = decide_boosts(snapshot, plan, ())
    sent = [one for one in first.decisions if one.send]
    for one in sent:
        snapshot.ledger.apply(one)
        before, begun = snapshot.fleet.states[one.key], one.action is Action.BOOST
        state = replace(
            before,
            boosted=begun,
            boosted_until=one.until,
            power=before.power if begun else 0.0,
            refusal=Refusal.BOOSTED if begun else None,
            seen=NOW,
        )
        snapshot.fleet.show(state)
    ended = {one.key for one in sent if one.action is Action.END_BOOST}
    still = {key: one for key, one in plan.items() if key not in ended}
    again = decide_boosts(snapshot, still, ())
    assert not {one.key for one in sent} & {one.key for one in again.decisions}
