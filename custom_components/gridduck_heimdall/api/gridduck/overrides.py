"""When a boost or a snooze ends.

Contract: gridduck-api.md, "List assets" (`*_finish`, `*_finish_stamp`) and Part 2.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from .assumed import moment, seconds_left

HOLD = timedelta(seconds=30)
"""How far an estimated end may move and still count as the same."""


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
        estimated: `end` was counted from the seconds left at the time of the poll. It then
            moves a little with each poll: the caller keeps it with `held`.
    """

    kind: Override
    end: datetime
    estimated: bool


def running(
    kind: Override, stamp: float | str | None, finish: float | str | None, now: datetime
) -> RunningOverride | None:
    """Return the override that a pair of fields tells of, None when none runs.

    Args:
        kind: boost or snooze.
        stamp: the field `*_finish_stamp`: its end, as `moment` reads it.
        finish: the field `*_finish`, for where there is no stamp: its end, or seconds left.
        now: when the fields were received.
    """
    end = moment(stamp)
    estimated = False
    if end is None and (left := seconds_left(finish)) is not None:
        end, estimated = now.astimezone(UTC) + timedelta(seconds=left), True
    elif end is None:
        end = moment(finish)
    if end is None or end <= now:
        return None
    return RunningOverride(kind, end, estimated)


def held(
    previous: RunningOverride | None, current: RunningOverride | None
) -> RunningOverride | None:
    """Return the override to announce, so that an estimated end does not move with each poll.

    Args:
        previous: what was announced last; None also after a command, whose new end counts.
        current: what the present poll tells.
    """
    if previous is None or current is None or not current.estimated:
        return current
    same = previous.kind is current.kind and abs(previous.end - current.end) <= HOLD
    return previous if same else current
