"""Times by a clock that may have been set back since they were noted."""

from typing import Final

AHEAD: Final = 600.0
"""Seconds by which a time may lie ahead while the clock is right."""


def lies_ahead(at: float, now: float, longest: float) -> bool:
    """Return whether a time lies ahead, by at most `longest` (s).

    One that lies further ahead was noted before the clock was set back: what ends then would last
    for far too long.
    """
    return now < at <= now + longest


def is_near(at: float, now: float, seconds: float) -> bool:
    """Return whether a time is less than some seconds ago, or lies ahead by less.

    One that lies further ahead was noted before the clock was set back: it counts as long past.
    """
    return abs(now - at) < seconds


def is_future(at: float, now: float) -> bool:
    """Return whether a time of the past lies ahead: it was noted before the clock was set back."""
    return at > now + AHEAD
