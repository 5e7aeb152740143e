"""The benchmarks run, and reckon rightly with what they measure."""

import asyncio
from dataclasses import replace
from importlib import import_module
from pathlib import Path
import subprocess
import sys
import time

import pyperf
import pytest

from benchmarks.discovery import all_cases
from benchmarks.framework import (
    BLOCK,
    CPU,
    MEMORY,
    OURS,
    WALL,
    Bound,
    Case,
    Contender,
    Growth,
    metadata_key,
)
from benchmarks.meter import measuring
from benchmarks.results import Result, Runs, fit, ratio
from benchmarks.running import sizes
from benchmarks.sdk import PYTHON as SDK
from benchmarks.suite import Suite
from benchmarks.table import overview, ratio_text, wanted_text
from devtools.settings import ROOT

OTHER = "other"
_FREED_AGAIN = f"""
from benchmarks.meter import measuring
with measuring() as figures:
    held = bytearray(b"x" * 2**26)
    del held
print(figures["{MEMORY.key}"])
"""
# A stopped clock, a recorder, no network, a core with entities, another interpreter, messages.
KINDS = ("calls", "import_history", "read_csv", "announce_0", "poll_lines", "push")


def benchmark_of(name: str, values: list[float], **figures: float) -> pyperf.Benchmark:
    """Return a benchmark of processes with these times, each with the same other figures."""
    metadata = {metadata_key(key): value for key, value in figures.items()}
    return pyperf.Benchmark(
        [
            pyperf.Run([value], metadata={"name": name, **metadata}, collect_metadata=False)
            for value in values
        ]
    )


def result_of(*bounds: Bound, ours: list[float], other: list[float]) -> Result:
    """Return the result of a case in which these times were measured."""
    contenders = tuple(
        Contender(key=key, title=key.title(), factory="module:function") for key in (OURS, OTHER)
    )
    case = Case(key="case", title="A case", text="", contenders=contenders, bounds=bounds)
    runs = {key: benchmark_of(key, values) for key, values in ((OURS, ours), (OTHER, other))}
    return Result(case=case, settings={}, runs=Runs(runs))


@pytest.mark.timeout(600)
def test_a_quick_look_runs_every_kind_of_case(tmp_path: Path) -> None:
    file = tmp_path / "benchmark.json"
    cases = [case for case in all_cases() if case.key in KINDS]
    subprocess.run(  # noqa: S603 - our own script
        [ROOT / "script" / "benchmark", "--quick", f"--json={file}", *KINDS], check=True
    )
    suite = pyperf.BenchmarkSuite.load(str(file))
    for case in cases:
        for contender in case.contenders:
            [run] = suite.get_benchmark(f"{case.key}/{contender.key}").get_runs()
            assert len(run.values) == 1
            assert len(run.warmups) == case.warmups
        ours = suite.get_benchmark(f"{case.key}/{OURS}").get_metadata()
        measured = {WALL.key} | {figure.key for figure in (CPU, BLOCK, MEMORY)}
        own = {figure.key for figure in case.figures} - measured
        assert all(metadata_key(key) in ours for key in own)


def test_every_contender_is_there() -> None:
    """One that is not run here either shares its code with one that is, or takes long."""
    names = {one.factory for case in all_cases() for one in case.contenders if one.python != SDK}
    for name in names:
        module, _, function = name.partition(":")
        assert callable(getattr(import_module(module), function)), name


def test_runs_of_today_are_not_measured_again(tmp_path: Path) -> None:
    file, settings = tmp_path / "benchmark.json", {"lines": 2}
    suite = Suite(file, resume=False)
    assert suite.find("case/ours", settings) is None

    def run(seconds: float, stamp: str) -> pyperf.Benchmark:
        metadata = {"name": "case/ours", "stamp": stamp}
        return pyperf.Benchmark([pyperf.Run([seconds], metadata=metadata, collect_metadata=False)])

    suite.add(run(9.0, "another day"))
    assert suite.find("case/ours", settings) is None
    for seconds in (1.0, 2.0):
        suite.add(run(seconds, suite.stamp(settings)))
    again = Suite(file, resume=True).find("case/ours", settings)
    assert again is not None
    assert again.get_values() == (1.0, 2.0)
    assert Suite(file, resume=True).find("case/ours", {"lines": 3}) is None
    assert Suite(file, resume=False).find("case/ours", settings) is None


def test_other_sizes_are_measured_by_one_process_each() -> None:
    other = Contender(key=OTHER, title="Other", factory="module:other")
    case = replace(
        result_of(ours=[1], other=[1]).case,
        contenders=(Contender(key=OURS, title="Ours", factory="module:ours"), other),
        settings={"lines": 1, "seed": 7},
        growth=Growth(setting="lines", sizes=(10, 100), without=(OTHER,)),
    )
    assert [
        (size, sized.processes, dict(sized.settings), [one.key for one in sized.contenders])
        for size, sized in sizes(case)
    ] == [(size, 1, {"lines": size, "seed": 7}, [OURS]) for size in (10, 100)]
    assert not [*sizes(replace(case, growth=None))]


def test_other_figures_are_the_medians_of_the_processes() -> None:
    runs = Runs({OURS: benchmark_of(OURS, [1.0, 3.0, 2.0], block=0.004)})
    assert runs.median(OURS, WALL) == 2
    assert runs.median(OURS, BLOCK) == 0.004
    assert runs.median(OURS, MEMORY) is None
    assert runs.median(OTHER, WALL) is None
    assert runs.spread(OURS) == (2, 1)
    assert Runs({OURS: benchmark_of(OURS, [1.0])}).spread(OURS) is None


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


def test_memory_that_is_freed_again_counts() -> None:
    # In a process of its own: what this one has freed before may be used again, without any more.
    measured = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", _FREED_AGAIN], check=True, capture_output=True, cwd=ROOT, text=True
    )
    assert float(measured.stdout) >= 2**25
