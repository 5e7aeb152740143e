"""What a benchmark is made of. Nothing here needs more than Python itself.

A module of `benchmarks.cases` names its cases in `CASES`. A case has contenders, ours first. pyperf
runs each in processes of its own, in which it is entered once and then does its work once a value.
The processes of the contenders take turns, beside one simulator that they share.
"""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

type Value = int | float | str | bool
type Settings = Mapping[str, Value]
type Figures = Mapping[str, float]

OURS: Final = "ours"
"""Key of the contender that bounds are about."""
OWN_PYTHON: Final = ".venv/bin/python"
"""The project's interpreter, below the project."""
SIMULATOR_SETTINGS: Final = frozenset(
    {"sites", "assets", "lines", "seed", "latency_ms", "speed"},
)
"""The settings that the simulator takes too, as options of the same names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something that is measured.

    Attributes:
        key: its name in what a run returns.
        title: its name in tables.
        unit: what it is shown in.
        scale: how many of `unit` make one of what was measured.
        digits: digits after the point that are shown.
    """

    key: str
    title: str
    unit: str
    scale: float = 1.0
    digits: int = 1


WALL: Final = Figure(key="wall", title="Time", unit="ms", scale=1e3)
"""Seconds from the beginning of the work to its end."""
CPU: Final = Figure(key="cpu", title="Processor time", unit="ms", scale=1e3)
"""Seconds of processor time, all threads of the contender's process."""
BLOCK: Final = Figure(key="block", title="Longest block", unit="ms", scale=1e3)
"""Seconds of the longest single callback of the event loop."""
MEMORY: Final = Figure(key="memory", title="Peak memory", unit="MiB", scale=1 / 2**20)
"""Resident bytes at the peak of the work above those at its beginning; for `fresh` cases."""


def metadata_key(key: str) -> str:
    """Return the name of a figure in the metadata of a run of pyperf."""
    return f"figure_{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What pyperf's process of a contender reads, as JSON.

    Attributes:
        name: the name of the benchmark.
        factory: "module:function" of the contender's `Factory`.
        settings: those of the case and of the contender.
        clouds: the simulator's addresses and credentials, by service.
        directory: an empty folder.
        stamp: a hash of all that makes one run comparable with another.
    """

    name: str
    factory: str
    settings: Settings
    clouds: Mapping[str, Any]
    directory: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a contender gets when it is entered.

    Attributes:
        settings: those of the case.
        clouds: the simulator's addresses and credentials, by service; empty without a simulator.
        directory: an empty folder of the contender's own.
    """

    settings: Settings
    clouds: Mapping[str, Mapping[str, str]]
    directory: Path

    def number(self, name: str) -> int:
        """Return a setting that is a whole number."""
        return int(self.settings[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a contender does in a run.

    Attributes:
        run: what is measured; may return further figures by key.
        before: what has to be done before each run, and is not measured.
    """

    run: Callable[[], Coroutine[None, None, Figures | None]]
    before: Callable[[], Coroutine[None, None, None]] | None = None


type Factory = Callable[[Given], AbstractAsyncContextManager[Work]]
"""What `Contender.factory` names: usually a function under `asynccontextmanager`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way to do the work of a case.

    Attributes:
        key: its name in bounds; `OURS` for the integration.
        title: its name in tables.
        factory: "module:function" of its `Factory`.
        python: the interpreter that runs it, below the project; the project's own by default.
        settings: what differs from the case's settings.
    """

    key: str
    title: str
    factory: str
    python: str = OWN_PYTHON
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What is demanded of a contender.

    Attributes:
        figure: what is judged.
        of: key of the contender that is judged.
        against: key of the contender that it is divided by; None judges the figure itself, in
            what was measured (seconds, bytes).
        difference: whether the other's figure is taken away instead, which leaves the unit.
        most: the most that it may be.
        least: the least that it may be.
    """

    figure: Figure = WALL
    of: str = OURS
    against: str | None = None
    difference: bool = False
    most: float | None = None
    least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How a case is run at several sizes.

    Attributes:
        setting: the setting that is the size.
        sizes: its values, smallest first.
        figures: what is shown.
        without: keys of contenders that are left out.
    """

    setting: str
    sizes: tuple[int, ...]
    figures: tuple[Figure, ...] = (WALL, CPU)
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A benchmark.

    Attributes:
        key: its name on the command line.
        title: its name in tables.
        text: what is measured, a sentence or a few, for `docs/performance.md`.
        contenders: ours first.
        settings: what every contender gets, and the simulator, as far as it takes it.
        quick: what replaces some of the settings in a quick look.
        bounds: what is demanded.
        figures: what is shown.
        simulator: whether a simulator runs beside the contenders.
        processes: how many processes of each contender are measured, one at each other size.
        values: how often a process does its work and is measured.
        warmups: how often a process does its work before, without being measured.
        growth: how it is run at several sizes, None for not at all.
    """

    key: str
    title: str
    text: str
    contenders: tuple[Contender, ...]
    settings: Settings = field(default_factory=dict)
    quick: Settings = field(default_factory=dict)
    bounds: tuple[Bound, ...] = ()
    figures: tuple[Figure, ...] = (WALL, CPU, BLOCK)
    simulator: bool = True
    processes: int = 3
    values: int = 3
    warmups: int = 1
    growth: Growth | None = None
