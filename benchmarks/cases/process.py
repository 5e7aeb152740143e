"""What both accounts, of the largest size that is meant, cost a real process."""

from typing import Final

from benchmarks.framework import CPU, OURS, Bound, Case, Contender
from benchmarks.process.home import ENTITIES, LOADED, REGISTRY, RESIDENT, WAIT

_BARE: Final = "bare"
_MODULE: Final = "benchmarks.process.home"

CASES: Final = (
    Case(
        key="process",
        title="A real Home Assistant with 5,000 assets and 300 lines",
        text=(
            "The process of Home Assistant itself, with its user interface, recorder and energy "
            "dashboard, beside the same without the accounts. The accounts are added through the "
            "user interface, Home Assistant is stopped and started again, and from ten seconds "
            "after all is loaded another process asks its HTTP server for a page, again and "
            "again, while both accounts are polled and their history is imported. Processor time "
            "is that of this while."
        ),
        contenders=(
            Contender(key=OURS, title="ours", factory=f"{_MODULE}:with_accounts"),
            Contender(key=_BARE, title="without accounts", factory=f"{_MODULE}:without_accounts"),
        ),
        settings={"assets": 5_000, "sites": 50, "lines": 300, "minutes": 5.0, "restart": True},
        quick={"assets": 40, "sites": 2, "lines": 2, "minutes": 0.05, "restart": False},
        bounds=(
            Bound(figure=LOADED, most=12),
            Bound(figure=REGISTRY, most=10e6),
            Bound(figure=RESIDENT, against=_BARE, difference=True, most=180e6),
            Bound(figure=WAIT, against=_BARE, difference=True, most=0.1),
        ),
        figures=(LOADED, REGISTRY, ENTITIES, RESIDENT, WAIT, CPU),
        processes=1,
        values=1,
        warmups=0,
    ),
)
