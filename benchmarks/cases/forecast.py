"""Expecting the loads of many lines and sites."""

from typing import Final

from benchmarks.framework import BLOCK, CPU, OURS, WALL, Bound, Case, Contender
from benchmarks.hass.forecasting import LOADS

CASES: Final = (
    Case(
        key="expect_loads",
        title="Expect the loads of 300 lines and 500 sites",
        text=(
            "What happens once an hour, some minutes after it: the newest hours of each load are "
            "read from the recorder's SQLite file, 48 hours are expected of each, those of lines "
            "are joined with their forecast ratings, and the entities that show it are notified. "
            "All of the four weeks, 537,600 rows, are read in the run that warms up, as after a "
            "start, and later once a day. Processor time is that of all threads."
        ),
        contenders=(Contender(key=OURS, title="ours", factory="benchmarks.hass.forecasting:ours"),),
        settings={"sites": 500, "assets": 1_000, "lines": 300},
        quick={"sites": 2, "assets": 4, "lines": 2},
        bounds=(
            Bound(figure=CPU, most=5.0),
            Bound(figure=BLOCK, most=0.010),
            Bound(figure=LOADS, least=4),
        ),
        figures=(WALL, CPU, BLOCK, LOADS),
        processes=2,
        values=2,
        warmups=1,
    ),
)
