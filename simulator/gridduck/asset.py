"""One asset: its place in the tree, its control state and what it measures."""

from dataclasses import dataclass, field
from functools import cached_property
import math

from .kinds import Kind
from .load import DAY, HOUR, Course, Curve, Noise
from .timeline import Control, Mode, Timeline, is_on


@dataclass(slots=True, kw_only=True)
class Gateway:
    """A hub that assets talk through."""

    id: str
    name: str


@dataclass(slots=True, kw_only=True)
class Site:
    """A site; `price` is the price per kWh as a decimal string in pence, or None."""

    id: str
    name: str
    price: str | None
    currency: str
    created: int
    gateways: list[Gateway]


@dataclass(frozen=True, slots=True)
class Correction:
    """A later correction of measured energy by `factor`, from `start` to `end` (unix seconds)."""

    start: float
    end: float
    factor: float


@dataclass(eq=False, kw_only=True)
class Asset:
    """An asset of the world.

    `courses` are those of its load while on, and as its schedule leaves it; `noise` gives -1 to 1
    for a step. `loads` are the children whose energy it meters, those removed since among them.
    `static` caches the fields that do not change by themselves.
    """

    id: str
    name: str
    number: int
    kind_name: str
    kind: Kind
    site: Site
    gateway: Gateway | None
    created: int
    control: Control
    parent: Asset | None
    noise: Noise
    courses: tuple[Course, Course]
    price: str | None = None
    signal: int | None = None
    read_only: bool = False
    static: dict[str, object] | None = None
    offline_since: float | None = None
    loads: list[Asset] = field(default_factory=list)
    children: list[Asset] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    resets: list[tuple[float, float]] = field(default_factory=list)

    @cached_property
    def timeline(self) -> Timeline | None:
        """The asset's own load, without its children; None where it measures no power."""
        if self.kind.watts is None:
            return None
        watts = self.kind.watts * (1 + 0.4 * self.noise(-1))
        active, scheduled = self.courses
        timeline = Timeline(Curve(watts, active, self.noise), Curve(watts, scheduled, self.noise))
        timeline.rebuild(self._changes())
        return timeline

    def refresh(self) -> None:
        """Work out the load again after a command; what hangs below is switched with it."""
        if "timeline" in self.__dict__ and self.timeline is not None:
            self.timeline.rebuild(self._changes())
        for child in self.loads:
            child.refresh()

    def regime(self, at: float) -> Mode:
        """Return the regime, given that an asset below one that is off has no power."""
        above = self.parent
        if above is not None and above.regime(at) is Mode.ALWAYS_OFF:
            return Mode.ALWAYS_OFF
        return self.control.regime(at)

    def horizon(self, now: float) -> float:
        """Return the time of the last measurement that has reached the service."""
        return now if self.offline_since is None else min(now, self.offline_since)

    def on(self, at: float) -> bool:
        """Return whether the asset's own switch is on."""
        return is_on(self.control.regime(at), self.kind.hours, at)

    def power(self, at: float) -> int | None:
        """Return the demand with all that hangs below, in whole W; None where not measured."""
        if self.timeline is None:
            return None
        own = round(self.timeline.power(at))
        return own + sum(child.power(at) or 0 for child in self.loads) if self.loads else own

    def energy(self, at: float) -> float:
        """Return the energy since the asset exists with all that hangs below, Wh."""
        own = self.timeline.energy(at) if self.timeline else 0.0
        return own + sum(child.energy(at) for child in self.loads)

    def reading(self, at: float) -> float:
        """Return what the asset's counter reads, Wh."""
        energy = self.energy(at)
        for reset, base in reversed(self.resets):
            if reset <= at:
                return energy - base
        return energy

    def corrected_energy(self, at: float) -> float:
        """Return the energy as telemetry has it: with the corrections made since, Wh."""
        energy = self.energy(at)
        for correction in self.corrections:
            if at > correction.start:
                end = min(at, correction.end)
                change = self.energy(end) - self.energy(correction.start)
                energy += (correction.factor - 1) * change
        return energy

    def temperature(self, at: float) -> float:
        """Return the temperature in °C; raises ValueError where the asset has no such sensor."""
        if self.kind.temperature is None:
            msg = f"{self.id} measures no temperature"
            raise ValueError(msg)
        warmest = 15 * HOUR
        course = math.cos(2 * math.pi * (at - warmest) / DAY)
        jitter = 0.1 * self.noise(int(at // 300))
        return round(self.kind.temperature.mean + self.kind.temperature.swing * course + jitter, 2)

    def _changes(self) -> list[tuple[float, Mode]]:
        times = self.control.changes()
        above = self.parent
        while above is not None:
            times |= above.control.changes()
            above = above.parent
        return [(time, self.regime(time)) for time in sorted(times)]
