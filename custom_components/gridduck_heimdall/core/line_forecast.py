"""Forecasts of lines and circuits, independent of the cloud."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .description import ForecastKind


class Confidence(StrEnum):
    """How certain a forecast is: the share of hours in which the rating is at least that high."""

    PREDICTION = "prediction"
    P80 = "p80"
    P90 = "p90"
    P95 = "p95"
    P99 = "p99"


MAX_SUMMARY_HOURS: Final = 72
"""Hours ahead that a summary covers at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LowestForecast:
    """The lowest rating that is forecast for some hours.

    Attributes:
        value: A.
        timestamp: the start of its hour; now for the current hour.
        complete: whether the forecast covers all of the hours.
    """

    value: float
    timestamp: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class Extreme:
    """The lowest rating, A, or the heaviest ice, kg/m, of a forecast.

    Attributes:
        value: the value.
        timestamp: when it is expected; now if that hour has begun.
    """

    value: float
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class IceForecast:
    """The ice that is forecast for a line.

    Attributes:
        points: the heaviest ice of all span phases, in order of time from the present on.
        step: the length of time that a point stands for.
    """

    points: tuple[Extreme, ...]
    step: timedelta


@dataclass(frozen=True, slots=True)
class Capacity:
    """The lowest current that a line can carry in the hours ahead.

    Attributes:
        value: A.
        basis: the rating that limits, as in `LineState.limited_by`.
    """

    value: float
    basis: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ForecastSummary:
    """The hours ahead of a line and its circuit.

    Attributes:
        extremes: the lowest rating or heaviest ice; unknown ones are left out.
        capacity: returns the lowest rating in force, computed from these kinds of ratings alone;
            None if it is unknown.
    """

    extremes: Mapping[ForecastKind, Extreme]
    capacity: Callable[[Collection[ForecastKind]], Capacity | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastHour:
    """The ratings that are forecast for one hour, A, by level of confidence.

    A level is `prediction`, or `p80` to `p99`: the rating that is exceeded with that probability,
    in percent.

    Attributes:
        start: the beginning of the hour.
        in_force: the rating in force.
        limited_by: the rating that is predicted to be in force, as in `LineState.limited_by`.
        limiting_span: name of the span that is predicted to limit the dynamic line rating.
        ratings: each kind of rating; without what is unknown.
    """

    start: datetime
    in_force: Mapping[str, float]
    limited_by: str | None
    limiting_span: str | None
    ratings: Mapping[ForecastKind, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class HourlyForecast:
    """The ratings of a line in the hours ahead.

    Attributes:
        updated: when the service calculated the oldest of the forecasts.
        hours: in order of time, beginning with the current one; hours without a forecast are
            left out.
    """

    updated: datetime | None
    hours: tuple[ForecastHour, ...]
