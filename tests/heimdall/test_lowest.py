"""The lowest rating of a forecast by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gridduck_heimdall.api.heimdall import endpoints
from custom_components.gridduck_heimdall.api.heimdall.models.forecasts import (
    CircuitPrediction,
    CircuitRatingForecasts,
    ForecastBucket,
    ForecastLevel,
    HeimdallDlrForecasts,
    LineForecastBucket,
    LinePrediction,
    RatingForecast,
)
from custom_components.gridduck_heimdall.core.line_forecast import Extreme
from custom_components.gridduck_heimdall.heimdall.forecast import lowest
from tests.api.heimdall_examples import body

NOW = datetime(2026, 11, 16, 12, 20, tzinfo=UTC)
NOON = NOW.replace(minute=0)


def bucket(hours: int, value: float | None) -> LineForecastBucket:
    return ForecastBucket(
        timestamp=NOON + timedelta(hours=hours), prediction=LinePrediction(value=value)
    )


def forecast_of(*buckets: LineForecastBucket) -> RatingForecast:
    return HeimdallDlrForecasts(buckets=buckets).forecast()


@pytest.mark.parametrize(
    ("buckets", "found"),
    [
        pytest.param([(0, 500.0), (1, 400.0), (2, 450.0)], (1, 400.0), id="the lowest"),
        pytest.param([(2, 450.0), (1, 400.0), (0, 500.0)], (1, 400.0), id="in any order"),
        pytest.param([(3, 400.0), (1, 400.0)], (1, 400.0), id="the earliest of equal ones"),
        pytest.param([(0, 400.0), (1, 500.0)], (0, 400.0), id="the hour under way counts"),
        pytest.param([(-1, 400.0), (1, 500.0)], (1, 500.0), id="the past does not"),
        pytest.param([(24, 500.0), (25, 400.0)], (24, 500.0), id="nor what is too far off"),
        pytest.param([(1, None), (2, 500.0)], (2, 500.0), id="nor what has no value"),
        pytest.param([(1, None)], None, id="nothing has a value"),
        pytest.param([], None, id="nothing at all"),
    ],
)
def test_lowest(buckets: list[tuple[int, float | None]], found: tuple[int, float] | None) -> None:
    forecast = forecast_of(*(bucket(hours, value) for hours, value in buckets))

    answer = lowest(forecast, ForecastLevel.PREDICTION, NOW, 24)

    # The hour under way is now.
    assert answer == (found and Extreme(found[1], max(NOON + timedelta(hours=found[0]), NOW)))


def test_lowest_looks_at_one_level() -> None:
    forecast = forecast_of(bucket(1, 400.0))
    assert lowest(forecast, ForecastLevel.P95, NOW, 24) is None

    forecast = endpoints.DLR_FORECAST.decoder.decode(body("C3"))
    answer = lowest(forecast, ForecastLevel.P95, NOW, 24)
    assert answer is not None
    assert (answer.value, answer.timestamp.hour) == (658.8, 13)


def test_lowest_of_a_circuit() -> None:
    value = CircuitPrediction(value=400.0, at_facility_component_id="breaker")
    response = CircuitRatingForecasts(buckets=(ForecastBucket(timestamp=NOON, prediction=value),))

    answer = lowest(response.forecast(), ForecastLevel.PREDICTION, NOW, 1)
    assert answer == Extreme(400.0, NOW)
