"""Hourly forecasts of ratings, in amperes or, where asked for, MVA.

Contract: heimdall-api.md §3.6 (C3), §3.8 (C6), §3.11 (F3), §5.6.
"""

from enum import StrEnum
from sys import intern

from msgspec.structs import force_setattr

from ...decoding import Number
from .common import MeasuredPayload, Model, Timestamp


class ForecastLevel(StrEnum):
    """The base prediction and the values at four confidence levels, in percent."""

    PREDICTION = "prediction"
    P80 = "p80"
    P90 = "p90"
    P95 = "p95"
    P99 = "p99"


class LineForecastValue(Model, frozen=True, kw_only=True):
    """Lowest forecast rating over all spans of a line, with the span that limits it."""

    value: Number | None = None
    at_span_id: str | None = None

    def __post_init__(self) -> None:
        """Share the id with other hours and levels: mostly one span limits them all."""
        if self.at_span_id is not None:
            force_setattr(self, "at_span_id", intern(self.at_span_id))

    @property
    def limited_by(self) -> str | None:
        """Id of the span that limits."""
        return self.at_span_id


class CircuitForecastValue(Model, frozen=True, kw_only=True):
    """Forecast rating of a circuit; no component means that the line itself limits."""

    value: Number | None = None
    at_facility_component_id: str | None = None

    def __post_init__(self) -> None:
        """Share the id with other hours and levels: mostly one component limits them all."""
        if self.at_facility_component_id is not None:
            component_id = intern(self.at_facility_component_id)
            force_setattr(self, "at_facility_component_id", component_id)

    @property
    def limited_by(self) -> str | None:
        """Id of the facility component that limits."""
        return self.at_facility_component_id


class ForecastBucket[Value](Model, frozen=True, kw_only=True):
    """Forecast for the hour that begins at the timestamp."""

    timestamp: Timestamp
    prediction: Value | None = None
    p80: Value | None = None
    p90: Value | None = None
    p95: Value | None = None
    p99: Value | None = None

    def level(self, level: ForecastLevel) -> Value | None:
        """Return the forecast at one level."""
        return {
            ForecastLevel.PREDICTION: self.prediction,
            ForecastLevel.P80: self.p80,
            ForecastLevel.P90: self.p90,
            ForecastLevel.P95: self.p95,
            ForecastLevel.P99: self.p99,
        }[level]


type LineForecastBucket = ForecastBucket[LineForecastValue]
type CircuitForecastBucket = ForecastBucket[CircuitForecastValue]


class ForecastPayload(MeasuredPayload, frozen=True, kw_only=True):
    """Base of the forecasts that tell when they were last updated."""

    updated_timestamp: Timestamp | None = None


class HeimdallDlrForecasts(ForecastPayload, frozen=True, kw_only=True):
    """Forecast of the dynamic rating of a line, 72 hours (C3)."""

    heimdall_dlr_forecasts: tuple[LineForecastBucket, ...]


class HeimdallAarForecasts(ForecastPayload, frozen=True, kw_only=True):
    """Forecast of the ambient-adjusted rating of a line, up to 240 hours (C6)."""

    heimdall_aar_forecasts: tuple[LineForecastBucket, ...]


class CircuitRatingForecasts(ForecastPayload, frozen=True, kw_only=True):
    """Forecast of the rating of a circuit, 72 hours (F3)."""

    circuit_rating_forecasts: tuple[CircuitForecastBucket, ...]
