"""The process of one contender: `python -m benchmarks.worker MODULE:FUNCTION`.

The first line of its input is JSON, what the contender is given; it answers with a line when it
is ready. Each further line of its input is a run, answered by a line of JSON with its figures.
Whatever else the contender prints goes to standard error.
"""

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module
import json
import os
from pathlib import Path
import sys
from typing import TextIO

from .framework import Factory, Given, Work
from .meter import measuring


def main() -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    asyncio.run(_serve(sys.argv[1], answers))


async def _serve(name: str, answers: TextIO) -> None:
    lines = _lines()
    given = json.loads(await anext(lines))
    async with _factory(name)(_given(given)) as work:
        _answer(answers, {})
        async for _ in lines:
            _answer(answers, await _measured(work))


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


def _given(given: dict[str, object]) -> Given:
    match given:
        case {"settings": dict() as settings, "clouds": dict() as clouds, "directory": str() as at}:
            return Given(settings=settings, clouds=clouds, directory=Path(at))
        case _:
            raise ValueError("The first line is not what a contender is given")


async def _lines() -> AsyncIterator[bytes]:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        yield line


def _answer(answers: TextIO, value: object) -> None:
    answers.write(f"{json.dumps(value)}\n")


if __name__ == "__main__":
    main()
