"""Plain sensors."""

from datetime import datetime
from typing import override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import UnitOfPower
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from custom_components.gridduck_heimdall.gridduck.energy_sensor import WH_PER_KWH, EnergyDescription
from custom_components.gridduck_heimdall.gridduck.power_sensor import (
    POWER,
    SITE_POWER,
    site_power,
)
from custom_components.gridduck_heimdall.gridduck.sensor import (
    ENERGY,
    SENSORS,
    AssetSensorDescription,
)
from custom_components.gridduck_heimdall.gridduck.site_sensor import (
    SENSORS as SITE_SENSORS,
    SiteSensorDescription,
)

from .entity import PlainAssetEntity, PlainEntry, PlainSiteEntity, add_of_assets


class PlainSensor(PlainAssetEntity, SensorEntity):
    """A value of an asset."""

    entity_description: AssetSensorDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value."""
        return self.entity_description.value_fn(self.asset, self.control)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return its unit."""
        if self.entity_description.unit_fn is not None:
            return self.entity_description.unit_fn(self.asset)
        return super().native_unit_of_measurement


class PlainPowerSensor(PlainAssetEntity, SensorEntity):
    """The power that an asset draws."""

    _attr_native_unit_of_measurement = UnitOfPower.WATT

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        return self.asset.power_w


class PlainEnergySensor(PlainAssetEntity, SensorEntity):
    """The energy that an asset has delivered, as it counts it."""

    entity_description: EnergyDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        energy = self.asset.energy_wh
        return None if energy is None else energy / WH_PER_KWH


class PlainSitePowerSensor(PlainSiteEntity, SensorEntity):
    """The power of a site."""

    _attr_native_unit_of_measurement = UnitOfPower.WATT

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        return site_power(self.site)


class PlainSiteSensor(PlainSiteEntity, SensorEntity):
    """What the assets of a site add up to."""

    entity_description: SiteSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        return self.entity_description.value_fn(self.site)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return its unit."""
        if self.entity_description.unit_fn is not None:
            return self.entity_description.unit_fn(self.site)
        return super().native_unit_of_measurement


async def async_setup_entry(
    hass: HomeAssistant, entry: PlainEntry, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors."""
    add_of_assets(entry, add, (POWER,), PlainPowerSensor)
    add_of_assets(entry, add, SENSORS, PlainSensor)
    add_of_assets(entry, add, (ENERGY,), PlainEnergySensor)
    sites = entry.runtime_data.data.sites.values()
    add(PlainSitePowerSensor(entry, SITE_POWER, site) for site in sites)
    add(
        PlainSiteSensor(entry, description, site)
        for description in SITE_SENSORS
        for site in sites
        if description.exists_fn(site)
    )
