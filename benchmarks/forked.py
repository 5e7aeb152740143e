"""Processes of a quick look: forked from one that has imported what they need already.

Importing Home Assistant takes seconds, and most cases little more in a quick look. What is
measured starts each process anew, so that none inherits the memory of another.
"""

import asyncio
from collections.abc import Iterable, Sequence
from multiprocessing import get_context
import os
from pathlib import Path
import sys
from typing import Final

from .framework import OWN_PYTHON, Contender
from .worker import MODULE, main

_FORKSERVER: Final = get_context("forkserver")
_WORKER: Final = ("--worker", "--loops=1")


def preload(contenders: Iterable[Contender]) -> None:
    """Choose the modules to import before the first process is forked.

    Args:
        contenders: those that will run; one with another interpreter is passed over.
    """
    modules = {one.factory.partition(":")[0] for one in contenders if one.python == OWN_PYTHON}
    _FORKSERVER.set_forkserver_preload([MODULE, *sorted(modules)])


async def run_forked(options: Sequence[str], *, log: Path, seconds: float) -> int | None:
    """Run the worker of pyperf in a forked process.

    Args:
        options: of pyperf, and the plan.
        log: the file that takes what it prints.
        seconds: how long it may take.

    Returns:
        Its exit status; None where it took longer and was killed.
    """
    process = _FORKSERVER.Process(target=_work, args=(options, log), daemon=True)
    process.start()
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        return None
    finally:
        loop.remove_reader(process.sentinel)
        if process.is_alive():
            process.kill()
        process.join()
    return process.exitcode


def _work(options: Sequence[str], log: Path) -> None:
    with log.open("ab") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    sys.argv[1:] = [*_WORKER, *options]
    main()
