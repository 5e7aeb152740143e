"""How figures are worded, and the one table that the command prints."""

from collections.abc import Iterable, Sequence
from typing import Final

from .framework import WALL, Bound, Case, Figure
from .results import Result, Verdict

NOTHING: Final = "-"
_HEADINGS: Final = ("case", "figure", "ours", "beside", "ratio", "wanted", "held")
# Below it, a ratio reads better as a part of one.
_SMALL_RATIO: Final = 0.4
_HELD: Final = {True: "yes", False: "NO", None: NOTHING}


def amount(value: float | None, figure: Figure) -> str:
    """Return a figure with its unit."""
    if value is None:
        return NOTHING
    return f"{value * figure.scale:,.{figure.digits}f} {figure.unit}".strip()


def spread_text(spread: tuple[float, float] | None) -> str:
    """Return mean and standard deviation of a time."""
    if spread is None:
        return NOTHING
    mean, deviation = spread
    return f"{amount(mean, WALL)} ± {amount(deviation, WALL)}"


def ratio_text(value: float) -> str:
    """Return a ratio, such as 1.12 or 1/17.3."""
    return f"1/{1 / value:.1f}" if 0 < value < _SMALL_RATIO else f"{value:.2f}"


def wanted_text(bound: Bound) -> str:
    """Return what a bound demands."""

    def word(value: float) -> str:
        if bound.difference:
            return f"+{amount(value, bound.figure)}"
        return amount(value, bound.figure) if bound.against is None else ratio_text(value)

    if bound.least is not None and bound.least == bound.most:
        return f"= {word(bound.least)}"
    signs = (("≥", bound.least), ("≤", bound.most))
    return " and ".join(f"{sign} {word(value)}" for sign, value in signs if value is not None)


def difference_text(verdict: Verdict) -> str:
    """Return by how much ours is above the other's figure, with its sign."""
    sign = "+" if verdict.value > 0 else ""
    return f"{sign}{amount(verdict.value, verdict.bound.figure)}"


def title_of(case: Case, contender: str) -> str:
    """Return the title of a contender."""
    return next(one.title for one in case.contenders if one.key == contender)


def verdict_cells(case: Case, verdict: Verdict) -> list[str]:
    """Return the cells of a bound: figure, ours, beside, ratio, wanted, held."""
    bound = verdict.bound
    beside, quotient = NOTHING, NOTHING
    if bound.against is not None:
        beside = f"{amount(verdict.beside, bound.figure)} ({title_of(case, bound.against)})"
        quotient = difference_text(verdict) if bound.difference else ratio_text(verdict.value)
    return [
        bound.figure.title,
        amount(verdict.ours, bound.figure),
        beside,
        quotient,
        wanted_text(bound),
        _HELD[verdict.held],
    ]


def overview(results: Iterable[Result], *, judge: bool) -> str:
    """Return a table with a line for each bound of each case."""
    lines = [
        [result.case.key, *verdict_cells(result.case, verdict)]
        for result in results
        for verdict in result.verdicts(judge=judge)
    ]
    return _aligned([[*_HEADINGS], *lines])


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
