"""How much power is to be shed, and what that was computed from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import math
from typing import Final

from ..core.line_account import LineState

WINDOW: Final = timedelta(minutes=5)
"""The current of a line is the highest of this time. Contract: heimdall-api.md §5.4."""

_UNITS: Final = ((1_000_000.0, "MW"), (1_000.0, "kW"))


class Origin(StrEnum):
    """What a goal was given as."""

    POWER = "power"
    CURRENT = "current"
    TO_LOADING = "to_loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Power that is to be shed.

    Attributes:
        power: W; zero or less where nothing is needed.
        origin: what it was given as.
        asked: what was given: W, A or %.
        line: the line that it is for.
        line_device: the device of that line.
    """

    power: float
    origin: Origin
    asked: float
    line: LineState | None = None
    line_device: str | None = None

    def unmeasured(self, since: datetime) -> bool:
        """Tell whether what was shed then is still to be counted.

        It always is, but for a goal that follows from what the line was measured to carry: there
        it counts until a measurement knows of it. As the current is the highest of five minutes,
        those have to have passed.
        """
        if self.origin is not Origin.TO_LOADING or self.line is None:
            return True
        measured_at = self.line.measured_at
        return measured_at is None or since > measured_at - WINDOW

    def told(self) -> str:
        """Return for what load is shed, for people."""
        match self.origin, self.line:
            case Origin.TO_LOADING, LineState(name=name, loading=float(loading)):
                return f"{name} is at {loading:.0f} %"
            case Origin.CURRENT, LineState(name=name):
                return f"{name} is to carry {self.asked:g} A less"
        return "Less power was asked for"


def watts(current: float, voltage: float) -> float:
    """Return the power of a three-phase current, W.

    Args:
        current: of one phase, A.
        voltage: phase to phase, V.
    """
    return math.sqrt(3) * voltage * current


def of_power(power: float) -> Goal:
    """Return the goal to shed so many watts."""
    return Goal(power=power, origin=Origin.POWER, asked=power)


def of_current(current: float, line: LineState, voltage: float) -> Goal:
    """Return the goal to take so many amperes off a line of so many volts."""
    return Goal(power=watts(current, voltage), origin=Origin.CURRENT, asked=current, line=line)


def of_loading(share: float, line: LineState, current: float, limit: float, voltage: float) -> Goal:
    """Return the goal to bring a line down to a share of what it can carry.

    Args:
        share: of its rating in force, %.
        line: the line.
        current: what it carries, A.
        limit: its rating in force, A.
        voltage: phase to phase, V.
    """
    excess = current - share / 100 * limit
    return Goal(power=watts(excess, voltage), origin=Origin.TO_LOADING, asked=share, line=line)


def power_told(power: float) -> str:
    """Return a power for people, in MW, kW or W."""
    for size, unit in _UNITS:
        if power >= size:
            return f"{power / size:.1f} {unit}"
    return f"{power:.0f} W"
