"""Plans: what a load limit is going to curtail in the hours ahead, as pure functions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Curtailed, Ledger
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    AssetState,
    Candidate,
    LoadLimit,
    Reason,
    Refusal,
    Request,
)
from custom_components.gridduck_heimdall.load_limits.control_law.plan import (
    HOUR,
    HourAhead,
    PlannedHour,
    PlanSnapshot,
    boost_ahead,
    plan,
)

NOW = 1_795_000_000.0 // HOUR * HOUR
HOURS = 4 * HOUR


def asset(key: str, power: float = 10_000, **fields: Any) -> AssetState:
    """Return an asset that may be curtailed."""
    state = AssetState(key=key, seen=NOW, power=power, on_since=NOW - 24 * HOUR)
    return replace(state, **fields)


def request(*keys: str, longest_off: float = HOURS, floor: float = 0.0) -> Request:
    """Return a load limit; the first key is curtailed first."""
    return Request(
        id="limit",
        candidates={key: Candidate(key=key, rank=rank) for rank, key in enumerate(keys)},
        limit=LoadLimit(source="line", floor=floor),
        longest_off=longest_off,
    )


def hours(*loads: float, limit: float = 100_000) -> list[HourAhead]:
    """Return hours with loads and one limit, W."""
    return [
        HourAhead(start=NOW + place * HOUR, end=NOW + (place + 1) * HOUR, load=load, limit=limit)
        for place, load in enumerate(loads)
    ]


def planned(snapshot: PlanSnapshot) -> list[PlannedHour]:
    """Return the whole plan."""
    found = list[PlannedHour]()
    for _ in plan(snapshot, found):
        pass
    for _ in boost_ahead(snapshot, found):
        pass
    return found


def snapshot(
    limit: Request, ahead: Sequence[HourAhead], *assets: AssetState, **fields: Any
) -> PlanSnapshot:
    """Return what a plan looks at."""
    one = PlanSnapshot(
        request=limit,
        hours=ahead,
        states={state.key: state for state in assets},
        ledger=Ledger(),
        power=lambda _key, _at: None,
    )
    return replace(one, **fields)


def keys(hour: PlannedHour) -> list[str]:
    return [one.key for one in hour.curtail]


def test_only_hours_above_the_limit_curtail() -> None:
    found = planned(
        snapshot(request("a", "b"), hours(90_000, 105_000, 99_000), asset("a"), asset("b"))
    )
    assert [keys(hour) for hour in found] == [[], ["a"], []]
    assert [hour.reason for hour in found] == [None, Reason.ABOVE_LIMIT, None]
    [one] = found[1].curtail
    assert (one.start, one.end, one.power) == (NOW + HOUR, NOW + 2 * HOUR, 10_000)
    assert found[1].unmet == 0


def test_in_order_and_what_stays_unmet() -> None:
    found = planned(
        snapshot(
            request("a", "b", "c"),
            hours(130_000),
            asset("a"),
            asset("b"),
            asset("c", interruptible=False),
        )
    )
    assert keys(found[0]) == ["a", "b"]
    assert found[0].unmet == pytest.approx(11_500)
    assert found[0].refusals == {"c": Refusal.NOT_INTERRUPTIBLE}


def test_the_longest_time_off_is_kept_and_then_it_rests() -> None:
    found = planned(snapshot(request("a", longest_off=2 * HOUR), hours(*[105_000] * 6), asset("a")))
    assert [bool(hour.curtail) for hour in found] == [True, True, False, True, True, False]
    assert found[2].unmet > 0


def test_half_an_hour_off_counts_half() -> None:
    found = planned(snapshot(request("a"), hours(105_000), asset("a", max_time_off=HOUR / 2)))
    [one] = found[0].curtail
    assert one.end == NOW + HOUR / 2
    assert one.power == 5_000
    assert found[0].unmet == pytest.approx(1_500)


@pytest.mark.parametrize("refusal", [Refusal.READ_ONLY, Refusal.DISCONNECTED])
def test_what_is_refused_now_is_not_planned(refusal: Refusal) -> None:
    found = planned(snapshot(request("a"), hours(*[105_000] * 3), asset("a", refusal=refusal)))
    assert [keys(hour) for hour in found] == [[], [], []]
    assert found[2].refusals == {"a": refusal}


def test_what_ends_before_is_planned() -> None:
    snoozed = asset("a", off_until=NOW + 1.5 * HOUR)
    boosted = asset("b", boosted=True, refusal=Refusal.BOOSTED)
    found = planned(snapshot(request("a", "b"), hours(*[105_000] * 4), snoozed, boosted))
    assert [keys(hour) for hour in found] == [[], [], ["a"], ["a"]]
    assert found[0].refusals == {"a": Refusal.SNOOZED, "b": Refusal.BOOSTED}


def test_what_is_off_counts_until_its_longest_time() -> None:
    off = Curtailed(
        key="a", request="limit", since=NOW - 3 * HOUR, renewed=NOW, until=NOW + HOUR, power=10_000
    )
    found = planned(
        snapshot(
            request("a"),
            hours(*[105_000] * 2),
            asset("a", power=0.0, off_until=NOW + HOUR),
            ledger=Ledger(curtailed={"a": off}),
        )
    )
    assert [keys(hour) for hour in found] == [["a"], []]
    assert found[0].curtail[0].power == 10_000


def test_the_expected_power_of_the_hour_counts() -> None:
    found = planned(
        snapshot(
            request("a", "b"),
            hours(*[105_000] * 2),
            asset("a"),
            asset("b"),
            power=lambda key, at: 0.0 if key == "a" and at > NOW else None,
        )
    )
    assert [keys(hour) for hour in found] == [["a"], ["b"]]


def test_a_part_is_not_planned_beside_its_meter() -> None:
    meter, part = asset("a", power=20_000), asset("b", above=("a",))
    found = planned(snapshot(request("a", "b"), hours(130_000), meter, part))
    assert keys(found[0]) == ["a"]


def test_the_floor_stays_on() -> None:
    assets = asset("a"), asset("b")
    for floor, expected in ((10_000, ["a"]), (15_000, [])):
        found = planned(snapshot(request("a", "b", floor=floor), hours(130_000), *assets))
        assert keys(found[0]) == expected
        # What it keeps on is missing.
        assert found[0].unmet == pytest.approx(130_000 - 98_500 - 10_000 * len(expected))


def test_storing_assets_are_boosted_before_as_far_as_there_is_room() -> None:
    drawn = {0: 2_000.0, 1: 2_000.0, 2: 10_000.0, 3: 10_000.0}
    found = planned(
        snapshot(
            request("a", "b"),
            hours(60_000, 92_000, 105_000, 105_000),
            asset("a"),
            asset("b"),
            power=lambda _key, at: drawn[round((at - NOW) / HOUR)],
            storing={"a"},
        )
    )
    assert [keys(hour) for hour in found] == [[], [], ["a"], ["a"]]
    # No room in the hour right before: 93 % of the limit is the most.
    assert [[one.key for one in hour.boost] for hour in found] == [["a"], [], [], []]
    assert found[0].boost[0].power == 8_000


def test_nothing_is_boosted_that_draws_its_most_already() -> None:
    found = planned(snapshot(request("a"), hours(60_000, 105_000), asset("a"), storing={"a"}))
    assert [hour.boost for hour in found] == [[], []]


def test_what_its_mode_keeps_off_is_not_planned() -> None:
    """An asset that is off for good draws nothing tomorrow either, whatever it used to draw."""
    off = asset("a", power=0.0, refusal=Refusal.OFF, kept_off=True)
    by_schedule = asset("b", power=0.0, refusal=Refusal.OFF)
    found = planned(
        snapshot(
            request("a", "b"),
            hours(*[130_000] * 3),
            off,
            by_schedule,
            power=lambda _key, _at: 10_000.0,
        )
    )
    assert [keys(hour) for hour in found] == [[], [], ["b"]]
    assert found[2].refusals == {"a": Refusal.OFF}


def test_hours_that_are_not_known_are_no_part_of_a_boost() -> None:
    """A boost is at most six hours before, and for as long as the asset is then off without gap."""
    known = hours(60_000, 105_000, 105_000)
    ahead = [
        known[0],
        *(replace(one, start=one.start + HOURS * 2, end=one.end + HOURS * 2) for one in known[1:]),
    ]
    found = planned(
        snapshot(
            request("a"),
            ahead,
            asset("a"),
            power=lambda _key, at: 2_000.0 if at == NOW else 10_000.0,
            storing={"a"},
        )
    )
    assert [keys(hour) for hour in found] == [[], ["a"], ["a"]]
    assert [hour.boost for hour in found] == [[], [], []]


def test_nothing_is_switched_while_the_load_does_not_respond() -> None:
    """The control law has stopped for some hours; boosts would have no effect either."""
    found = planned(
        snapshot(
            request("a"),
            hours(60_000, 105_000, 60_000, 105_000),
            asset("a"),
            power=lambda _key, at: 2_000.0 if at in {NOW, NOW + 2 * HOUR} else 10_000.0,
            storing={"a"},
            ledger=Ledger(blocked={"line": NOW + 1.5 * HOUR, "other": NOW + 9 * HOUR}),
        )
    )
    assert [keys(hour) for hour in found] == [[], [], [], ["a"]]
    assert [hour.reason for hour in found] == [None, Reason.NO_RESPONSE, None, Reason.ABOVE_LIMIT]
    assert found[1].unmet == pytest.approx(6_500)
    assert [[one.key for one in hour.boost] for hour in found] == [[], [], ["a"], []]


@pytest.mark.parametrize(
    ("minutes", "curtailed", "unmet"),
    [(15, [(15, 60), (60, 120)], 0), (60, [(60, 120)], 6_500), (75, [(75, 120)], 6_500)],
)
def test_nothing_is_switched_in_a_pause(
    minutes: int, curtailed: list[tuple[int, int]], unmet: float
) -> None:
    """A person has restored all: as much power is off later, for a part of the hour."""
    found = planned(
        snapshot(
            request("a"),
            hours(105_000, 105_000),
            asset("a", power=10_000),
            paused_until=NOW + 60 * minutes,
        )
    )
    spans = [(one.start, one.end) for hour in found for one in hour.curtail]
    assert spans == [(NOW + 60 * start, NOW + 60 * end) for start, end in curtailed]
    assert found[0].unmet == pytest.approx(unmet)
    assert found[0].reason == (Reason.RESTORED if minutes >= 60 else Reason.ABOVE_LIMIT)


def test_what_a_person_returns_is_on_again() -> None:
    """What was off until then may be off for its longest time anew."""
    curtailed = Curtailed(
        key="a",
        request="limit",
        since=NOW - HOURS,
        renewed=NOW - HOUR,
        until=NOW + HOUR,
        power=10_000.0,
        returning=NOW,
    )
    found = planned(
        snapshot(
            request("a"),
            hours(105_000, 105_000),
            asset("a"),
            ledger=Ledger({"a": curtailed}),
            paused_until=NOW + 900,
        )
    )
    assert [keys(hour) for hour in found] == [["a"], ["a"]]


def test_nothing_is_boosted_in_a_pause() -> None:
    found = planned(
        snapshot(
            request("a"),
            hours(60_000, 60_000, 105_000),
            asset("a"),
            power=lambda _key, at: 10_000.0 if at == NOW + 2 * HOUR else 2_000.0,
            storing={"a"},
            paused_until=NOW + 1.5 * HOUR,
        )
    )
    assert [hour.boost for hour in found] == [[], [], []]
    assert keys(found[2]) == ["a"]
