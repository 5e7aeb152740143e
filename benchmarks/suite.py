"""The file of all runs: a suite of pyperf, which `python -m pyperf` reads too."""

from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
import json
from pathlib import Path
import platform
from typing import Final

import pyperf

from devtools.settings import DOMAIN, ROOT

from .framework import Settings

_MEASURED: Final = (ROOT / "custom_components" / DOMAIN, ROOT / "simulator", ROOT / "benchmarks")
_PINS: Final = ROOT / "pyproject.toml"


class Suite:
    """Runs of this code, on this day and machine; each that is added is written at once."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        """Open the file.

        Args:
            path: the file.
            resume: whether runs that are in the file already can be found.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        if not resume:
            path.unlink(missing_ok=True)

    def find(self, name: str, settings: Settings) -> pyperf.Benchmark | None:
        """Return a benchmark of which every run is of this code, day, machine and settings."""
        benchmark = self._load(name)
        if benchmark is None or benchmark.get_metadata().get("stamp") != self.stamp(settings):
            return None
        return benchmark

    def add(self, benchmark: pyperf.Benchmark) -> pyperf.Benchmark:
        """Add a run to those of the same stamp, or replace others; return all of them."""
        name, [run] = benchmark.get_name(), benchmark.get_runs()
        known = self._load(name)
        stamp = run.get_metadata()["stamp"]
        if known is not None and known.get_metadata().get("stamp") == stamp:
            known.add_run(run)
            benchmark = known
        others = [one for one in self._all() if one.get_name() != name]
        pyperf.BenchmarkSuite([*others, benchmark]).dump(str(self._path), replace=True)
        return benchmark

    def stamp(self, settings: Settings) -> str:
        """Return a hash of all that makes one run comparable with another."""
        today = datetime.now(UTC).date().isoformat()
        parts = [_code(), platform.node(), today, json.dumps(dict(settings), sort_keys=True)]
        return sha256("\n".join(parts).encode()).hexdigest()

    def _load(self, name: str) -> pyperf.Benchmark | None:
        return next((one for one in self._all() if one.get_name() == name), None)

    def _all(self) -> list[pyperf.Benchmark]:
        if not self._path.exists():
            return []
        return [*pyperf.BenchmarkSuite.load(str(self._path))]


@cache
def _code() -> str:
    """Return a hash of the measured code and of the versions that it runs on."""
    digest = sha256(_PINS.read_bytes())
    for folder in _MEASURED:
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
