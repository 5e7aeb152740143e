"""What came of a case: runs of pyperf, their medians, and whether its bounds are held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log
from statistics import linear_regression, median
from typing import Final

import pyperf

from .framework import OURS, WALL, Bound, Case, Figure, Settings, metadata_key

_ENOUGH_SIZES: Final = 2


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of a case at one size, by key of the contender."""

    by_contender: Mapping[str, pyperf.Benchmark]

    def median(self, contender: str, figure: Figure) -> float | None:
        """Return the median of a figure; None where this contender does not have it."""
        benchmark = self.by_contender.get(contender)
        if benchmark is None:
            return None
        if figure is WALL:
            return float(benchmark.median())
        key = metadata_key(figure.key)
        values = [
            float(metadata[key])
            for run in benchmark.get_runs()
            if key in (metadata := run.get_metadata())
        ]
        return median(values) if values else None

    def spread(self, contender: str) -> tuple[float, float] | None:
        """Return mean and standard deviation of the time, seconds; None for a single value."""
        benchmark = self.by_contender.get(contender)
        if benchmark is None or benchmark.get_nvalue() == 1:
            return None
        return float(benchmark.mean()), float(benchmark.stdev())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a bound.

    Attributes:
        ours: of the contender that is judged.
        beside: of the one that it is judged against, None where there is none.
        value: what is judged: the ratio or the difference of the two, or `ours`.
        held: whether the bound is held; None where it was not judged.
    """

    bound: Bound
    ours: float
    beside: float | None
    value: float
    held: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a case.

    Attributes:
        settings: what it was run with.
        runs: at its own size.
        growth: at all sizes, smallest first; empty where there is but one.
    """

    case: Case
    settings: Settings
    runs: Runs
    growth: Mapping[int, Runs] = field(default_factory=dict)

    def verdicts(self, *, judge: bool) -> list[Verdict]:
        """Return what came of each bound.

        Args:
            judge: whether this run is one that bounds are meant for.
        """
        return [self._verdict(bound, judge=judge) for bound in self.case.bounds]

    def _verdict(self, bound: Bound, *, judge: bool) -> Verdict:
        ours = self._needed(bound.of, bound.figure)
        beside = None if bound.against is None else self._needed(bound.against, bound.figure)
        if beside is None:
            value = ours
        else:
            value = ours - beside if bound.difference else ratio(ours, beside)
        held = (bound.most is None or value <= bound.most) and (
            bound.least is None or value >= bound.least
        )
        return Verdict(bound, ours, beside, value, held if judge else None)

    def _needed(self, contender: str, figure: Figure) -> float:
        found = self.runs.median(contender, figure)
        if found is None:
            raise ValueError(f"{self.case.key}: {contender} has no {figure.key}")
        return found

    def curve(self, contender: str, figure: Figure) -> dict[int, float]:
        """Return a figure by size."""
        found = {size: runs.median(contender, figure) for size, runs in self.growth.items()}
        return {size: value for size, value in found.items() if value is not None}

    def exponent(self, figure: Figure, contender: str = OURS) -> float | None:
        """Return how a figure grows: 1 where twice the size costs twice as much.

        It is the slope of a line through the logarithms of size and figure.
        """
        fitted = fit(self.curve(contender, figure))
        return None if fitted is None else fitted[0]


def ratio(ours: float, beside: float) -> float:
    """Return how many times the other's figure ours is; two figures of nothing are equal."""
    if beside:
        return ours / beside
    return float("inf") if ours else 1.0


def fit(curve: Mapping[int, float]) -> tuple[float, float] | None:
    """Return the exponent and the factor of the power law nearest to a curve."""
    points = [(log(size), log(value)) for size, value in curve.items() if value > 0]
    if len(points) < _ENOUGH_SIZES:
        return None
    slope, start = linear_regression(*zip(*points, strict=True))
    return slope, exp(start)
