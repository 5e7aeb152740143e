"""What the sensors of a line measure: current and conductor temperature.

Contract: heimdall-api.md §5.4. A sensor reads once a minute, at the same second of every minute.
The line's current is the highest of the last five readings of all sensors. It is computed at the
newest reading of each minute, or, where the window is not to slide, of each fifth minute. The
temperatures are computed every fifth minute. At a faster tempo all of this is that much shorter.
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
from .windows import READINGS, STEP, Minute, Window, before, window_at, windows

_KEPT: Final = 65_536
_CURRENT_NOISE: Final = 0.008
_TEMPERATURE_NOISE: Final = 0.4


type Highest = tuple[float, str, float]
"""The highest current in one minute (A per sub-conductor), its span, and the newest reading."""


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

    def __init__(self, seed: int, weather: WeatherModel, *, sliding: bool = True) -> None:
        """Make the model; equal seeds measure the same.

        Args:
            seed: of the noise.
            weather: what cools the conductors.
            sliding: whether the current is computed every minute, not every five.
        """
        self._seed = seed
        self._weather = weather
        self._places = range(READINGS) if sliding else range(READINGS - 1, READINGS)
        # By line, its revision (the sensors may change) and minute or window.
        self._highest = lru_cache(maxsize=_KEPT)(self._compute_highest)
        self._all_highest = lru_cache(maxsize=_KEPT)(self._compute_all_highest)
        self._noise = lru_cache(maxsize=_KEPT)(self._compute_noise)
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
        last: CurrentPoint | None = None
        for _ in range(_DAY_STEPS):
            for point in self._computed(line, window, newest):
                if last is not None and last.value != point.value:
                    return last
                last = point
            window = before(line, window)
        return last

    def currents(self, line: Line, start: float, end: float) -> Iterator[CurrentPoint]:
        """Yield the currents of a time, both ends included."""
        last: CurrentPoint | None = None
        for window in windows(line, before(line, window_at(line, start)).start, end):
            for point in reversed([*self._computed(line, window, end)]):
                if point.at >= start and (last is None or last.value != point.value):
                    yield point
                last = point

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
            for minute in window.minutes():
                if start <= (at := minute.reading(point)) <= end and point.active(at):
                    load = self._usual_load(line, minute.start)
                    # What a site draws changes within a second, the rest of the load does not.
                    load += line.load.fed(at) if line.load.fed else 0.0
                    yield Reading(at, self._raw_current(line, point, minute, load))

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

    def _computed(self, line: Line, window: Window, end: float) -> Iterator[CurrentPoint]:
        """Yield the currents that are computed in a window up to a time, the newest first."""
        earlier = self._highest_by_minute(line, before(line, window), end)
        highest = (*earlier[1:], *self._highest_by_minute(line, window, end))
        for place in reversed(self._places):
            if (newest := highest[READINGS - 1 + place]) is not None:
                value, span_id, _ = max(filter(None, highest[place : place + READINGS]))
                yield CurrentPoint(newest[2], round(value * line.sub_conductors, 1), span_id)

    def _highest_by_minute(
        self, line: Line, window: Window, end: float
    ) -> tuple[Highest | None, ...]:
        """Return the highest current of each minute of a window that is over at a time."""
        if window.end <= end:
            return self._all_highest(line, line.revision, window)
        # What lies ahead is not computed: it may still be switched off.
        return tuple(
            self._highest(line, line.revision, minute) if minute.is_over(line, end) else None
            for minute in window.minutes()
        )

    def _compute_all_highest(
        self, line: Line, revision: int, window: Window
    ) -> tuple[Highest | None, ...]:
        return tuple(self._compute_highest(line, revision, one) for one in window.minutes())

    def _compute_highest(self, line: Line, _revision: int, minute: Minute) -> Highest | None:
        load, fed = self._usual_load(line, minute.start), line.load.fed
        readings = [
            (self._raw_current(line, point, minute, load + (fed(at) if fed else 0.0)), span.id, at)
            for span, _, point in line.sensors()
            if point.active(at := minute.reading(point))
        ]
        if not readings:
            return None
        value, span_id, _ = max(readings)
        return value, span_id, max(at for _, _, at in readings)

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

    def _raw_current(
        self, line: Line, point: MeasurementPoint, minute: Minute, load: float
    ) -> float:
        noise = self._noise(point.id, minute.window.number)[minute.place]
        whole = load * point.bias / line.sub_conductors
        return round(whole * (1 + _CURRENT_NOISE * (noise / 127.5 - 1)), 1)

    def _compute_noise(self, point_id: str, number: int) -> bytes:
        return digest(self._seed, point_id, number, READINGS)

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
