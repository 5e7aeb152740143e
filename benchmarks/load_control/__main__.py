"""Prints the figures of evenings beside those that are wanted.

python -m benchmarks.load_control              # seeds 0 to 5
python -m benchmarks.load_control --seeds 10 16
"""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .evenings import Current, Settings, evening
from .metrics import Figures

SCENARIOS: Final = (
    "plain",
    "two",
    "mixed",
    "cyclic",
    "outage",
    "rebound",
    "disobey",
    "restart",
)
SPECIAL_SEEDS: Final = 3
"""Of the seeds, as many have the scenarios in which the line does not respond in full."""

type Evenings = Sequence[Figures]


def mean(evenings: Evenings, value: Callable[[Figures], float]) -> float:
    """Return the mean of a figure over evenings."""
    return sum(map(value, evenings)) / len(evenings)


def returned_by_command(evenings: Evenings) -> float:
    """Return the share of curtailments that a command has ended, %."""
    ended = sum(one.ended for one in evenings)
    return 100 * sum(one.by_command for one in evenings) / ended if ended else 100.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        title: of the figure.
        value: the figure, of evenings.
        wanted: the highest that is good, or the lowest if `least`; None for comparison only.
        aligned: the same with clock-aligned windows.
        least: whether more is better.
    """

    title: str
    value: Callable[[Evenings], float]
    wanted: float | None = None
    aligned: float | None = None
    least: bool = False

    def line(self, evenings: Evenings, *, aligned: bool) -> str:
        """Return the row in Markdown."""
        found = self.value(evenings)
        wanted = self.aligned if aligned and self.aligned is not None else self.wanted
        if wanted is None:
            return f"| {self.title} | {found:,.1f} | | |"
        good = found >= wanted if self.least else found <= wanted
        sign = "≥" if self.least else "≤"
        return f"| {self.title} | {found:,.1f} | {sign} {wanted:,g} | {'yes' if good else 'no'} |"


ROWS: Final = (
    Row("Minutes above, nothing done", lambda e: mean(e, lambda f: f.uncontrolled)),
    Row("Minutes above that nothing avoids", lambda e: mean(e, lambda f: f.unavoidable)),
    Row("Minutes above the limit", lambda e: mean(e, lambda f: f.above), 14, 18),
    Row("… later than 10 min after detection", lambda e: mean(e, lambda f: f.later), 11, 12),
    Row("Fewest asset-minutes, to 95 %", lambda e: mean(e, lambda f: f.fewest)),
    Row("Asset-minutes off", lambda e: mean(e, lambda f: f.asset_minutes), 1_200, 1_320),
    Row("Commands", lambda e: mean(e, lambda f: f.commands), 50, 58),
    Row("Curtailments", lambda e: mean(e, lambda f: f.curtailments)),
    Row("Off again within 30 min", lambda e: mean(e, lambda f: f.repeats), 1.5, 3),
    Row("… within 15 min", lambda e: sum(f.quick_repeats for f in e), 0),
    Row("Out of order", lambda e: sum(f.out_of_order for f in e), 0),
    Row("Returned by command, %", returned_by_command, 95, least=True),
    Row("Violations of an asset's limits", lambda e: sum(f.violations for f in e), 0),
    Row("Left off", lambda e: sum(f.left_off for f in e), 0),
    Row("False alarms of no response", lambda e: sum(f.alarms for f in e)),
    Row("Highest loading, %", lambda e: max(f.highest for f in e)),
    Row("Polls of a current", lambda e: mean(e, lambda f: f.polls)),
)
_ABOVE: Final = "minutes above the limit"
_OFF: Final = "asset-minutes"
SPECIAL: Final = {
    "export": {_ABOVE: 97.0, _OFF: 250.0},
    "notbehind": {_OFF: 350.0},
    "third": {_ABOVE: 57.0, _OFF: 1_850.0},
}
"""What is wanted where the line does not respond in full, by scenario."""


def special_lines(seeds: Sequence[int], settings: Settings) -> list[str]:
    """Return the rows of the scenarios in which the line does not respond in full."""
    lines = list[str]()
    for scenario, wanted in SPECIAL.items():
        evenings = [evening(seed, scenario, settings) for seed in seeds]
        nothing = mean(evenings, lambda figures: figures.uncontrolled)
        for title, most in wanted.items():
            row = Row(
                f"{scenario} (nothing done: {nothing:.0f} min above): {title}",
                (lambda e: mean(e, lambda f: f.above))
                if title == _ABOVE
                else (lambda e: mean(e, lambda f: f.asset_minutes)),
                most,
            )
            lines.append(row.line(evenings, aligned=False))
    return lines


def main() -> None:
    """Run the evenings and print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs=2, type=int, default=(0, 6), metavar=("FIRST", "END"))
    parser.add_argument("--current", type=Current, choices=Current, default=Current.SLIDING)
    arguments = parser.parse_args()
    seeds, settings = range(*arguments.seeds), Settings(current=arguments.current)
    aligned = settings.current is Current.CLOCK_ALIGNED
    evenings = [evening(seed, scenario, settings) for scenario in SCENARIOS for seed in seeds]
    print(f"| Means of {len(evenings)} evenings | | Wanted | |")
    print("|---|---:|---:|---|")
    for row in ROWS:
        print(row.line(evenings, aligned=aligned))
    print(*special_lines(seeds[:SPECIAL_SEEDS], settings), sep="\n")


if __name__ == "__main__":
    main()
