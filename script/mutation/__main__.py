"""Mutate modules and tell which changes no test notices."""

import argparse
from dataclasses import dataclass
import random
import re
import sys
import time
from typing import Final

from .operators import mutants, mutated
from .running import Judge, MutationError, Verdict
from .targets import ROOT, TARGETS, name_of, paths_of, source_of

WANTED: Final = 92
"""Percent of what can be killed that is to be killed."""

DOCUMENT: Final = ROOT / "docs/mutation.md"
_EQUIVALENT: Final = re.compile(r"^\| (?P<module>\S+) \| `(?P<after>.+)` \| .+ \|$", re.MULTILINE)


@dataclass(slots=True)
class Score:
    """What came of a module.

    Attributes:
        mutants: how many there are.
        run: how many of them were run.
        killed: how many of these a test noticed.
        equivalent: how many of the others change nothing observable.
    """

    module: str
    mutants: int
    run: int = 0
    killed: int = 0
    equivalent: int = 0

    @property
    def percent(self) -> float:
        """The share that was killed of what can be."""
        return 100 * self.killed / max(1, self.run - self.equivalent)

    def row(self) -> str:
        """Return a row of a Markdown table."""
        cells = (self.mutants, self.run, self.killed, self.equivalent, f"{self.percent:.0f} %")
        return f"| {self.module} | {' | '.join(map(str, cells))} |"


def equivalents() -> set[tuple[str, str]]:
    """Return what `docs/mutation.md` lists as changes without effect, by module."""
    found = _EQUIVALENT.finditer(DOCUMENT.read_text())
    return {(one["module"], one["after"].replace(r"\|", "|")) for one in found}


def run(module: str, seed: int, most: int | None, seconds: float) -> Score:
    """Run a sample of the mutants of a module, and print what became of each."""
    source, known = source_of(module).read_text(), equivalents()
    every = mutants(source)
    score = Score(module, len(every))
    judge = Judge(name_of(module), source_of(module), paths_of(module))
    took = judge.prepare()
    print(f"-- {module}: {len(every)} mutants, {took:.1f} s of tests", flush=True)
    random.Random(seed).shuffle(every)  # noqa: S311 - a sample, no secret
    ends = time.monotonic() + seconds
    for mutant in every[:most]:
        if time.monotonic() >= ends:
            break
        score.run += 1
        verdict: str = judge.judge(mutated(source, mutant)).value
        if verdict == Verdict.KILLED.value:
            score.killed += 1
        elif (module, mutant.after) in known:
            score.equivalent += 1
            verdict = "equivalent"
        print(
            f"{verdict:10} {module}.py:{mutant.line}: {mutant.before}  ->  {mutant.after}",
            flush=True,
        )
    return score


def main() -> int:
    """Run the command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="script/mutate", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=float, default=120, help="of mutants for each module")
    parser.add_argument("--most", type=int, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    options = parser.parse_args()
    if unknown := set(options.modules) - set(TARGETS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    scores = list[Score]()
    for module in options.modules or TARGETS:
        try:
            scores.append(run(module, options.seed, options.most, options.seconds))
        except MutationError as error:
            print(error, file=sys.stderr)
            return 2
    total = Score("**all**", *(sum(getattr(one, name) for one in scores) for name in _SUMMED))
    print("\n| module | mutants | run | killed | equivalent | score |\n|---|---|---|---|---|---|")
    for score in (*scores, total):
        print(score.row())
    return int(total.percent < WANTED)


_SUMMED: Final = ("mutants", "run", "killed", "equivalent")

if __name__ == "__main__":
    sys.exit(main())
