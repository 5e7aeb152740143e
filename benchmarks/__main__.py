"""Run benchmarks from the command line, as `script/benchmark` does."""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
import sys
from typing import Final

from devtools.settings import ROOT, LaunchError

from .discovery import all_cases
from .document import write
from .framework import Case
from .machine import Machine
from .results import Result
from .running import run_case
from .stored import store, stored
from .table import overview
from .workers import BenchmarkError

_FILE: Final = ROOT / ".cache" / "benchmark.json"


def main() -> int:
    """Run cases; return the exit status, 1 where a bound is not held or a case fails."""
    cases = all_cases()
    arguments = _arguments([case.key for case in cases])
    chosen = [case for case in cases if case.key in (arguments.cases or [case.key])]
    machine = Machine.this()
    known = stored(arguments.json, chosen, machine) if arguments.resume else {}
    try:
        results = asyncio.run(_run(chosen, known, machine, arguments))
    except (BenchmarkError, LaunchError) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    print(overview(results, judge=not arguments.quick))
    if arguments.write:
        write(results, machine)
    verdicts = [one for result in results for one in result.verdicts(judge=not arguments.quick)]
    return int(any(verdict.held is False for verdict in verdicts))


def _arguments(keys: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/benchmark", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of: {', '.join(keys)}")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="everything small, to see that it works: judges nothing",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=NUMBER",
        help="another value for a setting of the cases, such as minutes=1 for a shorter look",
    )
    parser.add_argument(
        "--write", action="store_true", help="write docs/performance.md and its charts"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="measure again only what was not measured today, with this code, on this machine",
    )
    parser.add_argument(
        "--json", default=_FILE, type=Path, help="where every figure is written for programs"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.cases) - set(keys):
        parser.error(f"there is no case {', '.join(sorted(unknown))}")
    if arguments.write and (arguments.quick or arguments.cases or arguments.set):
        parser.error("--write needs all cases as they are, and not in a quick look")
    return arguments


def _setting(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    number = float(value)
    return name, int(number) if number.is_integer() else number


async def _run(
    cases: Sequence[Case],
    known: Mapping[str, Result],
    machine: Machine,
    arguments: argparse.Namespace,
) -> list[Result]:
    results = dict(known)
    for case in cases:
        if case.key not in results:
            print(f"-- {case.key}: {case.title}", file=sys.stderr, flush=True)
            changed = {name: value for name, value in arguments.set if name in case.settings}
            results[case.key] = await run_case(case, quick=arguments.quick, changed=changed)
        store(arguments.json, results.values(), machine, quick=arguments.quick)
    return [results[case.key] for case in cases]


if __name__ == "__main__":
    sys.exit(main())
