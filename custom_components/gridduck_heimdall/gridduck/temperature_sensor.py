"""The temperature of an asset that measures one."""

from collections.abc import Collection
from functools import partial
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTemperature
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from custom_components.gridduck_heimdall.entity import (
    AnnouncedEntity,
    Builders,
    async_add_as_found,
)

from .entity import device_info
from .estate import Estate
from .keys import Kind
from .temperature import TemperatureCoordinator

TEMPERATURE: Final = SensorEntityDescription(
    key="temperature",
    device_class=SensorDeviceClass.TEMPERATURE,
    native_unit_of_measurement=UnitOfTemperature.CELSIUS,
    state_class=SensorStateClass.MEASUREMENT,
    suggested_display_precision=1,
)


class TemperatureSensor(AnnouncedEntity[TemperatureCoordinator], SensorEntity):
    """The temperature of an asset, from its telemetry."""

    def __init__(self, estate: Estate, asset_id: str) -> None:
        """Follow one asset."""
        unique_id = estate.unique_id(asset_id, TEMPERATURE.key)
        super().__init__(estate.temperatures, [asset_id], unique_id)
        self.entity_description = TEMPERATURE
        self._assets = estate.assets
        self._asset_id = asset_id
        self._attr_device_info = device_info(Kind.ASSET, asset_id)

    @property
    @override
    def available(self) -> bool:
        """Whether the asset is connected and its telemetry may be shown."""
        asset = self._assets.data.get(self._asset_id)
        return asset is not None and asset.connected and super().available

    @override
    def _read(self) -> object:
        self._attr_native_value = self.coordinator.data.get(self._asset_id)
        return self.native_value


@callback
def async_add_temperatures(estate: Estate, add: AddConfigEntryEntitiesCallback) -> CALLBACK_TYPE:
    """Add the temperature of each asset that turns out to have one; returns what ends that."""

    def present() -> Collection[str]:
        known = estate.temperatures.data
        return dict.fromkeys(one for one in estate.assets.data if one in known)

    def build(asset_id: str) -> Builders:
        unique_id = estate.unique_id(asset_id, TEMPERATURE.key)
        return {unique_id: partial(TemperatureSensor, estate, asset_id)}

    stop_looking = async_add_as_found(estate.temperatures, add, present, build)
    stop_following = estate.assets.async_add_listener(partial(_follow_assets, estate))

    @callback
    def stop() -> None:
        stop_looking()
        stop_following()

    return stop


@callback
def _follow_assets(estate: Estate) -> None:
    """Announce assets with a temperature that came, went, or lost or found their connection."""
    announced, temperatures = estate.assets.announced, estate.temperatures
    known = temperatures.data.keys()
    if changed := known if announced is None else known & announced:
        temperatures.announce(changed)
