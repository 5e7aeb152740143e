"""The control law: properties that hold whatever is measured, and each rule by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.estimate import Estimate
from custom_components.gridduck_heimdall.load_limits.control_law.fleet import Fleet
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import (
    Curtailed,
    Ledger,
    Returned,
)
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    Action,
    AssetState,
    Candidate,
    Decision,
    LoadLimit,
    LoadMeasurement,
    Mode,
    Reason,
    Refusal,
    Request,
    State,
    Urgency,
)
from custom_components.gridduck_heimdall.load_limits.control_law.reconcile import Outcome, decide
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot
from custom_components.gridduck_heimdall.load_limits.control_law.tuning import DEFAULT
from custom_components.gridduck_heimdall.load_limits.control_law.window import WindowMean

NOW = 1_000_000.0
LIMIT = 100_000.0
HOUR = 3600.0


def asset(key: str, power: float = 5_000.0) -> AssetState:
    return AssetState(key=key, seen=NOW, power=power)


def limit_of(candidates: Iterable[Candidate], request: str = "limit") -> Request:
    return Request(
        id=request,
        candidates={one.key: one for one in candidates},
        limit=LoadLimit(source="line"),
    )


def limit_on(*keys: str) -> Request:
    return limit_of(Candidate(key=key) for key in keys)


def curtailed(key: str, since: float = NOW - HOUR / 2, power: float = 5_000.0) -> Curtailed:
    return Curtailed(
        key=key, request="limit", since=since, renewed=since, until=since + HOUR, power=power
    )


def ledger_of(*off: Curtailed, returned: Iterable[Returned] = ()) -> Ledger:
    return Ledger({one.key: one for one in off}, {one.key: one for one in returned})


def snapshot_of(
    requests: Iterable[Request],
    assets: Iterable[AssetState],
    load: float,
    ledger: Ledger | None = None,
) -> Snapshot:
    """Return a snapshot of a line whose load is known and responds in full."""
    requests = list(requests)
    fleet = Fleet(requests)
    for one in assets:
        fleet.show(one)
    estimate = Estimate(
        measured=LoadMeasurement(time=NOW, value=load, limit=LIMIT),
        level=load - fleet.drawn["line"],
        trend=0.0,
        response=1.0,
        proven=1.0,
        doubt=0.0,
        damping=0.9,
        lowest_limit=LIMIT,
    )
    return Snapshot(
        requests={one.id: one for one in requests},
        estimates={"line": estimate},
        ledger=Ledger() if ledger is None else ledger,
        fleet=fleet,
        now=NOW,
    )


def with_estimate(snapshot: Snapshot, estimate: Estimate) -> Snapshot:
    return replace(snapshot, estimates={"line": estimate})


def keys(outcome: Outcome, action: Action) -> list[str]:
    return [one.key for one in outcome.decisions if one.action is action]


def only(outcome: Outcome) -> Decision:
    (decision,) = outcome.decisions
    return decision


def test_nothing_happens_below_the_limit() -> None:
    outcome = decide(snapshot_of([limit_on("a")], [asset("a")], 99_000.0))
    assert not outcome.decisions
    assert outcome.statuses["limit"].state is State.IDLE
    assert outcome.statuses["limit"].load == pytest.approx(99_000.0)


def test_as_few_as_possible_are_curtailed() -> None:
    assets = [asset("a", 2_000.0), asset("b", 9_000.0), asset("c", 12_000.0)]
    outcome = decide(snapshot_of([limit_on("a", "b", "c")], assets, 105_000.0))
    decision = only(outcome)
    assert (decision.key, decision.action, decision.reason) == (
        "b",
        Action.CURTAIL,
        Reason.ABOVE_LIMIT,
    )
    assert decision.until == NOW + limit_on().lease
    assert outcome.statuses["limit"].state is State.CURTAILING


def test_a_rank_is_used_up_before_the_next() -> None:
    candidates = [Candidate(key="a"), Candidate(key="b"), Candidate(key="c", rank=1)]
    assets = [asset("a", 2_000.0), asset("b", 2_000.0), asset("c", 20_000.0)]
    outcome = decide(snapshot_of([limit_of(candidates)], assets, 106_000.0))
    assert sorted(keys(outcome, Action.CURTAIL)) == ["a", "b", "c"]


def test_interruptible_assets_come_before_labels() -> None:
    candidates = [Candidate(key="theatre"), Candidate(key="pump", rank=9)]
    assets = [replace(asset("theatre", 20_000.0), interruptible=False), asset("pump", 9_000.0)]
    allowed = replace(limit_of(candidates), allow_non_interruptible=True)
    assert keys(decide(snapshot_of([allowed], assets, 105_000.0)), Action.CURTAIL) == ["pump"]
    outcome = decide(snapshot_of([limit_of(candidates)], assets, 120_000.0))
    assert keys(outcome, Action.CURTAIL) == ["pump"]
    status = outcome.statuses["limit"]
    assert status.state is State.NOT_ENOUGH
    assert status.unmet > 0
    assert status.refusals == {"theatre": Refusal.NOT_INTERRUPTIBLE}


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (replace(asset("a"), refusal=Refusal.READ_ONLY), Refusal.READ_ONLY),
        (replace(asset("a"), in_flight=True), Refusal.IN_FLIGHT),
        (replace(asset("a"), off_until=NOW + 60), Refusal.SNOOZED),
        (replace(asset("a"), interruptible=False), Refusal.NOT_INTERRUPTIBLE),
        (replace(asset("a"), power=None), Refusal.NO_POWER),
        (replace(asset("a"), max_time_off=0.0), Refusal.OFF_TOO_LONG),
        (replace(asset("a"), on_since=NOW - 600), Refusal.ON_TOO_SHORT),
        (replace(asset("a"), on_since=NOW - 1000, min_time_on=1200.0), Refusal.ON_TOO_SHORT),
        (asset("b"), Refusal.UNAVAILABLE),
    ],
)
def test_what_may_not_be_curtailed_is_passed_over(state: AssetState, why: Refusal) -> None:
    outcome = decide(snapshot_of([limit_on("a")], [state], 150_000.0))
    assert not outcome.decisions
    assert outcome.statuses["limit"].refusals == {"a": why}


@pytest.mark.parametrize(
    ("returned", "why"),
    [
        (Returned(key="a", at=NOW - 800, power=1.0), Refusal.ON_TOO_SHORT),
        (Returned(key="a", at=NOW - HOUR, power=1.0, not_before=NOW + 1), Refusal.OVERRIDDEN),
        (
            Returned(key="a", at=NOW - HOUR, power=1.0, not_before=NOW + 1, no_effect=True),
            Refusal.NO_EFFECT,
        ),
    ],
)
def test_what_has_returned_is_left_on_for_a_while(returned: Returned, why: Refusal) -> None:
    ledger = ledger_of(returned=[returned])
    outcome = decide(snapshot_of([limit_on("a")], [asset("a")], 150_000.0, ledger))
    assert outcome.statuses["limit"].refusals == {"a": why}


def test_what_has_returned_lately_is_curtailed_last() -> None:
    lately = Returned(key="a", at=NOW - 1_000, power=5_000.0)
    candidates = [Candidate(key="a"), Candidate(key="b", rank=1)]
    snapshot = snapshot_of(
        [limit_of(candidates)], [asset("a"), asset("b")], 102_000.0, ledger_of(returned=[lately])
    )
    assert keys(decide(snapshot), Action.CURTAIL) == ["b"]


def test_of_a_meter_and_what_it_measures_one_is_curtailed() -> None:
    candidates = [Candidate(key="meter"), Candidate(key="part", rank=1)]
    assets = [asset("meter", 4_000.0), replace(asset("part", 3_000.0), above=("meter",))]
    snapshot = snapshot_of([limit_of(candidates)], assets, 120_000.0)
    assert keys(decide(snapshot), Action.CURTAIL) == ["meter"]
    for off, refused in (("meter", "PARENT_CURTAILED"), ("part", "CHILD_CURTAILED")):
        snapshot = snapshot_of([limit_of(candidates)], assets, 120_000.0, ledger_of(curtailed(off)))
        refusals = decide(snapshot).statuses["limit"].refusals
        assert Refusal[refused] in refusals.values()


def test_the_share_behind_the_line_counts() -> None:
    candidates = [Candidate(key="a", behind=0.5), Candidate(key="b"), Candidate(key="c", behind=0)]
    assets = [asset("a", 8_000.0), asset("b", 5_000.0), asset("c", 90_000.0)]
    assert keys(decide(snapshot_of([limit_of(candidates)], assets, 103_000.0)), Action.CURTAIL) == [
        "b"
    ]


def test_a_floor_stays_on() -> None:
    request = limit_on("a", "b", "c")
    assert request.limit is not None
    request = replace(request, limit=replace(request.limit, floor=6_000.0))
    outcome = decide(snapshot_of([request], [asset("a"), asset("b"), asset("c")], 150_000.0))
    # With one of them off, 10 kW are on; with two, less than the floor would be.
    assert len(outcome.decisions) == 1
    assert outcome.statuses["limit"].state is State.NOT_ENOUGH
    assert outcome.statuses["limit"].unmet == pytest.approx(150_000 - 98_500 - 5_000)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
    st.integers(0, 40),
    st.floats(0.9, 1.6),
    st.booleans(),
)
def test_no_more_is_curtailed_than_the_floor_allows(
    powers: list[int], floor: int, loading: float, is_critical: bool
) -> None:
    """Whatever the limit, and also where one of them measures the first."""
    assets = [asset(str(number), 1_000.0 * power) for number, power in enumerate(powers)]
    assets[0] = replace(assets[0], above=("meter",))
    meter = asset("meter", assets[0].power or 0.0)
    request = limit_on(*(one.key for one in (*assets, meter)))
    assert request.limit is not None
    request = replace(request, limit=replace(request.limit, floor=1_000.0 * floor))
    snapshot = snapshot_of([request], [*assets, meter], loading * LIMIT)
    if is_critical:
        measured = replace(snapshot.estimates["line"].measured, short_time={300.0: 0.95 * LIMIT})
        snapshot = with_estimate(snapshot, replace(snapshot.estimates["line"], measured=measured))
    outcome = decide(snapshot)
    drawn = sum(one.power or 0.0 for one in assets)
    off = sum(one.power for one in outcome.decisions)
    assert not off or drawn - off >= 1_000.0 * floor
    status = outcome.statuses["limit"]
    if loading > 1.0 and drawn <= 1_000.0 * floor:
        assert status.state is State.NOT_ENOUGH


@pytest.mark.parametrize(
    ("load_limit", "state"),
    [
        (replace(limit_on("a"), longest_off=HOUR / 2), asset("a", 0.0)),
        (limit_on("a"), replace(asset("a", 0.0), max_time_off=HOUR / 2)),
    ],
)
def test_it_may_be_off_for_less_than_when_it_was_snoozed(
    load_limit: Request, state: AssetState
) -> None:
    """A load limit was changed meanwhile, or the asset in its account."""
    snapshot = snapshot_of(
        [load_limit], [state], 99_000.0, ledger_of(curtailed("a", NOW - 0.6 * HOUR))
    )
    assert only(decide(snapshot)).reason is Reason.LONGEST_TIME_OFF


@pytest.mark.parametrize("still_allowed", [True, False])
def test_it_is_not_interruptible_any_more(still_allowed: bool) -> None:
    """It returns without room, unless assets that are not interruptible may be off as well."""
    request = replace(limit_on("a"), allow_non_interruptible=still_allowed)
    state = replace(asset("a", 0.0), interruptible=False)
    off = curtailed("a", NOW - 240)
    decisions = decide(snapshot_of([request], [state], 99_000.0, ledger_of(off))).decisions
    assert [one.reason for one in decisions] == ([] if still_allowed else [Reason.REQUEST_ENDED])


def leaving(*keys: str, floor: float) -> Request:
    """Return a request of whose candidates some power always has to stay on, W."""
    request = limit_on(*keys)
    return replace(request, limit=replace(request.limit, floor=floor))


def test_a_floor_that_is_raised_is_left_on_at_once() -> None:
    """In the reverse order, as few as it takes, also right after they were curtailed."""
    off = [curtailed("a", NOW - 30, 4_000.0), curtailed("b", NOW - 30), curtailed("c", NOW - 30)]
    assets = [asset("d", 6_000.0), *(asset(one.key, 0.0) for one in off)]
    snapshot = snapshot_of(
        [leaving("a", "b", "c", "d", floor=12_000.0)], assets, 150_000.0, ledger_of(*off)
    )
    outcome = decide(snapshot)
    assert keys(outcome, Action.RETURN) == ["a", "b"]
    assert {one.reason for one in outcome.decisions} == {Reason.LEFT_ON}
    assert outcome.statuses["limit"].state is State.NOT_ENOUGH


@pytest.mark.parametrize(
    ("drawn", "complete", "returned"), [(5_800, True, []), (5_000, True, ["a"]), (5_000, False, [])]
)
def test_what_is_left_on_draws_less_than_it_did(
    drawn: float, complete: bool, returned: list[str]
) -> None:
    """As much stays on nevertheless, but a little, and while an account may have more of it."""
    request = replace(leaving("a", "b", floor=6_000.0), complete=complete)
    assets = [asset("a", 0.0), asset("b", drawn)]
    outcome = decide(snapshot_of([request], assets, 97_000.0, ledger_of(curtailed("a", NOW - 30))))
    assert keys(outcome, Action.RETURN) == returned
    assert all(one.reason is Reason.LEFT_ON for one in outcome.decisions)


@pytest.mark.parametrize(
    "kept",
    ["by an action", "by another load limit", "out of reach", "below what is off", "in flight"],
)
def test_what_cannot_be_left_on_lets_others_return(kept: str) -> None:
    first, second = curtailed("a", NOW - 30, 4_000.0), curtailed("b", NOW - 30)
    state, off = asset("a", 0.0), [first, second]
    requests = [leaving("a", "b", "c", floor=7_000.0)]
    match kept:
        case "by an action":
            off[0] = replace(first, held=NOW + HOUR)
        case "by another load limit":
            requests.append(limit_of([Candidate(key="a")], "other"))
        case "out of reach":
            state = replace(state, refusal=Refusal.UNAVAILABLE)
        case "below what is off":
            state = replace(state, above=("meter",))
            off.append(replace(curtailed("meter"), request="other"))
        case _:
            state = replace(state, in_flight=True)
    snapshot = snapshot_of(
        requests, [state, asset("b", 0.0), asset("c")], 99_000.0, ledger_of(*off)
    )
    decisions = decide(snapshot).decisions
    assert [one.key for one in decisions if one.reason is Reason.LEFT_ON] == ["b"]


@pytest.mark.parametrize(
    "ledger",
    [
        Ledger(blocked={"line": NOW + 9_000 * HOUR}),
        Ledger(returned={"a": Returned(key="a", at=NOW + 9_000 * HOUR, power=5_000.0)}),
        Ledger(
            returned={
                "a": Returned(key="a", at=NOW - HOUR, power=5.0, not_before=NOW + 9_000 * HOUR)
            }
        ),
    ],
)
def test_a_clock_that_was_set_back_stops_nothing_for_long(ledger: Ledger) -> None:
    """It was a year ahead, as that of a computer without a battery may be."""
    state = replace(asset("a"), on_since=NOW + 9_000 * HOUR)
    outcome = decide(snapshot_of([limit_on("a")], [state], 103_000.0, ledger))
    assert keys(outcome, Action.CURTAIL) == ["a"]


def test_a_return_by_a_clock_that_was_set_back_delays_no_other() -> None:
    back = Returned(key="b", at=NOW + 9_000 * HOUR, power=5_000.0)
    snapshot = snapshot_of(
        [limit_on("a", "b")],
        [asset("a", 0.0), asset("b")],
        80_000.0,
        ledger_of(curtailed("a"), returned=[back]),
    )
    assert keys(decide(snapshot), Action.RETURN) == ["a"]


def test_advice_is_not_sent_and_changes_nothing_for_others() -> None:
    advice = replace(limit_on("a"), mode=Mode.ADVISE)
    outcome = decide(snapshot_of([advice], [asset("a")], 103_000.0))
    assert not only(outcome).send
    off = replace(limit_on("a"), mode=Mode.OFF)
    assert not decide(snapshot_of([off], [asset("a")], 103_000.0)).decisions


def test_limits_on_one_line_share_its_excess() -> None:
    requests = [limit_of([Candidate(key=key)], key) for key in ("a", "b")]
    assert len(decide(snapshot_of(requests, [asset("a"), asset("b")], 102_000.0)).decisions) == 1
    assert len(decide(snapshot_of(requests, [asset("a"), asset("b")], 108_000.0)).decisions) == 2


def test_above_the_shortest_rating_a_whole_rank_is_curtailed() -> None:
    candidates = [Candidate(key="a"), Candidate(key="b"), Candidate(key="c", rank=1)]
    assets = [asset("a", 20_000.0), asset("b"), asset("c")]
    snapshot = snapshot_of([limit_of(candidates)], assets, 115_000.0)
    estimate = snapshot.estimates["line"]
    measured = replace(estimate.measured, short_time={300.0: 110_000.0, 900.0: 105_000.0})
    outcome = decide(with_estimate(snapshot, replace(estimate, measured=measured)))
    assert sorted(keys(outcome, Action.CURTAIL)) == ["a", "b"]
    assert {one.reason for one in outcome.decisions} == {Reason.ABOVE_SHORT_TIME_RATING}
    assert outcome.statuses["limit"].urgency is Urgency.NONE


def test_a_window_allows_more_after_a_low_part() -> None:
    request = limit_on("a")
    assert request.limit is not None
    request = replace(request, limit=replace(request.limit, window=900.0))
    snapshot = snapshot_of([request], [asset("a")], 104_000.0)
    start = NOW // 900 * 900
    for so_far, count in ((50_000.0, 0), (110_000.0, 1)):
        window = WindowMean(length=900.0, start=start, covered=60.0, energy=60 * so_far)
        outcome = decide(replace(snapshot, windows={"limit": window}))
        assert len(outcome.decisions) == count
    assert only(outcome).reason is Reason.WINDOW_AT_RISK


def test_a_line_that_does_not_respond_stops_curtailment() -> None:
    snapshot = snapshot_of([limit_on("a", "b")], [asset("a"), asset("b", 0.0)], 120_000.0)
    snapshot = replace(snapshot, ledger=ledger_of(curtailed("b")))
    outcome = decide(with_estimate(snapshot, replace(snapshot.estimates["line"], doubt=0.9)))
    assert (only(outcome).key, only(outcome).reason) == ("b", Reason.NO_RESPONSE)
    assert outcome.statuses["limit"].state is State.NO_RESPONSE
    assert outcome.blocked == {"line": NOW + DEFAULT.blocked}
    assert outcome.blocked["line"] >= NOW + HOUR
    snapshot.ledger.blocked.update(outcome.blocked)
    later = replace(snapshot, now=NOW + HOUR)
    assert not keys(decide(later), Action.CURTAIL)


@pytest.mark.parametrize(("minutes", "state"), [(6, State.CURTAILING), (7, State.NO_RESPONSE)])
def test_doubt_that_lasts_stops_curtailment(minutes: int, state: State) -> None:
    snapshot = snapshot_of([limit_on("a", "b")], [asset("a"), asset("b", 0.0)], 103_000.0)
    snapshot = replace(snapshot, ledger=ledger_of(curtailed("b")))
    doubtful = replace(snapshot.estimates["line"], doubt=0.6, doubtful_for=60.0 * minutes)
    assert decide(with_estimate(snapshot, doubtful)).statuses["limit"].state is state


def test_little_is_curtailed_before_a_response_is_proven() -> None:
    assets = [asset(str(number), 10_000.0) for number in range(12)]
    snapshot = snapshot_of([limit_on(*(one.key for one in assets))], assets, 190_000.0)
    unproven = replace(snapshot.estimates["line"], proven=0.8)
    assert len(decide(snapshot).decisions) == 10
    assert len(decide(with_estimate(snapshot, unproven)).decisions) == 5


def test_without_data_what_is_off_is_held_but_not_extended() -> None:
    snapshot = snapshot_of([limit_on("a")], [asset("a", 0.0)], 120_000.0, ledger_of(curtailed("a")))
    blind = replace(snapshot, estimates={}, now=NOW + 300)
    outcome = decide(blind)
    assert not outcome.decisions
    assert outcome.statuses["limit"].state is State.NO_DATA
    ending = only(decide(replace(blind, now=NOW + HOUR / 2 - 60)))
    assert (ending.action, ending.reason) == (Action.RETURN, Reason.NO_DATA)


def test_a_lease_is_renewed_at_half_its_life() -> None:
    snapshot = snapshot_of([limit_on("a")], [asset("a", 0.0)], 99_000.0, ledger_of(curtailed("a")))
    assert not decide(snapshot).decisions
    later = replace(snapshot, now=NOW + 60)
    decision = only(decide(later))
    assert (decision.action, decision.reason) == (Action.EXTEND, Reason.STILL_NEEDED)
    later.ledger.apply(decision)
    assert later.ledger.curtailed["a"].until == decision.until
    assert later.ledger.curtailed["a"].since == NOW - HOUR / 2
    assert not decide(later).decisions


def test_an_asset_returns_before_its_longest_time_off() -> None:
    state = replace(asset("a", 0.0), max_time_off=HOUR)
    snapshot = snapshot_of([limit_on("a")], [state], 120_000.0, ledger_of(curtailed("a")))
    assert not decide(replace(snapshot, now=NOW + HOUR / 4)).decisions
    decision = only(decide(replace(snapshot, now=NOW + HOUR / 2 - 60)))
    assert (decision.action, decision.reason) == (Action.RETURN, Reason.LONGEST_TIME_OFF)


def test_load_returns_in_reverse_order_one_by_one() -> None:
    off = [replace(curtailed(key), tier=(0, rank)) for key, rank in (("a", 0), ("b", 2), ("c", 1))]
    states = [asset(one.key, 0.0) for one in off]
    snapshot = snapshot_of([limit_on("a", "b", "c")], states, 50_000.0, ledger_of(*off))
    order = list[str]()
    for minute in range(3):
        now = NOW + 60 * minute
        decision = only(decide(replace(snapshot, now=now)))
        assert (decision.action, decision.reason) == (Action.RETURN, Reason.ROOM)
        snapshot.ledger.apply(decision)
        order.append(decision.key)
        assert not decide(replace(snapshot, now=now + 30)).decisions
    assert order == ["b", "c", "a"]


def test_nothing_returns_beside_a_return_that_is_in_flight() -> None:
    """A slow service would otherwise get the returns of several steps at once."""
    off = [curtailed("a"), curtailed("b")]
    states = [replace(asset("a", 0.0), in_flight=True), asset("b", 0.0)]
    snapshot = snapshot_of([limit_on("a", "b")], states, 50_000.0, ledger_of(*off))
    assert not decide(snapshot).decisions


def test_with_little_room_returns_are_slow() -> None:
    off = [curtailed("a"), curtailed("b")]
    snapshot = snapshot_of(
        [limit_on("a", "b")], [asset("a", 0.0), asset("b", 0.0)], 87_500.0, ledger_of(*off)
    )
    snapshot.ledger.apply(only(decide(snapshot)))
    assert not decide(replace(snapshot, now=NOW + DEFAULT.step)).decisions
    assert only(decide(replace(snapshot, now=NOW + DEFAULT.slow_step))).action is Action.RETURN


def test_nothing_returns_without_room() -> None:
    snapshot = snapshot_of([limit_on("a")], [asset("a", 0.0)], 90_000.0, ledger_of(curtailed("a")))
    outcome = decide(snapshot)
    assert not outcome.decisions
    assert outcome.statuses["limit"].state is State.HOLDING
    assert outcome.statuses["limit"].curtailed == 5_000.0


def test_a_shared_asset_stays_off_while_another_limit_needs_it() -> None:
    other = replace(limit_on("a"), id="other", limit=LoadLimit(source="feeder"))
    snapshot = snapshot_of(
        [limit_on("a"), other], [asset("a", 0.0)], 50_000.0, ledger_of(curtailed("a"))
    )
    needing = replace(snapshot.estimates["line"], level=99_000.0)
    both = replace(snapshot, estimates={**snapshot.estimates, "feeder": needing})
    assert not decide(both).decisions
    extended = only(decide(replace(both, now=NOW + 60)))
    assert (extended.action, extended.request) == (Action.EXTEND, "other")


def test_an_asset_that_draws_what_it_drew_before_returns() -> None:
    snapshot = snapshot_of(
        [limit_on("a")], [asset("a", 4_900.0)], 99_000.0, ledger_of(curtailed("a"))
    )
    decision = only(decide(snapshot))
    assert decision.reason is Reason.NO_EFFECT
    snapshot.ledger.apply(decision)
    later = snapshot_of([limit_on("a")], [asset("a")], 150_000.0, snapshot.ledger)
    assert decide(later).statuses["limit"].refusals == {"a": Refusal.NO_EFFECT}


def test_what_no_request_needs_returns() -> None:
    snapshot = snapshot_of([limit_on("b")], [asset("a", 0.0)], 99_000.0, ledger_of(curtailed("a")))
    assert only(decide(snapshot)).reason is Reason.REQUEST_ENDED


def test_a_person_can_have_load_restored() -> None:
    snapshot = snapshot_of([limit_on("a")], [asset("a", 0.0)], 99_000.0, ledger_of(curtailed("a")))
    snapshot.ledger.add(replace(snapshot.ledger.curtailed["a"], returning=NOW))
    restored = only(decide(replace(snapshot, now=NOW + 60)))
    assert (restored.key, restored.reason) == ("a", Reason.RESTORED)


def test_what_an_action_keeps_off_does_not_return() -> None:
    held = replace(curtailed("a"), request="", held=NOW + HOUR)
    snapshot = snapshot_of([limit_on("b")], [asset("a", 0.0)], 50_000.0, ledger_of(held))
    assert not decide(snapshot).decisions


def test_only_limits_that_are_due_curtail() -> None:
    requests = [limit_of([Candidate(key=key)], key) for key in ("a", "b")]
    snapshot = snapshot_of(requests, [asset("a"), asset("b")], 150_000.0)
    outcome = decide(snapshot, ["b"])
    assert keys(outcome, Action.CURTAIL) == ["b"]
    assert set(outcome.statuses) == {"b"}


@st.composite
def looks(draw: st.DrawFn) -> Snapshot:
    """Return a line with assets of every kind, some of which are off or have just returned."""
    candidates, states = list[Candidate](), list[AssetState]()
    off, returned = list[Curtailed](), list[Returned]()
    for number in range(draw(st.integers(1, 8))):
        key = str(number)
        candidates.append(Candidate(key=key, rank=draw(st.integers(0, 2))))
        is_off = draw(st.booleans())
        since = NOW - draw(st.sampled_from([60.0, 600.0, 1_700.0, 3_400.0]))
        power = draw(st.floats(0, 20_000))
        if is_off:
            off.append(replace(curtailed(key, since, power), tier=(0, candidates[-1].rank)))
        elif draw(st.booleans()):
            returned.append(Returned(key=key, at=since, power=power))
        states.append(
            AssetState(
                key=key,
                seen=NOW,
                power=0.0 if is_off else power,
                interruptible=draw(st.booleans()),
                off_until=since + HOUR if is_off else None,
                min_time_on=draw(st.sampled_from([None, 300.0, 1_200.0])),
                max_time_off=draw(st.sampled_from([None, 1_800.0, 3_600.0])),
                refusal=draw(st.sampled_from([None, None, Refusal.READ_ONLY])),
                in_flight=draw(st.booleans()),
            )
        )
    load = draw(st.floats(40_000, 160_000))
    snapshot = snapshot_of([limit_of(candidates)], states, load, ledger_of(*off, returned=returned))
    return with_estimate(
        snapshot,
        replace(
            snapshot.estimates["line"],
            trend=draw(st.floats(-2_000, 2_000)),
            response=draw(st.floats(-1, 1)),
            doubt=draw(st.floats(0, 1)),
            proven=draw(st.floats(0, 1)),
        ),
    )


def drawn_after(snapshot: Snapshot, outcome: Outcome) -> Mapping[str, float]:
    """Return what each asset that may be curtailed draws after the decisions."""
    off = keys(outcome, Action.CURTAIL)
    return {key: one.power or 0.0 for key, one in snapshot.fleet.states.items() if key not in off}


@given(looks())
def test_no_limit_of_an_asset_is_ever_violated(snapshot: Snapshot) -> None:
    outcome = decide(snapshot)
    states, returned = snapshot.fleet.states, snapshot.ledger.returned
    assert len({one.key for one in outcome.decisions}) == len(outcome.decisions)
    for decision in outcome.decisions:
        state = states[decision.key]
        assert not state.in_flight
        if decision.action is Action.CURTAIL:
            assert state.interruptible
            assert state.refusal is None
            assert state.off_until is None
            if decision.key in returned:
                on_for = NOW - returned[decision.key].at
                assert on_for >= max(DEFAULT.time_on, state.min_time_on or 0.0)
        if decision.until is not None and state.max_time_off is not None:
            one = snapshot.ledger.curtailed.get(decision.key)
            since = NOW if one is None else one.since
            assert decision.until - since <= state.max_time_off


@given(looks())
def test_no_rank_is_passed_over(snapshot: Snapshot) -> None:
    outcome = decide(snapshot)
    candidates = snapshot.requests["limit"].candidates
    chosen = [candidates[key].rank for key in keys(outcome, Action.CURTAIL)]
    for key in drawn_after(snapshot, outcome):
        state = snapshot.fleet.states[key]
        able = (
            state.interruptible
            and state.refusal is None
            and not state.in_flight
            and state.power
            and key not in snapshot.ledger.curtailed
            and key not in snapshot.ledger.returned
        )
        assert not able or not chosen or candidates[key].rank >= max(chosen)


@given(looks())
def test_the_same_pass_again_changes_nothing(snapshot: Snapshot) -> None:
    """What is decided is what is missing: once carried out, nothing of it is repeated."""
    first = decide(snapshot)
    for decision in first.decisions:
        snapshot.ledger.apply(decision)
        if decision.action is not Action.EXTEND:
            returns = decision.action is Action.RETURN
            power = decision.power if returns else 0.0
            state = snapshot.fleet.states[decision.key]
            snapshot.fleet.show(replace(state, power=power, off_until=decision.until))
    again = decide(snapshot)
    assert not {one.key for one in first.decisions} & {one.key for one in again.decisions}
    assert not keys(again, Action.RETURN)


@given(looks())
def test_nothing_is_curtailed_without_response(snapshot: Snapshot) -> None:
    outcome = decide(snapshot)
    if snapshot.estimates["line"].doubt > DEFAULT.doubt and any(
        NOW - one.since >= DEFAULT.check_after for one in snapshot.ledger.curtailed.values()
    ):
        assert not keys(outcome, Action.CURTAIL)
        assert "line" in outcome.blocked


def test_small_assets_return_several_at_a_time() -> None:
    off = [curtailed(str(number), power=100.0) for number in range(20)]
    states = [asset(one.key, 0.0) for one in off]
    snapshot = snapshot_of([limit_on(*(one.key for one in off))], states, 50_000.0, ledger_of(*off))
    assert len(keys(decide(snapshot), Action.RETURN)) == 5
