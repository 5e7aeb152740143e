"""Congestion: expected load against forecast rating."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gridduck_heimdall.core.expected_load import (
    ExpectedHour,
    ExpectedLoad,
    Likelihood,
)
from custom_components.gridduck_heimdall.core.line_forecast import (
    Confidence,
    ForecastHour,
    HourlyForecast,
)
from custom_components.gridduck_heimdall.forecast.outlook import line_outlook

NOW = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)
START = NOW.replace(minute=0)
RATED = {"prediction": 500.0, "p80": 470.0, "p90": 455.0, "p95": 440.0, "p99": 415.0}


def expected(*centres: float) -> ExpectedLoad:
    """Return an expected load with a band of 20 A to either side."""
    return ExpectedLoad.of(
        NOW,
        "A",
        [
            ExpectedHour(
                start=START + timedelta(hours=place),
                centre=centre,
                low=centre - 20,
                high=centre + 20,
            )
            for place, centre in enumerate(centres)
        ],
    )


def forecast(count: int, **levels: float) -> HourlyForecast:
    """Return the same rating for some hours."""
    return HourlyForecast(
        updated=NOW,
        hours=tuple(
            ForecastHour(
                start=START + timedelta(hours=place),
                in_force=levels or RATED,
                limited_by="dlr",
                limiting_span=None,
                ratings={},
            )
            for place in range(count)
        ),
    )


def test_first_hour_and_worst_shortfall() -> None:
    outlook = line_outlook(expected(480, 510, 560, 530, 400), forecast(5), 132_000)
    found = outlook.congestion(Confidence.PREDICTION, NOW)
    assert found is not None
    assert found.first == START + timedelta(hours=1)
    assert found.worst == START + timedelta(hours=2)
    assert found.shortfall == pytest.approx(60.0)
    assert found.power == pytest.approx(13_718, abs=1)
    assert found.likelihood is Likelihood.VERY_LIKELY


def test_a_higher_confidence_sees_more() -> None:
    outlook = line_outlook(expected(430, 460), forecast(2), None)
    assert outlook.congestion(Confidence.PREDICTION, NOW) is None
    found = outlook.congestion(Confidence.P95, NOW)
    assert found is not None
    assert (found.shortfall, found.power) == (20.0, None)
    assert found.first == START + timedelta(hours=1)
    assert found.likelihood is Likelihood.UNLIKELY
    assert [one.start for one in outlook.congested(Confidence.P99, NOW)] == [
        START,
        START + timedelta(hours=1),
    ]


def test_no_confidence_allows_more_than_the_prediction() -> None:
    """The level of a component can be missing, and a forecast can be inconsistent."""
    outlook = line_outlook(expected(520), forecast(1, prediction=500.0, p80=560.0, p95=480.0), None)
    [hour] = outlook.hours
    assert [hour.rating(level) for level in Confidence] == [500, 500, 500, 480, 480]
    assert [hour.shortfall(level) for level in Confidence] == [20, 20, 20, 40, 40]


def test_an_hour_that_has_begun_is_now() -> None:
    outlook = line_outlook(expected(560), forecast(1), None)
    found = outlook.congestion(Confidence.PREDICTION, NOW)
    assert found is not None
    assert found.first == NOW
    assert outlook.congestion(Confidence.PREDICTION, NOW + timedelta(hours=1)) is None


def test_only_hours_within_reach_count() -> None:
    outlook = line_outlook(expected(400, 400, 400, 560), forecast(4), None)
    assert outlook.congestion(Confidence.PREDICTION, NOW, 2) is None
    assert outlook.congestion(Confidence.PREDICTION, NOW, 3) is not None


def test_hours_without_a_rating_are_left_out() -> None:
    outlook = line_outlook(expected(400, 400, 400), forecast(2), None)
    assert len(outlook.hours) == 2
    assert line_outlook(expected(400), forecast(1, p80=300.0), None).hours == ()


@pytest.mark.parametrize(
    ("centre", "likelihood"),
    [
        (400, Likelihood.UNLIKELY),
        (490, Likelihood.POSSIBLE),
        (510, Likelihood.POSSIBLE),
        (530, Likelihood.LIKELY),
        (600, Likelihood.VERY_LIKELY),
    ],
)
def test_words_for_probabilities(centre: float, likelihood: Likelihood) -> None:
    assert line_outlook(expected(centre), forecast(1), None).likelihood(NOW) is likelihood


def test_without_errors_it_is_certain() -> None:
    load = ExpectedLoad.of(NOW, "A", [ExpectedHour(start=START, centre=510, low=510, high=510)])
    [hour] = line_outlook(load, forecast(1, prediction=500.0), None).hours
    assert hour.probability == 1.0


def test_the_peak_is_the_highest_hour_ahead() -> None:
    load = expected(900, 300, 500, 500)
    peak = load.peak(NOW + timedelta(hours=1))
    assert peak is not None
    assert peak.start == START + timedelta(hours=2)
    assert load.peak(NOW + timedelta(hours=9)) is None
