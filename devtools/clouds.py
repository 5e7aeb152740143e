"""Both simulated clouds, in a process of their own."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
import sys
from typing import Final

import msgspec

from .process import child
from .settings import ROOT, LaunchError, Ports

_READY_SECONDS: Final = 120


class GridDuckAccess(msgspec.Struct, frozen=True):
    """How to reach the simulated GridDuck."""

    base_url: str
    client_id: str
    client_secret: str


class HeimdallAccess(msgspec.Struct, frozen=True):
    """How to reach the simulated Heimdall."""

    base_url: str
    token_url: str
    scope: str
    client_id: str
    client_secret: str


class Clouds(msgspec.Struct, frozen=True):
    """Both clouds, as the simulator's first line of output names them."""

    gridduck: GridDuckAccess
    heimdall: HeimdallAccess


@asynccontextmanager
async def clouds(
    directory: Path,
    ports: Ports,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Clouds]:
    """Run the simulator until the context ends.

    Args:
        directory: takes the simulator's log.
        ports: what it binds; 0 is any free one.
        options: further options of its command line.
        environment: variables that it gets.

    Raises:
        LaunchError: it did not come up.
    """
    log = directory / "simulator.log"
    log.unlink(missing_ok=True)
    arguments = [
        sys.executable,
        "-m",
        "simulator",
        f"--gridduck-port={ports.gridduck}",
        f"--heimdall-port={ports.heimdall}",
        *options,
    ]
    async with child(
        arguments, directory=ROOT, log=log, environment=environment, answers=True
    ) as process:
        yield await _ready(process, log)


async def _ready(process: asyncio.subprocess.Process, log: Path) -> Clouds:
    line = b""
    try:
        async with asyncio.timeout(_READY_SECONDS):
            if process.stdout is not None:
                line = await process.stdout.readline()
        return msgspec.json.decode(line, type=Clouds)
    except TimeoutError, msgspec.DecodeError:
        raise LaunchError(f"The simulator did not start: see {log}") from None
