"""Judge methods by the congested hours that they foresee, and by the error of their load."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .methods import Method
from .world import BEHIND_DAYS, DAYS, EVENING, SimulatedLine

LINES: Final = 6
ISSUED: Final = 12
"""The hour of the day at which forecasts are issued."""
LEADS: Final = {"day ahead": 24, "same day": 0}
"""Hours from the day of issue to the day that is judged."""


@dataclass(slots=True)
class Score:
    """How a method did.

    Attributes:
        hits: congested hours that were foreseen.
        false: hours that were foreseen and not congested.
        missed: congested hours that were not foreseen.
        error: sum of the errors of the load, A.
        within: hours whose load lay within the band.
        hours: all hours that were judged.
    """

    hits: int = 0
    false: int = 0
    missed: int = 0
    error: float = 0.0
    within: int = 0
    hours: int = 0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        found = 2 * self.hits
        return found / (found + self.false + self.missed) if found else 0.0

    @property
    def mean_error(self) -> float:
        """The mean error of the load, A."""
        return self.error / self.hours

    @property
    def covered(self) -> float:
        """The share of hours within the band."""
        return self.within / self.hours


def world(seed: int) -> Sequence[SimulatedLine]:
    """Return the lines of a seed."""
    return [SimulatedLine(seed, number) for number in range(LINES)]


def judge(
    method: Method, lines: Sequence[SimulatedLine], lead: int, level: str = "prediction"
) -> Score:
    """Return how a method did.

    Args:
        method: the method.
        lines: the lines.
        lead: hours from the day of issue to the day that is judged.
        level: the forecast rating that the load is compared with.
    """
    score = Score()
    for line in lines:
        for day in range(BEHIND_DAYS, BEHIND_DAYS + DAYS):
            issued, first = 24 * day + ISSUED, 24 * day + lead
            hours = range(first + EVENING.start, first + EVENING.stop)
            for hour, expected in method.expect(line, issued, hours).items():
                foreseen = expected.centre > line.forecast(issued, hour)[level]
                congested = line.is_congested(hour)
                score.hits += foreseen and congested
                score.false += foreseen and not congested
                score.missed += congested and not foreseen
                score.error += abs(expected.centre - line.load[hour])
                score.within += expected.low <= line.load[hour] <= expected.high
                score.hours += 1
    return score
