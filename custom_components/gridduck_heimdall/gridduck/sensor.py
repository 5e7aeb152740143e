"""Sensors of assets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    Platform,
    UnitOfEnergy,
    UnitOfPower,
)
from homeassistant.helpers.typing import StateType

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override
from custom_components.gridduck_heimdall.api.texts import shown_name
from custom_components.gridduck_heimdall.entity_choice import Tier

from .energy_sensor import EnergyDescription, EnergySensor
from .entity import AssetDescription, AssetEntity
from .keys import Aspect
from .offers import all_assets, offer
from .overrides import Control
from .site_sensor import SITE_OFFER, price_unit
from .snoozed_sensor import SNOOZED_OFFER


@dataclass(frozen=True, kw_only=True)
class AssetSensorDescription(SensorEntityDescription, AssetDescription):
    """A sensor of an asset.

    Attributes:
        value_fn: returns what it shows.
        unit_fn: returns the unit, where that depends on the asset.
    """

    value_fn: Callable[[Asset, Control], StateType | datetime]
    unit_fn: Callable[[Asset], str | None] | None = None


def _last_contact(asset: Asset, _: Control) -> datetime | None:
    # To five minutes: it moves with each poll, and would be written for nothing.
    contact = asset.last_contact
    if contact is None:
        return None
    return contact.replace(minute=contact.minute // 5 * 5, second=0, microsecond=0)


POWER: Final = AssetSensorDescription(
    key="power",
    tier=Tier.ESSENTIAL,
    aspects=(Aspect.READING,),
    device_class=SensorDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=0,
    exists_fn=lambda asset: asset.power_w is not None,
    value_fn=lambda asset, _: asset.power_w,
)
SENSORS: Final = (
    POWER,
    AssetSensorDescription(
        key="override",
        tier=Tier.STANDARD,
        aspects=(Aspect.CONTROL,),
        translation_key="override",
        device_class=SensorDeviceClass.ENUM,
        options=list(Override),
        value_fn=lambda _, control: control.override,
    ),
    AssetSensorDescription(
        key="override_ends",
        aspects=(Aspect.CONTROL,),
        translation_key="override_ends",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda _, control: control.ends,
    ),
    AssetSensorDescription(
        key="mode",
        translation_key="mode",
        entity_category=EntityCategory.DIAGNOSTIC,
        while_offline=True,
        exists_fn=lambda asset: asset.user_state is not None,
        value_fn=lambda asset, _: shown_name(asset.user_state).casefold() or None,
    ),
    AssetSensorDescription(
        key="signal",
        aspects=(Aspect.CONTACT,),
        translation_key="signal",
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        native_unit_of_measurement=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        while_offline=True,
        exists_fn=lambda asset: asset.asset_signal_strength is not None,
        value_fn=lambda asset, _: asset.asset_signal_strength,
    ),
    AssetSensorDescription(
        key="last_contact",
        aspects=(Aspect.CONTACT,),
        translation_key="last_contact",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        while_offline=True,
        value_fn=_last_contact,
    ),
    AssetSensorDescription(
        key="price",
        translation_key="price",
        # No device class: a price per kWh is no amount of money, and such a one has no mean.
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=4,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        while_offline=True,
        exists_fn=lambda asset: asset.price is not None,
        value_fn=lambda asset, _: asset.price,
        unit_fn=lambda asset: price_unit(asset.currency_code),
    ),
)

ENERGY: Final = EnergyDescription(
    key="energy",
    tier=Tier.STANDARD,
    aspects=(Aspect.READING,),
    device_class=SensorDeviceClass.ENERGY,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    state_class=SensorStateClass.TOTAL_INCREASING,
    suggested_display_precision=2,
    exists_fn=lambda asset: asset.delivered is not None,
)


class AssetSensor(AssetEntity, SensorEntity):
    """A sensor that shows a value of an asset as it is."""

    entity_description: AssetSensorDescription

    @override
    def _show(self, asset: Asset, control: Control) -> object:
        description = self.entity_description
        self._attr_native_value = description.value_fn(asset, control)
        if description.unit_fn is not None:
            self._attr_native_unit_of_measurement = description.unit_fn(asset)
        return self.native_value, self.native_unit_of_measurement


OFFERS: Final = (
    offer(Platform.SENSOR, all_assets, SENSORS, AssetSensor),
    offer(Platform.SENSOR, all_assets, (ENERGY,), EnergySensor),
    SITE_OFFER,
    SNOOZED_OFFER,
)
