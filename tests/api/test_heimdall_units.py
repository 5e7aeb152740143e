"""Units of answers: known ones are converted, no other is believed. Contract: §3.1, §3.2, §5.10."""

from collections.abc import Mapping

import msgspec
import pytest

from custom_components.gridduck_heimdall.api.heimdall import (
    Endpoint,
    Parameters,
    Quantity,
    UnitSystem,
    endpoints,
)
from custom_components.gridduck_heimdall.api.heimdall.models.common import MeasuredPayload
from custom_components.gridduck_heimdall.api.heimdall.models.forecasts import ForecastLevel
from custom_components.gridduck_heimdall.api.heimdall.models.insights import (
    LatestLineSagAndClearance,
)

AT = "2026-11-16T12:05:00Z"


def asked[T: MeasuredPayload](
    endpoint: Endpoint[T], data: Mapping[str, object], parameters: Parameters | None = None
) -> tuple[T, set[str]]:
    """Return an answer in the units that were asked for, and the units that are not known."""
    payload = endpoint.decoder.decode(msgspec.json.encode({"data": data}))
    normalizer = endpoint.normalizer(parameters or {})
    if normalizer.conforms(payload):
        return payload, set()
    return normalizer.normalized(payload), normalizer.unknown


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("A", 500, 500),
        ("Ampere", 500, 500),
        ("AMPERE", 500, 500),
        ("Amps", 500, 500),
        (None, 500, 500),
        ("", 500, 500),
        ("kA", 0.5, 500),
        (" kA ", 0.5, 500),
        ("mA", 500_000, 500),
        ("ka", 0.5, 500),
        ("a", 500, 500),
        # The case of a symbol is part of it where it changes what is meant.
        ("MA", 500, None),
        ("MVA", 500, None),
        ("m", 500, None),
        ("Multiple (see measurements)", 500, None),
        ("\N{GREEK CAPITAL LETTER OMEGA}", 500, None),
    ],
)
def test_unit_of_a_payload(unit: str | None, value: float, expected: float | None) -> None:
    answer, unknown = asked(
        endpoints.LATEST_CURRENT, {"unit": unit, "current": {"timestamp": AT, "value": value}}
    )
    assert answer.current.value == expected
    assert bool(unknown) == (expected is None)
    if expected is None:
        assert answer.unit == unit


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        ("C", -3.5, -3.5),
        ("\N{DEGREE CELSIUS}", -3.5, -3.5),
        ("º C", -3.5, -3.5),
        ("ºC", -3.5, -3.5),
        ("F", 14, -10),
        ("\N{DEGREE FAHRENHEIT}", 14, -10),
        ("Fahrenheit", 14, -10),
        ("f", 14, -10),
        ("deg_f", 14, -10),
        ("Degrees F", 14, -10),
        ("degree Celsius", -3.5, -3.5),
        ("K", 263.15, -10),
        ("deg", 14, None),
        ("R", 14, None),
    ],
)
def test_temperatures(unit: str, value: float, expected: float | None) -> None:
    values = {"timestamp": AT, "max": value, "min": value}
    data = {"unit": unit, "conductor_temperature": values}
    answer, _ = asked(endpoints.LATEST_TEMPERATURE, data)
    assert (answer.conductor_temperature.max, answer.conductor_temperature.min) == (
        expected,
        expected,
    )


def clearance(
    own: object, payload: object = None, parameters: Parameters | None = None
) -> tuple[float | None, str | None]:
    """Return a clearance of 22.97 in units of its own and of its payload, and its unit then."""
    data = {
        "unit": payload,
        "sag_and_clearance": {
            "min_clearance": {"timestamp": AT, "value": 22.97, "unit": own},
            "spans": [],
        },
    }
    answer: LatestLineSagAndClearance
    answer, _ = asked(endpoints.LATEST_SAG_AND_CLEARANCE, data, parameters)
    found = answer.sag_and_clearance.min_clearance
    assert found is not None
    return found.value, found.unit


@pytest.mark.parametrize(
    ("own", "payload", "expected"),
    [
        ("ft", "Multiple (see measurements)", 7.001256),
        ("feet", None, 7.001256),
        ("in", None, 0.583438),
        ("mi", None, 36966.632),
        ("m", None, 22.97),
        ("m", "ft", 22.97),
        ("ft", "m", 7.001256),
        (None, "ft", 7.001256),
        (None, "Multiple (see measurements)", 22.97),
        (None, None, 22.97),
        # That of the payload is about something else.
        (None, "kg/m", 22.97),
        (None, "cubits", None),
        # What is no text is no unit that is known.
        (5, None, None),
        (["m"], "m", None),
        (None, {"symbol": "ft"}, None),
        ("cubits", None, None),
        ("kg/m", None, None),
        ("%", "m", None),
    ],
)
def test_unit_of_a_value(own: object, payload: object, expected: float | None) -> None:
    value, unit = clearance(own, payload)
    assert value == (None if expected is None else pytest.approx(expected, rel=1e-6))
    if value is not None and own is not None:
        assert unit == "m"


def test_what_was_asked_for_in_other_units() -> None:
    imperial = Parameters(unit_system=UnitSystem.IMPERIAL)
    assert clearance("ft", parameters=imperial) == (22.97, "ft")
    value, unit = clearance("m", parameters=imperial)
    assert value == pytest.approx(75.3609, rel=1e-5)
    assert unit == "ft"
    power = Parameters(quantity=Quantity.APPARENT_POWER)
    for given, expected in (("MVA", 90.0), ("kVA", 0.09), ("Ampere", None)):
        data = {"unit": given, "heimdall_dlr": {"timestamp": AT, "value": 90.0}}
        answer, _ = asked(endpoints.LATEST_DLR, data, power)
        assert answer.rating.value == expected


@pytest.mark.parametrize(("unit", "expected"), [("kA", 700.0), ("A", 0.7), ("furlong", None)])
def test_ratings_of_a_forecast(unit: str, expected: float | None) -> None:
    bucket = {"timestamp": AT, "prediction": {"value": 0.7, "at_span_id": "a"}, "p80": None}
    forecast, unknown = asked(
        endpoints.DLR_FORECAST, {"unit": unit, "heimdall_dlr_forecasts": [bucket]}
    )
    hours = [value for _, value in forecast.hours.at(ForecastLevel.PREDICTION)]
    assert hours == ([] if expected is None else [expected])
    assert not [*forecast.hours.at(ForecastLevel.P80)]
    assert forecast.hours.limits == ("a",)
    assert bool(unknown) is (expected is None)
