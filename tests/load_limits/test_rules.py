"""The pure rules: how long a snooze lasts, whose it is, what a line's goal is."""

from dataclasses import replace
from datetime import UTC, datetime
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.gridduck_heimdall.core.line_account import LineState
from custom_components.gridduck_heimdall.load_limits.control_law.ledger import Curtailed
from custom_components.gridduck_heimdall.load_limits.control_law.models import AssetState
from custom_components.gridduck_heimdall.load_limits.control_law.observe import (
    Ended,
    ended,
    measured,
)
from custom_components.gridduck_heimdall.load_limits.control_law.timing import (
    Limit,
    TimeOff,
    bound_of,
    length,
    spread,
)
from custom_components.gridduck_heimdall.load_limits.shedding.goal import (
    of_current,
    of_loading,
    of_power,
)
from custom_components.gridduck_heimdall.load_limits.shedding.verify import SETTLED

MEASURED = datetime(2026, 11, 18, 18, tzinfo=UTC)
NOW = MEASURED.timestamp()

SHED = Curtailed(
    key="cloud a",
    request="",
    since=NOW,
    renewed=NOW,
    until=NOW + 3_600,
    power=1_000.0,
    held=NOW + 3_600,
)
UNACCEPTED = replace(SHED, accepted=False)
LINE = LineState(
    id="l", name="Line A", voltage=22_000.0, current=450.0, limit=400.0, measured_at=MEASURED
)


@given(
    st.integers(1, 86_400),
    st.none() | st.integers(1, 100_000),
    st.integers(0, 100_000),
    st.integers(1, 200),
    st.data(),
)
def test_length(
    asked: int, longest: int | None, off_for: int, count: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, count - 1))
    bound = bound_of(longest, None, off_for)
    left = 86_400 if longest is None else longest - off_for
    assert bound.over == (left < 1)
    plan = length(asked, bound, place=place, of=count)
    if bound.over:
        assert plan.seconds == 1
        return
    assert 1 <= plan.seconds <= min(86_400, left)
    assert plan.seconds <= asked + spread(asked)
    limited = longest is not None and plan.seconds < asked
    assert plan.limit == (Limit.MAX_TIME_OFF if limited else None)
    if asked + 60 <= left:
        assert asked <= plan.seconds


def test_ends_differ() -> None:
    for longest in (None, 1_800):
        bound = bound_of(longest, None)
        plans = [length(3_600, bound, place=place, of=20) for place in range(20)]
        assert len({plan.seconds for plan in plans}) == 20


@pytest.mark.parametrize(
    ("max_time_off", "longest_off", "expected"),
    [
        (None, None, TimeOff()),
        (1_800, None, TimeOff(1_700, Limit.MAX_TIME_OFF)),
        (None, 600, TimeOff(500, Limit.LONGEST_OFF)),
        (1_800, 600, TimeOff(500, Limit.LONGEST_OFF)),
        (300, 600, TimeOff(200, Limit.MAX_TIME_OFF)),
    ],
)
def test_the_tighter_limit_counts(
    max_time_off: float | None, longest_off: int | None, expected: TimeOff
) -> None:
    assert bound_of(max_time_off, longest_off, off_for=100) == expected


SNOOZED = AssetState(key="cloud a", seen=NOW + 60, power=0.0, off_until=NOW + 3_610)
ON = replace(SNOOZED, off_until=None)


@pytest.mark.parametrize(
    ("state", "now", "how"),
    [
        (SNOOZED, 61, None),
        (replace(SNOOZED, off_until=NOW + 7_200), 61, Ended.REPLACED),
        (replace(SNOOZED, foreign=True), 61, Ended.REPLACED),
        (replace(ON, boosted=True), 61, Ended.REPLACED),
        (ON, 61, Ended.RESUMED),
        (replace(ON, seen=NOW + 5), 61, None),
        (replace(ON, seen=NOW + 3_570), 3_580, Ended.LAPSED),
        (SNOOZED, 3_600, Ended.LAPSED),
    ],
)
def test_how_it_ends(state: AssetState, now: int, how: Ended | None) -> None:
    assert ended(SHED, state, NOW + now) is how


def test_what_is_not_known() -> None:
    assert ended(SHED, None, NOW + 61) is None
    assert ended(SHED, replace(ON, gone=True), NOW + 61) is Ended.GONE
    assert ended(UNACCEPTED, replace(ON, seen=NOW), NOW + 61) is None
    assert ended(UNACCEPTED, replace(ON, seen=NOW + 61), NOW + 61) is None
    # By then it can no longer take effect.
    assert ended(UNACCEPTED, replace(ON, seen=NOW + 601), NOW + 601) is Ended.NEVER_BEGUN


@pytest.mark.parametrize(
    ("power", "seen", "saved"),
    [
        (1_000.0, -5, None),
        (0.0, 2, 1_000.0),
        (500.0, 2, None),
        (500.0, 60, 500.0),
        (1_500.0, 60, 0.0),
        (None, 60, None),
    ],
)
def test_measured(power: float | None, seen: int, saved: float | None) -> None:
    """A full fall is believed at once, a missing one only when it can be told."""
    assert measured(SHED, power, NOW + seen, SETTLED).saved == saved


def test_goals() -> None:
    assert of_power(500).power == 500
    assert of_current(10, LINE, 22_000).power == pytest.approx(math.sqrt(3) * 22_000 * 10)
    goal = of_loading(100, LINE, 450, 400, 22_000)
    assert goal.power == pytest.approx(math.sqrt(3) * 22_000 * 50)
    assert of_loading(120, LINE, 450, 400, 22_000).power < 0


def test_what_a_measurement_knows_of() -> None:
    """The current is the highest of five minutes: until those are over, it is not measured."""
    goal = of_loading(100, LINE, 450, 400, 22_000)
    assert NOW - 360 < goal.measured_until < NOW - 240
    assert of_power(1).measured_until == -math.inf
    assert of_current(1, LINE, 1).measured_until == -math.inf
