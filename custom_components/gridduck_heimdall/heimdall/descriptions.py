"""Descriptions of entities, and what sensors of the same quantity have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfLength,
    UnitOfRatio,
    UnitOfTemperature,
)

from ..core.entity import Marker
from ..core.rounding import RoundedDescription
from .inventory import GridItem
from .value_source import Source, View

type SensorValue = float | str | datetime
type Attributes = dict[str, str | bool | None]


@dataclass(frozen=True, kw_only=True)
class HeimdallSensorDescription[ItemT: GridItem](SensorEntityDescription, RoundedDescription):
    """A sensor.

    Attributes:
        source: where its value comes from.
        attributes: returns what its state says beside the value.
        ahead: whether it shows a time to come: one that has come is moved on with each poll.
        applies: tells whether there is anything to show now; it is unavailable otherwise.
        marker: what it marks for targets, if anything.
    """

    source: Source[ItemT, SensorValue]
    attributes: Callable[[View[ItemT]], Attributes] | None = None
    ahead: bool = False
    applies: Callable[[View[ItemT]], bool] | None = None
    marker: Marker | None = None


@dataclass(frozen=True, kw_only=True)
class HeimdallBinarySensorDescription[ItemT: GridItem](BinarySensorEntityDescription):
    """A binary sensor.

    Attributes:
        source: where its value comes from.
    """

    source: Source[ItemT, bool]


@dataclass(frozen=True, kw_only=True)
class HeimdallNumberDescription[ItemT: GridItem](NumberEntityDescription):
    """A number that the account's owner sets for an item.

    Attributes:
        source: where its value comes from.
    """

    source: Source[ItemT, float]


type AnyDescription = (
    HeimdallSensorDescription[Any]
    | HeimdallBinarySensorDescription[Any]
    | HeimdallNumberDescription[Any]
)


class Quantity(TypedDict, total=False):
    """What sensors of one quantity have in common.

    What is forecast has no state class: it is no measurement of the present.
    """

    device_class: SensorDeviceClass
    native_unit_of_measurement: str
    state_class: SensorStateClass
    suggested_display_precision: int
    precision: int


AMPERES: Final = Quantity(
    device_class=SensorDeviceClass.CURRENT,
    native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    suggested_display_precision=0,
    precision=1,
)
ICE_LOAD: Final = Quantity(
    native_unit_of_measurement="kg/m", suggested_display_precision=2, precision=3
)
TIME: Final = Quantity(device_class=SensorDeviceClass.TIMESTAMP)

CURRENT_NOW: Final = Quantity(
    **AMPERES | {"suggested_display_precision": 1}, state_class=SensorStateClass.MEASUREMENT
)
RATING_NOW: Final = Quantity(**AMPERES, state_class=SensorStateClass.MEASUREMENT)
# Home Assistant's class for apparent power has no MVA, the field's unit.
APPARENT_POWER_NOW: Final = Quantity(
    native_unit_of_measurement="MVA",
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=2,
)
TEMPERATURE_NOW: Final = Quantity(
    device_class=SensorDeviceClass.TEMPERATURE,
    native_unit_of_measurement=UnitOfTemperature.CELSIUS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=1,
)
DISTANCE_NOW: Final = Quantity(
    device_class=SensorDeviceClass.DISTANCE,
    native_unit_of_measurement=UnitOfLength.METERS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=2,
    precision=2,
)
SHARE_NOW: Final = Quantity(
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=1,
)
ICE_LOAD_NOW: Final = Quantity(**ICE_LOAD, state_class=SensorStateClass.MEASUREMENT)
TENSION_NOW: Final = Quantity(
    native_unit_of_measurement="N",
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    precision=0,
)
