"""The temperature of an asset that measures one."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import Platform, UnitOfTemperature
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..core.entity import AnnouncedEntity, Builders, RoundedDescription, async_add_as_found
from ..core.entity_choice import Tier
from .entity import AssetDescription
from .keys import Kind
from .runtime_data import GridDuckData
from .temperature import TemperatureCoordinator


@dataclass(frozen=True, kw_only=True)
class TemperatureDescription(SensorEntityDescription, RoundedDescription, AssetDescription):
    """The sensor of an asset's temperature."""


TEMPERATURE: Final = TemperatureDescription(
    key="temperature",
    tier=Tier.STANDARD,
    device_class=SensorDeviceClass.TEMPERATURE,
    native_unit_of_measurement=UnitOfTemperature.CELSIUS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
    precision=2,
)


def shows_temperature(data: GridDuckData, asset_id: str) -> bool:
    """Return whether the temperature of an asset has or would have an enabled entity."""
    entry = data.registered(Platform.SENSOR, asset_id, TEMPERATURE.key)
    if entry is not None:
        return not entry.disabled
    asset = data.assets.data.get(asset_id)
    # The device exists before the entity.
    return (
        asset is not None
        and data.registers(asset, TEMPERATURE.tier)
        and _has_device(data, asset_id)
    )


class TemperatureSensor(AnnouncedEntity[TemperatureCoordinator], SensorEntity):
    """The temperature of an asset, from its telemetry."""

    def __init__(self, data: GridDuckData, asset_id: str) -> None:
        """Follow one asset."""
        unique_id = data.unique_id(asset_id, TEMPERATURE.key)
        super().__init__(data.temperatures, [asset_id], unique_id)
        self.entity_description = TEMPERATURE
        self._assets = data.assets
        self._asset_id = asset_id
        self.device_entry = data.device(Kind.ASSET, asset_id)

    @property
    @override
    def available(self) -> bool:
        """Whether the asset is connected and its telemetry may be shown."""
        asset = self._assets.data.get(self._asset_id)
        return asset is not None and asset.connected and super().available

    @override
    def _read(self) -> object:
        self._attr_native_value = TEMPERATURE.rounded(self.coordinator.data.get(self._asset_id))
        return self.native_value


async def async_add_temperatures(data: GridDuckData, add: AddConfigEntryEntitiesCallback) -> None:
    """Add the temperature of each asset that turns out to have one."""

    def present() -> AbstractSet[str]:
        known = data.temperatures.data
        # In the order of the list, so that entities are always made in the same order.
        return dict.fromkeys(one for one in data.assets.data if one in known).keys()

    def build(asset_id: str) -> Builders:
        if not shows_temperature(data, asset_id):
            return {}
        unique_id = data.unique_id(asset_id, TEMPERATURE.key)
        return {unique_id: partial(TemperatureSensor, data, asset_id)}

    follow = partial(_follow_assets, data)
    data.assets.config_entry.async_on_unload(data.assets.async_add_inventory_listener(follow))
    await async_add_as_found(data.temperatures, add, present, build)


@callback
def _follow_assets(data: GridDuckData) -> None:
    """Announce assets with a temperature that appeared, were removed, or changed connection."""
    announced, temperatures = data.assets.announced, data.temperatures
    known = temperatures.data.keys()
    changed = set(known if announced is None else known & announced)
    if changed:
        temperatures.announce(changed)
    back = {one for one in changed & data.assets.data.keys() if not _has_device(data, one)}

    def announce_again() -> bool:
        temperatures.announce(back)
        return False

    if back:
        # Devices are registered before such work begins.
        data.assets.work_in_batches(announce_again)


def _has_device(data: GridDuckData, asset_id: str) -> bool:
    return data.device(Kind.ASSET, asset_id) is not None
