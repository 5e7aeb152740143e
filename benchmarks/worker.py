"""A pyperf benchmark of one contender: `python -m benchmarks.worker [PYPERF OPTIONS] PLAN`.

pyperf starts this module again as its worker process, which enters the contender once and then
takes the values. The time of a run is pyperf's value; the other figures become metadata of the run.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib import import_module
import json
from pathlib import Path
from statistics import median
import sys
import time
from typing import Final

import pyperf

from .framework import WALL, Factory, Given, Plan, Work, metadata_key
from .meter import measuring

MODULE: Final = "benchmarks.worker"
_RESOLUTION: Final = time.get_clock_info("perf_counter").resolution


class FigureHook:
    """Hook of pyperf that adds the figures of a process to its metadata.

    Attributes:
        name: its name on pyperf's command line.
    """

    name = "figures"

    def __init__(self) -> None:
        """Start without figures."""
        self._runs: list[dict[str, float]] = []

    def load(self) -> Callable[[], FigureHook]:
        """Return what makes the hook, as the entry point of a hook does."""
        return lambda: self

    def __enter__(self) -> None:
        """Do nothing: `add` takes the figures."""

    def __exit__(self, *error: object) -> None:
        """Do nothing."""

    def add(self, figures: dict[str, float]) -> None:
        """Add the figures of a run."""
        self._runs.append(figures)

    def teardown(self, metadata: dict[str, object]) -> None:
        """Write the medians; pyperf calls it after the warm-ups and again after the values."""
        for key in {key for figures in self._runs for key in figures}:
            values = [figures[key] for figures in self._runs if key in figures]
            metadata[metadata_key(key)] = median(values)
        self._runs.clear()


def main() -> None:
    """Run as pyperf's manager or, started by that, as its worker."""
    hook = FigureHook()
    runner = pyperf.Runner(
        # A run takes from milliseconds to minutes: one loop is one run.
        loops=1,
        program_args=("-m", MODULE),
        add_cmdline_args=lambda command, arguments: command.append(arguments.plan),
        hooks=[hook],
    )
    runner.argparser.add_argument("plan", help="JSON file with what is measured")
    plan = Plan(**json.loads(Path(runner.parse_args().plan).read_text()))
    runner.metadata["stamp"] = plan.stamp
    if runner.is_worker():
        arguments = runner.parse_args()
        contender = _Contender(plan, hook, runs=arguments.warmups + arguments.values)
        runner.bench_time_func(plan.name, contender.run)
        return
    try:
        runner.bench_time_func(plan.name, _not_here)
    except RuntimeError as error:
        # The worker has printed why; the traceback of the manager would hide it.
        sys.exit(str(error))


def _not_here(_: int) -> float:
    raise RuntimeError("The manager of pyperf measures nothing itself")


class _Contender:
    """The contender of a plan, entered at its first run and left after its last.

    pyperf reads the clock before and after the runs, and a contender may stop it in between.
    """

    def __init__(self, plan: Plan, hook: FigureHook, *, runs: int) -> None:
        self._plan = plan
        self._hook = hook
        self._left = runs
        self._loop = asyncio.Runner()
        self._entered: tuple[AbstractAsyncContextManager[Work], Work] | None = None

    def run(self, _: int) -> float:
        """Run it once, and return the seconds."""
        context, work = self._entered = self._entered or self._enter()
        figures = self._loop.run(_measured(work))
        seconds = figures.pop(WALL.key)
        self._hook.add(figures)
        self._left -= 1
        if not self._left:
            self._loop.run(context.__aexit__(None, None, None))
            self._loop.close()
        # With a stopped clock a run takes no time, which pyperf refuses.
        return max(seconds, _RESOLUTION)

    def _enter(self) -> tuple[AbstractAsyncContextManager[Work], Work]:
        directory = Path(self._plan.directory).absolute()
        given = Given(settings=self._plan.settings, clouds=self._plan.clouds, directory=directory)
        context = _factory(self._plan.factory)(given)
        return context, self._loop.run(context.__aenter__())


async def _measured(work: Work) -> dict[str, float]:
    if work.before is not None:
        await work.before()
    with measuring() as figures:
        # A task of its own, not begun at once: the loop then runs all of it in timed callbacks.
        further = await asyncio.Task(work.run())
    return {**figures, **(further or {})}


def _factory(name: str) -> Factory:
    module, _, function = name.partition(":")
    factory: Factory = getattr(import_module(module), function)
    return factory


if __name__ == "__main__":
    main()
