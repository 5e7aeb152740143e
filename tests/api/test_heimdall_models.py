"""Every example of the contract decodes into its model, and nothing of it is lost."""

from datetime import UTC, datetime, timedelta
import json
from time import thread_time
from typing import Any

import msgspec
import pytest

from custom_components.gridduck_heimdall.api.heimdall import ENDPOINTS, endpoints
from custom_components.gridduck_heimdall.api.heimdall.models.assets import (
    Facility,
    MeasurementPoint,
)
from custom_components.gridduck_heimdall.api.heimdall.models.forecasts import (
    ForecastBucket,
    ForecastLevel,
    HeimdallDlrForecasts,
    LineForecastBucket,
    LinePrediction,
)
from tests.api.heimdall_examples import EXAMPLES, body

NOW = datetime(2026, 11, 16, 12, 5, tzinfo=UTC)


def essence(value: Any) -> Any:
    """Reduce an answer to what it says: absent is null, times in one form."""
    match value:
        case dict():
            return {
                key: essence(item)
                for key, item in value.items()
                if item is not None and key != "(malformed)"
            }
        case list() | tuple():
            return [essence(item) for item in value]
        case str() if value[:2] == "20" and value.endswith("Z"):
            return datetime.fromisoformat(value)
        case _:
            return value


def test_every_endpoint_has_an_example() -> None:
    assert {name.partition(" ")[0] for name in EXAMPLES} == set(ENDPOINTS)


FORECASTS = {
    "C3": (endpoints.DLR_FORECAST, "heimdall_dlr_forecasts", "at_span_id"),
    "C6": (endpoints.AAR_FORECAST, "heimdall_aar_forecasts", "at_span_id"),
    "F3": (
        endpoints.CIRCUIT_RATING_FORECAST,
        "circuit_rating_forecasts",
        "at_facility_component_id",
    ),
}


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in FORECASTS])
def test_example_decodes_without_loss(name: str) -> None:
    payload = ENDPOINTS[name.partition(" ")[0]].decoder.decode(body(name))

    assert payload.malformed == 0
    assert essence(json.loads(msgspec.json.encode(payload))) == essence(EXAMPLES[name]["data"])


@pytest.mark.parametrize("name", FORECASTS)
def test_forecast_decodes_into_its_hours(name: str) -> None:
    endpoint, buckets, limit = FORECASTS[name]
    forecast = endpoint.decoder.decode(body(name))

    data = EXAMPLES[name]["data"]
    updated = data["updated_timestamp"]
    assert (forecast.metric, forecast.unit) == (data["metric"], data["unit"])
    assert forecast.updated_timestamp == (updated and datetime.fromisoformat(updated))
    starts = [datetime.fromisoformat(bucket["timestamp"]) for bucket in data[buckets]]
    assert [*forecast.hours.starts] == starts
    assert [*forecast.hours.limits] == [one["prediction"].get(limit) for one in data[buckets]]
    for level in ForecastLevel:
        values = [bucket[level]["value"] for bucket in data[buckets]]
        assert [*forecast.hours.at(level)] == [*zip(starts, values, strict=True)]


def test_values_are_typed() -> None:
    answer = endpoints.LATEST_CURRENT.decoder.decode(body("G1 include=measurement_points"))

    assert answer.unit == "Ampere"
    assert answer.current.timestamp == datetime(2026, 11, 16, 12, 4, 37, 512_000, UTC)
    assert answer.current.value == 412.6
    assert answer.current.at_span_id == "5a000000-0000-4000-8000-000000000001"
    assert answer.measurement_point_currents is not None
    assert [
        (span.span_id[-1], phase.span_phase_id[-1], point.measurement_point_id[-1], point.value)
        for span in answer.measurement_point_currents
        for phase in span.span_phases
        for point in phase.measurement_points
    ] == [("1", "1", "1", 411.9), ("2", "4", "2", 409.2)]


def test_breakdown_that_was_not_asked_for_is_none() -> None:
    assert endpoints.LATEST_DLR.decoder.decode(body("C1")).spans is None
    assert endpoints.LATEST_AAR.decoder.decode(body("C4")).spans is None


def test_forecast_levels() -> None:
    hours = endpoints.CIRCUIT_RATING_FORECAST.decoder.decode(body("F3")).hours

    assert hours.limits == ("c1000000-0000-4000-8000-000000000002",)
    assert [[value for _, value in hours.at(level)] for level in ForecastLevel] == [
        [700.0],
        [700.0],
        [681.9],
        [664.0],
        [631.5],
    ]


def test_forecast_in_any_order_and_with_gaps() -> None:
    noon = datetime(2026, 11, 16, 12, tzinfo=UTC)

    def hour(after: int, value: float | None, p99: float | None, span: str) -> LineForecastBucket:
        return ForecastBucket(
            timestamp=noon + timedelta(hours=after),
            prediction=LinePrediction(value=value, at_span_id=span),
            p99=None if p99 is None else LinePrediction(value=p99),
        )

    buckets = (hour(2, 700.0, None, "b"), hour(1, None, 600.0, "a"), hour(2, 650.0, 0.0, "c"))
    forecast = HeimdallDlrForecasts(buckets=buckets, unit="Ampere").forecast()

    # Of two hours that are the same, the last counts.
    one, two = noon + timedelta(hours=1), noon + timedelta(hours=2)
    assert forecast.hours.starts == (one, two)
    assert forecast.hours.limits == ("a", "c")
    assert list(forecast.hours.at(ForecastLevel.PREDICTION)) == [(two, 650.0)]
    assert list(forecast.hours.at(ForecastLevel.P90)) == []
    assert list(forecast.hours.at(ForecastLevel.P99)) == [(one, 600.0), (two, 0.0)]
    # What has no value compares equal, too.
    assert forecast == HeimdallDlrForecasts(buckets=buckets, unit="Ampere").forecast()


@pytest.mark.parametrize(
    ("operational", "nominal", "voltage"),
    [
        (130_000, 132_000, 130_000),
        (None, 132_000, 132_000),
        (0, 132_000, 132_000),
        (-1, 132_000, 132_000),
        (None, 0, None),
        (None, None, None),
    ],
)
def test_voltage(operational: float | None, nominal: float | None, voltage: float | None) -> None:
    facility = Facility(id="f", operational_voltage=operational, nominal_voltage=nominal)
    assert facility.voltage == voltage


@pytest.mark.parametrize(
    ("removed", "active"),
    [
        (None, True),
        (NOW + timedelta(seconds=1), True),
        (NOW, False),
        (NOW - timedelta(days=1), False),
    ],
)
def test_measurement_point_is_active_until_it_is_unregistered(
    removed: datetime | None, *, active: bool
) -> None:
    assert MeasurementPoint(id="m", unregistered_timestamp=removed).active(NOW) is active


def test_line_is_instrumented_by_an_active_point() -> None:
    [owner] = endpoints.ASSETS.decoder.decode(body("A1")).grid_owners
    nordvik, haug, lia = owner.facilities

    assert nordvik.line is not None
    assert [point.id[-1] for point in nordvik.line.active_points(NOW)] == ["1", "2"]
    assert nordvik.line.instrumented(NOW)
    assert haug.line is None
    assert lia.line is not None
    assert not lia.line.instrumented(NOW)


def test_a_month_of_points_decodes_fast() -> None:
    start = datetime(2026, 10, 17, tzinfo=UTC)
    points = [
        {
            "timestamp": (start + timedelta(minutes=5 * step)).isoformat(),
            "value": 400 + step / 7,
            "at_span_id": "5a000000-0000-4000-8000-000000000001",
        }
        for step in range(30 * 288)
    ]
    answer = json.dumps({"data": {"metric": "Current", "unit": "Ampere", "currents": points}})
    decode = endpoints.CURRENTS.decoder.decode

    began = thread_time()
    strict = decode(answer.encode())
    took = thread_time() - began
    points[4000]["value"] = "a lot"
    began = thread_time()
    lenient = decode(json.dumps({"data": {"currents": points}}).encode())
    took_lenient = thread_time() - began

    assert len(strict.currents) == len(lenient.currents) == 8640
    assert lenient.currents[4000].value is None
    assert lenient.malformed == 1
    # Of the processor, as a machine may be busy; some 4 and 60 ms.
    assert took < 0.1
    assert took_lenient < 1.0
