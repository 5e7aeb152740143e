"""Ice, tension, sag and clearance of each phase conductor.

Contract: heimdall-api.md §3.16-3.18. Calculated every 30 minutes, for the spans with sensors.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import math
from typing import Final

from simulator.noise import between, smooth
from simulator.world.weather import WeatherModel, cold_spell

from .assets import Line, Span, SpanPhase
from .measure import Measurements

STEP: Final = 1800
FORECAST_POINTS: Final = 144
_HOUR: Final = 3600.0
_GRAVITY: Final = 9.81
_TENSION_SHARE: Final = 0.2  # of the breaking strength, at 15 °C without ice
_ICE_TENSION: Final = 9000.0  # N for each kg/m
_WARM_SAG: Final = 0.0022  # share of the tension lost for each K


@dataclass(frozen=True, slots=True)
class PhaseState:
    """Ice (kg/m), tension (N and % of strength), sag and clearance (m) of a phase conductor."""

    span: Span
    phase: SpanPhase
    at: float
    ice: float
    tension: float
    share: float
    sag: float
    clearance: float | None


@dataclass(frozen=True, slots=True)
class IceForecast:
    """The ice (kg/m) expected on a phase conductor, by unix time."""

    span: Span
    phase: SpanPhase
    points: list[tuple[float, float]]


class Mechanics:
    """The mechanical state of every line."""

    def __init__(self, seed: int, weather: WeatherModel, measurements: Measurements) -> None:
        """Make the model; equal seeds ice the same."""
        self._seed = seed
        self._weather = weather
        self._measurements = measurements

    def newest(self, line: Line, now: float, since: float) -> list[PhaseState]:
        """Return the newest state of each phase that has one at or after `since`."""
        states = []
        newest = line.newest(now)
        for span, phase, offset in self._phases(line, now):
            at = round(math.floor((newest - offset) / STEP) * STEP + offset, 3)
            if at >= max(since, line.installed):
                states.append(self._state(line, span, phase, at))
        return states

    def history(self, line: Line, start: float, end: float, now: float) -> list[PhaseState]:
        """Return the states of a time, both ends included, phase by phase."""
        start, end = max(start, line.installed), min(end, line.newest(now))
        if not math.isfinite(start):
            return []
        steps = range(math.floor(start / STEP) - 1, math.floor(end / STEP) + 1)
        return [
            self._state(line, span, phase, at)
            for span, phase, offset in self._phases(line, now)
            for step in steps
            if start <= (at := round(step * STEP + offset, 3)) <= end
        ]

    def ice_forecast(self, line: Line, now: float) -> list[IceForecast]:
        """Return 72 hours of ice in steps of 30 minutes, beginning after the newest value."""
        newest = line.newest(now)
        forecasts = []
        for span, phase, offset in self._phases(line, now):
            first = math.floor((newest - offset) / STEP) + 1
            times = [step * STEP + offset for step in range(first, first + FORECAST_POINTS)]
            points = [(at, self._expected_ice(line, phase, at, at - newest)) for at in times]
            forecasts.append(IceForecast(span, phase, points))
        return forecasts

    def _phases(self, line: Line, now: float) -> Iterator[tuple[Span, SpanPhase, float]]:
        """Yield the phases of spans with sensors, and their second within a step."""
        for span in line.spans:
            if not any(point.active(now) for phase in span.phases for point in phase.points):
                continue
            for phase in span.phases:
                yield span, phase, round(between(self._seed, f"{phase.id}/calc", 60, 240), 3)

    def _state(self, line: Line, span: Span, phase: SpanPhase, at: float) -> PhaseState:
        ice = round(self._ice(line, phase, at), 3)
        degrees = self._measurements.conductor_temperature(line, span, at)
        conductor = line.conductor
        rest = conductor.strength * _TENSION_SHARE * between(self._seed, phase.id, 0.97, 1.03)
        tension = round(rest * (1 - _WARM_SAG * (degrees - 15.0)) + _ICE_TENSION * ice, 0)
        weight = (conductor.weight + ice) * _GRAVITY
        sag = round(weight * span.length**2 / (8 * tension), 2)
        return PhaseState(
            span=span,
            phase=phase,
            at=at,
            ice=ice,
            tension=tension,
            share=round(100 * tension / conductor.strength, 2),
            sag=sag,
            clearance=round(span.height - sag, 2) if line.clearance else None,
        )

    def _ice(self, line: Line, phase: SpanPhase, at: float) -> float:
        """Return the ice (kg/m): in cold spells much, else a little rime in frost."""
        exposed = between(self._seed, f"{phase.id}/ice", 0.85, 1.0)
        if line.cold_spells:
            grown = 0.45 + 0.25 * smooth(self._seed, f"{line.id}/ice", at, 8 * _HOUR)
            return exposed * (0.04 + cold_spell(at) * grown)
        air = self._weather.at(line.id, math.floor(at / _HOUR) * _HOUR).temperature
        frost = max(0.0, min(1.0, -air / 8.0))
        return exposed * 0.25 * frost * smooth(self._seed, f"{line.id}/ice", at, 8 * _HOUR)

    def _expected_ice(self, line: Line, phase: SpanPhase, at: float, lead: float) -> float:
        share = math.sqrt(min(1.0, lead / (72 * _HOUR)))
        miss = smooth(self._seed, f"{line.id}/ice miss", at, 6 * _HOUR) - 0.5
        return round(self._ice(line, phase, at) * (1 + 0.3 * share * miss), 3)
