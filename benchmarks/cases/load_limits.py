"""How long load limits hold the event loop of a Home Assistant with a large account."""

from typing import Final

from benchmarks.framework import CPU, OURS, WALL, Bound, Case, Contender
from benchmarks.hass.limiting import ADD, BLOCKS, OFF, RELOAD

_MOST: Final = 0.010

CASES: Final = (
    Case(
        key="load_limits",
        title="20 load limits that share 5,000 assets",
        text=(
            "Each of 20 load limits measures a sensor of its own and may curtail all of 5,000 "
            "assets. They draw 500 W each, and name neither a shortest time on nor a longest time "
            "off. What happens is in the columns, in this order; each shows the longest block of "
            "the event loop until all that follows is done, commands to the cloud included. The "
            "garbage collector of Python is kept out. Not bounded are adding load limits and "
            "reloading the account, where Home Assistant itself adds and removes entities."
        ),
        contenders=(Contender(key=OURS, title="ours", factory="benchmarks.hass.limiting:ours"),),
        settings={"assets": 5_000, "sites": 50, "lines": 1, "limits": 20},
        quick={"assets": 40, "sites": 2, "limits": 3},
        bounds=tuple(Bound(figure=one, most=_MOST) for one in BLOCKS),
        figures=(WALL, CPU, ADD, *BLOCKS, RELOAD, OFF),
        processes=1,
        values=1,
        warmups=0,
    ),
)
