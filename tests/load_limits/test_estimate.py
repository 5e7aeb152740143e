"""The uncontrolled part, its trend, and how a source responds."""

from collections.abc import Callable

import pytest

from custom_components.gridduck_heimdall.load_limits.control_law.estimate import Estimate, Estimator
from custom_components.gridduck_heimdall.load_limits.control_law.models import (
    LoadMeasurement,
    Urgency,
)

LIMIT = 1_000.0


def follow(
    load: Callable[[int, float], float], drawn: Callable[[int], float], minutes: int = 30
) -> Estimate:
    """Measure a load each minute, and return what is then known."""
    estimator = Estimator()
    for minute in range(minutes):
        power = drawn(minute)
        estimator.note(60.0 * minute, power)
        value = load(minute, power)
        assert estimator.measure(LoadMeasurement(time=60.0 * minute, value=value, limit=LIMIT))
    found = estimator.estimate()
    assert found is not None
    return found


def steps(minute: int) -> float:
    """Return what assets draw: some are curtailed after ten minutes, and return after twenty."""
    return 100.0 if 10 <= minute < 20 else 300.0


def test_level_and_trend_are_followed() -> None:
    found = follow(lambda minute, power: 500 + 4.0 * minute + 1.03 * power, lambda _: 200.0)
    assert 0 < found.trend < 5
    now = 60.0 * 29
    assert found.uncontrolled(now) + found.response * 200 == pytest.approx(
        500 + 4.0 * 29 + 206, rel=0.02
    )
    assert found.uncontrolled(now, 240.0) > found.uncontrolled(now)


def test_a_falling_load_is_not_projected() -> None:
    found = follow(lambda minute, power: 900 - 4.0 * minute + power, lambda _: 200.0)
    assert found.trend < 0
    assert found.uncontrolled(60.0 * 29, 240.0) == found.level


@pytest.mark.parametrize(("response", "doubtful"), [(1.03, False), (0.0, True), (-1.0, True)])
def test_the_response_is_found(response: float, doubtful: bool) -> None:
    found = follow(lambda _, power: 700 + response * power, steps)
    assert found.response == pytest.approx(response, abs=0.15)
    assert (found.doubt > 0.75) is doubtful
    assert (found.proven > 0.95) is not doubtful


def test_the_highest_of_several_readings_lags_behind_a_curtailment() -> None:
    """The drop is seen only when all readings are of afterwards: no response is not concluded."""
    estimator = Estimator()
    for minute in range(30):
        estimator.note(60.0 * minute, steps(minute))
        highest = max(700 + steps(max(0, minute - back)) for back in range(5))
        estimator.measure(
            LoadMeasurement(time=60.0 * minute, value=highest, limit=LIMIT, readings=5)
        )
    found = estimator.estimate()
    assert found is not None
    assert found.doubt < 0.01
    assert found.level == pytest.approx(700, rel=0.05)


def test_a_measurement_counts_once() -> None:
    estimator = Estimator()
    measurement = LoadMeasurement(time=60.0, value=500.0, limit=LIMIT)
    assert not estimator.measure(measurement)
    assert estimator.estimate() is None
    estimator.note(60.0, 100.0)
    assert estimator.measure(measurement)
    assert not estimator.measure(measurement)


def test_a_long_gap_begins_anew_with_what_is_known_of_the_response() -> None:
    estimator = Estimator()
    for minute in range(30):
        estimator.note(60.0 * minute, steps(minute))
        estimator.measure(LoadMeasurement(time=60.0 * minute, value=700.0, limit=LIMIT))
    before = estimator.estimate()
    estimator.note(7200.0, 300.0)
    estimator.measure(LoadMeasurement(time=7200.0, value=400.0, limit=LIMIT))
    after = estimator.estimate()
    assert before is not None
    assert after is not None
    assert after.doubt == pytest.approx(before.doubt)
    assert before.doubtful_for >= 600
    assert after.doubtful_for == 0
    assert after.trend == 0


@pytest.mark.parametrize(
    ("load", "urgency"),
    [(1_000, Urgency.NORMAL), (1_120, Urgency.HIGH), (1_300, Urgency.CRITICAL)],
)
def test_short_time_ratings_set_the_urgency(load: float, urgency: Urgency) -> None:
    ratings = {900.0: 1_050.0, 600.0: 1_100.0, 300.0: 1_220.0}
    estimator = Estimator()
    estimator.note(0.0, 0.0)
    estimator.measure(LoadMeasurement(time=0.0, value=900.0, limit=LIMIT, short_time=ratings))
    found = estimator.estimate()
    assert found is not None
    assert found.urgency(load) is urgency


@pytest.mark.parametrize("apart", [300.0, 3600.0])
def test_measurements_of_a_clock_that_is_ahead_are_projected_from_now(apart: float) -> None:
    """A rising load is not taken to have been lower before."""
    found = follow(lambda minute, power: 500 + 4.0 * minute + power, lambda _: 200.0)
    assert found.trend > 0
    measured_at = 60.0 * 29
    assert found.uncontrolled(measured_at - apart) == found.uncontrolled(measured_at) == found.level


@pytest.mark.parametrize("back", [3_600.0, 86_400.0])
def test_a_clock_that_is_set_back(back: float) -> None:
    """What is measured from then on counts, and with it what assets draw from then on."""
    estimator = Estimator()
    for minute in range(30):
        estimator.note(back + 60.0 * minute, steps(minute))
        estimator.measure(
            LoadMeasurement(time=back + 60.0 * minute, value=700 + steps(minute), limit=LIMIT)
        )
    for minute in range(30):
        estimator.note(60.0 * minute, steps(minute))
        taken = LoadMeasurement(time=60.0 * minute, value=600 + steps(minute), limit=LIMIT / 2)
        assert estimator.measure(taken)
    found = estimator.estimate()
    assert found is not None
    assert found.level == pytest.approx(600, abs=15)
    assert found.lowest_limit == LIMIT / 2
    assert found.response == pytest.approx(1.03, abs=0.15)


def test_an_answer_that_is_late_changes_nothing() -> None:
    estimator = Estimator()
    estimator.note(0.0, 200.0)
    assert estimator.measure(LoadMeasurement(time=600.0, value=700.0, limit=LIMIT))
    assert not estimator.measure(LoadMeasurement(time=300.0, value=900.0, limit=LIMIT))
    assert not estimator.measure(LoadMeasurement(time=600.0, value=900.0, limit=LIMIT))
