"""How well forecasts came true, by lead time: sums for each day, packed into few bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import sqrt
import struct
from typing import Final

DAYS: Final = 90
"""Days that are kept."""

LEADS: Final = (1, 6, 24)
"""Lead times that are compared, hours."""

ENOUGH_HOURS: Final = 200
"""Hours from which on a level of confidence is judged."""

LEAST_HELD: Final = 0.9
"""Share of hours that a level of 95 % has to hold in; below it, clearly, it is not what it says."""

_ONE_SIDED: Final = 1.645
"""Standard deviations within which 95 % of samples lie on one side."""

_KEPT_DIGITS: Final = 4
"""Decimal places of forecasts that wait for what comes: 0.1 W, of a small site."""

_PER_UNIT: Final = 100
"""Sums are kept in hundredths of A or kW."""

# Hours, hours in which the level held, hours known of the day before, and three sums: of what came
# less the forecast, of its amount, and of the amount by which the day before missed.
_SUMS: Final = struct.Struct("<3BiII")
_DAY_BYTES: Final = _SUMS.size * len(LEADS)
_MOST_SIGNED: Final = 2**31 - 1
_MOST: Final = 2**32 - 1


class ForecastQuantity(StrEnum):
    """What is forecast."""

    RATING = "rating"
    """The dynamic line rating; its level of 95 % is a lower bound."""

    LOAD = "load"
    """The expected load; the upper end of its band is exceeded in 10 % of hours."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was forecast of one hour, A or kW.

    Attributes:
        value: the prediction, or the centre.
        bound: the level of 95 % of a rating, or the upper end of the band of a load.
    """

    value: float
    bound: float

    def rounded(self) -> Forecast:
        """Return it as it is kept."""
        return Forecast(_rounded(self.value, _KEPT_DIGITS), _rounded(self.bound, _KEPT_DIGITS))

    def held(self, quantity: ForecastQuantity, actual: float) -> bool:
        """Return whether the bound was right, at the resolution at which it is kept."""
        came = _rounded(actual, _KEPT_DIGITS)
        return came >= self.bound if quantity is ForecastQuantity.RATING else came <= self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Sums over hours of one lead time.

    Attributes:
        hours: the number of hours.
        held: those in which the bound was right.
        compared: those of which the same hour of the day before is known.
        bias: sum of what came less what was forecast.
        error: sum of the amounts of these errors.
        error_as_yesterday: sum of the amounts by which the day before missed.
    """

    hours: int = 0
    held: int = 0
    compared: int = 0
    bias: float = 0.0
    error: float = 0.0
    error_as_yesterday: float = 0.0

    def __add__(self, other: Score) -> Score:
        """Return the sums over the hours of both."""
        return Score(
            hours=self.hours + other.hours,
            held=self.held + other.held,
            compared=self.compared + other.compared,
            bias=self.bias + other.bias,
            error=self.error + other.error,
            error_as_yesterday=self.error_as_yesterday + other.error_as_yesterday,
        )

    @classmethod
    def of(
        cls, quantity: ForecastQuantity, forecast: Forecast, actual: float, yesterday: float | None
    ) -> Score:
        """Return the score of one hour.

        Args:
            quantity: what was forecast.
            forecast: the forecast.
            actual: what came.
            yesterday: what came in the same hour of the day before, if that is known.
        """
        known = yesterday is not None
        return cls(
            hours=1,
            held=int(forecast.held(quantity, actual)),
            compared=int(known),
            bias=actual - forecast.value,
            error=abs(actual - forecast.value),
            error_as_yesterday=abs(actual - yesterday) if yesterday is not None else 0.0,
        )

    @property
    def is_overconfident(self) -> bool:
        """Whether the bound holds in clearly less than 90 % of enough hours.

        Clearly: so few would come by chance in less than one of twenty cases.
        """
        if self.hours < ENOUGH_HOURS:
            return False
        chance = _ONE_SIDED * sqrt(LEAST_HELD * (1 - LEAST_HELD) / self.hours)
        return self.held / self.hours < LEAST_HELD - chance

    def as_dict(self) -> dict[str, object]:
        """Return the means as part of a response; None for what is unknown."""
        mean = self.error / self.hours if self.hours else None
        naive = self.error_as_yesterday / self.compared if self.compared else None
        better = 100 - 100 * mean / naive if naive and mean is not None else None
        return {
            "hours": self.hours,
            "held": _rounded(100 * self.held / self.hours, 1) if self.hours else None,
            "bias": _rounded(self.bias / self.hours) if self.hours else None,
            "error": None if mean is None else _rounded(mean),
            "error_as_yesterday": None if naive is None else _rounded(naive),
            "better_by": None if better is None else _rounded(better, 1),
        }


def _rounded(value: float, digits: int = 2) -> float:
    # Adding 0 turns -0.0 into 0.0.
    return round(value, digits) + 0


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of the last days, one after the other in bytes.

    Attributes:
        first: the first day, counted since 1970 (UTC).
        packed: the sums of each lead time of each day.

    Raises:
        ValueError: the bytes are not those of whole days.
    """

    first: int = 0
    packed: bytes = b""

    def __post_init__(self) -> None:
        """Reject bytes that cannot be read."""
        if len(self.packed) % _DAY_BYTES or len(self.packed) > DAYS * _DAY_BYTES:
            raise ValueError(f"{len(self.packed)} bytes are no scores of up to {DAYS} days")

    @property
    def end(self) -> int:
        """The day after the last."""
        return self.first + len(self.packed) // _DAY_BYTES

    def added(self, day: int, lead: int, score: Score) -> Scores:
        """Return the scores with one more hour; unchanged where its day is no longer kept.

        Args:
            day: the day of the hour.
            lead: one of `LEADS`.
            score: that of the hour.
        """
        first, packed = (self.first, self.packed) if self.packed else (day, b"")
        if day < first:
            # Days before are added only as far as the newest ones stay.
            kept = min(first - day, DAYS - len(packed) // _DAY_BYTES)
            first, packed = first - kept, bytes(kept * _DAY_BYTES) + packed
            if day < first:
                return self
        end = max(first + len(packed) // _DAY_BYTES, day + 1)
        packed += bytes((end - first) * _DAY_BYTES - len(packed))
        cut = max(0, end - first - DAYS)
        first, packed = first + cut, packed[cut * _DAY_BYTES :]
        at = (day - first) * _DAY_BYTES + LEADS.index(lead) * _SUMS.size
        new = _pack(_unpack(packed, at) + score)
        return Scores(first, packed[:at] + new + packed[at + _SUMS.size :])

    def total(self, lead: int, since: int) -> Score:
        """Return the score of a lead time from a day on."""
        days = range(max(self.first, since), self.end)
        return sum((self._score(day, lead) for day in days), Score())

    def latest(self, lead: int, hours: int) -> Score:
        """Return the score of the latest days that together have at least some number of hours."""
        total = Score()
        for day in reversed(range(self.first, self.end)):
            total += self._score(day, lead)
            if total.hours >= hours:
                break
        return total

    def _score(self, day: int, lead: int) -> Score:
        return _unpack(self.packed, self._place(day, lead))

    def _place(self, day: int, lead: int) -> int:
        return (day - self.first) * _DAY_BYTES + LEADS.index(lead) * _SUMS.size


def _pack(score: Score) -> bytes:
    def most(value: float, limit: int) -> int:
        return max(-limit, min(limit, round(value * _PER_UNIT)))

    return _SUMS.pack(
        # An hour counts once, also where the clock of this computer was set.
        min(score.hours, 255),
        min(score.held, 255),
        min(score.compared, 255),
        most(score.bias, _MOST_SIGNED),
        most(score.error, _MOST),
        most(score.error_as_yesterday, _MOST),
    )


def _unpack(packed: bytes, at: int) -> Score:
    hours, held, compared, bias, error, yesterday = _SUMS.unpack_from(packed, at)
    return Score(
        hours=hours,
        held=held,
        compared=compared,
        bias=bias / _PER_UNIT,
        error=error / _PER_UNIT,
        error_as_yesterday=yesterday / _PER_UNIT,
    )


type Pending = Mapping[tuple[int, int], Forecast]
"""Forecasts by hour and lead time."""


@dataclass(frozen=True, slots=True)
class Skill:
    """The forecasts of one quantity of one line or site.

    Attributes:
        scores: of the hours that have come.
        pending: forecasts of hours that have not come, or are not recorded yet.
    """

    scores: Scores = Scores()
    pending: Pending = field(default_factory=dict)

    def noted(self, hour: int, forecasts: Mapping[int, Forecast]) -> Skill:
        """Return the skill with forecasts that were made in an hour; the first of an hour counts.

        Args:
            hour: the current hour, counted since 1970 (UTC).
            forecasts: by hour.
        """
        new = {
            (hour + lead, lead): forecasts[hour + lead].rounded()
            for lead in LEADS
            if hour + lead in forecasts
        }
        return replace(self, pending={**new, **self.pending})

    def settled(
        self, quantity: ForecastQuantity, actual: Mapping[int, float], now: int, waits: int
    ) -> Skill:
        """Return the skill with what has come.

        Args:
            quantity: what was forecast.
            actual: what came, by hour.
            now: the current hour, which is not over.
            waits: hours after which a forecast whose hour was not recorded is dropped.
        """
        scores, pending = self.scores, dict[tuple[int, int], Forecast]()
        for (hour, lead), forecast in self.pending.items():
            if hour < now and hour in actual:
                score = Score.of(quantity, forecast, actual[hour], actual.get(hour - 24))
                scores = scores.added(hour // 24, lead, score)
            elif hour >= now - waits:
                pending[hour, lead] = forecast
        return Skill(scores, pending)
