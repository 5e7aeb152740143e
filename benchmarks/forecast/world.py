"""Lines with hourly loads and ratings, and forecasts of the ratings whose errors are known.

A load has a morning and an evening peak, is lower on Saturdays and Sundays, drifts over the weeks,
and is higher or lower for days and for hours. The hours of the errors of a rating belong together,
and they grow with the lead time; its levels are undercut as often as they say.
"""

from dataclasses import dataclass
from functools import cached_property
import math
from random import Random
from statistics import NormalDist
from typing import Final

BEHIND_DAYS: Final = 28
"""Days before the first day that is judged."""
DAYS: Final = 60
"""Days that are judged."""
_DAY: Final = 24
_HOURS: Final = _DAY * (BEHIND_DAYS + DAYS + 3)
FIRST: Final = 20_087 * _DAY
"""The first hour, since 1970: midnight of a Monday, in UTC."""

LEVELS: Final = {"p80": 0.80, "p90": 0.90, "p95": 0.95, "p99": 0.99}
EVENING: Final = range(15, 21)
"""Hours of the day that are judged."""

_DAY_SPREAD, _DAY_LASTS = 0.08, 0.5
_HOUR_SPREAD, _HOUR_LASTS = 0.025, 0.7
_WEATHER_SPREAD, _WEATHER_LASTS = 0.12, 0.97
_ERROR_LASTS: Final = 0.93
_NEAR, _FAR, _HORIZON = 0.015, 0.11, 72
"""Relative standard deviation of a rating's forecast now, and what is added at the horizon."""
_CONGESTED: Final = 0.2
"""Share of the evening hours in which a line is congested."""


@dataclass(frozen=True, slots=True)
class _Habits:
    """How the load of a line varies over day and week."""

    base: float
    morning: float
    evening: float
    evening_at: float
    saturday: float
    sunday: float
    weekdays: tuple[float, ...]
    drift: float

    def load(self, day: int, hour: int) -> float:
        """Return the usual load, as a share."""
        weekday = day % 7
        of_day = (1.0, 1.0, 1.0, 1.0, 1.0, self.saturday, self.sunday)[weekday]
        morning = self.morning * math.exp(-(((hour - 8) / 2) ** 2)) * (1.0 if weekday < 5 else 0.4)
        evening = self.evening * math.exp(-(((hour - self.evening_at) / 2.5) ** 2))
        share = (self.base + morning + evening) * of_day * self.weekdays[weekday]
        return share * (1 + self.drift * day)


def _habits(random: Random) -> _Habits:
    return _Habits(
        base=random.uniform(0.55, 0.65),
        morning=random.uniform(0.15, 0.30),
        evening=random.uniform(0.40, 0.55),
        evening_at=random.uniform(17.5, 19.0),
        saturday=random.uniform(0.85, 0.92),
        sunday=random.uniform(0.75, 0.83),
        weekdays=tuple(random.gauss(1, 0.015) for _ in range(7)),
        drift=random.uniform(-0.002, 0.002),
    )


def _wander(random: Random, count: int, spread: float, lasts: float) -> list[float]:
    """Return an autoregressive series with a mean of zero."""
    value, values = random.gauss(0, spread), list[float]()
    for _ in range(count):
        value = lasts * value + math.sqrt(1 - lasts * lasts) * random.gauss(0, spread)
        values.append(value)
    return values


class SimulatedLine:
    """A line of the simulated world.

    Attributes:
        load: the mean current of each hour from `FIRST` on, A.
    """

    def __init__(self, seed: int, number: int) -> None:
        """Make the line; equal arguments make equal lines."""
        random = Random(f"{seed}/{number}")
        habits = _habits(random)
        days = _wander(random, _HOURS // _DAY, _DAY_SPREAD, _DAY_LASTS)
        hours = _wander(random, _HOURS, _HOUR_SPREAD, _HOUR_LASTS)
        weather = _wander(random, _HOURS, _WEATHER_SPREAD, _WEATHER_LASTS)
        self._errors = _wander(random, _HOURS, 1.0, _ERROR_LASTS)
        self.load = [
            1000 * habits.load(*divmod(hour, _DAY)) * (1 + days[hour // _DAY] + hours[hour])
            for hour in range(_HOURS)
        ]
        self._raw = [
            (1 + weather[hour]) * (1 + 0.04 * math.cos(2 * math.pi * (hour % _DAY - 3) / _DAY))
            for hour in range(_HOURS)
        ]

    @cached_property
    def rating(self) -> list[float]:
        """The rating of each hour, A, low enough that the line is congested in some evenings."""
        judged = (
            hour
            for hour in range(_DAY * BEHIND_DAYS, _DAY * (BEHIND_DAYS + DAYS))
            if hour % _DAY in EVENING
        )
        needed = sorted(self.load[hour] / self._raw[hour] for hour in judged)
        scale = needed[int(len(needed) * (1 - _CONGESTED))]
        return [scale * value for value in self._raw]

    def is_congested(self, hour: int) -> bool:
        """Whether the load exceeds the rating."""
        return self.load[hour] > self.rating[hour]

    def forecast(self, issued: int, hour: int) -> dict[str, float]:
        """Return the rating of an hour as it is forecast, by level of confidence, A."""
        lead = min(1.0, (hour - issued + 0.5) / _HORIZON)
        spread = _NEAR + _FAR * math.sqrt(lead)
        prediction = self.rating[hour] / (1 + spread * self._errors[hour])
        below = {name: NormalDist().inv_cdf(level) for name, level in LEVELS.items()}
        return {"prediction": prediction} | {
            name: prediction * (1 - spread * deviations) for name, deviations in below.items()
        }
