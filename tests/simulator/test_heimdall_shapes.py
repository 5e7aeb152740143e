"""Every endpoint's shape, against the tables of heimdall-api.md §3."""

from collections.abc import Callable
from datetime import datetime
import re
from typing import Any

import pytest

from simulator.heimdall.endpoints import ENDPOINTS

from .support import BY_NUMBER, Api, window

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")

# A leaf is a kind, with "?" where null is allowed; a list has one shape for all its items.
M = {"value": "number", "unit": "text"}
AT = {"timestamp": "time", "span_phase_id": "id"} | M
TOP = {"metric": "text", "unit": "text"}
DLR = {"timestamp": "time", "value": "number", "at_span_id": "id", "is_fallback": "bool"}
AAR = {"timestamp": "time", "value": "number", "at_span_id": "id"}
SPAN_DLR = {"timestamp": "time", "value": "number", "is_fallback": "bool"}
READING = {"timestamp": "time", "value": "number"}
LEVELS = ("prediction", "p80", "p90", "p95", "p99")
LINE_BUCKET = {"timestamp": "time"} | {
    key: {"value": "number", "at_span_id": "id"} for key in LEVELS
}
CIRCUIT_BUCKET = {"timestamp": "time"} | {
    key: {"value": "number", "at_facility_component_id": "id?"} for key in LEVELS
}
CIRCUIT = {
    "timestamp": "time",
    "value": "number",
    "is_fallback": "bool",
    "at_facility_component_id": "id?",
}
CURRENT = {"timestamp": "time", "value": "number", "at_span_id": "id"}
TEMPERATURE = {
    "timestamp": "time",
    "max": "number",
    "max_at_span_id": "id",
    "min": "number?",
    "min_at_span_id": "id?",
}


def breakdown(point: dict[str, Any]) -> list[Any]:
    points = [{"measurement_point_id": "id"} | point]
    return [
        {"span_id": "id", "span_phases": [{"span_phase_id": "id", "measurement_points": points}]}
    ]


ICE_VALUES = ("ice_weight", "tension", "tension_percentage_of_break_strength")
ICE_PHASE = {"span_phase_id": "id", "timestamp": "time"} | dict.fromkeys(ICE_VALUES, M)
ICING = {
    "max": dict.fromkeys(ICE_VALUES, AT),
    "spans": [{"span_id": "id", "span_phases": [ICE_PHASE]}],
}
ICE_FORECAST = {
    "max": {"ice_weight": AT},
    "spans": [
        {
            "span_id": "id",
            "span_phases": [
                {"span_phase_id": "id", "forecast": [{"timestamp": "time", "ice_weight": M}]}
            ],
        }
    ],
}
SAG_PHASE = {"span_phase_id": "id", "timestamp": "time", "sag": M, "clearance": M}
SAG = {
    "max_sag": AT,
    "min_clearance": AT,
    "spans": [{"span_id": "id", "span_phases": [SAG_PHASE]}],
}

SHAPES: dict[str, dict[str, Any]] = {
    "C1": {"heimdall_dlr": DLR, "heimdall_span_dlrs": None},
    "C2": {"heimdall_dlrs": [DLR], "heimdall_span_dlrs": None},
    "C3": {"updated_timestamp": "time", "heimdall_dlr_forecasts": [LINE_BUCKET]},
    "C4": {"heimdall_aar": AAR, "heimdall_span_aars": None},
    "C5": {"heimdall_aars": [AAR], "heimdall_span_aars": None},
    "C6": {"updated_timestamp": "time", "heimdall_aar_forecasts": [LINE_BUCKET]},
    "C7": {
        "line_transient_rating": {
            "timestamp": "time",
            "ratings": [{"duration_minutes": "integer", "value": "number"}],
        }
    },
    "F1": {"circuit_rating": CIRCUIT},
    "F2": {"circuit_ratings": [CIRCUIT]},
    "F3": {"updated_timestamp": "time", "circuit_rating_forecasts": [CIRCUIT_BUCKET]},
    "F4": {
        "circuit_transient_rating": {
            "timestamp": "time",
            "ratings": [
                {
                    "duration_minutes": "integer",
                    "value": "number",
                    "limiting_component_id": "id?",
                }
            ],
        }
    },
    "G1": {"current": CURRENT, "measurement_point_currents": None},
    "G2": {"currents": [CURRENT], "measurement_point_currents": None},
    "G3": {"conductor_temperature": TEMPERATURE, "measurement_point_temperatures": None},
    "G4": {"conductor_temperatures": [TEMPERATURE], "measurement_point_temperatures": None},
    "G5": {"apparent_power": CURRENT},
    "G6": {"apparent_powers": [CURRENT]},
    "G7": {"icing": ICING},
    "G8": {"icing": ICING},
    "G9": {"icing": ICE_FORECAST},
    "G10": {"sag_and_clearance": SAG},
    "G11": {"sag_and_clearance": SAG},
}
INCLUDED: dict[str, tuple[str, dict[str, Any]]] = {
    "C1": ("spans", {"heimdall_span_dlrs": [{"span_id": "id", "heimdall_dlr": SPAN_DLR}]}),
    "C2": ("spans", {"heimdall_span_dlrs": [{"span_id": "id", "heimdall_dlrs": [SPAN_DLR]}]}),
    "C4": ("spans", {"heimdall_span_aars": [{"span_id": "id", "heimdall_aar": READING}]}),
    "C5": ("spans", {"heimdall_span_aars": [{"span_id": "id", "heimdall_aars": [READING]}]}),
    "G1": ("measurement_points", {"measurement_point_currents": breakdown(READING)}),
    "G2": (
        "measurement_points",
        {"measurement_point_currents": breakdown({"currents": [READING]})},
    ),
    "G3": ("measurement_points", {"measurement_point_temperatures": breakdown(READING)}),
    "G4": (
        "measurement_points",
        {"measurement_point_temperatures": breakdown({"temperatures": [READING]})},
    ),
}
ASSETS = {
    "grid_owners": [
        {
            "name": "text",
            "facilities": [
                {
                    "id": "id",
                    "name": "text",
                    "nominal_voltage": "number",
                    "operational_voltage": "number?",
                    "components": [{"id": "id", "name": "text"}],
                    "line": "line?",
                }
            ],
        }
    ]
}
POINT = {
    "id": "id",
    "sub_conductor_number": "integer",
    "registered_timestamp": "time",
    "unregistered_timestamp": "time?",
}
LINE = {
    "id": "id",
    "name": "text",
    "available_forecast_hours": "integer",
    "spans": [
        {
            "id": "id",
            "mast_name_a": "text?",
            "mast_name_b": "text?",
            "span_phases": [{"id": "id", "name": "text?", "measurement_points": [POINT]}],
        }
    ],
}


def is_line(value: Any) -> bool:
    check(value, LINE)
    return True


LEAVES: dict[str, Callable[[Any], bool]] = {
    "id": lambda v: UUID.fullmatch(v) is not None,
    "time": lambda v: STAMP.fullmatch(v) is not None and bool(datetime.fromisoformat(v)),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "integer": lambda v: type(v) is int,
    "bool": lambda v: isinstance(v, bool),
    "text": lambda v: isinstance(v, str) and bool(v),
    "line": is_line,
}


def check(value: Any, shape: Any, where: str = "data") -> None:
    """Fail where a value has another shape, a key less or a key more."""
    match shape:
        case None:
            assert value is None, where
        case dict():
            assert set(value) == set(shape), where
            for key, part in shape.items():
                check(value[key], part, f"{where}.{key}")
        case list():
            assert isinstance(value, list), where
            for place, item in enumerate(value):
                check(item, shape[0], f"{where}[{place}]")
        case str():
            if value is not None or not shape.endswith("?"):
                assert LEAVES[shape.rstrip("?")](value), (where, value)


@pytest.mark.parametrize("number", SHAPES)
async def test_shape(api: Api, number: str) -> None:
    params = window(hours=6) if BY_NUMBER[number].history else {}
    data = await api.values(number, **params)
    check(data, TOP | SHAPES[number])


@pytest.mark.parametrize("number", INCLUDED)
async def test_shape_with_breakdown(api: Api, number: str) -> None:
    params = window(hours=6) if BY_NUMBER[number].history else {}
    include, shape = INCLUDED[number]
    data = await api.values(number, **params, include=include)
    check(data, TOP | SHAPES[number] | shape)
    assert data[next(iter(shape))]


async def test_shape_of_assets(api: Api) -> None:
    check((await api.get("/assets/v1/assets")).data, ASSETS)


def test_all_endpoints_are_in_the_tables() -> None:
    assert [endpoint.number for endpoint in ENDPOINTS] == [*SHAPES]
    assert len(ENDPOINTS) == 22  # and A1


METRICS = {
    "C1": "Heimdall DLR",
    "C2": "Heimdall DLR",
    "C3": "Heimdall DLR forecast",
    "C4": "Heimdall AAR",
    "C5": "Heimdall AAR",
    "C6": "Heimdall AAR forecast",
    "C7": "Line transient rating",
    "F1": "Circuit rating",
    "F2": "Circuit rating",
    "F3": "Circuit rating forecast",
    "F4": "Circuit transient rating",
    "G1": "Current",
    "G2": "Current",
    "G3": "Conductor temperature",
    "G4": "Conductor temperature",
    "G5": "Apparent power",
    "G6": "Apparent power",
    "G7": "Icing",
    "G8": "Icing",
    "G9": "Icing forecast",
    "G10": "SagAndClearance",
    "G11": "SagAndClearance",
}
SEVERAL = "Multiple (see measurements)"


@pytest.mark.parametrize("number", METRICS)
async def test_labels_and_units(api: Api, number: str) -> None:
    params = window(hours=1) if BY_NUMBER[number].history else {}
    data = await api.values(number, **params)
    assert data["metric"] == METRICS[number]
    match number:
        case "G3" | "G4":
            assert data["unit"] == "C"
            imperial = await api.values(number, **params, unit_system="imperial")
            assert imperial["unit"] == "F"
        case "G5" | "G6":
            assert data["unit"] == "MVA"
        case "G7" | "G8" | "G10" | "G11":
            assert data["unit"] == SEVERAL
        case "G9":
            assert data["unit"] == "kg/m"
            imperial = await api.values(number, **params, unit_system="imperial")
            assert imperial["unit"] == "lb/ft"
        case _:
            assert data["unit"] == "Ampere"
    if number[0] in "CF":
        mva = await api.values(number, **params, quantity="apparent_power")
        assert (mva["metric"], mva["unit"]) == (METRICS[number], "MVA")


async def test_units_of_ice_and_sag(api: Api) -> None:
    for system, units in {
        "metric": ("kg/m", "N", "%", "m"),
        "imperial": ("lb/ft", "lbf", "%", "ft"),
    }.items():
        icing = (await api.values("G7", unit_system=system))["icing"]["max"]
        sag = (await api.values("G10", unit_system=system))["sag_and_clearance"]["max_sag"]
        assert (*(icing[key]["unit"] for key in ICE_VALUES), sag["unit"]) == units
