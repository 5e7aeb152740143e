"""Figures of many hours in reports."""

from collections.abc import Sequence
from statistics import quantiles
from typing import Final

DIGITS: Final = 3
"""Decimal places of figures in responses."""


def rounded(value: float) -> float:
    """Return a figure as responses have it."""
    return round(value, DIGITS)


def share(part: float, whole: float) -> float | None:
    """Return a part in percent of the whole; None without a whole."""
    return rounded(100 * part / whole) if whole else None


def distribution(values: Sequence[float]) -> dict[str, float | int] | None:
    """Return the median, and the 5th and 95th percentile of values; None without any.

    Percentiles are interpolated between the two nearest values.
    """
    if not values:
        return None
    cuts = quantiles(values, n=20, method="inclusive")
    return {
        "p5": rounded(cuts[0]),
        "median": rounded(cuts[9]),
        "p95": rounded(cuts[18]),
        "hours": len(values),
    }
