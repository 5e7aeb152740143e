"""Grid owners, facilities, lines, spans and sensors: everything that has a device.

Contract: heimdall-api.md §4. An item holds everything that its entities read of the assets, so two
items are equal exactly if nothing about them has changed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..api.heimdall import Target
from ..api.heimdall.models.assets import (
    Assets,
    Facility,
    GridOwner,
    Line,
    MeasurementPoint,
    Span,
    SpanPhase,
)
from ..api.sanitizer import sanitize_name
from ..const import DOMAIN
from ..core.inclusion import Part
from ..core.texts import text
from .options import HeimdallOptions


class Kind(StrEnum):
    """Kinds of devices; the identifier of a device starts with its kind."""

    OWNER = "owner"
    FACILITY = "facility"
    LINE = "line"
    SPAN = "span"
    SENSOR = "sensor"


MODELS: Final = {
    Kind.OWNER: "Grid owner",
    Kind.FACILITY: "Facility",
    Kind.LINE: "Line",
    Kind.SPAN: "Span",
    Kind.SENSOR: "Neuron",
}
"""The field's terms, shown as the model of a device."""


def item_key(kind: Kind, item_id: str) -> str:
    """Return the key of an item; unique within an account."""
    return f"{kind}:{item_id}"


ITEM_KEYS: Final = tuple(item_key(kind, "") for kind in Kind)
"""The beginnings of the keys of items."""


def identifier(kind: Kind, item_id: str) -> tuple[str, str]:
    """Return the identifier of the device of an item."""
    return DOMAIN, item_key(kind, item_id)


def span_name(hass: HomeAssistant, span: Span, number: int) -> str:
    """Return the name of a span: its two masts, or its number if they have no names.

    Args:
        hass: Home Assistant.
        span: the span.
        number: its number in the order of the line, from 1.
    """
    names = filter(None, (sanitize_name(span.mast_name_a), sanitize_name(span.mast_name_b)))
    return " \N{EN DASH} ".join(names) or text(hass, "span_number", number=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridItem:
    """A part of the grid that has a device.

    Attributes:
        kind: the kind of its device.
        id: the service's id; of a grid owner, which has none, its name.
        name: the default name of the device.
        asset: its data from the service.
        parent: the key of the item that it belongs to.
        target_ids: the ids of the line and the facility whose products it shows.
        part_prefix: prefix of the names of its values in a response about the whole line.
    """

    kind: ClassVar[Kind]
    id: str
    name: str
    asset: object
    parent: str | None = None
    target_ids: Mapping[Target, str] = MappingProxyType({})
    part_prefix: str = ""

    @property
    def key(self) -> str:
        """The key of the item."""
        return item_key(self.kind, self.id)

    @property
    def identifier(self) -> tuple[str, str]:
        """The identifier of its device."""
        return identifier(self.kind, self.id)

    @property
    def line_id(self) -> str | None:
        """The id of the line whose products it shows; None if it shows none."""
        return self.target_ids.get(Target.LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerItem(GridItem):
    """A grid owner."""

    kind = Kind.OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityItem(GridItem):
    """A facility; its products are requested only if its line carries sensors.

    Attributes:
        component_names: the names of its components by id.
    """

    kind = Kind.FACILITY
    asset: Facility
    component_names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem(GridItem):
    """A line that carries sensors.

    Attributes:
        facility: the facility of the line.
        voltage: of the facility, V; None if unknown.
        span_names: the names of its spans by id.
    """

    kind = Kind.LINE
    asset: Line
    facility: Facility
    voltage: float | None
    span_names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanItem(GridItem):
    """A span of a line."""

    kind = Kind.SPAN
    asset: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorItem(GridItem):
    """A sensor on a conductor ("Neuron")."""

    kind = Kind.SENSOR
    asset: MeasurementPoint


@dataclass(frozen=True, slots=True)
class Inventory:
    """Snapshot of everything that has a device.

    Attributes:
        grid_items: by key, parents before their children, including those that are missing.
        missing: the keys of those, and of further devices in the registry, each with the
            number of consecutive complete responses without it.
        gone: the keys of devices that are to be removed.
        parts: the lines of the last response, by id, including excluded ones.
        lines: the lines among the items.
        shown_by: by the id of a line or facility, the keys of the items that show its products.
    """

    grid_items: Mapping[str, GridItem] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    parts: Mapping[str, Part] = field(default_factory=dict)
    lines: Sequence[LineItem] = field(init=False, compare=False)
    shown_by: Mapping[str, list[str]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Find the lines, and index the items by the lines and facilities they show."""
        lines = [item for item in self.grid_items.values() if isinstance(item, LineItem)]
        object.__setattr__(self, "lines", lines)
        shown_by: defaultdict[str, list[str]] = defaultdict(list)
        for key, item in self.grid_items.items():
            for target_id in item.target_ids.values():
                shown_by[target_id].append(key)
        object.__setattr__(self, "shown_by", shown_by)

    def item_of(self, device: AnyDeviceEntry) -> GridItem | None:
        """Return the item that a device represents; None if there is none."""
        for domain, key in device.identifiers:
            if domain == DOMAIN and (item := self.grid_items.get(key)) is not None:
                return item
        return None

    def lineage(self, item: GridItem | None) -> Iterator[GridItem]:
        """Yield an item and its ancestors, nearest first."""
        while item is not None:
            yield item
            item = self.grid_items.get(item.parent or "")


def build_inventory(
    hass: HomeAssistant, assets: Assets, now: datetime, options: HeimdallOptions
) -> Iterator[GridItem]:
    """Yield everything that has a device, parents before their children.

    Args:
        hass: Home Assistant.
        assets: the response of the service.
        now: the present; it decides which sensors are still installed.
        options: whether to include spans and sensors.
    """
    for owner in assets.grid_owners:
        if owner.name:
            shown = sanitize_name(owner.name)
            yield OwnerItem(id=owner.name, name=shown, asset={"name": owner.name})
        for facility in owner.facilities:
            yield from _facility_items(hass, owner, facility, now, options)


def _facility_items(
    hass: HomeAssistant,
    owner: GridOwner,
    facility: Facility,
    now: datetime,
    options: HeimdallOptions,
) -> Iterator[GridItem]:
    line = facility.line
    instrumented = line is not None and line.instrumented(now)
    yield FacilityItem(
        id=facility.id,
        name=sanitize_name(facility.name, facility.id),
        asset=facility,
        component_names={one.id: sanitize_name(one.name, one.id) for one in facility.components},
        parent=item_key(Kind.OWNER, owner.name) if owner.name else None,
        target_ids={Target.FACILITY: facility.id} if instrumented else {},
    )
    if line is None or not instrumented:
        return
    numbered = enumerate(line.spans, start=1)
    names = {span.id: span_name(hass, span, number) for number, span in numbered}
    yield LineItem(
        id=line.id,
        name=sanitize_name(line.name, line.id),
        asset=line,
        facility=facility,
        voltage=facility.voltage,
        span_names=names,
        parent=item_key(Kind.FACILITY, facility.id),
        target_ids={Target.LINE: line.id, Target.FACILITY: facility.id},
    )
    for span in line.spans:
        if options.spans:
            yield SpanItem(
                id=span.id,
                name=sanitize_name(f"{sanitize_name(line.name)} {names[span.id]}"),
                asset=span,
                parent=item_key(Kind.LINE, line.id),
                target_ids={Target.LINE: line.id},
                part_prefix=span.id,
            )
        for phase in span.span_phases if options.sensors else ():
            for point in phase.measurement_points:
                if point.active(now):
                    yield _sensor_item(line, names[span.id], phase, point)


def _sensor_item(line: Line, span: str, phase: SpanPhase, point: MeasurementPoint) -> SensorItem:
    number = point.sub_conductor_number
    location = (line.name, span, phase.name, None if number is None else str(number))
    return SensorItem(
        id=point.id,
        name=sanitize_name(" ".join(filter(None, map(sanitize_name, location)))),
        asset=point,
        parent=item_key(Kind.LINE, line.id),
        target_ids={Target.LINE: line.id},
        part_prefix=point.id,
    )
