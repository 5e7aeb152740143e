"""The module `grid_insights`, current to apparent power: G1-G6. Contract: §3.13-3.15."""

from collections.abc import Callable
from typing import Final

from .answers import iso
from .asked import Asked, Payload, Scale
from .assets import MeasurementPoint, Span
from .measure import CurrentPoint, Reading, TemperaturePoint

# How far back a sensor's latest raw reading may lie, in seconds.
_LATEST_WITHIN: Final = 600.0

# Readings of a sensor from a time to a time.
type Readings = Callable[[Span, MeasurementPoint, float, float], list[Reading]]
type Describe = Callable[[list[Reading]], Payload | None]


def latest_current(asked: Asked) -> Payload | None:
    """G1."""
    point = _newest_current(asked)
    if point is None:
        return None
    return {
        "metric": "Current",
        "unit": "Ampere",
        "current": _current(point),
        "measurement_point_currents": _latest_breakdown(asked, _current_readings(asked)),
    }


def current_history(asked: Asked) -> Payload | None:
    """G2."""
    return {
        "metric": "Current",
        "unit": "Ampere",
        "currents": [_current(point) for point in _currents(asked)],
        "measurement_point_currents": _series_breakdown(
            asked, "currents", _current_readings(asked)
        ),
    }


def latest_temperature(asked: Asked) -> Payload | None:
    """G3."""
    point = asked.models.measurements.newest_temperature(asked.line, asked.now)
    if point is None or asked.too_old(point.at):
        return None
    return {
        "metric": "Conductor temperature",
        "unit": _degree_unit(asked),
        "conductor_temperature": _temperature(asked, point),
        "measurement_point_temperatures": _latest_breakdown(asked, _degree_readings(asked)),
    }


def temperature_history(asked: Asked) -> Payload | None:
    """G4."""
    points = asked.models.measurements.temperatures(asked.line, *_window(asked))
    live = asked.line.instrumented(asked.now)
    return {
        "metric": "Conductor temperature",
        "unit": _degree_unit(asked),
        "conductor_temperatures": [_temperature(asked, point) for point in points] if live else [],
        "measurement_point_temperatures": _series_breakdown(
            asked, "temperatures", _degree_readings(asked)
        ),
    }


def latest_apparent_power(asked: Asked) -> Payload | None:
    """G5."""
    scale, point = asked.mva(), _newest_current(asked)
    if scale is None or point is None:
        return None
    return {
        "metric": "Apparent power",
        "unit": scale.unit,
        "apparent_power": _apparent_power(point, scale),
    }


def apparent_power_history(asked: Asked) -> Payload | None:
    """G6."""
    scale = asked.mva()
    if scale is None:
        return None
    return {
        "metric": "Apparent power",
        "unit": scale.unit,
        "apparent_powers": [_apparent_power(point, scale) for point in _currents(asked)],
    }


def _window(asked: Asked) -> tuple[float, float]:
    return asked.query.start, min(asked.query.end, asked.line.newest(asked.now))


def _newest_current(asked: Asked) -> CurrentPoint | None:
    point = asked.models.measurements.newest_current(asked.line, asked.now)
    return None if point is None or asked.too_old(point.at) else point


def _currents(asked: Asked) -> list[CurrentPoint]:
    if not asked.line.instrumented(asked.now):
        return []
    return [*asked.models.measurements.currents(asked.line, *_window(asked))]


def _current(point: CurrentPoint) -> Payload:
    return {"timestamp": iso(point.at), "value": point.value, "at_span_id": point.span_id}


def _apparent_power(point: CurrentPoint, scale: Scale) -> Payload:
    return _current(point) | {"value": scale.value(point.value)}


def _degree_unit(asked: Asked) -> str:
    return "F" if asked.query.imperial else "C"


def _degrees(asked: Asked, celsius: float) -> float:
    return round(celsius * 1.8 + 32, 2) if asked.query.imperial else celsius


def _temperature(asked: Asked, point: TemperaturePoint) -> Payload:
    return {
        "timestamp": iso(point.at),
        "max": _degrees(asked, point.highest),
        "max_at_span_id": point.highest_span_id,
        "min": None if point.lowest is None else _degrees(asked, point.lowest),
        "min_at_span_id": point.lowest_span_id,
    }


def _latest_breakdown(asked: Asked, readings: Readings) -> list[Payload] | None:
    """Return the newest raw reading of each sensor, if asked for."""
    end = asked.line.newest(asked.now)

    def describe(found: list[Reading]) -> Payload | None:
        if not found:
            return None
        return {"timestamp": iso(found[-1].at), "value": found[-1].value}

    return _breakdown(asked, readings, (end - _LATEST_WITHIN, end), describe)


def _series_breakdown(asked: Asked, key: str, readings: Readings) -> list[Payload] | None:
    """Return all raw readings of each sensor in the window, if asked for."""

    def describe(found: list[Reading]) -> Payload | None:
        if not found:
            return None
        return {key: [{"timestamp": iso(r.at), "value": r.value} for r in found]}

    return _breakdown(asked, readings, _window(asked), describe)


def _breakdown(
    asked: Asked, readings: Readings, window: tuple[float, float], describe: Describe
) -> list[Payload] | None:
    """Group by span and span phase; leave out what has no reading. Contract: §5.5."""
    if not asked.query.include:
        return None
    if not asked.line.instrumented(asked.now):
        return []
    spans: list[Payload] = []
    for span in asked.line.spans:
        phases: list[Payload] = []
        for phase in span.phases:
            points: list[Payload] = [
                {"measurement_point_id": point.id} | entry
                for point in phase.points
                if (entry := describe(readings(span, point, *window))) is not None
            ]
            if points:
                phases.append({"span_phase_id": phase.id, "measurement_points": points})
        if phases:
            spans.append({"span_id": span.id, "span_phases": phases})
    return spans


def _current_readings(asked: Asked) -> Readings:
    model = asked.models.measurements

    def readings(_span: Span, point: MeasurementPoint, start: float, end: float) -> list[Reading]:
        return [*model.current_readings(asked.line, point, start, end)]

    return readings


def _degree_readings(asked: Asked) -> Readings:
    model = asked.models.measurements

    def readings(span: Span, point: MeasurementPoint, start: float, end: float) -> list[Reading]:
        return [
            Reading(reading.at, _degrees(asked, reading.value))
            for reading in model.temperature_readings(asked.line, span, point, start, end)
        ]

    return readings
