"""The pure rules: how long a snooze lasts, whose it is, what a line's goal is."""

from datetime import UTC, datetime, timedelta
import math

from hypothesis import given, strategies as st
from msgspec import structs
import pytest

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override, RunningOverride
from custom_components.gridduck_heimdall.core.asset_account import Control
from custom_components.gridduck_heimdall.core.line_account import LineState
from custom_components.gridduck_heimdall.shedding.goal import of_current, of_loading, of_power
from custom_components.gridduck_heimdall.shedding.record import Shed
from custom_components.gridduck_heimdall.shedding.standing import Standing, measured, standing
from custom_components.gridduck_heimdall.shedding.timing import (
    Bound,
    Limit,
    bound_of,
    length,
    spread,
)

NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)


SHED = Shed(
    key="cloud a",
    entry_id="entry",
    asset_id="a",
    name="A",
    device_id=None,
    power=1_000.0,
    since=NOW,
    sent=NOW,
    until=NOW + timedelta(hours=1),
    accepted=True,
)
UNACCEPTED = structs.replace(SHED, accepted=False)
LINE = LineState(
    id="l", name="Line A", voltage=22_000.0, current=450.0, limit=400.0, measured_at=NOW
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
    assert bound.reached == (left < 1)
    plan = length(timedelta(seconds=asked), bound, place=place, of=count)
    if bound.reached:
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
        plans = [length(timedelta(hours=1), bound, place=place, of=20) for place in range(20)]
        assert len({plan.seconds for plan in plans}) == 20


@pytest.mark.parametrize(
    ("max_time_off", "longest_off", "expected"),
    [
        (None, None, Bound()),
        (1_800, None, Bound(1_700, Limit.MAX_TIME_OFF)),
        (None, 600, Bound(500, Limit.LONGEST_OFF)),
        (1_800, 600, Bound(500, Limit.LONGEST_OFF)),
        (300, 600, Bound(200, Limit.MAX_TIME_OFF)),
    ],
)
def test_the_tighter_limit_counts(
    max_time_off: float | None, longest_off: int | None, expected: Bound
) -> None:
    longest = None if longest_off is None else timedelta(seconds=longest_off)
    assert bound_of(max_time_off, longest, off_for=100) == expected


@pytest.mark.parametrize(
    ("running", "listed", "now", "expected"),
    [
        (RunningOverride(Override.SNOOZE, NOW + 3_610 * SECOND, False), 60, 61, Standing.OURS),
        (RunningOverride(Override.SNOOZE, NOW + 7_200 * SECOND, False), 60, 61, Standing.CHANGED),
        (RunningOverride(Override.BOOST, NOW + 3_600 * SECOND, False), 60, 61, Standing.CHANGED),
        (None, 60, 61, Standing.CHANGED),
        (None, 5, 61, Standing.OURS),
        (None, 3_570, 3_580, Standing.ENDED),
        (RunningOverride(Override.SNOOZE, NOW + 3_610 * SECOND, False), 60, 3_600, Standing.ENDED),
    ],
)
def test_standing(
    running: RunningOverride | None, listed: int, now: int, expected: Standing
) -> None:
    control = Control(is_on=running is None, running=running)
    found = standing(SHED, control, NOW + listed * SECOND, NOW + now * SECOND)
    assert found is expected


def test_standing_that_nobody_knows() -> None:
    later = NOW + 61 * SECOND
    assert standing(SHED, None, None, later) is Standing.UNSURE
    assert standing(SHED, None, later, later) is Standing.CHANGED
    control = Control(is_on=True, running=None)
    assert standing(UNACCEPTED, control, NOW, later) is Standing.UNSURE
    assert standing(UNACCEPTED, control, later, later) is Standing.UNSURE
    # By then it can no longer take effect.
    much_later = NOW + 601 * SECOND
    assert standing(UNACCEPTED, control, much_later, much_later) is Standing.CHANGED


@pytest.mark.parametrize(
    ("power", "listed", "saved"),
    [
        (1_000.0, -5, None),
        (0.0, 2, 1_000.0),
        (500.0, 2, None),
        (500.0, 60, 500.0),
        (1_500.0, 60, 0.0),
        (None, 60, None),
    ],
)
def test_measured(power: float | None, listed: int, saved: float | None) -> None:
    """A full fall is believed at once, a missing one only when it can be told."""
    asset = Asset(id="a", consumption=power)
    assert measured(SHED, asset, NOW + listed * SECOND).saved == saved


def test_goals() -> None:
    assert of_power(500).power == 500
    assert of_current(10, LINE, 22_000).power == pytest.approx(math.sqrt(3) * 22_000 * 10)
    goal = of_loading(100, LINE, 450, 400, 22_000)
    assert goal.power == pytest.approx(math.sqrt(3) * 22_000 * 50)
    assert goal.told() == "Line A is at 112 %"
    assert of_loading(120, LINE, 450, 400, 22_000).power < 0


def test_what_a_measurement_knows_of() -> None:
    """The current is the highest of five minutes: until those are over, it is not measured."""
    goal = of_loading(100, LINE, 450, 400, 22_000)
    assert goal.unmeasured(NOW)
    assert goal.unmeasured(NOW - timedelta(minutes=4))
    assert not goal.unmeasured(NOW - timedelta(minutes=6))
    assert of_power(1).unmeasured(NOW - timedelta(days=1))
    assert of_current(1, LINE, 1).unmeasured(NOW - timedelta(days=1))
