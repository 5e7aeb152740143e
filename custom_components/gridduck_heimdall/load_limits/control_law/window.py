"""The mean of a clock-aligned window, as capacity tariffs have it."""

from dataclasses import dataclass, replace
from typing import Final

_LONGEST_HOLD: Final = 300.0
"""Seconds for which a measurement stands; a longer gap counts as the mean of the rest."""
_SHORTEST_REST: Final = 60.0
_LEAST_ALLOWED: Final = 0.5
"""Share of the limit to which a load is brought down at least, even if the window is lost."""
_MOST_ABOVE: Final = 0.5
"""Share of the limit by which the load may exceed it at the beginning of a window; it falls to
none at the end, as the next window begins then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowMean:
    """A window of which a part has passed.

    Attributes:
        length: seconds.
        offset: seconds by which local time is ahead of UTC; windows are aligned to the local hour.
        start: when it began.
        energy: what was measured in it, W·s.
        covered: seconds of it for which there are measurements.
        last: time and value of the last measurement; None before the first.
    """

    length: float
    offset: float = 0.0
    start: float = 0.0
    energy: float = 0.0
    covered: float = 0.0
    last: tuple[float, float] | None = None

    def add(self, time: float, value: float, offset: float = 0.0) -> WindowMean:
        """Return the window that contains a time, with a measurement (W) added.

        One a little earlier than the last changes nothing, and one much earlier begins anew, as the
        clock was set back.
        """
        last = self.last
        if last is not None and last[0] - time > _LONGEST_HOLD:
            last = None
        if last is not None and time <= last[0]:
            return self
        start = (time + offset) // self.length * self.length - offset
        same = start == self.start and last is not None
        energy, covered = (self.energy, self.covered) if same else (0.0, 0.0)
        if last is not None and time - last[0] <= _LONGEST_HOLD:
            # The value before holds until this one, from the start of the window at the earliest.
            begin = max(last[0], start)
            energy += last[1] * (time - begin)
            covered += time - begin
        return replace(
            self, offset=offset, start=start, energy=energy, covered=covered, last=(time, value)
        )

    @property
    def end(self) -> float:
        """When it ends."""
        return self.start + self.length

    def mean(self, load: float) -> float:
        """Return the mean so far, W; without a measurement, the present load."""
        return self.energy / self.covered if self.covered else load

    def projected(self, load: float, now: float) -> float:
        """Return the mean at the end of the window, W, if the load stays as it is."""
        passed = min(max(now - self.start, 0.0), self.length)
        if now >= self.end:
            return load
        return (self.mean(load) * passed + load * (self.length - passed)) / self.length

    def allowed(self, limit: float, load: float, now: float) -> float:
        """Return the load, W, with which the mean at the end of the window is the limit."""
        if now >= self.end:
            return limit
        passed = max(now - self.start, 0.0)
        rest = self.length - passed
        allowed = (limit * self.length - self.mean(load) * passed) / max(rest, _SHORTEST_REST)
        most = 1 + _MOST_ABOVE * rest / self.length
        return min(max(allowed, _LEAST_ALLOWED * limit), most * limit)
