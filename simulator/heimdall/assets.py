"""The assets of the simulated account. Contract: heimdall-api.md §4."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
import math

from .conductor import Conductor
from .evening import USUAL, Evening


class Product(StrEnum):
    """What a line can offer; without it the endpoints answer 404 (heimdall-api.md §5.1)."""

    CURRENT = "current"
    APPARENT_POWER = "apparent_power"
    TEMPERATURE = "temperature"
    DLR = "dlr"
    AAR = "aar"
    DLR_FORECAST = "dlr_forecast"
    AAR_FORECAST = "aar_forecast"
    TRANSIENT = "transient"
    CIRCUIT = "circuit"
    CIRCUIT_FORECAST = "circuit_forecast"
    CIRCUIT_TRANSIENT = "circuit_transient"
    ICING = "icing"
    ICING_FORECAST = "icing_forecast"
    SAG = "sag"


@dataclass(slots=True, eq=False, kw_only=True)
class MeasurementPoint:
    """A place for a sensor; it reads every minute, `offset` seconds past it."""

    id: str
    sub_conductor_number: int
    registered: float
    unregistered: float | None = None
    offset: float
    bias: float

    def active(self, at: float) -> bool:
        """Tell whether a sensor measures here at a unix time."""
        return self.registered <= at and (self.unregistered is None or at < self.unregistered)


@dataclass(slots=True, eq=False, kw_only=True)
class SpanPhase:
    """One phase conductor (or bundle) of a span."""

    id: str
    name: str | None
    points: list[MeasurementPoint] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Span:
    """A stretch between two towers: how windy and warm it is, its length and its height (m)."""

    id: str
    mast_a: str | None
    mast_b: str | None
    phases: list[SpanPhase]
    exposure: float
    warmer: float
    length: float
    height: float
    uncertainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProfile:
    """A day's load: A at 100 %, and the shares of base, morning and evening.

    `evening_at` is when the evening is. `fed` adds what is known of the load by itself: A at a
    unix time.
    """

    reference: float
    base: float
    morning: float
    evening: float
    evening_at: Evening = USUAL
    fed: Callable[[float], float] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Line:
    """An overhead line and how it behaves.

    `tempo` is how many times faster than usual it is measured, from `tempo_since` on (unix time).
    """

    id: str
    name: str
    forecast_hours: int
    spans: list[Span]
    conductor: Conductor
    sub_conductors: int
    load: LoadProfile
    durations: tuple[int, ...]
    products: set[Product]
    cold_spells: bool = False
    clearance: bool = True
    span_ratings_stored: bool = True
    fallback: bool = False
    frozen_at: float | None = None
    tempo: int = 1
    tempo_since: float = math.inf
    revision: int = 0

    def sensors(self) -> Iterator[tuple[Span, SpanPhase, MeasurementPoint]]:
        """Yield every measurement point, retired ones too, with where it is."""
        for span in self.spans:
            for phase in span.phases:
                for point in phase.points:
                    yield span, phase, point

    def instrumented(self, at: float) -> bool:
        """Tell whether any measurement point is active."""
        return any(point.active(at) for _, _, point in self.sensors())

    @property
    def installed(self) -> float:
        """Return when its first sensor was registered; infinity if none ever was."""
        return min((point.registered for _, _, point in self.sensors()), default=math.inf)

    def newest(self, now: float) -> float:
        """Return the time after which there are no values."""
        return now if self.frozen_at is None else min(now, self.frozen_at)


@dataclass(slots=True, eq=False, kw_only=True)
class Component:
    """What else can limit a circuit; ratings in A."""

    id: str
    name: str
    steady: float
    emergency: float


@dataclass(slots=True, eq=False, kw_only=True)
class Facility:
    """The elements that can limit a circuit; voltages in V, the upper limit in A."""

    id: str
    name: str
    nominal_voltage: float
    operational_voltage: float | None
    components: list[Component]
    line: Line | None = None
    upper_limit: float | None = None

    def voltage(self) -> float | None:
        """Return the voltage for MVA. Contract: heimdall-api.md §5.2."""
        for voltage in (self.operational_voltage, self.nominal_voltage):
            if voltage is not None and voltage > 0:
                return voltage
        return None


@dataclass(slots=True, eq=False, kw_only=True)
class GridOwner:
    """A grid owner, which has a name and no id."""

    name: str
    facilities: list[Facility]
