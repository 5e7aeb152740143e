"""Write `docs/performance.md` and its charts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from devtools.settings import ROOT

from .charts import draw_growth
from .framework import OURS, Growth
from .machine import Machine
from .results import Result
from .table import amount, verdict_cells

_DOCS: Final = ROOT / "docs"
_IMAGES: Final = "images"
_INTRODUCTION: Final = """\
# Performance

Written by `script/benchmark --write`; every number below was measured on the day and the machine
named below, with one and the same code.

## How to read it

Each part is a case: the integration (*ours*) beside another way to do the same. *Ratio* is ours
divided by what stands beside it, so less is better; 1/12 means twelve times faster. *Wanted* is
the bound that the command holds it to: it ends with status 1 where one is not held.

## How it was measured

- Every contender runs in a process of its own, beside one simulator of both clouds in another,
  all on one machine.
- The runs of the contenders take turns. A run before the first is not counted, or every run has a
  new process, where a part says so. Each number is the median of the runs.
- *Processor time* is that of the contender's process alone.
- *Longest block* is the longest that one callback held the event loop; while another process had
  the processor, the time stands still.
- *Peak memory* is the resident memory at the peak of a run above that at its beginning.
"""

type Row = Sequence[str]


def write(results: Sequence[Result], machine: Machine) -> None:
    """Write what was measured; `results` has all cases."""
    images = _DOCS / _IMAGES
    images.mkdir(parents=True, exist_ok=True)
    for stale in images.glob("performance-*.svg"):
        stale.unlink()
    for result in results:
        if result.case.growth is not None:
            draw_growth(result, result.case.growth, images / _chart(result))
    text = "\n".join(_parts(results, machine))
    (_DOCS / "performance.md").write_text(text, encoding="utf-8")


def _parts(results: Sequence[Result], machine: Machine) -> Iterator[str]:
    yield _INTRODUCTION
    yield _table(("Machine", ""), machine.facts())
    yield "## Overview\n"
    yield _table(
        ("Case", "Figure", "Ours", "Beside", "Ratio", "Wanted", "Held"),
        (
            [f"[{result.case.title}](#{result.case.key})", *verdict_cells(result.case, verdict)]
            for result in results
            for verdict in result.verdicts(judge=True)
        ),
    )
    for result in results:
        yield from _part(result)


def _part(result: Result) -> Iterator[str]:
    case = result.case
    yield f'<a id="{case.key}"></a>\n\n## {case.title}\n'
    yield f"{case.text}\n"
    turns = "each in a new process" if case.fresh else "after one that is not counted"
    yield f"{_runs(case.runs)}, {turns}:\n"
    yield _table(
        ("", *(figure.title for figure in case.figures)),
        (
            [
                one.title,
                *(amount(result.runs.median(one.key, figure), figure) for figure in case.figures),
            ]
            for one in case.contenders
        ),
    )
    if case.growth is not None:
        yield from _growth(result, case.growth)


def _growth(result: Result, growth: Growth) -> Iterator[str]:
    case = result.case
    yield f"By {growth.setting}. {_runs(growth.runs)}:\n"
    columns = [
        (one, figure)
        for figure in growth.figures
        for one in case.contenders
        if one.key not in growth.without
    ]
    yield _table(
        (growth.setting, *(f"{figure.title}, {one.title}" for one, figure in columns)),
        (
            [
                f"{size:,}",
                *(amount(runs.median(one.key, figure), figure) for one, figure in columns),
            ]
            for size, runs in result.growth.items()
        ),
    )
    for figure in growth.figures:
        if (exponent := result.exponent(figure, OURS)) is not None:
            yield (
                f"{figure.title} of ours grows with the size to the power of {exponent:.2f} "
                "(a line fitted through the logarithms of all sizes).\n"
            )
    yield f"![{case.title}, by {growth.setting}]({_IMAGES}/{_chart(result)})\n"


def _runs(count: int) -> str:
    return "One run of each" if count == 1 else f"Medians of {count} runs"


def _chart(result: Result) -> str:
    return f"performance-{result.case.key.replace('_', '-')}.svg"


def _table(headings: Row, rows: Iterable[Row]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
