"""The current state of a line."""

from datetime import datetime

from ..core.line_account import LineState
from .inventory import LineItem
from .latest import TargetData
from .products import CURRENT, MAX_AGE


def line_state(line: TargetData[LineItem], *, serving: bool, now: datetime) -> LineState:
    """Return the state of a line.

    Args:
        line: its latest data.
        serving: whether the data is valid.
        now: the present.
    """
    item = line.item
    known = LineState(id=item.id, name=item.name, voltage=item.facility.voltage)
    answer, found = line.fresh(CURRENT), line.loading
    if answer is None or found is None or not serving:
        return known
    measured_at = answer.current.timestamp
    if now - measured_at > MAX_AGE:
        return known
    return LineState(
        id=known.id,
        name=known.name,
        voltage=known.voltage,
        current=found.current,
        limit=found.rating.value,
        limited_by=found.rating.basis,
        fallback=found.rating.fallback,
        measured_at=measured_at,
    )
