"""The module `assets`: A1. Contract: heimdall-api.md §3.3."""

from collections.abc import Iterable

from .answers import iso
from .asked import Payload
from .assets import Facility, GridOwner, Line, MeasurementPoint, Span


def assets(owners: Iterable[GridOwner]) -> Payload:
    """Return the whole hierarchy."""
    return {
        "grid_owners": [
            {"name": owner.name, "facilities": [_facility(f) for f in owner.facilities]}
            for owner in owners
        ]
    }


def _facility(facility: Facility) -> Payload:
    return {
        "id": facility.id,
        "name": facility.name,
        "nominal_voltage": facility.nominal_voltage,
        "operational_voltage": facility.operational_voltage,
        "components": [{"id": c.id, "name": c.name} for c in facility.components],
        "line": None if facility.line is None else _line(facility.line),
    }


def _line(line: Line) -> Payload:
    return {
        "id": line.id,
        "name": line.name,
        "available_forecast_hours": line.forecast_hours,
        "spans": [_span(span) for span in line.spans],
    }


def _span(span: Span) -> Payload:
    return {
        "id": span.id,
        "mast_name_a": span.mast_a,
        "mast_name_b": span.mast_b,
        "span_phases": [
            {
                "id": phase.id,
                "name": phase.name,
                "measurement_points": [_point(point) for point in phase.points],
            }
            for phase in span.phases
        ],
    }


def _point(point: MeasurementPoint) -> Payload:
    return {
        "id": point.id,
        "sub_conductor_number": point.sub_conductor_number,
        "registered_timestamp": iso(point.registered),
        "unregistered_timestamp": None if point.unregistered is None else iso(point.unregistered),
    }
