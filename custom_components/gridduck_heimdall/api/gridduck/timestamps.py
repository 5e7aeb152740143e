"""Parse times: unix times, ISO 8601, or seconds from now.

Contract: gridduck-api.md, "List assets" (`last_contacted`, `*_finish`, `*_finish_stamp`).
"""

from datetime import UTC, datetime
from typing import Final

from ..decoding import LARGEST_NUMBER

_MILLISECONDS_FROM: Final = 1e11
"""As seconds this is the year 5138, as milliseconds 1973: larger stamps are milliseconds."""
_UNIX_TIME_FROM: Final = 1e8
"""A finish from here on is a unix time (1973 and later), a smaller one seconds from now."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(stamp: float | str | None) -> datetime | None:
    """Return the time of a stamp; None for 0, null or an invalid one.

    A stamp is a unix time in seconds or milliseconds, as a number or as text, or a time in ISO
    8601, which is in UTC where it names no offset.
    """
    seconds = _number(stamp) if isinstance(stamp, str) else stamp
    if seconds is None:
        return _iso_moment(stamp) if isinstance(stamp, str) else None
    if seconds <= 0:
        return None
    seconds = seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except ValueError, OverflowError, OSError:
        return None


def seconds_left(finish: float | str | None) -> float | None:
    """Return a finish in seconds from now; None if it is a time or missing."""
    seconds = _number(finish)
    return seconds if seconds is not None and 0 < seconds < _UNIX_TIME_FROM else None


def is_beyond(stamp: float | str) -> bool:
    """Return whether a stamp is a number beyond all dates, such as microseconds."""
    seconds = _number(stamp)
    return seconds is not None and seconds > 0 and moment(stamp) is None


def is_stamp(text: str) -> bool:
    """Return whether a text is a time or a number."""
    return _number(text) is not None or _iso_moment(text) is not None


def _number(value: float | str | None) -> float | None:
    """Return a number, also from text; None for anything else."""
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) <= LARGEST_NUMBER else None


def _iso_moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
        found = (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError, OverflowError:
        return None
    return found if found > _EPOCH else None
