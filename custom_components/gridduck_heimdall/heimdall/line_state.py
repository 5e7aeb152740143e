"""What a line carries and can carry now, for whoever acts upon it."""

from dataclasses import dataclass
from datetime import datetime

from .inventory import LineItem
from .loading import loading
from .products import CURRENT, MAX_AGE
from .target_data import TargetData


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """A line at present.

    Attributes:
        id: the service's id.
        name: what it is called.
        voltage: of its facility, phase to phase, V; None where the service does not tell.
        current: what it carries, A; None where it or the loading is not known for sure.
        limit: the rating in force, A; None as `current`.
        limited_by: which rating that is.
        fallback: whether it stands in for a better one; None as `current`.
        measured_at: when the current was measured.
    """

    id: str
    name: str
    voltage: float | None
    current: float | None = None
    limit: float | None = None
    limited_by: str | None = None
    fallback: bool | None = None
    measured_at: datetime | None = None

    @property
    def loading(self) -> float | None:
        """The current as a share of the rating in force, %."""
        if self.current is None or self.limit is None:
            return None
        return 100 * self.current / self.limit


def line_state(line: TargetData[LineItem], *, serving: bool, now: datetime) -> LineState:
    """Return the state of a line.

    Args:
        line: its latest data.
        serving: whether that may still be shown as current.
        now: the present.
    """
    item = line.item
    known = LineState(id=item.id, name=item.name, voltage=item.facility.voltage)
    answer, found = line.fresh(CURRENT), loading(line)
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
        limit=found.limit,
        limited_by=found.limited_by,
        fallback=found.rating.fallback,
        measured_at=measured_at,
    )
