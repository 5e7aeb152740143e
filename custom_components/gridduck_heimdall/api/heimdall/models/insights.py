"""Measurements of the sensors, and values calculated from them.

Contract: heimdall-api.md §3.13 (G1, G2), §3.14 (G3, G4), §3.15 (G5, G6), §3.16 (G7, G8),
§3.17 (G9), §3.18 (G10, G11). The breakdown by sensor is None if it was not requested.
"""

from ...decoding import Number
from .common import (
    Identifier,
    MeasuredPayload,
    Measurement,
    Model,
    Point,
    SpanBreakdown,
    SpanPhaseMeasurement,
    Timestamp,
)


class SpanPhasePoints[Reading](Model, frozen=True, kw_only=True):
    """Readings of one span phase, by sensor."""

    span_phase_id: Identifier
    measurement_points: tuple[Reading, ...] = ()


class LatestReading(Point, frozen=True, kw_only=True):
    """Newest raw reading of one sensor, per sub-conductor."""

    measurement_point_id: Identifier


class CurrentReadings(Model, frozen=True, kw_only=True):
    """Raw currents of one sensor over a window, in amperes per sub-conductor."""

    measurement_point_id: Identifier
    currents: tuple[Point, ...] = ()


class TemperatureReadings(Model, frozen=True, kw_only=True):
    """Raw conductor temperatures of one sensor over a window."""

    measurement_point_id: Identifier
    temperatures: tuple[Point, ...] = ()


type LatestReadings = SpanBreakdown[SpanPhasePoints[LatestReading]]


class LineCurrent(Point, frozen=True, kw_only=True):
    """Highest current on a line within five minutes, in amperes, and its span."""

    at_span_id: str | None = None


class LatestLineCurrent(MeasuredPayload, frozen=True, kw_only=True):
    """Newest current of a line (G1)."""

    current: LineCurrent
    measurement_point_currents: tuple[LatestReadings, ...] | None = None


class LineCurrents(MeasuredPayload, frozen=True, kw_only=True):
    """Currents of a line over a window (G2)."""

    currents: tuple[LineCurrent, ...]
    measurement_point_currents: (
        tuple[SpanBreakdown[SpanPhasePoints[CurrentReadings]], ...] | None
    ) = None


class ConductorTemperatureValues(Model, frozen=True, kw_only=True):
    """Highest and lowest conductor temperature of a line within five minutes."""

    timestamp: Timestamp
    max: Number | None = None
    max_at_span_id: str | None = None
    min: Number | None = None
    min_at_span_id: str | None = None


class LatestConductorTemperature(MeasuredPayload, frozen=True, kw_only=True):
    """Newest conductor temperatures of a line (G3)."""

    conductor_temperature: ConductorTemperatureValues
    measurement_point_temperatures: tuple[LatestReadings, ...] | None = None


class LineConductorTemperatures(MeasuredPayload, frozen=True, kw_only=True):
    """Conductor temperatures of a line over a window (G4)."""

    conductor_temperatures: tuple[ConductorTemperatureValues, ...]
    measurement_point_temperatures: (
        tuple[SpanBreakdown[SpanPhasePoints[TemperatureReadings]], ...] | None
    ) = None


class LineApparentPower(Point, frozen=True, kw_only=True):
    """Three-phase apparent power of a line, in MVA, with the span of its current."""

    at_span_id: str | None = None


class LatestLineApparentPower(MeasuredPayload, frozen=True, kw_only=True):
    """Newest apparent power of a line (G5)."""

    apparent_power: LineApparentPower


class LineApparentPowers(MeasuredPayload, frozen=True, kw_only=True):
    """Apparent power of a line over a window (G6)."""

    apparent_powers: tuple[LineApparentPower, ...]


class MaxIcing(Model, frozen=True, kw_only=True):
    """Line maxima, which can come from different span phases and times."""

    ice_weight: SpanPhaseMeasurement | None = None
    tension: SpanPhaseMeasurement | None = None
    tension_percentage_of_break_strength: SpanPhaseMeasurement | None = None


class SpanPhaseIcing(Model, frozen=True, kw_only=True):
    """Ice and mechanical load of one span phase at one time."""

    span_phase_id: Identifier
    timestamp: Timestamp
    ice_weight: Measurement = Measurement()
    tension: Measurement = Measurement()
    tension_percentage_of_break_strength: Measurement = Measurement()


class Icing(Model, frozen=True, kw_only=True):
    """Ice and mechanical load of a line; over a window a span phase occurs once a time."""

    max: MaxIcing = MaxIcing()
    spans: tuple[SpanBreakdown[SpanPhaseIcing], ...] = ()


class LatestLineIcing(MeasuredPayload, frozen=True, kw_only=True):
    """Newest ice and mechanical load of a line (G7)."""

    icing: Icing


class LineIcings(MeasuredPayload, frozen=True, kw_only=True):
    """Ice and mechanical load of a line over a window (G8)."""

    icing: Icing


class MaxIcingForecast(Model, frozen=True, kw_only=True):
    """Peak of the forecast over all span phases and times."""

    ice_weight: SpanPhaseMeasurement | None = None


class IcingForecastDataPoint(Model, frozen=True, kw_only=True):
    """Forecast ice weight at one time."""

    timestamp: Timestamp
    ice_weight: Measurement = Measurement()


class SpanPhaseIcingForecast(Model, frozen=True, kw_only=True):
    """Forecast ice weights of one span phase, in steps of 30 minutes."""

    span_phase_id: Identifier
    forecast: tuple[IcingForecastDataPoint, ...] = ()


class IcingForecast(Model, frozen=True, kw_only=True):
    """Forecast ice weights of a line."""

    max: MaxIcingForecast = MaxIcingForecast()
    spans: tuple[SpanBreakdown[SpanPhaseIcingForecast], ...] = ()


class LineIcingForecast(MeasuredPayload, frozen=True, kw_only=True):
    """Forecast ice weights of a line, 72 hours (G9)."""

    icing: IcingForecast


class SpanPhaseSagAndClearance(Model, frozen=True, kw_only=True):
    """Sag of one span phase at one time, and its distance to what is below where known."""

    span_phase_id: Identifier
    timestamp: Timestamp
    sag: Measurement = Measurement()
    clearance: Measurement | None = None


class SagAndClearance(Model, frozen=True, kw_only=True):
    """Sag and clearance of a line; over a window a span phase occurs once a time."""

    max_sag: SpanPhaseMeasurement | None = None
    min_clearance: SpanPhaseMeasurement | None = None
    spans: tuple[SpanBreakdown[SpanPhaseSagAndClearance], ...] = ()


class LatestLineSagAndClearance(MeasuredPayload, frozen=True, kw_only=True):
    """Newest sag and clearance of a line (G10)."""

    sag_and_clearance: SagAndClearance


class LineSagAndClearances(MeasuredPayload, frozen=True, kw_only=True):
    """Sag and clearance of a line over a window (G11)."""

    sag_and_clearance: SagAndClearance
