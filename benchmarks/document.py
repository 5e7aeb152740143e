"""Write `docs/performance.md` and its charts."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
import re
from typing import Final

import pyperf

from devtools.settings import ROOT

from .charts import draw_growth
from .framework import OURS, WALL, Case, Growth
from .results import Result
from .table import amount, spread_text, verdict_cells

_DOCS: Final = ROOT / "docs"
_IMAGES: Final = "images"
_PACKAGES: Final = ("homeassistant", "aiohttp", "msgspec", "orjson", "pyperf")
_INTRODUCTION: Final = """\
# Performance

Written by `script/benchmark --write`; every number below was measured on the day and the machine
named below, with one and the same code.

## How to read it

Each part is a case: the integration (*ours*) beside another way to do the same. *Ratio* is ours
divided by what stands beside it, so less is better; 1/12 means twelve times faster. *Wanted* is
the bound that the command holds it to: it ends with status 1 where one is not held.

How well load limits control a load is measured by a simulated feeder instead:
[wanted and reached](load-limits.md#how-it-is-judged).

## How it was measured

- [pyperf](https://pyperf.readthedocs.io) runs every contender in processes of its own, beside one
  simulator of both clouds in another, all on one machine. The processes of the contenders take
  turns.
- Each part says how many processes there were, how many values each of them measured, and whether
  it did the work once before, without being measured. *Time* is the median of all values, beside
  their mean and standard deviation; another number is the median of the processes, of whose values
  it is the median.
- *Processor time* is that of the contender's process alone.
- *Longest block* is the longest that one callback held the event loop; while another process had
  the processor, the time stands still.
- *Peak memory* is the resident memory at the peak of a run above that at its beginning.
"""

type Row = Sequence[str]


def write(results: Sequence[Result]) -> None:
    """Write what was measured; `results` has all cases."""
    images = _DOCS / _IMAGES
    images.mkdir(parents=True, exist_ok=True)
    for stale in images.glob("performance-*.svg"):
        stale.unlink()
    for result in results:
        if result.case.growth is not None:
            draw_growth(result, result.case.growth, images / _chart(result))
    text = "\n".join(_parts(results))
    (_DOCS / "performance.md").write_text(text, encoding="utf-8")


def _parts(results: Sequence[Result]) -> Iterator[str]:
    yield _INTRODUCTION
    yield _table(("Machine", ""), _machine(results[0].runs.by_contender[OURS]))
    yield "## Overview\n"
    yield _table(
        ("Case", "Figure", "Ours", "Beside", "Ratio", "Wanted", "Held"),
        (
            [
                f"[{result.case.title}](#{_anchor(result.case)})",
                *verdict_cells(result.case, verdict),
            ]
            for result in results
            for verdict in result.verdicts(judge=True)
        ),
    )
    for result in results:
        yield from _part(result)


def _anchor(case: Case) -> str:
    """Return the anchor that the heading of a case gets."""
    return re.sub(r"[^\w -]", "", case.title.lower()).replace(" ", "-")


def _part(result: Result) -> Iterator[str]:
    case = result.case
    yield f"## {case.title}\n"
    yield f"{case.text}\n"
    yield f"{_measured(case, case.processes)}:\n"
    # One value has no deviation.
    spread = WALL in case.figures and case.processes * case.values > 1
    yield _table(
        ("", *(figure.title for figure in case.figures), *(["Mean ± std dev"] if spread else [])),
        (
            [
                one.title,
                *(amount(result.runs.median(one.key, figure), figure) for figure in case.figures),
                *([spread_text(result.runs.spread(one.key))] if spread else []),
            ]
            for one in case.contenders
        ),
    )
    if case.growth is not None:
        yield from _growth(result, case.growth)


def _growth(result: Result, growth: Growth) -> Iterator[str]:
    case = result.case
    yield f"By {growth.setting}. {_measured(case, 1)}:\n"
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


def _measured(case: Case, processes: int) -> str:
    """Return how often each contender was measured."""
    warmups = f", after {_count(case.warmups, 'warm-up')}" if case.warmups else ""
    return f"{_count(processes, 'process')} with {_count(case.values, 'value')} each{warmups}"


def _count(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _machine(benchmark: pyperf.Benchmark) -> Iterator[tuple[str, str]]:
    """Yield what pyperf knows of the machine, and the versions that matter."""
    metadata = benchmark.get_metadata()
    yield "Processor", f"{metadata['cpu_model_name']}, {metadata['cpu_count']} cores"
    yield "Platform", str(metadata["platform"])
    yield "Python", str(metadata["python_version"])
    for package in _PACKAGES:
        yield package, version(package)
    _, last = benchmark.get_dates()
    yield "Measured on", last.date().isoformat()


def _chart(result: Result) -> str:
    return f"performance-{result.case.key.replace('_', '-')}.svg"


def _table(headings: Row, rows: Iterable[Row]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
