"""The mean of a clock-aligned window over gaps, restarts and local time."""

from hypothesis import given, strategies as st
import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.window import WindowMean

QUARTER = 900.0


def test_the_mean_is_weighted_by_time() -> None:
    window = WindowMean(length=QUARTER)
    for time, value in ((0.0, 100.0), (60.0, 200.0), (240.0, 0.0)):
        window = window.add(time, value)
    assert window.mean(0.0) == pytest.approx((60 * 100 + 180 * 200) / 240)


def test_a_new_window_begins_with_the_value_before() -> None:
    window = WindowMean(length=QUARTER).add(840.0, 100.0).add(960.0, 300.0)
    assert window.start == QUARTER
    assert window.covered == 60.0
    assert window.mean(0.0) == 100.0


@given(
    st.sampled_from([QUARTER, 2 * QUARTER, 4 * QUARTER]),
    st.lists(
        st.tuples(st.integers(10, 600), st.sampled_from([-5, 0, 5.5, 6, 10.5, 11])), max_size=60
    ),
)
def test_a_steady_load_has_its_own_mean_whatever_local_time_does(
    length: float, steps: list[tuple[int, float]]
) -> None:
    """Some places set their clocks by half an hour, within a window of an hour."""
    window, now = WindowMean(length=length), 1_000_000.0
    for seconds, offset in steps:
        now += seconds
        window = window.add(now, 70.0, 3_600 * offset)
        assert window.start <= now < window.end
        assert 0.0 <= window.covered <= length
        assert window.projected(70.0, now) == pytest.approx(70.0)
        assert window.allowed(100.0, 70.0, now) >= 100.0 - 1e-6


def test_a_gap_counts_as_the_mean_of_the_rest() -> None:
    window = WindowMean(length=QUARTER).add(0.0, 100.0).add(60.0, 100.0).add(600.0, 500.0)
    assert window.covered == 60.0
    assert window.projected(100.0, 600.0) == pytest.approx(100.0)


def test_windows_are_aligned_to_local_time() -> None:
    window = WindowMean(length=3600.0).add(0.0, 1.0, offset=20_700.0)
    assert window.start == -2700.0
    assert window.end == 900.0


def test_an_earlier_measurement_changes_nothing() -> None:
    window = WindowMean(length=QUARTER).add(60.0, 100.0)
    assert window.add(60.0, 900.0) is window


@pytest.mark.parametrize("back", [1_800.0, 86_400.0])
def test_a_clock_that_is_set_back_begins_anew(back: float) -> None:
    window = WindowMean(length=QUARTER)
    for minute in range(10):
        window = window.add(back + 60.0 * minute, 500.0)
    for minute in range(4):
        window = window.add(60.0 * minute, 100.0)
    assert (window.start, window.covered, window.mean(0.0)) == (0.0, 180.0, 100.0)
    assert window.projected(100.0, 240.0) == pytest.approx(100.0)


def test_without_measurements_the_limit_itself_is_allowed() -> None:
    window = WindowMean(length=QUARTER)
    assert window.allowed(100.0, 80.0, 5_000.0) == 100.0
    assert window.projected(80.0, 5_000.0) == 80.0


@given(
    so_far=st.floats(0, 300),
    minutes=st.integers(1, 13),
    limit=st.floats(50, 200),
)
def test_what_is_allowed_ends_at_the_limit(so_far: float, minutes: int, limit: float) -> None:
    window = WindowMean(length=QUARTER)
    for minute in range(minutes + 1):
        window = window.add(60.0 * minute, so_far)
    now = 60.0 * minutes
    allowed = window.allowed(limit, so_far, now)
    assert limit / 2 <= allowed <= 1.5 * limit
    at_bound = allowed == limit / 2 or allowed == limit * (1 + (QUARTER - now) / QUARTER / 2)
    assert at_bound or window.projected(allowed, now) == pytest.approx(limit)
