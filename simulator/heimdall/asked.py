"""A checked request to a data endpoint, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass
import math

from .assets import Facility, Line
from .measure import Measurements
from .mechanics import Mechanics
from .query import Query
from .ratings import Ratings

type Payload = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Everything that can be computed about a line."""

    measurements: Measurements
    ratings: Ratings
    mechanics: Mechanics


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked about which line, at which unix time."""

    facility: Facility
    line: Line
    query: Query
    now: float
    models: Models

    def too_old(self, at: float) -> bool:
        """Tell whether a value is older than `since`. Contract: heimdall-api.md §5.3."""
        return self.query.since is not None and at < self.query.since

    def scale(self) -> Scale | None:
        """Return how ratings are given, or None where there is no voltage for MVA."""
        if not self.query.apparent_power:
            return Scale("Ampere", 1.0, 1)
        return self.mva()

    def mva(self) -> Scale | None:
        """Return how to give A as MVA, or None without a voltage. Contract: §5.2."""
        voltage = self.facility.voltage()
        return None if voltage is None else Scale("MVA", math.sqrt(3) * voltage / 1e6, 3)


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit, what A is multiplied by, and the digits after the point."""

    unit: str
    factor: float
    digits: int

    def value(self, amperes: float) -> float:
        """Return a current in this unit."""
        return round(amperes * self.factor, self.digits)


# None: there is no data, which is a 404 (heimdall-api.md §5.1).
type Answerer = Callable[[Asked], Payload | None]
