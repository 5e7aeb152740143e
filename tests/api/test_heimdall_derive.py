"""What follows from the answers by the rules of the field."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gridduck_heimdall.api.heimdall import endpoints
from custom_components.gridduck_heimdall.api.heimdall.models.forecasts import (
    CircuitForecastValue,
    CircuitRatingForecasts,
    ForecastBucket,
    ForecastLevel,
    HeimdallDlrForecasts,
    LineForecastBucket,
    LineForecastValue,
    Lowest,
)
from custom_components.gridduck_heimdall.api.heimdall.units import apparent_power_mva
from tests.api.heimdall_examples import body

NOW = datetime(2026, 11, 16, 12, 20, tzinfo=UTC)
NOON = NOW.replace(minute=0)


def bucket(hours: int, value: float | None, span: str = "s") -> LineForecastBucket:
    return ForecastBucket(
        timestamp=NOON + timedelta(hours=hours),
        prediction=LineForecastValue(value=value, limited_by=span),
    )


def test_apparent_power_is_that_of_the_example() -> None:
    assert apparent_power_mva(412.6, 130_000) == pytest.approx(92.904, abs=0.001)
    assert apparent_power_mva(742.3, 130_000) == pytest.approx(167.141, abs=0.001)


def test_instrumented_lines() -> None:
    assets = endpoints.ASSETS.decoder.decode(body("A1"))

    [(owner, facility, line)] = assets.instrumented_lines(NOW)

    assert owner.name == "Example Grid Owner"
    assert facility.id == "f1000000-0000-4000-8000-000000000001"
    assert line.name == "Nordvik - Sordal"


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
    forecast = HeimdallDlrForecasts(
        buckets=tuple(bucket(hours, value, f"span {hours}") for hours, value in buckets)
    )

    answer = forecast.lowest(ForecastLevel.PREDICTION, NOW, 24)

    assert answer == (
        found
        and Lowest(
            value=found[1],
            # The hour under way is now.
            timestamp=max(NOON + timedelta(hours=found[0]), NOW),
            limited_by=f"span {found[0]}",
        )
    )


def test_lowest_looks_at_one_level() -> None:
    forecast = HeimdallDlrForecasts(buckets=(bucket(1, 400.0),))
    assert forecast.lowest(ForecastLevel.P95, NOW, 24) is None

    forecast = endpoints.DLR_FORECAST.decoder.decode(body("C3"))
    answer = forecast.lowest(ForecastLevel.P95, NOW, 24)
    assert answer is not None
    assert (answer.value, answer.timestamp.hour) == (658.8, 13)


def test_lowest_of_a_circuit_names_the_component() -> None:
    value = CircuitForecastValue(value=400.0, limited_by="breaker")
    forecast = CircuitRatingForecasts(buckets=(ForecastBucket(timestamp=NOON, prediction=value),))

    answer = forecast.lowest(ForecastLevel.PREDICTION, NOW, 1)
    assert answer == Lowest(value=400.0, timestamp=NOW, limited_by="breaker")
