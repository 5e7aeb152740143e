"""Temporary requests: what an action curtails, and what stays off for it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.choice import Option, choose
from custom_components.gridduck_heimdall.load_limits.control_law.fleet import Fleet
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Curtailed, Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    AssetState,
    Candidate,
    Eligibility,
    Reason,
    Refusal,
    Wanted,
)
from custom_components.gridduck_heimdall.load_limits.control_law.requested import (
    RequestPlan,
    plan_of,
)
from custom_components.gridduck_heimdall.load_limits.control_law.situation import Snapshot

NOW = 1_000_000.0
HOUR = 3600.0


def asset(key: str, power: float) -> AssetState:
    return AssetState(key=key, seen=NOW, power=power, min_time_on=0.0)


def off(key: str, power: float, since: float = NOW - 600) -> Curtailed:
    return Curtailed(
        key=key, request="", since=since, renewed=since, until=since + HOUR, power=power
    )


def planned(
    wanted: Wanted,
    assets: Iterable[AssetState],
    curtailed: Iterable[Curtailed] = (),
    ranks: Mapping[str, int] | None = None,
) -> RequestPlan:
    """Return what is planned with all assets as candidates."""
    fleet, ranks = Fleet(), ranks or {}
    for one in assets:
        fleet.show(one)
    request = Eligibility(
        candidates={key: Candidate(key=key, rank=ranks.get(key, 0)) for key in fleet.states}
    )
    ledger = Ledger({one.key: one for one in curtailed})
    snapshot = Snapshot(requests={}, estimates={}, ledger=ledger, fleet=fleet, now=NOW)
    plan = RequestPlan()
    for _ in plan_of(request, wanted, snapshot, plan):
        pass
    return plan


def chosen(plan: RequestPlan) -> list[str]:
    return [one.decision.key for one in plan.chosen]


def wanted(power: float) -> Wanted:
    return Wanted(power=power, duration=HOUR)


def test_a_snooze_lasts_as_long_as_the_request() -> None:
    plan = planned(wanted(5_000), [asset("a", 6_000)])
    (one,) = plan.chosen
    assert (one.decision.until, one.decision.reason) == (NOW + HOUR, Reason.REQUESTED)
    assert plan.missing(wanted(5_000)) == 5_000


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2), st.booleans()), max_size=8),
    st.integers(-2, 60),
)
def test_a_rank_is_used_up_before_the_next(drawn: list[tuple[int, int, bool]], power: int) -> None:
    """Within a rank it is the best choice there is."""
    assets = [
        replace(asset(str(number), watts), interruptible=interruptible)
        for number, (watts, _, interruptible) in enumerate(drawn)
    ]
    ranks = {str(number): rank for number, (_, rank, _) in enumerate(drawn)}
    plan = planned(wanted(power), assets, ranks=ranks)
    left, expected = float(power), list[str]()
    for rank in range(3):
        options = [
            Option(one.key, (), (0, False, rank), one.power or 0.0, one.power or 0.0)
            for one in assets
            if one.interruptible and ranks[one.key] == rank
        ]
        best = choose(options, left)
        expected += [one.key for one in best]
        left -= sum(one.power for one in best)
    assert chosen(plan) == expected
    others = {one.key for one in assets} - set(expected)
    assert plan.refused.keys() == others
    assert set(plan.refused.values()) <= {Refusal.NOT_NEEDED, Refusal.NOT_INTERRUPTIBLE}


def test_what_is_off_counts_and_as_little_as_needed_stays() -> None:
    curtailed = [off("a", 4_000), off("b", 1_000)]
    states = [asset("a", 0), asset("b", 0), asset("c", 3_000)]
    plan = planned(wanted(3_500), states, curtailed)
    assert not plan.chosen
    assert [(one.one.key, one.needed) for one in plan.already_off] == [("a", True), ("b", False)]
    assert plan.already_off[0].until == NOW + HOUR
    plan = planned(wanted(6_000), states, curtailed)
    assert chosen(plan) == ["c"]
    assert plan.saved == 5_000


def test_what_the_measurement_shows_does_not_count_twice() -> None:
    """But it stays off: the line would exceed the goal with it."""
    curtailed, states = [off("a", 4_000)], [asset("a", 0), asset("b", 3_000)]
    power = replace(wanted(3_000), measured_until=NOW - 300)
    plan = planned(power, states, curtailed)
    assert (plan.saved, chosen(plan)) == (0, ["b"])
    assert plan.already_off[0].needed
    nothing = planned(replace(power, power=-5_000), states, curtailed)
    assert not nothing.already_off[0].needed
    assert nothing.saved == -4_000


def test_what_the_action_has_curtailed_counts() -> None:
    served = replace(wanted(5_000), served=4_000)
    assert chosen(planned(served, [asset("a", 6_000), asset("b", 1_000)])) == ["b"]


def test_longest_times_off_limit_a_snooze() -> None:
    state = replace(asset("a", 5_000), max_time_off=1_800.0)
    plan = planned(wanted(1), [state])
    assert plan.chosen[0].decision.until is not None
    assert plan.chosen[0].decision.until <= NOW + 1_800
    assert plan.chosen[0].limit == "max_time_off"
    plan = planned(replace(wanted(1), longest_off=900.0), [asset("a", 0)], [off("a", 5_000)])
    assert (plan.already_off[0].until, plan.already_off[0].limit) == (None, "longest_off")


@pytest.mark.parametrize(("saved", "why"), [(None, "CHILD_CURTAILED"), (3_000.0, None)])
def test_a_meter_waits_until_it_is_known_what_it_draws_without_a_part(
    saved: float | None, why: str | None
) -> None:
    states = [asset("meter", 4_000), replace(asset("part", 0), above=("meter",))]
    plan = planned(wanted(6_000), states, [replace(off("part", 3_000), saved=saved)])
    assert chosen(plan) == ([] if why else ["meter"])
    assert plan.refused.get("meter") == (why and Refusal[why])


def test_of_a_meter_and_its_part_one_is_chosen() -> None:
    states = [asset("meter", 4_000), replace(asset("part", 3_000), above=("meter",))]
    plan = planned(wanted(9_000), states)
    assert chosen(plan) == ["meter"]
    assert plan.refused["part"] is Refusal.PARENT_CURTAILED
    plan = planned(wanted(2_000), states, ranks={"meter": 1})
    assert chosen(plan) == ["part"]
    assert plan.refused["meter"] is Refusal.CHILD_CURTAILED


@pytest.mark.parametrize("are_off", [False, True])
def test_a_plan_of_thousands_of_assets_has_short_steps(are_off: bool) -> None:
    """Between two of them the event loop runs other tasks."""
    keys = [str(number) for number in range(5_000)]
    fleet = Fleet()
    for key in keys:
        fleet.show(asset(key, 0.0 if are_off else 100.0))
    ledger = Ledger({key: off(key, 100.0) for key in keys} if are_off else {})
    request = Eligibility(candidates={key: Candidate(key=key) for key in keys})
    snapshot = Snapshot(requests={}, estimates={}, ledger=ledger, fleet=fleet, now=NOW)
    plan = RequestPlan()
    assert sum(1 for _ in plan_of(request, wanted(400_000), snapshot, plan)) > 100
    assert len(plan.already_off if are_off else plan.chosen) >= 4_000
