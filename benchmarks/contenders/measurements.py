"""What every contender asks of each line; nothing here needs more than Python itself."""

from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.framework import Figure

_CAPACITY: Final = "/capacity_monitoring/v1"
_INSIGHTS: Final = "/grid_insights/v1/lines/{}"

LINE_PATHS: Final = (
    f"{_INSIGHTS}/currents/latest",
    f"{_INSIGHTS}/conductor_temperatures/latest",
    f"{_INSIGHTS}/icing/latest",
    f"{_INSIGHTS}/sag_and_clearance/latest",
    f"{_CAPACITY}/lines/{{}}/heimdall_dlrs/latest",
    f"{_CAPACITY}/lines/{{}}/heimdall_aars/latest",
    f"{_CAPACITY}/lines/{{}}/transient_ratings/latest",
)
FACILITY_PATHS: Final = (
    f"{_CAPACITY}/facilities/{{}}/circuit_ratings/latest",
    f"{_CAPACITY}/facilities/{{}}/circuit_transient_ratings/latest",
)
RECENT_PATHS: Final = frozenset(LINE_PATHS[2:4])
"""Where values older than an hour are left out."""

ASSETS: Final = Figure(key="assets", title="Assets", unit="", digits=0)
REQUESTS: Final = Figure(key="requests", title="Requests", unit="", digits=0)
ANSWERS: Final = Figure(key="answers", title="Answers with data", unit="", digits=0)


def hour_ago() -> datetime:
    """Return the time from which on values are wanted."""
    return datetime.now(UTC) - timedelta(hours=1)


def asked(*, requests: int, answers: int) -> dict[str, float]:
    """Return the figures of a poll: so that it shows whether all contenders did the same."""
    return {REQUESTS.key: requests, ANSWERS.key: answers}
