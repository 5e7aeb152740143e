"""The results as a file, for programs."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from .machine import Machine
from .results import Result, Runs


def store(path: Path, results: Iterable[Result], machine: Machine, *, quick: bool) -> None:
    """Write every run of every case, and what came of each bound, as JSON."""
    content = {
        "machine": machine,
        "quick": quick,
        "cases": {result.case.key: _case(result, judge=not quick) for result in results},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))


def _case(result: Result, *, judge: bool) -> dict[str, object]:
    return {
        "settings": result.settings,
        "runs": result.runs.by_contender,
        "medians": _medians(result, result.runs),
        "bounds": [
            {
                "figure": verdict.bound.figure.key,
                "of": verdict.bound.of,
                "against": verdict.bound.against,
                "most": verdict.bound.most,
                "least": verdict.bound.least,
                "value": verdict.value,
                "held": verdict.held,
            }
            for verdict in result.verdicts(judge=judge)
        ],
        "growth": {size: _medians(result, runs) for size, runs in result.growth.items()},
        "exponents": {
            figure.key: result.exponent(figure)
            for figure in (result.case.growth.figures if result.case.growth else ())
        },
    }


def _medians(result: Result, runs: Runs) -> dict[str, dict[str, float | None]]:
    return {
        contender.key: {
            figure.key: runs.median(contender.key, figure) for figure in result.case.figures
        }
        for contender in result.case.contenders
    }
