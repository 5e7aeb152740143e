"""Run benchmarks from the command line, as `script/benchmark` does."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
import sys
from typing import Final

from devtools.settings import ROOT, LaunchError

from .discovery import all_cases
from .document import write
from .forked import preload
from .framework import Case
from .results import Result
from .running import BenchmarkError, run_case
from .suite import Suite
from .table import overview

_FILE: Final = ROOT / ".cache" / "benchmark.json"


def main() -> int:
    """Run cases; return the exit status, 1 where a bound is not held or a case fails."""
    cases = all_cases()
    arguments = _arguments([case.key for case in cases])
    chosen = [case for case in cases if case.key in (arguments.cases or [case.key])]
    try:
        results = asyncio.run(_run(chosen, arguments))
    except (BenchmarkError, LaunchError) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    print(overview(results, judge=not arguments.quick))
    if arguments.write:
        write(results)
    verdicts = [one for result in results for one in result.verdicts(judge=not arguments.quick)]
    return int(any(verdict.held is False for verdict in verdicts))


def _arguments(keys: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/benchmark", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of: {', '.join(keys)}")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="run every case once and small, to see that it works; judge nothing",
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
        "--json",
        default=_FILE,
        type=Path,
        help="where every run is written, for `python -m pyperf show` or `compare_to`",
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


async def _run(cases: Sequence[Case], arguments: argparse.Namespace) -> list[Result]:
    suite = Suite(arguments.json, resume=arguments.resume)
    results: list[Result] = []
    preload(contender for case in cases for contender in case.contenders)
    for case in cases:
        print(f"-- {case.key}: {case.title}", file=sys.stderr, flush=True)
        changed = {name: value for name, value in arguments.set if name in case.settings}
        results.append(await run_case(case, suite, quick=arguments.quick, changed=changed))
    return results


if __name__ == "__main__":
    sys.exit(main())
