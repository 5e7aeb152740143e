"""Trace the journeys: `script/trace [--list] [JOURNEY...]`."""

import argparse
import asyncio
from collections.abc import Mapping
import sys
from typing import Final

from .journeys import JOURNEYS, trace
from .recorder import Trace

_HEAD: Final = """\
| Journey | Files | Bound | Functions | Bound | Calls |
|---|---:|---:|---:|---:|---:|"""
_NOTE: Final = """\
Counted by `script/trace`: functions of the integration that are entered (`PY_START` of
`sys.monitoring`, all threads), distinguished by file and qualified name. Methods, properties,
nested functions, lambdas, comprehensions and generator expressions count as functions where
Python runs them as such; several lambdas of one scope have one name and count once. A generator
or coroutine that resumes is not entered again. What `dataclass` and `msgspec` generate does not
count."""


def main() -> int:
    """Trace, print the table, and return the exit status: 1 where a bound is exceeded."""
    parser = argparse.ArgumentParser(prog="script/trace", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print each function, too")
    parser.add_argument("journey", nargs="*", help=f"of {', '.join(JOURNEYS)}; default: all")
    arguments = parser.parse_args()
    if unknown := set(arguments.journey) - JOURNEYS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    names = arguments.journey or list(JOURNEYS)
    traces = {name: asyncio.run(trace(JOURNEYS[name])) for name in names}
    if arguments.list:
        _print_functions(traces)
    print(_HEAD)
    for name, taken in traces.items():
        journey = JOURNEYS[name]
        print(
            f"| {journey.title} | {taken.files} | {journey.most_files}"
            f" | {taken.functions} | {journey.most_functions} | {taken.calls.total():,} |"
        )
    print(f"\n{_NOTE}")
    exceeded = [name for name, taken in traces.items() if not JOURNEYS[name].holds(taken)]
    if exceeded:
        print(f"trace: beyond its bounds: {', '.join(exceeded)}", file=sys.stderr)
    return int(bool(exceeded))


def _print_functions(traces: Mapping[str, Trace]) -> None:
    """Print the functions of each journey in the order of their first calls."""
    for name, taken in traces.items():
        print(f"{name}:")
        for function, calls in taken.calls.items():
            print(f"{calls:7,}  {function.file}: {function.name}")
        print()


if __name__ == "__main__":
    sys.exit(main())
