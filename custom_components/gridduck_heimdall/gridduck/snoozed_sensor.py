"""Sensor of the snoozed assets of a site."""

from dataclasses import dataclass
from heapq import nsmallest
from typing import Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import Platform

from . import count_unit
from .entity import SiteDescription, SiteEntity
from .entity_factory import all_sites, entity_group
from .inventory import Site
from .keys import Aspect
from .runtime_data import GridDuckData

ATTR_ASSETS: Final = "assets"
MOST_LISTED: Final = 50
"""Maximum number of listed assets, as all attributes are sent with each state."""


@dataclass(frozen=True, kw_only=True)
class SnoozedDescription(SensorEntityDescription, SiteDescription):
    """The sensor of the snoozed assets of a site."""


SNOOZED: Final = SnoozedDescription(
    key="assets_snoozed",
    translation_key="assets_snoozed",
    aspects=(Aspect.OVERRIDES,),
    state_class=SensorStateClass.MEASUREMENT,
)


class SnoozedSensor(SiteEntity, SensorEntity):
    """Number of snoozed assets of a site; the attributes list those that end first."""

    _unrecorded_attributes = frozenset({ATTR_ASSETS})

    def __init__(self, description: SnoozedDescription, data: GridDuckData, site_id: str) -> None:
        """Follow one site."""
        super().__init__(description, data, site_id)
        unit = count_unit.unit_of(data, site_id, description.key)
        self._attr_native_unit_of_measurement = unit

    @override
    def _show(self, site: Site) -> object:
        found = list(self.coordinator.snoozed(site.id))
        first = nsmallest(
            MOST_LISTED,
            (
                (running.end.isoformat(timespec="seconds"), asset.label, asset.id)
                for asset, running in found
            ),
        )
        assets = [{"name": name, "until": until} for until, name, _ in first]
        self._attr_native_value = len(found)
        self._attr_extra_state_attributes = {ATTR_ASSETS: assets}
        return len(found), assets


SNOOZED_GROUP: Final = entity_group(Platform.SENSOR, all_sites, (SNOOZED,), SnoozedSensor)
"""The sensor of each site."""
