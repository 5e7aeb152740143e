"""How many calls the polls of two accounts cost in an hour."""

from typing import Final

from benchmarks.framework import OURS, Bound, Case, Contender, Figure
from benchmarks.hass.budget import LINES, LISTS, TEMPERATURES

_BUDGET: Final = "budget"
_ALL: Final = "all"
_FIGURES: Final = (LINES, LISTS, TEMPERATURES)
_OURS: Final = "benchmarks.hass.counting:ours"
_BUDGET_CONTENDER: Final = Contender(
    key=_BUDGET, title="budget", factory="benchmarks.hass.budget:budget"
)
_TEXT: Final = (
    "Calls that reach the simulated services in one hour of simulated time, the sixth, in which "
    "the six-hourly look at all lines falls; tokens are left out. The budget is reckoned apart, "
    "from what there is: measurements every 5 minutes, forecasts hourly, what answers that there "
    "is no data hourly, the list of assets once a minute, and temperatures every 5 minutes, the "
    "last two each within 30 calls a minute."
)


def _equal(figure: Figure) -> Bound:
    return Bound(figure=figure, against=_BUDGET, most=1, least=1)


CASES: Final = (
    Case(
        key="calls",
        title="Calls an hour for 100 lines and 5,000 assets",
        text=f"{_TEXT} Temperatures may take less than they are allowed to: they are still found.",
        contenders=(Contender(key=OURS, title="ours", factory=_OURS), _BUDGET_CONTENDER),
        settings={"lines": 100, "assets": 5_000, "sites": 50, "enabled": 1.0, "step": 100},
        quick={"lines": 2, "assets": 20, "sites": 1, "step": 60},
        bounds=(
            _equal(LINES),
            _equal(LISTS),
            Bound(figure=TEMPERATURES, against=_BUDGET, most=1),
        ),
        figures=_FIGURES,
        simulator=False,
        processes=1,
        values=1,
        warmups=0,
    ),
    Case(
        key="calls_half",
        title="Calls an hour where the entities of half are disabled",
        text=(
            f"{_TEXT} Every entity of half of the 100 lines is disabled, and half of the "
            "temperatures of 100 assets. The list of assets costs the same for any part of it. "
            "What never answered has no entity that could be disabled, and is asked for hourly."
        ),
        contenders=(
            Contender(key=OURS, title="half", factory=_OURS),
            Contender(key=_ALL, title="all enabled", factory=_OURS, settings={"enabled": 1.0}),
            _BUDGET_CONTENDER,
        ),
        settings={"lines": 100, "assets": 100, "sites": 5, "enabled": 0.5, "step": 60},
        quick={"lines": 2, "assets": 20, "sites": 1},
        bounds=(
            _equal(LINES),
            _equal(LISTS),
            _equal(TEMPERATURES),
            Bound(figure=LINES, against=_ALL, most=0.52),
            Bound(figure=TEMPERATURES, against=_ALL, most=0.52),
        ),
        figures=_FIGURES,
        simulator=False,
        processes=1,
        values=1,
        warmups=0,
    ),
)
