"""A poll of all measurements of many lines."""

from typing import Final

from benchmarks.contenders.measurements import ANSWERS, REQUESTS
from benchmarks.framework import BLOCK, CPU, OURS, WALL, Bound, Case, Contender, Growth
from benchmarks.sdk import PYTHON
from custom_components.gridduck_heimdall.api.heimdall import MAX_PARALLEL

_SDK: Final = "sdk"
_LIMIT: Final = "limit"

CASES: Final = (
    Case(
        key="poll_lines",
        title="Poll all measurements of 100 lines",
        text=(
            "One poll of the nine measurements of each line, where the service takes 20 ms to "
            "answer a request. Ours is the account's own poll, from what is due to what has "
            f"changed, at {MAX_PARALLEL} requests at once. The vendor's Python SDK asks for the "
            "same, one after another, as it has no other way. The limit is aiohttp alone, asking "
            "the same addresses with as many requests at once and decoding with msgspec."
        ),
        contenders=(
            Contender(key=OURS, title="ours", factory="benchmarks.contenders.lines:ours"),
            Contender(
                key=_SDK,
                title="vendor's SDK 5.1.0",
                factory="benchmarks.contenders.sdk:sdk",
                python=PYTHON,
            ),
            Contender(key=_LIMIT, title="limit", factory="benchmarks.contenders.bare_lines:bare"),
        ),
        settings={"lines": 100, "assets": 0, "latency_ms": 20, "parallel": MAX_PARALLEL},
        quick={"lines": 4},
        bounds=(
            Bound(against=_SDK, most=1 / 15),
            Bound(against=_LIMIT, most=1.15),
            Bound(figure=REQUESTS, against=_SDK, most=1, least=1),
            Bound(figure=REQUESTS, against=_LIMIT, most=1, least=1),
            Bound(figure=ANSWERS, against=_SDK, most=1, least=1),
            Bound(figure=ANSWERS, against=_LIMIT, most=1, least=1),
        ),
        figures=(WALL, CPU, BLOCK, REQUESTS, ANSWERS),
        values=1,
        growth=Growth(setting="lines", sizes=(10, 100, 1_000, 5_000), without=(_SDK,)),
    ),
)
