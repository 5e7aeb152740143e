"""Parse overrides.

Contract: gridduck-api.md, "List assets" (`*_finish`, `*_finish_stamp`) and Part 2.
"""

from datetime import UTC, datetime, timedelta

from ..override import Override, RunningOverride
from .timestamps import moment, seconds_left


def running(
    kind: Override, stamp: float | str | None, finish: float | str | None, now: datetime
) -> RunningOverride | None:
    """Return the override of a pair of fields; None if none is running.

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
