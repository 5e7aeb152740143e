"""Run a case: its simulator, and pyperf for each contender in turn."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
import pyperf

from devtools.clouds import clouds
from devtools.process import child
from devtools.settings import ROOT, Ports

from .forked import run_forked
from .framework import OWN_PYTHON, SIMULATOR_SETTINGS, Case, Contender, Plan, Settings
from .results import Result, Runs
from .suite import Suite
from .worker import MODULE, FigureHook

_FREE_PORTS: Final = Ports(hass=0, gridduck=0, heimdall=0)
_PYTHON: Final = str(ROOT / OWN_PYTHON)
_TIMEOUT_SECONDS: Final = 1_800
_TAIL_LINES: Final = 12


class BenchmarkError(Exception):
    """A benchmark cannot go on; the message says why in plain words."""


async def run_case(case: Case, suite: Suite, *, quick: bool, changed: Settings) -> Result:
    """Run a case, at all its sizes.

    Args:
        case: what to measure.
        suite: where the runs are added; those that it already has are not repeated.
        quick: whether to run it once, small, and at no other size.
        changed: settings with another value than the case's own.

    Raises:
        BenchmarkError: a contender failed.
        LaunchError: the simulator did not start.
    """
    settings = {**case.settings, **(case.quick if quick else {}), **changed}
    case = replace(case, settings=settings)
    if quick:
        case = replace(case, processes=1, values=1, growth=None)
    runs = await _run(case, suite, quick=quick)
    growth = {size: await _run(sized, suite, size=size) for size, sized in sizes(case)}
    return Result(case=case, settings=settings, runs=runs, growth=growth)


def sizes(case: Case) -> Iterator[tuple[int, Case]]:
    """Yield the sizes of a case, each with the case at that size."""
    if (growth := case.growth) is None:
        return
    for size in growth.sizes:
        settings = {**case.settings, growth.setting: size}
        contenders = tuple(one for one in case.contenders if one.key not in growth.without)
        yield size, replace(case, contenders=contenders, settings=settings, processes=1)


async def _run(case: Case, suite: Suite, *, size: int | None = None, quick: bool = False) -> Runs:
    """Let the contenders take turns: one process of each, then the next of each."""
    names = {
        one.key: f"{case.key}/{one.key}" + ("" if size is None else f" {size}")
        for one in case.contenders
    }
    found = {key: suite.find(name, case.settings) for key, name in names.items()}
    turns = [
        one
        for turn in range(case.processes)
        for one in case.contenders
        if (known := found[one.key]) is None or known.get_nrun() <= turn
    ]
    if turns:
        async with _clouds(case) as access:
            for contender in turns:
                name = names[contender.key]
                measured = _measure(case, contender, name, access, suite, quick=quick)
                found[contender.key] = await measured
    return Runs({key: benchmark for key, benchmark in found.items() if benchmark is not None})


async def _measure(
    case: Case,
    contender: Contender,
    name: str,
    access: Mapping[str, object],
    suite: Suite,
    *,
    quick: bool,
) -> pyperf.Benchmark:
    """Let pyperf take the values of one process, and add them to the suite."""
    with TemporaryDirectory(prefix="benchmark-") as folder:
        directory = Path(folder)
        (own := directory / "own").mkdir()
        plan = Plan(
            name=name,
            factory=contender.factory,
            settings={**case.settings, **contender.settings},
            clouds=access,
            directory=str(own),
            stamp=suite.stamp(case.settings),
        )
        (plan_file := directory / "plan.json").write_text(json.dumps(asdict(plan)))
        (output, log) = (directory / "run.json", directory / "log")
        options = [
            *("--quiet", f"--values={case.values}", f"--warmups={case.warmups}"),
            *(f"--hook={FigureHook.name}", f"--output={output}", str(plan_file)),
        ]
        if quick and contender.python == OWN_PYTHON:
            status = await run_forked(options, log=log, seconds=_TIMEOUT_SECONDS)
        else:
            status = await _run_manager(contender, options, log)
        if status != 0:
            tail = "\n".join(log.read_text().splitlines()[-_TAIL_LINES:])
            raise BenchmarkError(f"{contender.title} failed:\n{tail}")
        return suite.add(pyperf.Benchmark.load(str(output)))


async def _run_manager(contender: Contender, options: Sequence[str], log: Path) -> int:
    """Let pyperf start the worker, by the contender's interpreter."""
    # The link of a virtual environment's interpreter tells it where its packages are.
    python = str(ROOT / contender.python)
    how = ["--copy-env", f"--python={python}", f"--timeout={_TIMEOUT_SECONDS}", "--processes=1"]
    command = [_PYTHON, "-m", MODULE, *how, *options]
    async with child(command, directory=ROOT, log=log) as process:
        return await process.wait()


@asynccontextmanager
async def _clouds(case: Case) -> AsyncIterator[Mapping[str, object]]:
    if not case.simulator:
        yield {}
        return
    options = [
        f"--{name.replace('_', '-')}={case.settings[name]}"
        for name in sorted(SIMULATOR_SETTINGS & case.settings.keys())
    ]
    with TemporaryDirectory(prefix="benchmark-") as directory:
        async with clouds(Path(directory), _FREE_PORTS, options) as access:
            yield msgspec.to_builtins(access)
