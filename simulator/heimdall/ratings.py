"""What a line and its circuit can carry: DLR, AAR, circuit and transient ratings, forecasts.

Contract: heimdall-api.md §3.4-3.12, §5.6. All ratings are in A for the whole phase.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
import math
from statistics import NormalDist
from typing import Final, Literal

from simulator.noise import unit
from simulator.world.weather import Weather

from .assets import Component, Facility, Line, Span
from .conductor import ampacity
from .measure import Measurements
from .windows import STEP

type Kind = Literal["dlr", "aar"]

_KEPT: Final = 65_536
_FORECASTS_KEPT: Final = 512
# AAR: wind and sun as the grid owner fixed them; only the temperature is real.
_AAR_WIND: Final = 0.6
_AAR_SUN: Final = 900.0
_HOUR: Final = 3600
_ISSUE_OFFSET: Final = 47 * 60 + 12.331
_HORIZON: Final = 72.0
_TIME_CONSTANT: Final = 15.0  # minutes in which a conductor warms up
_PRELOAD: Final = 0.9  # the highest share of DLR that a transient rating starts from
# Standard deviations below the prediction, by the key of the bucket: p80 is undercut in 20 % of the
# hours, p95 in 5 %.
LEVELS: Final = {"prediction": 0.0, "p80": 0.842, "p90": 1.282, "p95": 1.645, "p99": 2.326}
_NORMAL: Final = NormalDist()
_ERROR_HOURS: Final = 31.7  # the period of the error of a forecast
_RAREST: Final = 0.002  # the rank beyond which no error is larger
# Relative standard deviation now, and what is added to it at the horizon.
_SPREAD: Final[dict[Kind, tuple[float, float]]] = {"dlr": (0.02, 0.08), "aar": (0.004, 0.012)}


@dataclass(frozen=True, slots=True)
class SpanRating:
    """A rating (A) and the span it is of."""

    value: float
    span_id: str


@dataclass(frozen=True, slots=True)
class CircuitRating:
    """A rating (A) and the component that limits it, if one does."""

    value: float
    component_id: str | None


@dataclass(frozen=True, slots=True)
class Bucket[T]:
    """The forecast for one hour, by level."""

    at: float
    levels: dict[str, T]


# By seed, time and what the line is: they take longest, and a process may simulate one world often.
_forecasts: Final = dict[object, list[Bucket[SpanRating]]]()


class Ratings:
    """The ratings of every line."""

    def __init__(self, seed: int, measurements: Measurements, *, from_issue: bool = False) -> None:
        """Make the model; equal seeds rate the same.

        Args:
            seed: of the world.
            measurements: of its lines.
            from_issue: whether forecasts begin when they are made, and not with a full hour.
        """
        self._seed = seed
        self._from_issue = from_issue
        self._measurements = measurements
        self.spans = lru_cache(maxsize=_KEPT)(self._spans)

    def kind(self, line: Line, kind: Kind) -> Kind:
        """Return which method really gives a rating: a DLR on fallback is an AAR."""
        return "aar" if line.fallback else kind

    def newest(self, line: Line, now: float) -> int | None:
        """Return the time of the newest rating, or None without sensors."""
        newest = math.floor(line.newest(now) / STEP) * STEP
        return next(self.times(line, newest, newest, now), None)

    def times(self, line: Line, start: float, end: float, now: float) -> Iterator[int]:
        """Yield the times of ratings, both ends included; none without sensors."""
        if not line.instrumented(now):
            return
        first = math.ceil(max(start, line.installed) / STEP)
        last = math.floor(min(end, line.newest(now)) / STEP)
        yield from range(first * STEP, last * STEP + 1, STEP)

    def line(self, line: Line, kind: Kind, at: float) -> SpanRating:
        """Return the line's rating: the lowest of its spans."""
        return min(self.spans(line, self.kind(line, kind), at), key=lambda r: r.value)

    def _spans(self, line: Line, kind: Kind, at: float) -> tuple[SpanRating, ...]:
        """Return the rating of each span."""
        return tuple(
            SpanRating(self._ampacity(line, kind, self._span_weather(line, span, at)), span.id)
            for span in line.spans
        )

    def circuit(self, facility: Facility, line: Line, at: float) -> CircuitRating:
        """Return the circuit's rating: the lowest of DLR, components and upper limit."""
        return _limited(facility, self.line(line, "dlr", at).value)

    def transient(self, line: Line, at: float) -> dict[int, float]:
        """Return by minutes what the line can carry for that long, from its load now."""
        steady = self.line(line, "dlr", at).value
        load = min(self._measurements.load(line, at), _PRELOAD * steady)
        return {minutes: _transient(steady, load, minutes) for minutes in sorted(line.durations)}

    def circuit_transient(
        self, facility: Facility, line: Line, at: float
    ) -> dict[int, CircuitRating]:
        """Return the transient rating, capped by the weakest component's emergency rating."""
        weakest = _weakest(facility, emergency=True)
        return {
            minutes: CircuitRating(value, None)
            if weakest is None or value <= weakest.emergency
            else CircuitRating(weakest.emergency, weakest.id)
            for minutes, value in self.transient(line, at).items()
        }

    def issued(self, line: Line, now: float) -> float:
        """Return when the newest forecast was made: once an hour."""
        newest = line.newest(now)
        return math.floor((newest - _ISSUE_OFFSET) / _HOUR) * _HOUR + _ISSUE_OFFSET

    def forecast(self, line: Line, kind: Kind, now: float, hours: int) -> list[Bucket[SpanRating]]:
        """Return the hourly forecast, by default from the first full hour after it was made."""
        issued, kind = self.issued(line, now), self.kind(line, kind)
        first = issued if self._from_issue else math.ceil(issued / _HOUR) * _HOUR
        key = (self._seed, first, issued, kind, hours, *_rated(line))
        if (known := _forecasts.get(key)) is not None:
            return known
        if len(_forecasts) >= _FORECASTS_KEPT:
            _forecasts.clear()
        _forecasts[key] = [
            self._bucket(line, kind, first + hour * _HOUR, first + hour * _HOUR - issued)
            for hour in range(hours)
        ]
        return _forecasts[key]

    def circuit_forecast(
        self, facility: Facility, line: Line, now: float, hours: int
    ) -> list[Bucket[CircuitRating]]:
        """Return the DLR forecast limited by components and upper limit."""
        return [
            Bucket(b.at, {level: _limited(facility, r.value) for level, r in b.levels.items()})
            for b in self.forecast(line, "dlr", now, hours)
        ]

    def _bucket(self, line: Line, kind: Kind, at: float, lead: float) -> Bucket[SpanRating]:
        """Return the forecast for an hour, whose percentiles come as true as they say.

        What will be is known here, and the error of its forecast is drawn: the prediction is what
        the error makes of the truth. The rating falls below a level exactly where the error does.
        """
        share = math.sqrt(min(1.0, lead / _HOUR / _HORIZON))
        near, far = _SPREAD[kind]
        error = self._error(line, at)
        predictions = list[tuple[float, float]]()
        for span, true in zip(line.spans, self.spans(line, kind, at), strict=True):
            spread = (near + far * share) * span.uncertainty
            predictions.append((true.value / (1 + spread * error), spread))
        levels = dict[str, SpanRating]()
        for level, deviations in LEVELS.items():
            values = [round(one * (1 - deviations * spread), 1) for one, spread in predictions]
            lowest = min(values)
            levels[level] = SpanRating(lowest, line.spans[values.index(lowest)].id)
        return Bucket(at, levels)

    def _error(self, line: Line, at: float) -> float:
        """Return by how many standard deviations the rating of an hour misses its prediction.

        Weather that was forecast wrongly lasts for hours: the rank of the error goes up and down
        with a period that shares nothing with the day, and takes all values equally often.
        """
        phase = unit(self._seed, f"{line.id}/error")
        turn = (at / _HOUR / _ERROR_HOURS + phase) % 1.0
        rank = 1.0 - abs(2.0 * turn - 1.0)
        return _NORMAL.inv_cdf(min(max(rank, _RAREST), 1.0 - _RAREST))

    def _span_weather(self, line: Line, span: Span, at: float) -> Weather:
        return self._measurements.weather_at(line, span, at)

    def _ampacity(self, line: Line, kind: Kind, weather: Weather) -> float:
        if kind == "aar":
            weather = Weather(weather.temperature, _AAR_WIND, _AAR_SUN)
        return round(ampacity(line.conductor, weather) * line.sub_conductors, 1)


def _rated(line: Line) -> tuple[object, ...]:
    """Return what tells the ratings of a line from those of another, or of the same one earlier."""
    spans = ((one.id, one.exposure, one.warmer, one.uncertainty) for one in line.spans)
    return (line.id, line.conductor, line.sub_conductors, line.cold_spells, *spans)


def _transient(steady: float, load: float, minutes: int) -> float:
    """Return the current (A) that warms a conductor to its limit in just that time."""
    left = math.exp(-minutes / _TIME_CONSTANT)
    return round(math.sqrt((steady**2 - load**2 * left) / (1 - left)), 1)


def _weakest(facility: Facility, *, emergency: bool = False) -> Component | None:
    return min(
        facility.components,
        key=lambda c: c.emergency if emergency else c.steady,
        default=None,
    )


def _limited(facility: Facility, dlr: float) -> CircuitRating:
    limit = dlr if facility.upper_limit is None else min(dlr, facility.upper_limit)
    weakest = _weakest(facility)
    if weakest is not None and weakest.steady < limit:
        return CircuitRating(weakest.steady, weakest.id)
    return CircuitRating(limit, None)
