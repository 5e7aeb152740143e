"""Hourly forecasts of ratings, in amperes or, if requested, MVA.

Contract: heimdall-api.md §3.6 (C3), §3.8 (C6), §3.11 (F3), §5.6.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from math import isnan, nan
from operator import attrgetter
from sys import intern
from typing import Any, Final, Self

from msgspec import Struct, field

from ...decoding import Number
from .common import MeasuredPayload, Model, Timestamp


class ForecastLevel(StrEnum):
    """The base prediction and the values at four confidence levels, in percent."""

    PREDICTION = "prediction"
    P80 = "p80"
    P90 = "p90"
    P95 = "p95"
    P99 = "p99"


class HourlyRatings(Struct, frozen=True, gc=False):
    """The hours of a forecast, packed into a tenth of the memory that the response takes.

    Attributes:
        starts: the start of each hour, ascending.
        limits: the id of the span or facility component that is predicted to limit each hour; for
            a circuit, None means that the line itself limits.
    """

    starts: tuple[datetime, ...] = ()
    limits: tuple[str | None, ...] = ()
    # The ratings as 64-bit floats, level by level with all hours of each; NaN where there is none.
    _values: bytes = b""

    @classmethod
    def of(cls, buckets: Iterable[ForecastBucket[Any]]) -> Self:
        """Return the hours of a response, which has them in any order; of equal ones the last."""
        by_start = {bucket.timestamp: bucket for bucket in buckets}
        hours = [by_start[start] for start in sorted(by_start)]
        predictions = [hour.prediction for hour in hours]
        return cls(
            _shared(tuple(hour.timestamp for hour in hours)),
            tuple(None if one is None else one.limit for one in predictions),
            _packed(
                None if (found := at_level(hour)) is None else found.value
                for at_level in _AT_LEVEL
                for hour in hours
            ),
        )

    def at(self, level: ForecastLevel) -> Iterator[tuple[datetime, float]]:
        """Yield the start and the rating of each hour that has one at this level."""
        first = _LEVELS.index(level) * len(self.starts)
        values = memoryview(self._values).cast("d")[first : first + len(self.starts)]
        for start, value in zip(self.starts, values, strict=True):
            if not isnan(value):
                yield start, value

    def converted(self, convert: Callable[[float], float | None]) -> Self:
        """Return a copy with converted ratings."""
        values = memoryview(self._values).cast("d")
        packed = _packed(None if isnan(one) else convert(one) for one in values)
        return type(self)(self.starts, self.limits, packed)


_LEVELS: Final = tuple(ForecastLevel)
_AT_LEVEL: Final = [attrgetter(level.value) for level in ForecastLevel]


def _packed(values: Iterable[float | None]) -> bytes:
    return array("d", (nan if value is None else value for value in values)).tobytes()


@lru_cache(maxsize=64)
def _shared(starts: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Return the first equal tuple: the forecasts of all lines cover the same hours."""
    return starts


class RatingForecast(MeasuredPayload, frozen=True, kw_only=True):
    """Forecast of a rating. Contract: heimdall-api.md §5.6.

    No rule says which hour it begins with.

    Attributes:
        updated_timestamp: when the service calculated it.
        hours: the ratings by hour.
    """

    updated_timestamp: Timestamp | None = None
    hours: HourlyRatings = HourlyRatings()


class ForecastValue(Model, frozen=True, kw_only=True):
    """A forecast rating, A or MVA."""

    value: Number | None = None


class LinePrediction(ForecastValue, frozen=True, kw_only=True):
    """Lowest forecast rating over all spans of a line."""

    at_span_id: str | None = None

    @property
    def limit(self) -> str | None:
        """The id of the limiting span, interned: one span often limits all hours."""
        return self.at_span_id and intern(self.at_span_id)


class CircuitPrediction(ForecastValue, frozen=True, kw_only=True):
    """Forecast rating of a circuit."""

    at_facility_component_id: str | None = None

    @property
    def limit(self) -> str | None:
        """The id of the limiting component, interned; None is the line itself."""
        return self.at_facility_component_id and intern(self.at_facility_component_id)


class ForecastBucket[Prediction: LinePrediction | CircuitPrediction](
    Model, frozen=True, kw_only=True
):
    """Forecast for the hour that begins at the timestamp; one value for each `ForecastLevel`."""

    timestamp: Timestamp
    prediction: Prediction | None = None
    p80: Prediction | None = None
    p90: Prediction | None = None
    p95: Prediction | None = None
    p99: Prediction | None = None


type LineForecastBucket = ForecastBucket[LinePrediction]
type CircuitForecastBucket = ForecastBucket[CircuitPrediction]


class ForecastResponse(MeasuredPayload, frozen=True, kw_only=True):
    """Base of the responses with forecasts of ratings.

    Attributes:
        updated_timestamp: when the service calculated it.
        buckets: hours in any order.
    """

    updated_timestamp: Timestamp | None = None
    buckets: tuple[ForecastBucket[Any], ...]

    def forecast(self) -> RatingForecast:
        """Return the forecast that the response holds."""
        return RatingForecast(
            malformed=self.malformed,
            metric=self.metric,
            unit=self.unit,
            updated_timestamp=self.updated_timestamp,
            hours=HourlyRatings.of(self.buckets),
        )


class HeimdallDlrForecasts(ForecastResponse, frozen=True, kw_only=True):
    """Forecast of the dynamic rating of a line, 72 hours (C3)."""

    buckets: tuple[LineForecastBucket, ...] = field(name="heimdall_dlr_forecasts")


class HeimdallAarForecasts(ForecastResponse, frozen=True, kw_only=True):
    """Forecast of the ambient-adjusted rating of a line, up to 240 hours (C6)."""

    buckets: tuple[LineForecastBucket, ...] = field(name="heimdall_aar_forecasts")


class CircuitRatingForecasts(ForecastResponse, frozen=True, kw_only=True):
    """Forecast of the rating of a circuit, 72 hours (F3)."""

    buckets: tuple[CircuitForecastBucket, ...] = field(name="circuit_rating_forecasts")
