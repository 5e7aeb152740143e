"""The parent's side of `worker`: start contenders, let them run, end them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from devtools.process import child
from devtools.settings import ROOT

from .framework import Contender, Figures, Settings

_LINE_SECONDS: Final = 600
_TAIL_LINES: Final = 12


class BenchmarkError(Exception):
    """A benchmark cannot go on; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Worker:
    """The process of a contender."""

    contender: Contender
    process: asyncio.subprocess.Process
    log: Path

    async def run(self) -> Figures:
        """Let it do its work once, and return the figures.

        Raises:
            BenchmarkError: it failed.
        """
        await self.send("go")
        return msgspec.json.decode(await self.line(), type=dict[str, float])

    async def send(self, line: str) -> None:
        """Send it a line."""
        if self.process.stdin is not None:
            self.process.stdin.write(f"{line}\n".encode())
            await self.process.stdin.drain()

    async def line(self) -> bytes:
        """Return its next line.

        Raises:
            BenchmarkError: it ended, or is silent for too long.
        """
        line = b""
        if self.process.stdout is not None:
            async with asyncio.timeout(_LINE_SECONDS):
                line = await self.process.stdout.readline()
        if not line:
            tail = "\n".join(self.log.read_text().splitlines()[-_TAIL_LINES:])
            raise BenchmarkError(f"{self.contender.title} failed:\n{tail}")
        return line


@asynccontextmanager
async def working(
    contender: Contender, settings: Settings, clouds: Mapping[str, object]
) -> AsyncIterator[Worker]:
    """Run the process of a contender until the context ends; it is ready when it begins.

    Raises:
        BenchmarkError: it did not get ready.
    """
    with TemporaryDirectory(prefix="benchmark-") as name:
        directory = Path(name)
        own = directory / "own"
        own.mkdir()
        log = directory / "log"
        # The link of a virtual environment's interpreter tells it where its packages are.
        command = [str(ROOT / contender.python), "-m", "benchmarks.worker", contender.factory]
        async with child(command, directory=ROOT, log=log, answers=True, asks=True) as process:
            worker = Worker(contender, process, log)
            given = {
                "settings": {**settings, **contender.settings},
                "clouds": clouds,
                "directory": str(own),
            }
            await worker.send(json.dumps(given))
            await worker.line()
            yield worker
