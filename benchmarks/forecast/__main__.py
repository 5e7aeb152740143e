"""Prints how well congestion is foreseen, beside what is wanted.

python -m benchmarks.forecast              # seeds 0 to 3
python -m benchmarks.forecast --seeds 10 14
"""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence

from .judge import LEADS, Score, judge, world
from .methods import METHODS, NEWEST, OURS, PERFECT, Method
from .world import LEVELS

type Scores = dict[tuple[str, str], list[Score]]
"""By method and lead."""


def mean(scores: Sequence[Score], value: Callable[[Score], float]) -> float:
    """Return the mean of a figure over seeds."""
    return sum(map(value, scores)) / len(scores)


def main() -> None:
    """Judge all methods and print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs=2, type=int, default=(0, 4), metavar=("FIRST", "END"))
    seeds = range(*parser.parse_args().seeds)
    lines = [world(seed) for seed in seeds]
    scores = {
        (method.title, name): [judge(method, some, lead) for some in lines]
        for method in METHODS
        for name, lead in LEADS.items()
    }
    print("| Method | F1 | of perfect | Error of load | Within the band |")
    print("|---|---:|---:|---:|---:|")
    for name in LEADS:
        for method in METHODS:
            print(_row(scores, method, name))
    print()
    print("| Compared with | F1 day ahead | F1 same day |")
    print("|---|---:|---:|")
    for level in ("prediction", *LEVELS):
        f1 = (
            mean([judge(OURS, some, lead, level) for some in lines], lambda one: one.f1)
            for lead in LEADS.values()
        )
        print(f"| {level} | {' | '.join(f'{one:.2f}' for one in f1)} |")


def _row(scores: Scores, method: Method, name: str) -> str:
    mine, perfect = scores[method.title, name], scores[PERFECT.title, name]
    f1 = mean(mine, lambda one: one.f1)
    error = mean(mine, lambda one: one.mean_error)
    less = error / mean(scores[NEWEST.title, name], lambda one: one.mean_error) - 1
    covered = f"{mean(mine, lambda one: one.covered):.0%}" if method is OURS else ""
    share = f1 / mean(perfect, lambda one: one.f1)
    return (
        f"| {name}: {method.title} | {f1:.3f} | {share:.2f} "
        f"| {error:.0f} A ({less:+.0%}) | {covered} |"
    )


if __name__ == "__main__":
    main()
