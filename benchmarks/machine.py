"""What the figures were measured on."""

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
import os
from pathlib import Path
import platform
import re
from typing import Final

import msgspec

_PACKAGES: Final = ("homeassistant", "aiohttp", "msgspec", "orjson")


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A machine, and what ran on it."""

    processor: str
    cores: int
    memory_gib: float
    python: str
    packages: dict[str, str]
    date: str

    @classmethod
    def this(cls) -> Machine:
        """Return this one, now."""
        return cls(
            processor=_first(Path("/proc/cpuinfo"), r"^model name\s*:\s*(.+)$", platform.machine()),
            cores=os.process_cpu_count() or 1,
            memory_gib=round(
                int(_first(Path("/proc/meminfo"), r"^MemTotal:\s*(\d+)", "0")) / 2**20, 1
            ),
            python=platform.python_version(),
            packages={name: version(name) for name in _PACKAGES},
            date=datetime.now(UTC).date().isoformat(),
        )

    def facts(self) -> Iterable[tuple[str, str]]:
        """Yield what a reader wants to know, as pairs."""
        yield "Processor", f"{self.processor}, {self.cores} cores"
        yield "Memory", f"{self.memory_gib} GiB"
        yield "Python", self.python
        yield from self.packages.items()
        yield "Measured on", self.date


def _first(path: Path, pattern: str, otherwise: str) -> str:
    """Return what a pattern finds in a file."""
    found = re.search(pattern, path.read_text(), re.MULTILINE)
    return found[1].strip() if found else otherwise
