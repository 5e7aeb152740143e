"""What overrides the schedule of an asset for a while: a boost or a snooze."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Override(StrEnum):
    """What overrides the schedule of an asset."""

    NONE = "none"
    BOOST = "boost"
    SNOOZE = "snooze"


@dataclass(frozen=True, slots=True)
class RunningOverride:
    """A boost or a snooze that runs.

    Attributes:
        kind: boost or snooze.
        end: when it ends.
        estimated: `end` was counted from the seconds left at the time of the poll, and moves a
            little with each poll.
    """

    kind: Override
    end: datetime
    estimated: bool
