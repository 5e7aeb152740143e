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
)
from homeassistant.core import callback
from homeassistant.helpers.typing import StateType

from ..api.gridduck import Asset, Override, RunningOverride
from ..api.sanitizer import sanitize_name
from ..core.asset_account import Control
from ..core.description import AssistantValue, TriggerSource
from ..core.entity import RoundedDescription
from ..core.entity_choice import Tier
from . import power_sensor
from .energy_sensor import EnergyDescription, EnergySensor
from .entity import AssetDescription, AssetEntity
from .entity_factory import all_assets, entity_group
from .journal import same
from .keys import Aspect
from .site_sensor import SITE_GROUP, price_unit
from .snoozed_sensor import SNOOZED_GROUP


@dataclass(frozen=True, kw_only=True)
class AssetSensorDescription(SensorEntityDescription, RoundedDescription, AssetDescription):
    """A sensor of an asset.

    Attributes:
        value_fn: returns what it shows.
        unit_fn: returns the unit, if it depends on the asset.
    """

    value_fn: Callable[[Asset, Control], StateType | datetime]
    unit_fn: Callable[[Asset], str | None] | None = None


def _last_contact(asset: Asset, _: Control) -> datetime | None:
    # Rounded to five minutes, so that it is not written after each poll.
    contact = asset.last_contact
    if contact is None:
        return None
    return contact.replace(minute=contact.minute // 5 * 5, second=0, microsecond=0)


OVERRIDE: Final = AssetSensorDescription(
    key="override",
    tier=Tier.STANDARD,
    trigger=TriggerSource.OVERRIDE,
    aspects=(Aspect.CONTROL,),
    translation_key="override",
    device_class=SensorDeviceClass.ENUM,
    options=list(Override),
    value_fn=lambda _, control: control.override,
)
SENSORS: Final = (
    AssetSensorDescription(
        key="override_ends",
        aspects=(Aspect.CONTROL,),
        translation_key="override_ends",
        device_class=SensorDeviceClass.TIMESTAMP,
        # The switch has it as an attribute, and the logbook names it, too.
        entity_registry_enabled_default=False,
        while_overridden=True,
        value_fn=lambda _, control: control.ends,
    ),
    AssetSensorDescription(
        key="mode",
        translation_key="mode",
        entity_category=EntityCategory.DIAGNOSTIC,
        while_offline=True,
        exists_fn=lambda asset: asset.user_state is not None,
        value_fn=lambda asset, _: sanitize_name(asset.user_state).casefold() or None,
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
        assistant=(AssistantValue(label="last_contact"),),
        aspects=(Aspect.CONTACT,),
        translation_key="last_contact",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        # The logbook would show each change of a time, every few minutes for each asset.
        entity_registry_enabled_default=False,
        while_offline=True,
        value_fn=_last_contact,
    ),
    AssetSensorDescription(
        key="price",
        translation_key="price",
        # No device class: a price per kWh is no amount of money, and such a one has no mean.
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=4,
        precision=6,
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
    precision=3,
    assistant=(AssistantValue(label="energy"),),
    exists_fn=lambda asset: asset.delivered is not None,
)


class AssetSensor(AssetEntity, SensorEntity):
    """A sensor that shows a value of an asset."""

    entity_description: AssetSensorDescription

    @override
    def _show(self, asset: Asset) -> object:
        description, control = self.entity_description, self.coordinator.overrides.control(asset)
        self._attr_native_value = description.rounded(description.value_fn(asset, control))
        if description.unit_fn is not None:
            self._attr_native_unit_of_measurement = description.unit_fn(asset)
        return self.native_value, self.native_unit_of_measurement


class OverrideSensor(AssetSensor):
    """The sensor of the override; it also fires events of overrides that were not commanded here.

    Home Assistant's own commands have events of their own, with their cause.
    """

    _last: RunningOverride | None = None
    # The expected result of the last command; empty without one.
    _expected: tuple[RunningOverride | None, ...] = ()

    @override
    async def async_added_to_hass(self) -> None:
        """Start with the override that runs, which is no change."""
        await super().async_added_to_hass()
        if (asset := self.coordinator.data.get(self.asset_id)) is not None:
            self._last = self.coordinator.overrides.control(asset).running

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        super()._handle_coordinator_update()
        if (asset := self.coordinator.data.get(self.asset_id)) is None:
            return
        overrides = self.coordinator.overrides
        running = overrides.control(asset).running
        if self.asset_id in overrides.unconfirmed:
            self._expected = (running,)
            return
        before, self._last = self._last, running
        if same(running, before):
            # Also where a command failed, or takes effect only after it was no longer shown.
            return
        if not any(same(running, one) for one in self._expected):
            self._data.journal.observe(self.asset_id, before, running, self.entity_id)
        self._expected = ()


ENTITY_GROUPS: Final = (
    power_sensor.ASSET_GROUP,
    entity_group(Platform.SENSOR, all_assets, (OVERRIDE,), OverrideSensor),
    entity_group(Platform.SENSOR, all_assets, SENSORS, AssetSensor),
    entity_group(Platform.SENSOR, all_assets, (ENERGY,), EnergySensor),
    power_sensor.SITE_GROUP,
    SITE_GROUP,
    SNOOZED_GROUP,
)
