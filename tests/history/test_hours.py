"""From samples to hours."""

from itertools import pairwise
from math import inf, nan

from hypothesis import given, strategies as st
import pytest

from custom_components.gridduck_heimdall.core.slices import SLICE, Slices
from custom_components.gridduck_heimdall.history.hours import (
    HourMean,
    amounts,
    means,
)
from custom_components.gridduck_heimdall.history.series import BY_TIME, Sample
from tests.turns import counting

HOLD = 3600.0
END = 12

samples_of = st.lists(
    st.tuples(
        st.integers(-7200, END * 3600 + 100).map(float),
        st.floats(-1e6, 1e6, allow_nan=False),
    ),
    max_size=60,
)


def test_weighted_by_time() -> None:
    samples = [(0.0, 10.0), (900.0, 20.0)]
    assert dict(means(samples, 0, 1, HOLD)) == {0: HourMean(17.5, 10.0, 20.0)}


def test_a_value_holds_into_the_next_hour_and_no_longer_than_it_may() -> None:
    rows = dict(means([(1800.0, 4.0)], 0, 5, HOLD))
    assert rows == {0: HourMean(4.0, 4.0, 4.0), 1: HourMean(4.0, 4.0, 4.0)}
    assert list(dict(means([(1800.0, 4.0)], 0, 5, 3 * HOLD))) == [0, 1, 2, 3]


def test_what_came_before_counts() -> None:
    rows = dict(means([(-1800.0, 8.0), (1800.0, 4.0)], 0, 1, HOLD))
    assert rows == {0: HourMean(6.0, 4.0, 8.0)}
    assert dict(means([(-3600.0, 8.0)], 0, 1, HOLD)) == {}


def test_odd_samples() -> None:
    """In any order; what is no number is as if it were not there; the later of two corrects."""
    odd = sorted(
        [(1800.0, 1.0), (900.0, nan), (0.0, inf), (0.0, 5.0), (1800.0, 2.0), (1800.0, nan)],
        key=BY_TIME,
    )
    plain = [(0.0, 5.0), (1800.0, 2.0)]
    assert dict(means(odd, 0, 2, HOLD)) == dict(means(plain, 0, 2, HOLD))
    assert dict(amounts(odd, 0, 2)) == {0: 7.0}


def test_amounts_of_parts() -> None:
    samples = [(0.0, 1.0), (0.0, 1.0), (1800.0, 2.0), (7200.0, 4.0), (99999.0, 1.0)]
    assert dict(amounts(samples, 0, 3)) == {0: 3.0, 2: 4.0}


@given(samples_of, st.sets(st.integers(1, END - 1)))
def test_any_windows_give_the_same(samples: list[Sample], cuts: set[int]) -> None:
    """Cut anywhere, each part with one hour before it, as an import asks for it."""
    whole = dict(means(sorted(samples, key=BY_TIME), 0, END, HOLD))
    total = dict(amounts(sorted(samples, key=BY_TIME), 0, END))
    edges = [0, *sorted(cuts), END]
    parts, sums = dict[int, HourMean](), dict[int, float]()
    for first, end in pairwise(edges):
        reached = [one for one in samples if first * 3600 - HOLD <= one[0] <= end * 3600]
        fetched = sorted(reached, key=BY_TIME)
        parts |= dict(means(fetched, first, end, HOLD))
        sums |= dict(amounts(fetched, first, end))
    assert parts == whole
    assert sums == total


@given(samples_of)
def test_second_by_second(samples: list[Sample]) -> None:
    """The same as looking every second at the value that holds."""
    tidy = sorted(samples, key=BY_TIME)
    rows = dict(means(tidy, 0, 2, HOLD))
    for hour in range(2):
        seen = list[float]()
        for second in range(hour * 3600, (hour + 1) * 3600):
            before = [one for one in tidy if one[0] <= second]
            if before and second - before[-1][0] < HOLD:
                seen.append(before[-1][1])
        assert (hour in rows) is bool(seen)
        if seen:
            assert rows[hour].mean == pytest.approx(sum(seen) / len(seen), abs=1e-6)
            assert (rows[hour].min, rows[hour].max) == (min(seen), max(seen))


async def test_slices() -> None:
    """Others run in between, once every few milliseconds of computing, also of small parts."""
    moments = iter(range(1000))
    slices = Slices(lambda: next(moments) * SLICE * 0.3)
    with counting() as turns:
        assert await slices.collect(range(40)) == [*range(40)]
        # The clock is looked at once for each item, and once more for each slice of four.
        assert 8 <= turns.count <= 11
        before = turns.count
        for number in range(40):
            assert await slices.collect([number]) == [number]
        assert 8 <= turns.count - before <= 11


async def test_slices_of_several_items() -> None:
    """The time is looked at after so many items only."""
    moments = iter(range(1000))
    slices = Slices(lambda: next(moments) * SLICE * 0.3)
    with counting() as turns:
        assert await slices.collect(range(40), at_once=10) == [*range(40)]
        assert turns.count <= 2


async def test_a_slice_ends_when_its_time_is_used_up() -> None:
    """The first begins so: the caller may have computed before."""
    moments = iter([0.0, 0.0, SLICE, 1.1 * SLICE, 1.1 * SLICE])
    slices = Slices(lambda: next(moments))
    with counting() as turns:
        for took_a_turn in (True, False, True):
            before = turns.count
            await slices.collect([1])
            assert (turns.count > before) is took_a_turn
