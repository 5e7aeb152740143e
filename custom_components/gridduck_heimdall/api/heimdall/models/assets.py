"""Assets: grid owners, facilities, lines, spans, sensors.

Contract: heimdall-api.md §3.3 (A1), §4.
"""

from collections.abc import Iterator
from datetime import datetime

from ...decoding import Number
from .common import Identifier, Model, Payload, Timestamp


class MeasurementPoint(Model, frozen=True, kw_only=True):
    """Position of a sensor on a sub-conductor of a span phase."""

    id: Identifier
    sub_conductor_number: int | None = None
    registered_timestamp: Timestamp | None = None
    unregistered_timestamp: Timestamp | None = None

    def active(self, now: datetime) -> bool:
        """Return whether the sensor is still installed at `now`. Contract: heimdall-api.md §4."""
        return self.unregistered_timestamp is None or self.unregistered_timestamp > now


class SpanPhase(Model, frozen=True, kw_only=True):
    """One phase conductor, or bundle of conductors, in a span."""

    id: Identifier
    name: str | None = None
    measurement_points: tuple[MeasurementPoint, ...] = ()


class Span(Model, frozen=True, kw_only=True):
    """Stretch of a line between two towers."""

    id: Identifier
    mast_name_a: str | None = None
    mast_name_b: str | None = None
    span_phases: tuple[SpanPhase, ...] = ()


class Line(Model, frozen=True, kw_only=True):
    """A power line, target of the endpoints C1 to C7 and G1 to G11."""

    id: Identifier
    name: str = ""
    available_forecast_hours: int | None = None
    """Hours that forecasts of the ambient-adjusted rating reach, at most 240."""
    spans: tuple[Span, ...] = ()

    def active_points(self, now: datetime) -> Iterator[MeasurementPoint]:
        """Yield the sensors that are installed at `now`. Contract: heimdall-api.md §4."""
        for span in self.spans:
            for phase in span.span_phases:
                yield from (point for point in phase.measurement_points if point.active(now))

    def instrumented(self, now: datetime) -> bool:
        """Return whether any sensor is installed at `now`. Contract: heimdall-api.md §4."""
        return any(True for _ in self.active_points(now))


class FacilityComponent(Model, frozen=True, kw_only=True):
    """A breaker, transformer or the like, which can limit a circuit."""

    id: Identifier
    name: str = ""


class Facility(Model, frozen=True, kw_only=True):
    """Everything that can limit one circuit, target of the endpoints F1 to F4."""

    id: Identifier
    name: str = ""
    nominal_voltage: Number | None = None
    """Volts, phase to phase."""
    operational_voltage: Number | None = None
    """Volts, phase to phase."""
    components: tuple[FacilityComponent, ...] = ()
    line: Line | None = None

    @property
    def voltage(self) -> float | None:
        """Volts for conversions to MVA: operational where usable, else nominal.

        None where neither is set and above zero. Contract: heimdall-api.md §5.2.
        """
        for volts in (self.operational_voltage, self.nominal_voltage):
            if volts is not None and volts > 0:
                return volts
        return None


class GridOwner(Model, frozen=True, kw_only=True):
    """Owner of facilities; the service gives no id."""

    name: str = ""
    facilities: tuple[Facility, ...] = ()


class Assets(Payload, frozen=True, kw_only=True):
    """Everything that the credentials can see (A1)."""

    grid_owners: tuple[GridOwner, ...]

    def instrumented_lines(self, now: datetime) -> Iterator[tuple[GridOwner, Facility, Line]]:
        """Yield the lines that carry a sensor at `now`, with owner and facility."""
        for owner in self.grid_owners:
            for facility in owner.facilities:
                if facility.line is not None and facility.line.instrumented(now):
                    yield owner, facility, facility.line
