"""What has a device: grid owners, facilities, lines, spans and sensors.

Contract: heimdall-api.md §4. A subject holds all of the assets that its entities read, so that
two of them are equal exactly when nothing about it has changed.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, override

from ..api.heimdall import Target
from ..api.heimdall.models.assets import Assets, Facility, Line, MeasurementPoint, Span, SpanPhase
from ..api.texts import shown_name
from .options import HeimdallOptions


class Kind(StrEnum):
    """Kinds of devices, with which their identifiers start."""

    OWNER = "owner"
    FACILITY = "facility"
    LINE = "line"
    SPAN = "span"
    SENSOR = "sensor"


def identifier(kind: Kind, item_id: str) -> str:
    """Return the identifier of a device; unique within an account."""
    return f"{kind}:{item_id}"


def span_name(span: Span, number: int) -> str:
    """Return how people call a span: its two masts, or its number where they have no names.

    Args:
        span: of a line.
        number: of the span in the line's own order, from 1.
    """
    names = filter(None, (shown_name(span.mast_name_a), shown_name(span.mast_name_b)))
    return " \N{EN DASH} ".join(names) or f"Span {number}"


class GridItem(ABC):
    """Something that has a device.

    Attributes:
        kind: what it is.
        model: the field's term for it.
    """

    kind: ClassVar[Kind]
    model: ClassVar[str]

    @property
    @abstractmethod
    def id(self) -> str:
        """The service's own id; a grid owner has only its name."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What the device is called, until its user names it."""

    @property
    @abstractmethod
    def parent(self) -> str | None:
        """The identifier of the device that it belongs to."""

    @property
    @abstractmethod
    def item(self) -> object:
        """The part of the assets that it stands for."""

    @property
    def identifier(self) -> str:
        """The identifier of its device."""
        return identifier(self.kind, self.id)

    @abstractmethod
    def target_id(self, target: Target) -> str | None:
        """Return the id with which the service is asked about it; None where it never is."""

    def part(self, part: str) -> str:
        """Return the name of one of its values in what an endpoint answers."""
        return part


@dataclass(frozen=True, slots=True)
class OwnerItem(GridItem):
    """A grid owner; the service gives no id."""

    kind = Kind.OWNER
    model = "Grid owner"
    owner: str

    @property
    @override
    def id(self) -> str:
        return self.owner

    @property
    @override
    def name(self) -> str:
        return shown_name(self.owner)

    @property
    @override
    def parent(self) -> None:
        return None

    @property
    @override
    def item(self) -> object:
        return {"name": self.owner}

    @override
    def target_id(self, target: Target) -> None:
        return None


@dataclass(frozen=True, slots=True)
class FacilityItem(GridItem):
    """A facility, with whether the service has anything to say of its circuit."""

    kind = Kind.FACILITY
    model = "Facility"
    owner: str
    facility: Facility
    instrumented: bool

    @property
    @override
    def id(self) -> str:
        return self.facility.id

    @property
    @override
    def name(self) -> str:
        return shown_name(self.facility.name, self.facility.id)

    @property
    @override
    def parent(self) -> str | None:
        return identifier(Kind.OWNER, self.owner) if self.owner else None

    @property
    @override
    def item(self) -> object:
        return self.facility

    @override
    def target_id(self, target: Target) -> str | None:
        # A circuit's rating follows from that of its line, which needs sensors.
        return self.id if target is Target.FACILITY and self.instrumented else None


@dataclass(frozen=True, slots=True)
class LineItem(GridItem):
    """A line that carries sensors, and its facility."""

    kind = Kind.LINE
    model = "Line"
    facility: Facility
    line: Line

    @property
    @override
    def id(self) -> str:
        return self.line.id

    @property
    @override
    def name(self) -> str:
        return shown_name(self.line.name, self.line.id)

    @property
    @override
    def parent(self) -> str:
        return identifier(Kind.FACILITY, self.facility.id)

    @property
    @override
    def item(self) -> object:
        return self.line

    @override
    def target_id(self, target: Target) -> str:
        return self.facility.id if target is Target.FACILITY else self.line.id


@dataclass(frozen=True, slots=True)
class SpanItem(GridItem):
    """A span, and its line."""

    kind = Kind.SPAN
    model = "Span"
    line: Line
    span: Span
    number: int

    @property
    @override
    def id(self) -> str:
        return self.span.id

    @property
    @override
    def name(self) -> str:
        return shown_name(f"{shown_name(self.line.name)} {span_name(self.span, self.number)}")

    @property
    @override
    def parent(self) -> str:
        return identifier(Kind.LINE, self.line.id)

    @property
    @override
    def item(self) -> object:
        return self.span

    @override
    def target_id(self, target: Target) -> str | None:
        return self.line.id if target is Target.LINE else None

    @override
    def part(self, part: str) -> str:
        return self.span.id + part


@dataclass(frozen=True, slots=True)
class SensorItem(GridItem):
    """A sensor on a conductor ("Neuron"), and where it sits."""

    kind = Kind.SENSOR
    model = "Neuron"
    line: Line
    span: Span
    span_number: int
    phase: SpanPhase
    point: MeasurementPoint

    @property
    @override
    def id(self) -> str:
        return self.point.id

    @property
    @override
    def name(self) -> str:
        span = span_name(self.span, self.span_number)
        where = (self.line.name, span, self.phase.name, self._number)
        return shown_name(" ".join(filter(None, map(shown_name, where))))

    @property
    def _number(self) -> str | None:
        number = self.point.sub_conductor_number
        return None if number is None else str(number)

    @property
    @override
    def parent(self) -> str:
        return identifier(Kind.LINE, self.line.id)

    @property
    @override
    def item(self) -> object:
        return self.point

    @override
    def target_id(self, target: Target) -> str | None:
        return self.line.id if target is Target.LINE else None

    @override
    def part(self, part: str) -> str:
        return self.point.id + part


def survey(assets: Assets, now: datetime, options: HeimdallOptions) -> Iterator[GridItem]:
    """Yield everything that is to have a device, parents before their children.

    Args:
        assets: the service's answer.
        now: the present; it decides which sensors are still installed.
        options: whether spans and sensors are wanted.
    """
    for owner in assets.grid_owners:
        if owner.name:
            yield OwnerItem(owner.name)
        for facility in owner.facilities:
            line = facility.line
            instrumented = line is not None and line.instrumented(now)
            yield FacilityItem(owner.name, facility, instrumented)
            if line is not None and instrumented:
                yield LineItem(facility, line)
                yield from _details(line, now, options)


def _details(line: Line, now: datetime, options: HeimdallOptions) -> Iterable[GridItem]:
    for number, span in enumerate(line.spans, start=1):
        if options.spans:
            yield SpanItem(line, span, number)
        for phase in span.span_phases if options.sensors else ():
            for point in phase.measurement_points:
                if point.active(now):
                    yield SensorItem(line, span, number, phase, point)
