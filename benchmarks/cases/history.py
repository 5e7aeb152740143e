"""Bringing the past of many lines into the statistics."""

from typing import Final

from benchmarks.framework import BLOCK, CPU, MEMORY, OURS, WALL, Bound, Case, Contender
from benchmarks.hass.importing import HOURS

_FETCH_AND_WRITE: Final = "fetch_and_write"
_WRITE: Final = "write"

CASES: Final = (
    Case(
        key="import_history",
        title="Import 30 days of 5-minute points of 100 lines",
        text=(
            "The current of each line, 8,640 points of which 720 hourly rows are made, into the "
            "recorder's SQLite file. Ours is the whole import: plan, fetch, decode, hourly means, "
            "comparison with what is recorded, rows. The bound is against as much of it as "
            "nothing can do without: aiohttp fetches the same ranges, two lines at a time as ours "
            "does, and rows that were ready before are handed to the recorder in the same "
            "batches. The rows alone, without the network, stand beside it for comparison. The "
            "import keeps no pace that would have to be taken out: two requests at a time are "
            "its only limit. "
            "The simulated service runs on the same machine."
        ),
        contenders=(
            Contender(key=OURS, title="ours", factory="benchmarks.hass.importing:ours"),
            Contender(
                key=_FETCH_AND_WRITE,
                title="fetch, and write ready rows",
                factory="benchmarks.hass.writing:fetch_and_write",
            ),
            Contender(
                key=_WRITE, title="write ready rows", factory="benchmarks.hass.writing:write"
            ),
        ),
        settings={"lines": 100, "assets": 0},
        quick={"lines": 2},
        bounds=(
            Bound(against=_FETCH_AND_WRITE, most=1.25),
            Bound(figure=MEMORY, most=64 * 2**20),
            Bound(figure=HOURS, against=_FETCH_AND_WRITE, most=1, least=1),
        ),
        figures=(WALL, CPU, BLOCK, MEMORY, HOURS),
        processes=3,
        values=1,
        warmups=0,
    ),
)
