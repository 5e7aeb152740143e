"""Energy counters that only ever grow, but for a real reset."""

from typing import Final

NOISE: Final = 0.1


class EnergyGuard:
    """Hold back small steps down of an energy counter.

    A counter that is read through a cloud steps back now and then, by rounding or by an answer
    that is older than the one before. Energy statistics would count such a step as a reset.
    """

    def __init__(self) -> None:
        """Start with no value."""
        self._highest: float | None = None

    def restore(self, value: float) -> None:
        """Go on from the value that was shown before a restart."""
        if self._highest is None:
            self._highest = value

    def check(self, value: float | None) -> float | None:
        """Return the value to show.

        A decrease of less than a tenth is noise: the value before is kept. A larger one is a
        reset and passes.
        """
        if value is None:
            return None
        if self._highest is None or not self._highest * (1 - NOISE) < value < self._highest:
            self._highest = value
        return self._highest
