"""A poll of all assets of a large account."""

from typing import Final

from benchmarks.contenders.measurements import ASSETS
from benchmarks.framework import BLOCK, CPU, OURS, WALL, Bound, Case, Contender, Growth
from custom_components.gridduck_heimdall.api.gridduck.paging import AT_ONCE

_BARE: Final = "bare"

CASES: Final = (
    Case(
        key="poll_assets",
        title="Poll 5,000 assets",
        text=(
            "One poll of the list of all assets, of which 1 % has changed since the poll before. "
            "Ours is the account's own poll, from the first request to what is to be announced: "
            "every asset decoded, checked and compared with what was known of it. Beside it "
            "aiohttp alone gets the same pages, as many at once, and orjson parses them to "
            "dictionaries."
        ),
        contenders=(
            Contender(key=OURS, title="ours", factory="benchmarks.contenders.assets:ours"),
            Contender(
                key=_BARE,
                title="aiohttp and orjson",
                factory="benchmarks.contenders.bare_assets:bare",
            ),
        ),
        # The simulated clock all but stands still: else time itself would change every asset.
        settings={
            "assets": 5_000,
            "sites": 50,
            "lines": 1,
            "speed": 1e-9,
            "parallel": AT_ONCE,
            "changed": 0.01,
        },
        quick={"assets": 100, "sites": 2},
        bounds=(
            Bound(against=_BARE, most=1.2),
            Bound(figure=CPU, against=_BARE, most=1.2),
            Bound(figure=BLOCK, most=0.010),
            Bound(figure=ASSETS, against=_BARE, most=1, least=1),
        ),
        figures=(WALL, CPU, BLOCK, ASSETS),
        processes=5,
        growth=Growth(setting="assets", sizes=(10, 100, 1_000, 5_000)),
    ),
)
