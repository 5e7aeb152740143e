"""Child processes that end with their parent, however it ends."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import shutil
import signal
from typing import Final

GRACE_SECONDS: Final = 60


@asynccontextmanager
async def child(
    arguments: Sequence[str],
    *,
    directory: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    answers: bool = False,
    asks: bool = False,
    grace: float = GRACE_SECONDS,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program until the context ends, in a process group of its own.

    Args:
        arguments: the program and its arguments.
        directory: where it runs.
        log: the file that takes what it prints.
        environment: variables that it gets beside the demo's own.
        answers: whether its standard output can be read here instead.
        asks: whether its standard input can be written here; else it has none.
        grace: seconds that it gets to end in order.
    """
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *_dies_with_us(),
            *arguments,
            cwd=directory,
            env={**os.environ, **(environment or {})},
            stdin=asyncio.subprocess.PIPE if asks else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if answers else output,
            stderr=output,
            # A Ctrl-C in the terminal reaches only the demo, which then ends its children in order.
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await asyncio.shield(_end(process, grace))


def _dies_with_us() -> list[str]:
    """Return what makes the kernel end the child where the demo itself is killed outright."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


async def _end(process: asyncio.subprocess.Process, grace: float) -> None:
    _signal_group(process.pid, signal.SIGTERM)
    with suppress(TimeoutError):
        async with asyncio.timeout(grace):
            await process.wait()
    # Whatever it started and left behind, and itself where it did not listen.
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
