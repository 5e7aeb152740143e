"""Load of an asset as a pure function of time, together with its integral in closed form."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
import math

MINUTE = 60
HOUR = 3_600
DAY = 86_400
EPOCH = 1_514_764_800  # 2018-01-01T00:00:00Z, a Monday, so that day 0 starts a week
YEAR_DAYS = 364  # a year of whole weeks: weekday and season then share one table
_PAIR = 2 * MINUTE
_RIPPLE = 0.25
_PAIRS_KEPT = 16
_NIGHTS_AND_DAYS = (False, True)

type Noise = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the day (UTC, 0 to 23) in which a schedule has its asset on."""

    weekday: frozenset[int]
    weekend: frozenset[int]

    def on(self, at: float) -> bool:
        """Return whether the schedule is on at unix time `at`."""
        day, second = divmod(at - EPOCH, DAY)
        hours = self.weekend if day % 7 >= 5 else self.weekday
        return int(second // HOUR) in hours


ALWAYS = Hours(frozenset(range(24)), frozenset(range(24)))


class Shape:
    """Relative load over a day: linear between 24 hourly knots, zero in hours that are off."""

    def __init__(self, knots: Sequence[float], hours: Hours = ALWAYS) -> None:
        """Tabulate the hours of a weekday and of a weekend day, and their running integrals."""
        self._segments: dict[bool, list[tuple[float, float]]] = {}
        self._integrals: dict[bool, list[float]] = {}
        for weekend in (False, True):
            on = hours.weekend if weekend else hours.weekday
            ends = zip(knots, [*knots[1:], knots[0]], strict=True)
            segments = [(a, b - a) if h in on else (0.0, 0.0) for h, (a, b) in enumerate(ends)]
            self._segments[weekend] = segments
            self._integrals[weekend] = list(
                accumulate((a + slope / 2 for a, slope in segments), initial=0.0)
            )

    def level(self, *, weekend: bool, second: float) -> float:
        """Return the relative load at a second of the day."""
        hour, rest = divmod(second, HOUR)
        start, slope = self._segments[weekend][int(hour)]
        return start + slope * rest / HOUR

    def integral(self, *, weekend: bool, second: float) -> float:
        """Return the integral since midnight, in hours of full load."""
        hour, rest = divmod(second, HOUR)
        index = int(hour)
        part = rest / HOUR
        start, slope = self._segments[weekend][index]
        return self._integrals[weekend][index] + part * (start + slope * part / 2)

    def total(self, *, weekend: bool) -> float:
        """Return the integral over the whole day, in hours of full load."""
        return self._integrals[weekend][-1]


class Course:
    """A shape over days and years, each with a factor of its own, and its running integral."""

    def __init__(self, shape: Shape, days: Sequence[float], years: Sequence[float]) -> None:
        """Take the shape, a factor for each of YEAR_DAYS days, and one for each year from EPOCH.

        After the last year the first comes again.
        """
        self.shape = shape
        self._days = days
        self._years = years
        totals = (shape.total(weekend=False), shape.total(weekend=True))
        loads = (factor * totals[index % 7 >= 5] for index, factor in enumerate(days))
        self._day_integrals = array("d", accumulate(loads, initial=0.0))
        self._year_integrals = [*accumulate(years, initial=0.0)]

    def factor(self, day: float) -> float:
        """Return the factor of a day, counted from EPOCH."""
        year, index = divmod(int(day), YEAR_DAYS)
        return self._years[year % len(self._years)] * self._days[index]

    def integral(self, day: float) -> float:
        """Return the integral from EPOCH to the start of a day, in hours of full load."""
        year, index = divmod(int(day), YEAR_DAYS)
        cycle, year = divmod(year, len(self._years))
        full_years = cycle * self._year_integrals[-1] + self._year_integrals[year]
        return full_years * self._day_integrals[-1] + self._years[year] * self._day_integrals[index]


class Curve:
    """Power (W) and energy since EPOCH (Wh) of one load that is never overridden.

    Within each pair of minutes a ripple is added to the first and taken from the second, so that
    the load looks alive and its integral over whole hours is that of the smooth shape.
    """

    def __init__(self, watts: float, course: Course, noise: Noise) -> None:
        """Take the full load (W), its course, and a noise of -1 to 1."""
        self._watts = watts
        self._course = course
        self._noise = noise
        # Many sensors of a line ask for the same minutes.
        self._ripple = lru_cache(maxsize=_PAIRS_KEPT)(self._compute_ripple)

    def power(self, at: float) -> float:
        """Return the power at unix time `at`, W."""
        day, second = divmod(at - EPOCH, DAY)
        sign = 1 if second % _PAIR < MINUTE else -1
        level = self._course.shape.level(weekend=day % 7 >= 5, second=second)
        level += sign * self._ripple((at - EPOCH) // _PAIR)
        return self._watts * self._course.factor(day) * level

    def energy(self, at: float) -> float:
        """Return the energy from EPOCH to unix time `at`, Wh."""
        day, second = divmod(at - EPOCH, DAY)
        into_pair = second % _PAIR
        today = self._course.shape.integral(weekend=day % 7 >= 5, second=second)
        if into_pair:
            ripple_hours = min(into_pair, _PAIR - into_pair) / HOUR
            today += ripple_hours * self._ripple((at - EPOCH) // _PAIR)
        return self._watts * (self._course.integral(day) + self._course.factor(day) * today)

    def _compute_ripple(self, pair: float) -> float:
        """Return the ripple of a pair of minutes, counted from EPOCH."""
        day, second = divmod(pair * _PAIR, DAY)
        level = self._course.shape.level(weekend=day % 7 >= 5, second=second + MINUTE)
        return _RIPPLE * level * self._noise(int(pair))


def day_factors(season: float, noise: Noise, spread: float = 0.15) -> list[float]:
    """Return a load factor for each day of the year: highest in mid-January, some of it random."""
    return [
        (1 + season * math.cos(2 * math.pi * (day - 15) / YEAR_DAYS)) * (1 + spread * noise(day))
        for day in range(YEAR_DAYS)
    ]
