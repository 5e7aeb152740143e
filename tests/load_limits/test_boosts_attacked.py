"""What could make boosts ahead dangerous: too many at once, on old figures, or never ended."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.boosts import (
    FRESH,
    STEP,
    PlannedBoost,
    decide_boosts,
)
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import REST, Boosted
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    Action,
    AssetState,
    Candidate,
    LoadLimit,
    Mode,
    Reason,
    Refusal,
    Request,
)
from custom_components.gridduck_heimdall.load_limits.control_law.observe import UNSEEN
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot
from custom_components.gridduck_heimdall.load_limits.control_law.window import WindowMean

from .test_boosts import boosted, idle, look_with, on, only, planned
from .test_reconcile import HOUR, NOW, asset, curtailed, ledger_of, limit_of, limit_on, snapshot_of

QUARTER = 900.0


def stored(number: int, power: float) -> AssetState:
    """Return one of several assets that store and draw some power."""
    return replace(asset(f"store {number}", power), refusal=Refusal.OFF if not power else None)


def all_planned(states: list[AssetState], power: float) -> Mapping[str, PlannedBoost]:
    return {
        one.key: PlannedBoost(request="limit", until=NOW + 3 * HOUR, power=power) for one in states
    }


def measured_at(snapshot: Snapshot, time: float) -> Snapshot:
    """Return what is looked at when the line was measured last at some time."""
    estimate = snapshot.estimates["line"]
    old = replace(estimate, measured=replace(estimate.measured, time=time))
    return replace(snapshot, estimates={"line": old})


def running(states: list[AssetState], since: float) -> list[Boosted]:
    return [replace(boosted(), key=one.key, since=since) for one in states]


def test_many_begin_step_by_step_and_each_step_waits_for_a_measurement() -> None:
    states = [stored(number, 0.0) for number in range(20)]
    request = limit_on(*(one.key for one in states))
    snapshot = snapshot_of([request], states, 40_000.0)
    begun = decide_boosts(snapshot, all_planned(states, 2_000.0), ()).decisions
    assert len(begun) * 2_000.0 <= STEP * 100_000.0
    for one in begun:
        snapshot.ledger.apply(one)
    rest = {
        key: one
        for key, one in all_planned(states, 2_000.0).items()
        if key not in snapshot.ledger.boosted
    }
    assert not decide_boosts(snapshot, rest, ("limit",)).decisions
    later = measured_at(replace(snapshot, now=NOW + 60), NOW + 60)
    assert decide_boosts(later, rest, ("limit",)).decisions


def test_a_single_large_asset_is_no_step_too_large() -> None:
    assert only(decide_boosts(look_with(idle(), 60_000.0), planned(30_000.0), ())).send


def test_an_asset_that_is_off_adds_all_that_it_draws_then() -> None:
    # It was expected to draw 8 of its 10 kW already.
    snapshot = look_with(idle(refusal=Refusal.OFF), 85_000.0)
    assert not decide_boosts(snapshot, planned(10_000.0), ()).decisions
    drawing = look_with(replace(idle(), power=8_000.0), 85_000.0)
    decision = only(decide_boosts(drawing, planned(10_000.0), ()))
    assert decision.power == 10_000.0


def test_old_measurements_leave_no_room() -> None:
    snapshot = measured_at(look_with(idle(), 40_000.0), NOW - FRESH - 1)
    assert not decide_boosts(snapshot, planned(), ()).decisions
    snapshot = measured_at(look_with(on(), 40_000.0, boosted()), NOW - FRESH - 1)
    assert only(decide_boosts(snapshot, planned(), ())).reason is Reason.NO_ROOM


def mean_limited() -> Request:
    return replace(limit_on("a"), limit=LoadLimit(source="line", window=QUARTER))


@pytest.mark.parametrize("power", [5_000.0, 50_000.0])
def test_what_a_mean_leaves_of_its_window_is_no_room(power: float) -> None:
    # For a moment the load may be half above the limit; the boost lasts into the next window.
    window = WindowMean(length=QUARTER, start=NOW, energy=0.0, covered=60.0, last=(NOW, 60_000.0))
    snapshot = snapshot_of([mean_limited()], [idle()], 60_000.0)
    snapshot = replace(snapshot, windows={"limit": window})
    assert bool(decide_boosts(snapshot, planned(power), ()).decisions) is (power < 33_500.0)


def test_nothing_is_boosted_while_anything_is_curtailed() -> None:
    states = [idle(), asset("b", 0.0)]
    for request in ("limit", ""):
        off = replace(curtailed("b"), request=request)
        snapshot = snapshot_of([limit_on("a", "b")], states, 40_000.0, ledger_of(off))
        assert not decide_boosts(snapshot, planned(), ()).decisions
        snapshot = snapshot_of([limit_on("a", "b")], [on(), states[1]], 40_000.0, ledger_of(off))
        snapshot.ledger.boosted["a"] = boosted()
        assert only(decide_boosts(snapshot, planned(), ())).reason is Reason.NO_ROOM


def test_a_boost_ends_of_what_is_no_candidate_any_more() -> None:
    snapshot = snapshot_of([limit_on("b")], [on()], 40_000.0)
    snapshot.ledger.boosted["a"] = boosted()
    assert only(decide_boosts(snapshot, planned(), ())).reason is Reason.REQUEST_ENDED


def test_only_as_many_end_as_have_to() -> None:
    states = [replace(on(), key=f"store {number}") for number in range(4)]
    snapshot = snapshot_of([limit_on(*(one.key for one in states))], states, 103_000.0)
    snapshot.ledger.boosted.update({one.key: one for one in running(states, NOW - HOUR)})
    plan = all_planned(states, 5_000.0)
    assert len(decide_boosts(snapshot, plan, ()).decisions) == 1
    far_above = snapshot_of([limit_on(*(one.key for one in states))], states, 118_000.0)
    far_above.ledger.boosted.update(snapshot.ledger.boosted)
    assert len(decide_boosts(far_above, plan, ()).decisions) == 4


def test_what_an_end_frees_is_not_given_to_another_at_once() -> None:
    snapshot = snapshot_of([limit_on("a", "b")], [on(), asset("b", 0.0)], 99_000.0)
    snapshot.ledger.boosted["a"] = boosted()
    plan = {**planned(), "b": PlannedBoost(request="limit", until=NOW + HOUR, power=100.0)}
    assert [one.action for one in decide_boosts(snapshot, plan, ()).decisions] == [Action.END_BOOST]


def test_an_asset_rests_after_its_boost() -> None:
    snapshot = look_with(on(), 80_000.0, boosted())
    snapshot.ledger.apply(only(decide_boosts(snapshot, {}, ())))
    snapshot.fleet.show(idle())
    calm = replace(snapshot, now=NOW + REST - 60)
    assert not decide_boosts(measured_at(calm, calm.now), planned(), ()).decisions
    rested = replace(snapshot, now=NOW + REST)
    assert decide_boosts(measured_at(rested, rested.now), planned(), ()).decisions


@pytest.mark.parametrize("mode", [Mode.AUTOMATIC, Mode.ADVISE])
def test_a_boost_that_another_load_limit_needs_goes_on(mode: Mode) -> None:
    other = replace(limit_of([Candidate(key="a")], "other"), mode=mode)
    snapshot = snapshot_of([limit_on("a"), other], [on()], 80_000.0)
    snapshot.ledger.boosted["a"] = boosted()
    goes_on = not decide_boosts(snapshot, planned(request="other"), ()).decisions
    assert goes_on is (mode is Mode.AUTOMATIC)


def test_the_end_is_taken_from_a_list_that_follows_the_command() -> None:
    # Before, an account shows the end that the command has: the service's may differ.
    new = boosted(renewed=NOW, accepted=True, shown=None)
    early = look_with(on(seen=NOW + UNSEEN - 1), 80_000.0, new)
    assert not decide_boosts(early, planned(), ()).shown
    seen = look_with(on(seen=NOW + UNSEEN, boosted_until=NOW + HOUR + 300), 80_000.0, new)
    assert [one.shown for one in decide_boosts(seen, planned(), ()).shown] == [NOW + HOUR + 300]


def test_a_clock_that_was_set_back_holds_nothing_for_long() -> None:
    later = NOW + 30 * 24 * HOUR
    snapshot = look_with(idle(), 60_000.0, boosted(since=later, renewed=later, until=later + HOUR))
    assert decide_boosts(snapshot, planned(), ()).lapsed == ["a"]
    ended = look_with(idle(), 60_000.0)
    ended.ledger.left_alone["a"] = later
    assert only(decide_boosts(ended, planned(), ())).send
