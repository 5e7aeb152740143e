"""Descriptions of entities, and the fields that sensors of one quantity share."""

from collections.abc import Callable, Mapping
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

from ..core.description import UsedDescription
from ..core.entity import Marker, RoundedDescription
from ..core.entity_choice import Tier
from .history_series import Recipe
from .inventory import GridItem
from .latest import TargetData
from .products import WHOLE, Product

type SensorValue = float | str | datetime
type Attributes = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, kw_only=True)
class HeimdallDescription[ItemT: GridItem, ValueT](UsedDescription):
    """Everything that is specific to one kind of entity.

    Attributes:
        value_fn: returns the value; None if it is unknown.
        needs: the products without which there is no value.
        also: further products that the value depends on.
        part: the name of the value in a response.
        exists_fn: returns whether an item has the value, known or not; by default, whether all
            products that it needs offer it.
        available_fn: returns whether the entity is available; it is not while a product that it
            needs is down.
        tier: its importance, which decides whether a large account registers it.
        follows_outlook: whether the value depends on the hours ahead of a line.
    """

    value_fn: Callable[[TargetData[ItemT]], ValueT | None]
    needs: tuple[Product[Any], ...] = ()
    also: tuple[Product[Any], ...] = ()
    part: str = WHOLE
    exists_fn: Callable[[TargetData[ItemT]], bool] | None = None
    available_fn: Callable[[TargetData[ItemT]], bool] | None = None
    tier: Tier = Tier.STANDARD
    follows_outlook: bool = False

    @property
    def products(self) -> tuple[Product[Any], ...]:
        """All products that the value depends on."""
        return self.needs + self.also

    def exists(self, target: TargetData[ItemT]) -> bool:
        """Return whether an item has the value, known or not."""
        if self.exists_fn is not None:
            return self.exists_fn(target)
        return all(target.has(product, self.part) for product in self.needs)


@dataclass(frozen=True, kw_only=True)
class HeimdallSensorDescription[ItemT: GridItem](
    SensorEntityDescription, RoundedDescription, HeimdallDescription[ItemT, SensorValue]
):
    """A sensor.

    Attributes:
        attributes_fn: returns the attributes of the state.
        ahead: whether it shows a time in the future; each poll replaces one that has passed.
        marker: the kind of device that it marks for targets.
        recipe: computes its history from that of the service; None if it has none.
    """

    attributes_fn: Callable[[TargetData[ItemT]], Attributes] | None = None
    ahead: bool = False
    marker: Marker | None = None
    recipe: Recipe | None = None


@dataclass(frozen=True, kw_only=True)
class HeimdallBinarySensorDescription[ItemT: GridItem](
    BinarySensorEntityDescription, HeimdallDescription[ItemT, bool]
):
    """A binary sensor."""


@dataclass(frozen=True, kw_only=True)
class HeimdallNumberDescription[ItemT: GridItem](
    NumberEntityDescription, HeimdallDescription[ItemT, float]
):
    """A number that the user sets for an item."""


type AnyDescription = (
    HeimdallSensorDescription[Any]
    | HeimdallBinarySensorDescription[Any]
    | HeimdallNumberDescription[Any]
)


class QuantityFields(TypedDict, total=False):
    """The fields that sensors of one quantity share.

    Forecasts have no state class: they are not measurements of the present.
    """

    device_class: SensorDeviceClass
    native_unit_of_measurement: str
    state_class: SensorStateClass
    suggested_display_precision: int
    precision: int


AMPERES: Final = QuantityFields(
    device_class=SensorDeviceClass.CURRENT,
    native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    suggested_display_precision=0,
    precision=1,
)
ICE_LOAD: Final = QuantityFields(
    native_unit_of_measurement="kg/m", suggested_display_precision=2, precision=3
)
TIME: Final = QuantityFields(device_class=SensorDeviceClass.TIMESTAMP)

CURRENT_NOW: Final = QuantityFields(
    **AMPERES | {"suggested_display_precision": 1}, state_class=SensorStateClass.MEASUREMENT
)
RATING_NOW: Final = QuantityFields(**AMPERES, state_class=SensorStateClass.MEASUREMENT)
# Home Assistant's device class for apparent power does not support MVA.
APPARENT_POWER_NOW: Final = QuantityFields(
    native_unit_of_measurement="MVA",
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=2,
)
TEMPERATURE_NOW: Final = QuantityFields(
    device_class=SensorDeviceClass.TEMPERATURE,
    native_unit_of_measurement=UnitOfTemperature.CELSIUS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=1,
)
DISTANCE_NOW: Final = QuantityFields(
    device_class=SensorDeviceClass.DISTANCE,
    native_unit_of_measurement=UnitOfLength.METERS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=2,
    precision=2,
)
SHARE_NOW: Final = QuantityFields(
    native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=1,
)
ICE_LOAD_NOW: Final = QuantityFields(**ICE_LOAD, state_class=SensorStateClass.MEASUREMENT)
TENSION_NOW: Final = QuantityFields(
    native_unit_of_measurement="N",
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    precision=0,
)
