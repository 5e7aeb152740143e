"""Home Assistant in a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
import sys
from typing import Final

from . import folder
from .process import GRACE_SECONDS, child
from .settings import LaunchError

# Only the voice assistant needs them, and they would have to be compiled.
_NOT_INSTALLED: Final = "pymicro-vad,pyspeex-noise"
_STAND_INS: Final = Path(__file__).with_name("voice")


@asynccontextmanager
async def home_assistant(
    directory: Path,
    port: int,
    grace: float = GRACE_SECONDS,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run Home Assistant in this folder until the context ends.

    Args:
        directory: its configuration.
        port: of its HTTP server.
        grace: seconds that it gets to end in order.
        environment: further variables that it gets.
    """
    folder.prepare(directory, port)
    command = [sys.executable, "-m", "homeassistant", "--config", str(directory)]
    command += ["--skip-pip-packages", _NOT_INSTALLED]
    async with child(
        command,
        directory=directory,
        log=directory / "console.log",
        environment={"PYTHONPATH": str(_STAND_INS), **(environment or {})},
        grace=grace,
    ) as process:
        yield process


async def unless_it_ends[ResultT](
    process: asyncio.subprocess.Process, work: Coroutine[None, None, ResultT]
) -> ResultT:
    """Return the result of work that needs Home Assistant.

    Raises:
        LaunchError: Home Assistant ended meanwhile.
    """
    task, end = asyncio.create_task(work), asyncio.create_task(process.wait())
    try:
        await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise LaunchError(f"Home Assistant ended while it started (status {end.result()})")
        return task.result()
    finally:
        for each in (task, end):
            each.cancel()
        await asyncio.gather(task, end, return_exceptions=True)
