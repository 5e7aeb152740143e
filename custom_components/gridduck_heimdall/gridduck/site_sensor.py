"""Sensors of sites."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, Platform, UnitOfEnergy, UnitOfPower
from homeassistant.helpers.typing import StateType

from .entity import SiteDescription, SiteEntity
from .offers import all_sites, offer
from .places import Site


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription, SiteDescription):
    """A sensor of a site.

    Attributes:
        value_fn: returns what it shows.
        unit_fn: returns the unit, where that depends on the site.
    """

    value_fn: Callable[[Site], StateType]
    unit_fn: Callable[[Site], str | None] | None = None


def price_unit(currency: str | None) -> str | None:
    """Return the unit of a price per kWh, as the Energy dashboard takes it."""
    return None if currency is None else f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}"


def _power(site: Site) -> float | None:
    """Return the power of all that no other asset measures, too, so that nothing counts twice.

    The last value of an asset that is not connected says nothing of the present.
    """
    known = [one.power_w for one in site.roots if one.connected and one.power_w is not None]
    return round(sum(known), 3) if known else None


def _price(site: Site) -> float | None:
    return next((one.site_price for one in site.assets if one.site_price is not None), None)


def _currency(site: Site) -> str | None:
    return next((code for one in site.assets if (code := one.site_currency_code)), None)


SENSORS: Final = (
    SiteSensorDescription(
        key="power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=_power,
    ),
    SiteSensorDescription(
        key="price",
        translation_key="price",
        # No device class: a price per kWh is no amount of money, and such a one has no mean.
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=4,
        exists_fn=lambda site: _price(site) is not None,
        value_fn=_price,
        unit_fn=lambda site: price_unit(_currency(site)),
    ),
    SiteSensorDescription(
        key="assets_online",
        translation_key="assets_online",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda site: sum(one.connected for one in site.assets),
    ),
    SiteSensorDescription(
        key="assets_disconnected",
        translation_key="assets_disconnected",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda site: sum(not one.connected for one in site.assets),
    ),
)


class SiteSensor(SiteEntity, SensorEntity):
    """A sensor that shows what the assets of a site add up to."""

    entity_description: SiteSensorDescription

    @override
    def _show(self, site: Site) -> object:
        description = self.entity_description
        self._attr_native_value = description.value_fn(site)
        if description.unit_fn is not None:
            self._attr_native_unit_of_measurement = description.unit_fn(site)
        return self.native_value, self.native_unit_of_measurement


SITE_OFFER: Final = offer(Platform.SENSOR, all_sites, SENSORS, SiteSensor)
