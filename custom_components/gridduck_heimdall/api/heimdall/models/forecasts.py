"""Hourly forecasts of ratings, in amperes or, if requested, MVA.

Contract: heimdall-api.md §3.6 (C3), §3.8 (C6), §3.11 (F3), §5.6.
"""

from enum import StrEnum
from sys import intern
from typing import Any

from msgspec import field
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


class ForecastValue(Model, frozen=True, kw_only=True):
    """A forecast rating, and what limits it.

    Attributes:
        value: amperes or MVA.
        limited_by: id of the span or facility component; for a circuit, None means that the line
            itself limits.
    """

    value: Number | None = None
    limited_by: str | None = None

    def __post_init__(self) -> None:
        """Share the id with other hours and levels: mostly one limits them all."""
        if self.limited_by is not None:
            force_setattr(self, "limited_by", intern(self.limited_by))


class LineForecastValue(ForecastValue, frozen=True, kw_only=True):
    """Lowest forecast rating over all spans of a line."""

    limited_by: str | None = field(default=None, name="at_span_id")


class CircuitForecastValue(ForecastValue, frozen=True, kw_only=True):
    """Forecast rating of a circuit."""

    limited_by: str | None = field(default=None, name="at_facility_component_id")


class ForecastBucket[Value: ForecastValue](Model, frozen=True, kw_only=True):
    """Forecast for the hour that begins at the timestamp; one value for each `ForecastLevel`."""

    timestamp: Timestamp
    prediction: Value | None = None
    p80: Value | None = None
    p90: Value | None = None
    p95: Value | None = None
    p99: Value | None = None

    def at(self, level: ForecastLevel) -> Value | None:
        """Return the forecast at one level."""
        found: Value | None = getattr(self, level.value)
        return found


type LineForecastBucket = ForecastBucket[LineForecastValue]
type CircuitForecastBucket = ForecastBucket[CircuitForecastValue]


class ForecastPayload(MeasuredPayload, frozen=True, kw_only=True):
    """Base of the forecasts of ratings. Contract: heimdall-api.md §5.6.

    No rule says which hour it begins with.

    Attributes:
        updated_timestamp: when the service calculated it.
        buckets: hours in any order.
    """

    updated_timestamp: Timestamp | None = None
    buckets: tuple[ForecastBucket[Any], ...]


class HeimdallDlrForecasts(ForecastPayload, frozen=True, kw_only=True):
    """Forecast of the dynamic rating of a line, 72 hours (C3)."""

    buckets: tuple[LineForecastBucket, ...] = field(name="heimdall_dlr_forecasts")


class HeimdallAarForecasts(ForecastPayload, frozen=True, kw_only=True):
    """Forecast of the ambient-adjusted rating of a line, up to 240 hours (C6)."""

    buckets: tuple[LineForecastBucket, ...] = field(name="heimdall_aar_forecasts")


class CircuitRatingForecasts(ForecastPayload, frozen=True, kw_only=True):
    """Forecast of the rating of a circuit, 72 hours (F3)."""

    buckets: tuple[CircuitForecastBucket, ...] = field(name="circuit_rating_forecasts")
