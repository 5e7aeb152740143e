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
    CircuitForecastValue,
    ForecastLevel,
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


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_decodes_without_loss(name: str) -> None:
    payload = ENDPOINTS[name.partition(" ")[0]].decoder.decode(body(name))

    assert payload.malformed == 0
    assert essence(json.loads(msgspec.json.encode(payload))) == essence(EXAMPLES[name]["data"])


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
    [bucket] = endpoints.CIRCUIT_RATING_FORECAST.decoder.decode(body("F3")).buckets

    component = "c1000000-0000-4000-8000-000000000002"
    assert [bucket.at(level) for level in ForecastLevel] == [
        CircuitForecastValue(value=700.0, limited_by=component),
        CircuitForecastValue(value=700.0, limited_by=component),
        CircuitForecastValue(value=681.9),
        CircuitForecastValue(value=664.0),
        CircuitForecastValue(value=631.5),
    ]


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
