"""The benchmarks run, and reckon rightly with what they measure."""

import asyncio
from dataclasses import replace
from pathlib import Path
import subprocess
import time

import msgspec
import pytest

from benchmarks.discovery import all_cases
from benchmarks.framework import BLOCK, MEMORY, OURS, WALL, Bound, Case, Contender, Figures
from benchmarks.machine import Machine
from benchmarks.meter import measuring
from benchmarks.results import Result, Runs, fit, ratio
from benchmarks.stored import store, stored
from benchmarks.table import overview, ratio_text, wanted_text
from devtools.settings import ROOT

OTHER = "other"


class StoredCase(msgspec.Struct):
    """What is read of a case here."""

    medians: dict[str, dict[str, float | None]]
    growth: dict[str, object]


class Stored(msgspec.Struct):
    """What is read of the command's JSON here."""

    quick: bool
    cases: dict[str, StoredCase]


def result_of(*bounds: Bound, ours: list[float], other: list[float]) -> Result:
    """Return the result of a case in which these times were measured."""
    contenders = tuple(
        Contender(key=key, title=key.title(), factory="module:function") for key in (OURS, OTHER)
    )
    case = Case(key="case", title="A case", text="", contenders=contenders, bounds=bounds)
    runs: dict[str, list[Figures]] = {
        key: [{WALL.key: value} for value in values]
        for key, values in ((OURS, ours), (OTHER, other))
    }
    return Result(case=case, settings={}, runs=Runs(runs))


@pytest.mark.timeout(600)
def test_a_quick_look_runs_every_case(tmp_path: Path) -> None:
    file = tmp_path / "benchmark.json"
    subprocess.run(  # noqa: S603 - our own script
        [ROOT / "script" / "benchmark", "--quick", f"--json={file}"], check=True
    )
    stored = msgspec.json.decode(file.read_bytes(), type=Stored)
    assert stored.quick
    assert [*stored.cases] == [case.key for case in all_cases()]
    for case in all_cases():
        found = stored.cases[case.key]
        assert [*found.medians] == [one.key for one in case.contenders]
        assert any(value is not None for value in found.medians[OURS].values())
        assert bool(found.growth) == (case.growth is not None)


def test_what_was_measured_today_need_not_be_measured_again(tmp_path: Path) -> None:
    file, machine = tmp_path / "benchmark.json", Machine.this()
    result = result_of(Bound(against=OTHER, most=1), ours=[1, 2], other=[3])
    result = replace(result, growth={10: Runs({OURS: [{WALL.key: 0.5}]})})
    store(file, [result], machine, quick=False)
    again = stored(file, [result.case], machine)
    assert again == {result.case.key: result}
    assert stored(file, [], machine) == {}
    assert stored(file, [replace(result.case, settings={"lines": 2})], machine) == {}
    another = msgspec.structs.replace(machine, date="2020-01-01")
    assert stored(file, [result.case], another) == {}
    assert stored(tmp_path / "none.json", [result.case], machine) == {}
    store(file, [result], machine, quick=True)
    assert stored(file, [result.case], machine) == {}


@pytest.mark.parametrize(
    ("bound", "held"),
    [
        (Bound(against=OTHER, most=0.5), True),
        (Bound(against=OTHER, most=0.4), False),
        (Bound(against=OTHER, least=0.6), False),
        (Bound(most=0.001), False),
        (Bound(of=OTHER, most=2, least=2), True),
        (Bound(against=OTHER, difference=True, most=-1), True),
        (Bound(against=OTHER, difference=True, most=-1.5), False),
    ],
)
def test_a_bound_is_held_by_the_medians(bound: Bound, held: bool) -> None:
    result = result_of(bound, ours=[9, 1, 0.5], other=[2, 1, 3])
    [judged] = result.verdicts(judge=True)
    [shown] = result.verdicts(judge=False)
    assert judged.held is held
    assert shown.held is None
    assert shown.value == judged.value


def test_a_bound_about_what_was_not_measured_is_an_error() -> None:
    result = result_of(Bound(figure=MEMORY, most=1), ours=[1], other=[1])
    with pytest.raises(ValueError, match="case: ours has no memory"):
        result.verdicts(judge=True)


def test_the_overview_says_which_bound_is_not_held() -> None:
    bounds = (Bound(against=OTHER, most=0.1), Bound(most=2))
    lines = overview([result_of(*bounds, ours=[1], other=[2])], judge=True).splitlines()
    assert lines[1].split() == [
        *("case", "Time", "1,000.0", "ms", "2,000.0", "ms", "(Other)", "0.50", "≤", "1/10.0", "NO")
    ]
    assert lines[2].split()[-1] == "yes"


@pytest.mark.parametrize(
    ("value", "text"), [(1.149, "1.15"), (0.05, "1/20.0"), (0.5, "0.50"), (0, "0.00")]
)
def test_a_ratio_reads_well(value: float, text: str) -> None:
    assert ratio_text(value) == text


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        (Bound(figure=BLOCK, most=0.01), "≤ 10.0 ms"),
        (Bound(figure=BLOCK, against=OTHER, difference=True, most=0.1), "≤ +100.0 ms"),
        (Bound(against=OTHER, most=1, least=1), "= 1.00"),
        (Bound(against=OTHER, most=2, least=1), "≥ 1.00 and ≤ 2.00"),
    ],
)
def test_what_is_wanted_reads_well(bound: Bound, text: str) -> None:
    assert wanted_text(bound) == text


def test_two_figures_of_nothing_are_equal() -> None:
    assert ratio(0, 0) == 1
    assert ratio(1, 0) == float("inf")


def test_the_exponent_of_a_power_law_is_found() -> None:
    fitted = fit({size: 3 * size**1.5 for size in (10, 100, 1_000)})
    assert fitted == pytest.approx((1.5, 3))
    assert fit({10: 1.0}) is None


async def test_a_callback_that_blocks_is_seen_however_many_others_run() -> None:
    def block() -> None:
        time.sleep(0.03)

    async def work() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(block)
        await asyncio.sleep(0)

    with measuring() as figures:
        await asyncio.Task(work())
    assert figures[BLOCK.key] >= 0.03
    assert figures[WALL.key] >= figures[BLOCK.key]


async def test_memory_that_is_freed_again_counts() -> None:
    with measuring() as figures:
        held = bytearray(b"x" * 2**26)
        del held
    assert figures[MEMORY.key] >= 2**26
