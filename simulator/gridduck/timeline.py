"""Regimes of a load over time, and the energy that follows from them."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
import math
from typing import Literal

from .load import Curve, Hours


class Mode(Enum):
    """What the user chose for an asset (`user_state`)."""

    ALWAYS_ON = "ALWAYS_ON"
    ALWAYS_OFF = "ALWAYS_OFF"
    SCHEDULE = "SCHEDULE"


type OverrideKind = Literal["boost", "snooze"]


@dataclass(frozen=True, slots=True)
class Override:
    """A boost or snooze from `start` until `end`, or until the next override if that is sooner.

    `kind` None ends what runs.
    """

    start: float
    end: float
    kind: OverrideKind | None


class Control:
    """How an asset was told to behave: its modes and overrides, in order of their start."""

    def __init__(self, created: float, mode: Mode) -> None:
        """Start in `mode` at `created`; before that the asset is off."""
        self.modes: list[tuple[float, Mode]] = [(-math.inf, Mode.ALWAYS_OFF), (created, mode)]
        self._overrides: list[Override] = []

    def override(self, override: Override) -> None:
        """Add an override; it replaces all that would start at its start or later."""
        kept = [other for other in self._overrides if other.start < override.start]
        self._overrides = [*kept, override]

    def set_mode(self, at: float, mode: Mode) -> None:
        """Change the mode at unix time `at`."""
        self.modes.append((at, mode))

    def retire(self, at: float) -> None:
        """Switch the asset off for good at unix time `at`."""
        self.set_mode(at, Mode.ALWAYS_OFF)
        self.override(Override(at, at, None))

    def mode(self, at: float) -> Mode:
        """Return the mode at unix time `at`."""
        return self.modes[bisect_right(self.modes, at, key=_start_of_mode) - 1][1]

    def running(self, at: float) -> Override | None:
        """Return the boost or snooze that runs at unix time `at`."""
        index = bisect_right(self._overrides, at, key=_start_of_override) - 1
        if index < 0:
            return None
        override = self._overrides[index]
        return override if override.kind is not None and at < override.end else None

    def regime(self, at: float) -> Mode:
        """Return the mode at unix time `at`, with an override taken into account."""
        match self.running(at):
            case Override(kind="boost"):
                return Mode.ALWAYS_ON
            case Override(kind="snooze"):
                return Mode.ALWAYS_OFF
            case _:
                return self.mode(at)

    def changes(self) -> set[float]:
        """Return the times at which the regime may change."""
        ends = {edge for override in self._overrides for edge in (override.start, override.end)}
        return ends | {start for start, _ in self.modes}


def _start_of_mode(entry: tuple[float, Mode]) -> float:
    return entry[0]


def _start_of_override(entry: Override) -> float:
    return entry.start


class Timeline:
    """A load under its regimes: power (W) and energy since it exists (Wh) at any time."""

    def __init__(self, active: Curve, scheduled: Curve) -> None:
        """Take the load while on, and the load that the asset's own schedule leaves of it."""
        self._curves: dict[Mode, Curve | None] = {
            Mode.ALWAYS_ON: active,
            Mode.ALWAYS_OFF: None,
            Mode.SCHEDULE: scheduled,
        }
        self._starts: list[float] = [-math.inf]
        self._spans: list[tuple[Curve | None, float]] = [(None, 0.0)]

    def rebuild(self, changes: Iterable[tuple[float, Mode]]) -> None:
        """Replace the regimes by `changes`, in order of time, the first of them off."""
        self._starts = [-math.inf]
        self._spans = [(None, 0.0)]
        for start, mode in changes:
            curve = self._curves[mode]
            if start == -math.inf or curve is self._spans[-1][0]:
                continue
            so_far = self.energy(start)
            self._starts.append(start)
            self._spans.append((curve, so_far - curve.energy(start) if curve else so_far))

    def power(self, at: float) -> float:
        """Return the power at unix time `at`, W."""
        curve, _ = self._spans[bisect_right(self._starts, at) - 1]
        return curve.power(at) if curve else 0.0

    def energy(self, at: float) -> float:
        """Return the energy until unix time `at`, Wh."""
        curve, offset = self._spans[bisect_right(self._starts, at) - 1]
        return offset + curve.energy(at) if curve else offset


def is_on(regime: Mode, hours: Hours, at: float) -> bool:
    """Return whether a regime has an asset with this schedule on at unix time `at`."""
    return regime is Mode.ALWAYS_ON or (regime is Mode.SCHEDULE and hours.on(at))
