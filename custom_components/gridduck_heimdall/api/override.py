"""Overrides of an asset's schedule: boost and snooze."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Override(StrEnum):
    """The kind of an override."""

    NONE = "none"
    BOOST = "boost"
    SNOOZE = "snooze"


@dataclass(frozen=True, slots=True)
class RunningOverride:
    """A running override.

    Attributes:
        kind: boost or snooze.
        end: when it ends.
        estimated: `end` was counted from the seconds left at the time of the poll, and moves a
            little with each poll.
    """

    kind: Override
    end: datetime
    estimated: bool
