"""The load that is expected of a line, site or asset, and how it fits its forecast rating."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import batched
import math
from typing import Final, Self

from .line_forecast import Confidence

HOUR: Final = timedelta(hours=1)
HOURS_AHEAD: Final = 48
"""Hours that loads are expected for."""

_WATTS_PER_KILOWATT: Final = 1000

_UP_TO: Final = {one: tuple(Confidence)[: place + 1] for place, one in enumerate(Confidence)}
"""Each level of confidence with all lower ones."""


class Likelihood(StrEnum):
    """A probability in a word; the words are translation keys."""

    UNLIKELY = "unlikely"
    """Below a third."""
    POSSIBLE = "possible"
    LIKELY = "likely"
    """Above two thirds."""
    VERY_LIKELY = "very_likely"
    """Above 90 %."""

    @classmethod
    def of(cls, probability: float) -> Likelihood:
        """Return the word for a probability, 0 to 1."""
        for above, word in _WORDS:
            if probability > above:
                return word
        return cls.UNLIKELY


_WORDS: Final = (
    (0.9, Likelihood.VERY_LIKELY),
    (2 / 3, Likelihood.LIKELY),
    (1 / 3, Likelihood.POSSIBLE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedHour:
    """The mean load that is expected of one hour.

    Attributes:
        start: the beginning of the hour.
        centre: the expected mean.
        low: it is lower with a probability of 10 %.
        high: it is higher with a probability of 10 %.
    """

    start: datetime
    centre: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedLoad:
    """The load that is expected of a line (A), site or asset (kW).

    Its hours are packed: as objects, those of hundreds of loads take four times the memory and
    milliseconds to free.

    Attributes:
        updated: when it was computed.
        unit: the unit of all values.
        starts: the beginning of each hour.
        values: centre, low and high of each hour in turn.
    """

    updated: datetime
    unit: str
    starts: tuple[datetime, ...]
    values: array[float]

    @classmethod
    def of(cls, updated: datetime, unit: str, hours: Iterable[ExpectedHour]) -> Self:
        """Return the load of hours in order of time."""
        starts, values = list[datetime](), array("d")
        for one in hours:
            starts.append(one.start)
            values.extend((one.centre, one.low, one.high))
        return cls(updated=updated, unit=unit, starts=tuple(starts), values=values)

    @property
    def hours(self) -> tuple[ExpectedHour, ...]:
        """The hours in order of time, beginning with the current one.

        Hours whose load was never recorded are left out.
        """
        return tuple(
            ExpectedHour(start=start, centre=centre, low=low, high=high)
            for start, (centre, low, high) in zip(
                self.starts, batched(self.values, 3, strict=True), strict=True
            )
        )

    def ahead(self, now: datetime, hours: int = HOURS_AHEAD) -> tuple[ExpectedHour, ...]:
        """Return the hours from the current one on."""
        end = now + timedelta(hours=hours)
        return tuple(one for one in self.hours if now - HOUR < one.start < end)

    def peak(self, now: datetime, hours: int = HOURS_AHEAD) -> ExpectedHour | None:
        """Return the hour with the highest load, the earliest of equal ones."""
        return max(self.ahead(now, hours), key=lambda one: one.centre, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookHour:
    """The expected load of a line and its forecast rating in one hour.

    Attributes:
        expected: the expected current, A.
        in_force: the rating in force by level of confidence, A.
        limited_by: the rating that is predicted to be in force, as in `LineState.limited_by`.
        probability: that the current exceeds the rating, 0 to 1.
    """

    expected: ExpectedHour
    in_force: Mapping[str, float]
    limited_by: str | None
    probability: float

    @property
    def start(self) -> datetime:
        """The beginning of the hour."""
        return self.expected.start

    def rating(self, confidence: Confidence) -> float:
        """Return the rating in force, A: the lowest of those at this or a lower confidence.

        A level may not be forecast, or only for some of the ratings, and then be the higher one.
        """
        return min(self.in_force[one] for one in _UP_TO[confidence] if one in self.in_force)

    def shortfall(self, confidence: Confidence) -> float:
        """Return by how much the expected current exceeds the rating, A; 0 where it does not."""
        return max(0.0, self.expected.centre - self.rating(confidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class CongestionAhead:
    """The congestion that is expected of a line.

    Attributes:
        first: the beginning of the first congested hour; the present if it has begun.
        worst: the hour with the largest shortfall, the earliest of equal ones.
        shortfall: by how much the expected current then exceeds the rating, A.
        power: the same as three-phase apparent power, kVA; None without a voltage.
        likelihood: of congestion in its most probable hour.
    """

    first: datetime
    worst: datetime
    shortfall: float
    power: float | None
    likelihood: Likelihood


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutlook:
    """The hours ahead of a line for which both load and rating are known.

    Attributes:
        updated: when the expected load was computed.
        voltage: phase to phase, V; None if unknown.
        hours: in order of time, beginning with the current one.
    """

    updated: datetime
    voltage: float | None
    hours: tuple[OutlookHour, ...]

    def ahead(self, now: datetime, hours: int = HOURS_AHEAD) -> tuple[OutlookHour, ...]:
        """Return the hours from the current one on."""
        end = now + timedelta(hours=hours)
        return tuple(one for one in self.hours if now - HOUR < one.start < end)

    def congested(
        self, confidence: Confidence, now: datetime, hours: int = HOURS_AHEAD
    ) -> Iterator[OutlookHour]:
        """Yield the hours in which the expected current exceeds the rating at a confidence."""
        return (one for one in self.ahead(now, hours) if one.shortfall(confidence) > 0)

    def congestion(
        self, confidence: Confidence, now: datetime, hours: int = HOURS_AHEAD
    ) -> CongestionAhead | None:
        """Return the congestion that is expected at a confidence; None where there is none."""
        congested = tuple(self.congested(confidence, now, hours))
        if not congested:
            return None
        worst = max(congested, key=lambda one: one.shortfall(confidence))
        shortfall = worst.shortfall(confidence)
        return CongestionAhead(
            first=max(congested[0].start, now),
            worst=worst.start,
            shortfall=shortfall,
            power=self.power(shortfall),
            likelihood=self.likelihood(now, hours),
        )

    def likelihood(self, now: datetime, hours: int = HOURS_AHEAD) -> Likelihood:
        """Return how likely congestion is in its most probable hour."""
        return Likelihood.of(max((one.probability for one in self.ahead(now, hours)), default=0.0))

    def power(self, current: float) -> float | None:
        """Return a current (A) as three-phase apparent power, kVA; None without a voltage."""
        if self.voltage is None:
            return None
        return math.sqrt(3) * self.voltage * current / _WATTS_PER_KILOWATT
