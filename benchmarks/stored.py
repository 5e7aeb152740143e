"""The results as a file: for programs, and to go on with what was cut off."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from devtools.settings import DOMAIN, ROOT

from .framework import Case, Figures, Value
from .machine import Machine
from .results import Result, Runs

_MEASURED: Final = (ROOT / "custom_components" / DOMAIN, ROOT / "simulator", ROOT / "benchmarks")


class _StoredCase(msgspec.Struct):
    settings: dict[str, Value]
    runs: dict[str, list[Figures]]
    growth_runs: dict[int, dict[str, list[Figures]]]


class _Stored(msgspec.Struct):
    machine: msgspec.Raw
    code: str
    quick: bool
    cases: dict[str, _StoredCase]


def stored(path: Path, cases: Iterable[Case], machine: Machine) -> dict[str, Result]:
    """Return the results in a file, by key of the case, that need not be measured again.

    They are those of this day, this machine, this code and the same settings.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Stored)
    except FileNotFoundError, msgspec.DecodeError:
        return {}
    if found.quick or found.code != _code():
        return {}
    if msgspec.json.decode(found.machine) != msgspec.to_builtins(machine):
        return {}
    return {
        case.key: Result(
            case=case,
            settings=one.settings,
            runs=Runs(one.runs),
            growth={size: Runs(runs) for size, runs in one.growth_runs.items()},
        )
        for case in cases
        if (one := found.cases.get(case.key)) is not None and one.settings == dict(case.settings)
    }


def _code() -> str:
    """Return what tells this code from any other."""
    digest = sha256()
    for folder in _MEASURED:
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def store(path: Path, results: Iterable[Result], machine: Machine, *, quick: bool) -> None:
    """Write every run of every case, and what came of each bound, as JSON."""
    content = {
        "machine": machine,
        "code": _code(),
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
        "growth_runs": {size: runs.by_contender for size, runs in result.growth.items()},
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
