"""Sensors of sites."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, Platform, UnitOfEnergy
from homeassistant.helpers.typing import StateType

from ..core.entity import Marker, MarkingEntity, RoundedDescription
from . import count_unit
from .entity import SiteDescription, SiteEntity
from .entity_factory import all_sites, entity_group
from .inventory import Site
from .runtime_data import GridDuckData


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription, RoundedDescription, SiteDescription):
    """A sensor of a site.

    Attributes:
        value_fn: returns what it shows.
        unit_fn: returns the unit, if it depends on the site; others count assets.
        marker: what it marks for targets, if anything.
    """

    value_fn: Callable[[Site], StateType]
    marker: Marker | None = None
    unit_fn: Callable[[Site], str | None] | None = None


def price_unit(currency: str | None) -> str | None:
    """Return the unit of a price per kWh, as the Energy dashboard takes it."""
    return None if currency is None else f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}"


def _price(site: Site) -> float | None:
    return next((one.site_price for one in site.assets if one.site_price is not None), None)


def _currency(site: Site) -> str | None:
    return next((code for one in site.assets if (code := one.site_currency_code)), None)


SENSORS: Final = (
    SiteSensorDescription(
        key="price",
        translation_key="price",
        # No device class: a price per kWh is no amount of money, and such a one has no mean.
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=4,
        precision=6,
        exists_fn=lambda site: _price(site) is not None,
        value_fn=_price,
        unit_fn=lambda site: price_unit(_currency(site)),
    ),
    SiteSensorDescription(
        key="assets_online",
        translation_key="assets_online",
        # No entity category: a device with only such entities cannot be chosen as a target.
        marker=Marker.SITE,
        state_class=SensorStateClass.MEASUREMENT,
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


class SiteSensor(SiteEntity, MarkingEntity, SensorEntity):
    """A sensor of the aggregate of the assets of a site."""

    entity_description: SiteSensorDescription

    def __init__(
        self, description: SiteSensorDescription, data: GridDuckData, site_id: str
    ) -> None:
        """Follow one site."""
        super().__init__(description, data, site_id)
        self._marker = description.marker
        if description.unit_fn is None:
            unit = count_unit.unit_of(data, site_id, description.key)
            self._attr_native_unit_of_measurement = unit

    @override
    def _show(self, site: Site) -> object:
        description = self.entity_description
        self._attr_native_value = description.rounded(description.value_fn(site))
        if description.unit_fn is not None:
            self._attr_native_unit_of_measurement = description.unit_fn(site)
        return self.native_value, self.native_unit_of_measurement


SITE_GROUP: Final = entity_group(Platform.SENSOR, all_sites, SENSORS, SiteSensor)
