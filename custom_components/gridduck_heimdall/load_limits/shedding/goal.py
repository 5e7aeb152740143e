"""How much power an action sheds, and what that was computed from."""

from dataclasses import dataclass
from enum import StrEnum
import math
from typing import Final

from homeassistant.core import HomeAssistant

from ...core.line_account import LineState
from ...core.texts import text

WINDOW: Final = 300.0
"""Seconds of which the current of a line is the highest. Contract: heimdall-api.md §5.4."""

_UNITS: Final = ((1_000_000.0, "MW"), (1_000.0, "kW"))


class Origin(StrEnum):
    """What the goal of an action is given as."""

    POWER = "power"
    CURRENT = "current"
    TO_LOADING = "to_loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Power to shed.

    Attributes:
        power: W; zero or less where nothing is needed.
        asked: what was given: W, A or %.
        line: the line to relieve, if any.
    """

    power: float
    origin: Origin
    asked: float
    line: LineState | None = None
    line_device: str | None = None

    @property
    def measured_until(self) -> float:
        """Until when a measurement shows what was shed, so that it does not count towards the goal.

        It always counts, but for a goal that follows from the measured current of a line: there it
        counts until a measurement shows it. As the current is the highest of five minutes, it
        counts for as long.
        """
        if self.origin is not Origin.TO_LOADING or self.line is None:
            return -math.inf
        measured_at = self.line.measured_at
        return -math.inf if measured_at is None else measured_at.timestamp() - WINDOW

    def why(self, hass: HomeAssistant, shed: float | None = None) -> str:
        """Return why load is shed, or was, in the language of Home Assistant."""
        values = {"power": power_text(self.power)}
        if shed is not None:
            values["shed"] = power_text(shed)
        ending = "" if shed is None else "_done"
        match self.origin, self.line:
            case Origin.TO_LOADING, LineState(name=name, loading=float(loading)):
                key = f"shed_loading{ending}"
                return text(hass, key, line=name, loading=f"{loading:.0f}", **values)
            case Origin.CURRENT, LineState(name=name):
                key = f"shed_current{ending}"
                return text(hass, key, line=name, current=f"{self.asked:g}", **values)
        return text(hass, f"shed_power{ending}", **values)


def watts(current: float, voltage: float) -> float:
    """Return the power (W) of a three-phase current (A) at a voltage between phases (V)."""
    return math.sqrt(3) * voltage * current


def of_power(power: float) -> Goal:
    """Return the goal to shed some power, W."""
    return Goal(power=power, origin=Origin.POWER, asked=power)


def of_current(current: float, line: LineState, voltage: float) -> Goal:
    """Return the goal to relieve a line of some current, A."""
    return Goal(power=watts(current, voltage), origin=Origin.CURRENT, asked=current, line=line)


def of_loading(share: float, line: LineState, current: float, limit: float, voltage: float) -> Goal:
    """Return the goal to bring a line down to a share (%) of its limit (A)."""
    excess = current - share / 100 * limit
    return Goal(power=watts(excess, voltage), origin=Origin.TO_LOADING, asked=share, line=line)


def power_text(power: float) -> str:
    """Return a power with its unit, MW, kW or W."""
    for size, unit in _UNITS:
        if power >= size:
            return f"{power / size:.1f} {unit}"
    return f"{power:.0f} W"
