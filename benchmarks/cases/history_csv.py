"""Reading a long CSV file of a data download."""

from typing import Final

from benchmarks.framework import BLOCK, CPU, MEMORY, OURS, WALL, Bound, Case, Contender, Growth
from benchmarks.hass.reading import ROWS

_PLAIN: Final = "csv"

CASES: Final = (
    Case(
        key="read_csv",
        title="Read a CSV file of 1,000,000 rows",
        text=(
            "A row for each minute, a time and a value in each. Ours makes a unix time and a "
            "number of each row, checked, off the event loop and never whole in memory. Beside it "
            "the standard library does so unchecked: csv.reader, datetime.fromisoformat and float."
        ),
        contenders=(
            Contender(key=OURS, title="ours", factory="benchmarks.hass.reading:ours"),
            Contender(
                key=_PLAIN, title="standard library", factory="benchmarks.hass.reading:plain"
            ),
        ),
        settings={"rows": 1_000_000},
        quick={"rows": 10_000},
        bounds=(
            Bound(against=_PLAIN, most=1.25),
            Bound(figure=MEMORY, most=64 * 2**20),
            Bound(figure=BLOCK, most=0.010),
            Bound(figure=ROWS, against=_PLAIN, most=1, least=1),
        ),
        figures=(WALL, CPU, BLOCK, MEMORY, ROWS),
        simulator=False,
        processes=5,
        values=1,
        warmups=0,
        growth=Growth(setting="rows", sizes=(1_000, 10_000, 100_000, 1_000_000)),
    ),
)
