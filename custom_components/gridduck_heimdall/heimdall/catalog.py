"""All descriptions of entities, by platform and kind of item."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.const import Platform

from . import sensor_facility, sensor_line, sensor_outlook, static_rating
from .binary_sensor import FACILITY_BINARY_SENSORS, LINE_BINARY_SENSORS
from .descriptions import AnyDescription, HeimdallSensorDescription
from .inventory import Kind
from .products import Group, Product
from .sensor_forecast import FACILITY_SENSORS, LINE_SENSORS
from .sensor_span import POINT_SENSORS, SPAN_SENSORS

SENSORS: Final[Mapping[Kind, tuple[HeimdallSensorDescription[Any], ...]]] = {
    Kind.OWNER: (),
    Kind.FACILITY: (
        *sensor_facility.SENSORS,
        *sensor_facility.TRANSIENT_RATINGS,
        *FACILITY_SENSORS,
    ),
    Kind.LINE: (
        *sensor_line.SENSORS,
        *static_rating.SENSORS,
        *sensor_line.TRANSIENT_RATINGS,
        *LINE_SENSORS,
        *sensor_outlook.SENSORS,
    ),
    Kind.SPAN: SPAN_SENSORS,
    Kind.SENSOR: POINT_SENSORS,
}

BINARY_SENSORS: Final[Mapping[Kind, tuple[AnyDescription, ...]]] = {
    Kind.FACILITY: FACILITY_BINARY_SENSORS,
    Kind.LINE: LINE_BINARY_SENSORS,
}

DESCRIPTIONS: Final[Mapping[Platform, Mapping[Kind, tuple[AnyDescription, ...]]]] = {
    Platform.SENSOR: SENSORS,
    Platform.BINARY_SENSOR: BINARY_SENSORS,
    Platform.NUMBER: {Kind.LINE: static_rating.NUMBERS},
}


def _all(kind: Kind) -> Iterable[AnyDescription]:
    for descriptions in DESCRIPTIONS.values():
        yield from descriptions.get(kind, ())


BY_KEY: Final[Mapping[Kind, Mapping[str, AnyDescription]]] = {
    kind: {description.key: description for description in _all(kind)} for kind in Kind
}

PRODUCTS: Final[Mapping[Kind, tuple[Product[Any], ...]]] = {
    kind: tuple(
        dict.fromkeys(product for description in _all(kind) for product in description.products)
    )
    for kind in Kind
}
"""The products that entities of such an item can show."""


def group_of(description: AnyDescription) -> Group | None:
    """Return the poll of an entity; None if it shows the assets themselves."""
    return next((product.group for product in description.products), None)
