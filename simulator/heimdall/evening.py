"""When the evening puts its load on a line."""

from dataclasses import dataclass
import math

_DAY = 86_400
_HOUR = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A time of each day.

    Attributes:
        begins: seconds after midnight, UTC, at which half of the load is there.
        lasts: seconds until half of it is gone again.
        edge: a quarter of the seconds in which most of it comes, or goes.
    """

    begins: float = 16.5 * _HOUR
    lasts: float = 4.0 * _HOUR
    edge: float = 0.15 * _HOUR

    def share(self, at: float) -> float:
        """Return how much of the evening's load is there at a unix time: 0 to 1."""
        since = (at - self.begins + _DAY / 2) % _DAY - _DAY / 2
        return _rise(since / self.edge) * _rise((self.lasts - since) / self.edge)


USUAL = Evening()


def _rise(x: float) -> float:
    """Return a smooth step from 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))
