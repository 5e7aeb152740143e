"""Sensors of the power of assets and sites, in W, or in kW where it is large."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import Platform, UnitOfPower

from ..api.gridduck import Asset
from ..core.description import AssistantValue
from ..core.entity_choice import Tier
from .entity import AssetDescription, AssetEntity, SiteDescription, SiteEntity
from .entity_factory import all_assets, all_sites, entity_group
from .inventory import Site
from .keys import Aspect
from .runtime_data import GridDuckData

LARGE_W: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of power.

    Attributes:
        watts: how many W it is.
        decimals: of the state: as exact as the power is measured.
        display_precision: decimals that are displayed.
    """

    watts: int
    decimals: int
    display_precision: int


_UNITS: Final = {
    UnitOfPower.WATT.value: _Unit(watts=1, decimals=1, display_precision=0),
    UnitOfPower.KILO_WATT.value: _Unit(watts=1_000, decimals=3, display_precision=1),
}


@dataclass(frozen=True, kw_only=True)
class AssetPowerDescription(SensorEntityDescription, AssetDescription):
    """The sensor of the power of an asset."""


@dataclass(frozen=True, kw_only=True)
class SitePowerDescription(SensorEntityDescription, SiteDescription):
    """The sensor of the power of a site."""


POWER: Final = AssetPowerDescription(
    key="power",
    tier=Tier.ESSENTIAL,
    assistant=(AssistantValue(label="power"),),
    aspects=(Aspect.READING,),
    device_class=SensorDeviceClass.POWER,
    state_class=SensorStateClass.MEASUREMENT,
    exists_fn=lambda asset: asset.power_w is not None,
)
SITE_POWER: Final = SitePowerDescription(
    key="power",
    aspects=(Aspect.TOTALS,),
    device_class=SensorDeviceClass.POWER,
    state_class=SensorStateClass.MEASUREMENT,
)


def site_power(site: Site) -> float | None:
    """Return the power of all top-level assets, W, so that nothing counts twice.

    The last value of a disconnected asset is stale.
    """
    known = [one.power_w for one in site.roots if one.connected and one.power_w is not None]
    return round(sum(known), 3) if known else None


class _PowerEntity(SensorEntity):
    """Shows a power in one unit, whatever its value.

    The unit is the sensor's own, and not one that Home Assistant converts to, as a state that
    was converted cannot be rounded.
    """

    _unit: _Unit

    def _set_unit(self, data: GridDuckData, item: str, key: str, *, large: bool) -> None:
        """Choose the unit.

        A registered sensor keeps its unit: automations compare its state with numbers.

        Args:
            data: the account.
            item: an asset or a site.
            key: of the sensor.
            large: whether a new sensor shows kW.
        """
        before = data.registered(Platform.SENSOR, item, key)
        if before is not None and before.unit_of_measurement in _UNITS:
            unit = before.unit_of_measurement
        else:
            unit = UnitOfPower.KILO_WATT if large and before is None else UnitOfPower.WATT
        self._unit = _UNITS[unit]
        self._attr_native_unit_of_measurement = unit
        self._attr_suggested_display_precision = self._unit.display_precision

    def _show_power(self, watts: float | None) -> float | None:
        """Set the value from a power in W, and return it."""
        unit = self._unit
        value = None if watts is None else round(watts / unit.watts, unit.decimals)
        self._attr_native_value = value
        return value


class AssetPowerSensor(AssetEntity, _PowerEntity):
    """The power that an asset draws."""

    entity_description: AssetPowerDescription

    def __init__(
        self, description: AssetPowerDescription, data: GridDuckData, asset_id: str
    ) -> None:
        """Follow one asset."""
        super().__init__(description, data, asset_id)
        asset = data.assets.data.get(asset_id)
        large = asset is not None and asset.power_w is not None and asset.power_w >= LARGE_W
        self._set_unit(data, asset_id, description.key, large=large)

    @override
    def _show(self, asset: Asset) -> object:
        return self._show_power(asset.power_w)


class SitePowerSensor(SiteEntity, _PowerEntity):
    """The power of a site."""

    entity_description: SitePowerDescription

    def __init__(self, description: SitePowerDescription, data: GridDuckData, site_id: str) -> None:
        """Follow one site."""
        super().__init__(description, data, site_id)
        self._set_unit(data, site_id, description.key, large=True)

    @override
    def _show(self, site: Site) -> object:
        return self._show_power(site_power(site))


ASSET_GROUP: Final = entity_group(Platform.SENSOR, all_assets, (POWER,), AssetPowerSensor)
SITE_GROUP: Final = entity_group(Platform.SENSOR, all_sites, (SITE_POWER,), SitePowerSensor)
