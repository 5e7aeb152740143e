"""Record which functions of the integration run, with `sys.monitoring`."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
import sys
from types import CodeType
from typing import Final

PACKAGE: Final = Path(__file__).parents[2] / "custom_components" / "gridduck_heimdall"
_PREFIX: Final = f"{PACKAGE}/"
_TOOL: Final = sys.monitoring.PROFILER_ID
_EVENT: Final = sys.monitoring.events.PY_START
# What runs once, when a module is imported or an annotation is first looked at, is no call.
_DEFINING: Final = frozenset({"<module>", "__annotate__"})


@dataclass(frozen=True, slots=True)
class Function:
    """A function as a reader finds it: by its file and its qualified name."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What ran during a journey.

    Attributes:
        calls: how often each function was entered, in the order of the first calls.
    """

    calls: Counter[Function] = field(default_factory=Counter)

    @property
    def files(self) -> int:
        """Return how many files the functions are in."""
        return len({one.file for one in self.calls})

    @property
    def functions(self) -> int:
        """Return how many functions ran."""
        return len(self.calls)


@contextmanager
def recording() -> Iterator[Trace]:
    """Record all threads until the context ends.

    Raises:
        ValueError: another profiler is active.
    """
    trace = Trace()
    functions: dict[CodeType, Function] = {}

    def started(code: CodeType, _offset: int) -> object:
        if (function := functions.get(code)) is None:
            if not code.co_filename.startswith(_PREFIX) or code.co_name in _DEFINING:
                return sys.monitoring.DISABLE
            function = Function(code.co_filename.removeprefix(_PREFIX), code.co_qualname)
            functions[code] = function
        trace.calls[function] += 1
        return None

    sys.monitoring.use_tool_id(_TOOL, "script/trace")
    try:
        sys.monitoring.register_callback(_TOOL, _EVENT, started)
        sys.monitoring.set_events(_TOOL, _EVENT)
        yield trace
    finally:
        sys.monitoring.set_events(_TOOL, sys.monitoring.events.NO_EVENTS)
        sys.monitoring.register_callback(_TOOL, _EVENT, None)
        sys.monitoring.free_tool_id(_TOOL)
