"""The heat balance of an overhead conductor, in a simple form."""

from dataclasses import dataclass
import math
from typing import Final

from simulator.world.weather import Weather

_AIR: Final = 50_490.0  # density over viscosity of warm air, s/m²
_CONDUCTIVITY: Final = 0.0295  # of air, W/m/K
_ANGLE: Final = 0.75  # the wind rarely blows straight across
_EMISSIVITY: Final = 0.8
_KELVIN: Final = 273.15
_CALMEST: Final = 0.5  # m/s; natural convection takes over below
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Conductor:
    """A conductor: diameter m, resistance Ω/m, hottest allowed °C, strength N, weight kg/m."""

    diameter: float
    resistance: float
    hottest: float
    strength: float
    weight: float


def ampacity(conductor: Conductor, weather: Weather) -> float:
    """Return the current (A) that holds the conductor at its hottest allowed temperature."""
    rise = conductor.hottest - weather.temperature
    cooling = _cooling(conductor, weather, conductor.hottest) * rise
    return math.sqrt(max(0.0, cooling - _heating(conductor, weather)) / conductor.resistance)


def temperature(conductor: Conductor, weather: Weather, current: float) -> float:
    """Return the temperature (°C) at which a current (A) and the weather balance."""
    heat = current * current * conductor.resistance + _heating(conductor, weather)
    result = weather.temperature
    for _ in range(_ROUNDS):
        result = weather.temperature + heat / _cooling(conductor, weather, result)
    return result


def _heating(conductor: Conductor, weather: Weather) -> float:
    return _EMISSIVITY * weather.sun * conductor.diameter


def _cooling(conductor: Conductor, weather: Weather, at: float) -> float:
    """Return convection and radiation in W per metre and kelvin above the air."""
    reynolds = conductor.diameter * _AIR * max(weather.wind, _CALMEST)
    convection = (1.01 + 1.35 * math.pow(reynolds, 0.52)) * _CONDUCTIVITY * _ANGLE
    middle = (at + weather.temperature) / 2 + _KELVIN
    radiation = 17.8 * conductor.diameter * _EMISSIVITY * 4 * (middle / 100) ** 3 / 100
    return convection + radiation
