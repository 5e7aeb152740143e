"""Run a case: its simulator, its contenders, their runs in turns."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from devtools.clouds import clouds
from devtools.settings import Ports

from .framework import SIMULATOR_SETTINGS, Case, Figures, Settings
from .results import Result, Runs
from .workers import Worker, working

_QUICK_RUNS: Final = 1
_FREE_PORTS: Final = Ports(hass=0, gridduck=0, heimdall=0)


async def run_case(case: Case, *, quick: bool, changed: Settings | None = None) -> Result:
    """Run a case, at all its sizes.

    Args:
        case: what to measure.
        quick: whether a quick look is enough: small, one run, only the smallest size.
        changed: settings with another value than the case's own.

    Raises:
        BenchmarkError: a contender failed.
        LaunchError: the simulator did not start.
    """
    settings = {**case.settings, **(case.quick if quick else {}), **(changed or {})}
    runs = await _run(replace(case, runs=_QUICK_RUNS) if quick else case, settings)
    growth: dict[int, Runs] = {}
    for size, sized in _sizes(case, settings, quick=quick):
        growth[size] = await _run(sized, sized.settings)
    return Result(case=case, settings=settings, runs=runs, growth=growth)


def _sizes(case: Case, settings: Settings, *, quick: bool) -> Iterator[tuple[int, Case]]:
    if (growth := case.growth) is None:
        return
    for size in growth.sizes[: 1 if quick else None]:
        sized = {**settings, growth.setting: size}
        runs = _QUICK_RUNS if quick else growth.runs
        contenders = tuple(one for one in case.contenders if one.key not in growth.without)
        yield size, replace(case, contenders=contenders, settings=sized, runs=runs)


async def _run(case: Case, settings: Settings) -> Runs:
    async with _clouds(case, settings) as access:
        turns = _fresh_turns if case.fresh else _turns
        found: dict[str, list[Figures]] = {one.key: [] for one in case.contenders}
        async for key, figures in turns(case, settings, access):
            found[key].append(figures)
        return Runs(found)


async def _turns(
    case: Case, settings: Settings, access: Mapping[str, object]
) -> AsyncIterator[tuple[str, Figures]]:
    """Let the contenders take turns, each in one process; the first turn does not count."""
    async with AsyncExitStack() as stack:
        workers = await _started(stack, case, settings, access)
        for turn in range(case.runs + 1):
            for worker in workers:
                figures = await worker.run()
                if turn:
                    yield worker.contender.key, figures


async def _started(
    stack: AsyncExitStack, case: Case, settings: Settings, access: Mapping[str, object]
) -> list[Worker]:
    """Start all contenders at once, each until the stack ends."""
    try:
        async with asyncio.TaskGroup() as group:
            starts = [
                group.create_task(stack.enter_async_context(working(one, settings, access)))
                for one in case.contenders
            ]
    except ExceptionGroup as errors:
        # The first failure ended the others.
        raise errors.exceptions[0] from None
    return [start.result() for start in starts]


async def _fresh_turns(
    case: Case, settings: Settings, access: Mapping[str, object]
) -> AsyncIterator[tuple[str, Figures]]:
    """Let the contenders take turns, each turn in a process of its own."""
    for _ in range(case.runs):
        for contender in case.contenders:
            async with working(contender, settings, access) as worker:
                yield contender.key, await worker.run()


@asynccontextmanager
async def _clouds(case: Case, settings: Settings) -> AsyncIterator[Mapping[str, object]]:
    if not case.simulator:
        yield {}
        return
    options = [
        f"--{name.replace('_', '-')}={settings[name]}"
        for name in sorted(SIMULATOR_SETTINGS & settings.keys())
    ]
    with TemporaryDirectory(prefix="benchmark-") as directory:
        async with clouds(Path(directory), _FREE_PORTS, options) as access:
            yield msgspec.to_builtins(access)
