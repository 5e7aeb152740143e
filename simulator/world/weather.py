"""Weather at a place: temperature, wind and sun."""

from dataclasses import dataclass
from functools import lru_cache
import math
from typing import Final

from simulator.noise import smooth

_HOUR: Final = 3600.0
_DAY: Final = 86_400.0
_YEAR: Final = 365.2425 * _DAY
_LATITUDE: Final = math.radians(60.0)
_TILT: Final = math.radians(23.44)
_CLEAR_SKY: Final = 1000.0

_SPELL_PERIOD_HOURS: Final = 96.0
_SPELL_HOURS: Final = 80.0
_SPELL_RAMP_HOURS: Final = 6.0


@dataclass(frozen=True, slots=True)
class Weather:
    """Air temperature (°C), wind speed (m/s) and solar irradiance (W/m²)."""

    temperature: float
    wind: float
    sun: float


class WeatherModel:
    """The weather of every place of one seed, at any time."""

    def __init__(self, seed: int) -> None:
        """Make the model; equal seeds make equal weather."""
        self._seed = seed
        self.at = lru_cache(maxsize=65_536)(self._at)

    def _at(self, place: str, at: float, *, cold_spells: bool = False) -> Weather:
        """Return the weather of a place at a unix time; with recurring cold spells, if asked."""
        temperature = self._temperature(place, at)
        if cold_spells and (depth := cold_spell(at)) > 0:
            cold = -3.0 - 4.0 * smooth(self._seed, f"{place}/cold", at, 12 * _HOUR)
            temperature += depth * (min(temperature, cold) - temperature)
        return Weather(temperature, self._wind(place, at), self._sun(place, at))

    def _temperature(self, place: str, at: float) -> float:
        season = -math.cos(2 * math.pi * (at % _YEAR - 20 * _DAY) / _YEAR)
        day = -math.cos(2 * math.pi * (at % _DAY - 2.5 * _HOUR) / _DAY)
        front = smooth(self._seed, f"{place}/front", at, 40 * _HOUR) - 0.5
        gust = smooth(self._seed, f"{place}/air", at, 2 * _HOUR) - 0.5
        return 7.0 + 10.0 * season + 3.5 * day + 11.0 * front + 1.0 * gust

    def _wind(self, place: str, at: float) -> float:
        front = smooth(self._seed, f"{place}/wind", at, 30 * _HOUR)
        hour = smooth(self._seed, f"{place}/breeze", at, 3 * _HOUR)
        return 0.7 + 7.0 * front * front + 2.5 * hour * front

    def _sun(self, place: str, at: float) -> float:
        declination = -_TILT * math.cos(2 * math.pi * (at % _YEAR + 10 * _DAY) / _YEAR)
        hour_angle = 2 * math.pi * (at % _DAY / _DAY - 0.5)
        height = math.sin(_LATITUDE) * math.sin(declination) + math.cos(_LATITUDE) * math.cos(
            declination
        ) * math.cos(hour_angle)
        cloud = smooth(self._seed, f"{place}/cloud", at, 5 * _HOUR)
        return max(0.0, height) * _CLEAR_SKY * (1.0 - 0.75 * cloud)


def cold_spell(at: float) -> float:
    """Return how deep in a cold spell a time is: 0 (none) to 1.

    A spell of 80 hours begins every 96 hours, whatever the season, so that one is always near.
    """
    hour = at / _HOUR % _SPELL_PERIOD_HOURS
    return max(0.0, min(1.0, hour / _SPELL_RAMP_HOURS, (_SPELL_HOURS - hour) / _SPELL_RAMP_HOURS))
