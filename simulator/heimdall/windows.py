"""The windows over which a line's value is the extreme: five minutes, or less at a faster tempo.

Contract: heimdall-api.md §5.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import math
from typing import Final

from .assets import Line, MeasurementPoint

STEP: Final = 300
READINGS: Final = 5
_MINUTE: Final = STEP / READINGS


@dataclass(frozen=True, slots=True)
class Window:
    """A window: its number since 1970 among those of its tempo, and that tempo."""

    number: int
    tempo: int = 1

    @property
    def start(self) -> float:
        """Return when it begins, unix time."""
        return self.number * STEP / self.tempo

    @property
    def end(self) -> float:
        """Return when the next begins, unix time."""
        return (self.number + 1) * STEP / self.tempo

    def minutes(self) -> Iterator[Minute]:
        """Yield its minutes."""
        yield from (Minute(self, place) for place in range(READINGS))

    def times(self, point: MeasurementPoint) -> list[float]:
        """Return when a sensor reads in it."""
        return [minute.reading(point) for minute in self.minutes()]

    def last(self, offset: float) -> float:
        """Return when a sensor of this offset reads for the last time in it."""
        return Minute(self, READINGS - 1).at(offset)


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute of a window, in which each sensor reads once: its place is 0 to 4."""

    window: Window
    place: int

    @property
    def start(self) -> float:
        """Return when it begins, unix time."""
        return self.at(0.0)

    def at(self, offset: float) -> float:
        """Return the unix time of a second in it."""
        window = self.window
        return round(window.start + (self.place * _MINUTE + offset) / window.tempo, 3)

    def reading(self, point: MeasurementPoint) -> float:
        """Return when a sensor reads in it."""
        return self.at(point.offset)

    def is_over(self, line: Line, now: float) -> bool:
        """Tell whether all sensors of a line have read in it."""
        if self.at(_MINUTE) <= now:
            return True
        offsets = (p.offset for _, _, p in line.sensors() if p.active(self.reading(p)))
        return self.at(max(offsets, default=0.0)) <= now


def window_at(line: Line, at: float) -> Window:
    """Return the window that a unix time is in."""
    tempo = line.tempo if at >= line.tempo_since else 1
    return Window(math.floor(at * tempo / STEP), tempo)


def before(line: Line, window: Window) -> Window:
    """Return the window before another."""
    earlier = Window(window.number - 1, window.tempo)
    if window.tempo > 1 and earlier.start < line.tempo_since:
        return Window(window.number // window.tempo - 1)
    return earlier


def windows(line: Line, start: float, end: float) -> Iterator[Window]:
    """Yield the windows that a time touches, both ends included."""
    window = window_at(line, start)
    while window.start <= end:
        yield window
        window = window_at(line, window.end)


def tempo_from(now: float) -> float:
    """Return from when another tempo can hold: the start of the five minutes that now is in."""
    return float(now // STEP * STEP)
