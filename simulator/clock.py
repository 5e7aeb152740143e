"""The simulated time."""

from collections.abc import Callable
import time


def _real_now() -> float:
    # Looked up at each call, so that a test that freezes time freezes this clock too.
    return time.time()


class Clock:
    """A clock that can run faster than the real one and be moved forward.

    `now` gives the real time in unix seconds; `speed` is how many simulated seconds pass in one
    real second.
    """

    def __init__(self, now: Callable[[], float] = _real_now, speed: float = 1.0) -> None:
        """Start at the real time."""
        if speed <= 0:
            msg = f"speed must be above 0, not {speed}"
            raise ValueError(msg)
        self._real_now = now
        self._speed = speed
        self._start = now()
        self._advanced = 0.0

    def now(self) -> float:
        """Return the simulated time in unix seconds."""
        return self._start + (self._real_now() - self._start) * self._speed + self._advanced

    def advance(self, seconds: float) -> None:
        """Move the simulated time forward; raise ValueError for a step back."""
        if seconds < 0:
            msg = f"the clock does not go back ({seconds} s)"
            raise ValueError(msg)
        self.shift(seconds)

    def shift(self, seconds: float) -> None:
        """Set the clock forward or back, as a clock that is wrong or is corrected."""
        self._advanced += seconds
