"""What the sensors of a line measure: current and conductor temperature.

Contract: heimdall-api.md §5.4. A sensor reads once a minute. The line's value is the extreme over
five minutes. It is computed once every five minutes, at the newest reading of all sensors: as each
sensor reads at the same second of every minute, the five readings of each since then are exactly
the five minutes before. At a faster tempo all of this is that much shorter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
import math
from typing import Final

from simulator.noise import digest, smooth
from simulator.world.weather import Weather, WeatherModel

from .assets import Line, MeasurementPoint, Span, SpanPhase
from .conductor import temperature
from .windows import READINGS, STEP, Window, before, window_at, windows

_KEPT: Final = 65_536
_CURRENT_NOISE: Final = 0.008
_TEMPERATURE_NOISE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Reading:
    """A value at a unix time: A per sub-conductor, or °C."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class CurrentPoint:
    """The line's current (A, whole phase) and the span where it was measured."""

    at: float
    value: float
    span_id: str


@dataclass(frozen=True, slots=True)
class TemperaturePoint:
    """The line's highest and lowest conductor temperature (°C); no lowest with one sensor."""

    at: float
    highest: float
    highest_span_id: str
    lowest: float | None
    lowest_span_id: str | None


class Measurements:
    """The measurements of every line of one seed."""

    def __init__(self, seed: int, weather: WeatherModel) -> None:
        """Make the model; equal seeds measure the same."""
        self._seed = seed
        self._weather = weather
        # By line, its revision (the sensors may change) and window.
        self._current = lru_cache(maxsize=_KEPT)(self._compute_current)
        self._temperature = lru_cache(maxsize=_KEPT)(self._compute_temperature)
        self._usual_load = lru_cache(maxsize=_KEPT)(self._compute_load)

    def weather_at(self, line: Line, span: Span, at: float) -> Weather:
        """Return the weather that a span is in."""
        weather = self._weather.at(line.id, at, cold_spells=line.cold_spells)
        return Weather(weather.temperature + span.warmer, weather.wind * span.exposure, weather.sun)

    def conductor_temperature(self, line: Line, span: Span, at: float) -> float:
        """Return the temperature (°C) of the conductor in a span as five minutes began."""
        start = math.floor(at / STEP) * STEP
        current = self.load(line, start) / line.sub_conductors
        return temperature(line.conductor, self.weather_at(line, span, start), current)

    def newest_current(self, line: Line, now: float) -> CurrentPoint | None:
        """Return the newest current, which is as old as the value's last change."""
        newest = line.newest(now)
        window = window_at(line, newest)
        for _ in range(_DAY_STEPS):
            point = self._changed_current(line, window)
            if point is not None and point.at <= newest:
                return point
            window = before(line, window)
        return None

    def currents(self, line: Line, start: float, end: float) -> Iterator[CurrentPoint]:
        """Yield the currents of a time, both ends included."""
        for window in windows(line, start, end):
            point = self._changed_current(line, window)
            if point is not None and start <= point.at <= end:
                yield point

    def newest_temperature(self, line: Line, now: float) -> TemperaturePoint | None:
        """Return the newest conductor temperatures."""
        newest = line.newest(now)
        window = window_at(line, newest)
        for each in (window, before(line, window)):
            point = self._temperature(line, line.revision, each)
            if point is not None and point.at <= newest:
                return point
        return None

    def temperatures(self, line: Line, start: float, end: float) -> Iterator[TemperaturePoint]:
        """Yield the conductor temperatures of a time, both ends included."""
        for window in windows(line, start, end):
            point = self._temperature(line, line.revision, window)
            if point is not None and start <= point.at <= end:
                yield point

    def current_readings(
        self, line: Line, point: MeasurementPoint, start: float, end: float
    ) -> Iterator[Reading]:
        """Yield a sensor's raw currents (A per sub-conductor), both ends included."""
        for window in windows(line, start, end):
            for at, value in zip(
                window.times(point), self._raw_currents(line, point, window), strict=True
            ):
                if start <= at <= end and point.active(at):
                    yield Reading(at, value)

    def temperature_readings(
        self, line: Line, span: Span, point: MeasurementPoint, start: float, end: float
    ) -> Iterator[Reading]:
        """Yield a sensor's raw temperatures (°C), both ends included."""
        for window in windows(line, start, end):
            conductor = self.conductor_temperature(line, span, window.start)
            values = self._raw_temperatures(point, window, conductor)
            for at, value in zip(window.times(point), values, strict=True):
                if start <= at <= end and point.active(at):
                    yield Reading(at, value)

    def load(self, line: Line, at: float) -> float:
        """Return the phase current (A) of a line at a unix time."""
        fed = line.load.fed
        return self._usual_load(line, at) + (fed(at) if fed else 0.0)

    def _compute_load(self, line: Line, at: float) -> float:
        """Return the phase current (A) that the day's load makes at a unix time."""
        profile = line.load
        hour = at % 86_400 / 3600
        morning = math.exp(-(((hour - 8.0) / 1.6) ** 2))
        evening = profile.evening * profile.evening_at.share(at)
        share = profile.base + profile.morning * morning + evening
        wobble = 1.0 + 0.04 * (smooth(self._seed, f"{line.id}/load", at, 5400.0) - 0.5)
        return profile.reference * share * wobble

    def _changed_current(self, line: Line, window: Window) -> CurrentPoint | None:
        """Return the current of a window unless it is that of the window before."""
        point = self._current(line, line.revision, window)
        last = self._current(line, line.revision, before(line, window))
        if point is None or (last is not None and last.value == point.value):
            return None
        return point

    def _compute_current(self, line: Line, _revision: int, window: Window) -> CurrentPoint | None:
        best: tuple[float, str] | None = None
        sensors = _active(line, window)
        for span, _, point in sensors:
            value = max(self._raw_currents(line, point, window))
            if best is None or value > best[0]:
                best = (value, span.id)
        if best is None:
            return None
        return CurrentPoint(
            _newest_time(sensors, window), round(best[0] * line.sub_conductors, 1), best[1]
        )

    def _compute_temperature(
        self, line: Line, _revision: int, window: Window
    ) -> TemperaturePoint | None:
        sensors = _active(line, window)
        if not sensors:
            return None
        extremes: list[tuple[float, float, str]] = []
        for span, _, point in sensors:
            conductor = self.conductor_temperature(line, span, window.start)
            values = self._raw_temperatures(point, window, conductor)
            extremes.append((max(values), min(values), span.id))
        highest = max(extremes)
        lowest = min(extremes, key=lambda item: item[1])
        several = len(extremes) > 1
        return TemperaturePoint(
            _newest_time(sensors, window),
            highest[0],
            highest[2],
            lowest[1] if several else None,
            lowest[2] if several else None,
        )

    def _raw_currents(self, line: Line, point: MeasurementPoint, window: Window) -> list[float]:
        whole = self.load(line, window.start) * point.bias / line.sub_conductors
        noise = digest(self._seed, point.id, window.number, READINGS)
        return [round(whole * (1 + _CURRENT_NOISE * (n / 127.5 - 1)), 1) for n in noise]

    def _raw_temperatures(
        self, point: MeasurementPoint, window: Window, conductor: float
    ) -> list[float]:
        noise = digest(self._seed, f"{point.id}/t", window.number, READINGS)
        return [round(conductor + _TEMPERATURE_NOISE * (n / 127.5 - 1), 1) for n in noise]


_DAY_STEPS: Final = 86_400 // STEP
type Sensors = list[tuple[Span, SpanPhase, MeasurementPoint]]


def _active(line: Line, window: Window) -> Sensors:
    """Return the sensors that measured during a whole window."""
    start, end = window.start, window.end
    return [s for s in line.sensors() if s[2].active(start) and s[2].active(end - 1)]


def _newest_time(sensors: Sensors, window: Window) -> float:
    return window.last(max(point.offset for _, _, point in sensors))
