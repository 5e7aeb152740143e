"""Durations that the switch of an asset uses."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntityDescription,
    NumberMode,
    RestoreNumber,
)
from homeassistant.const import EntityCategory, Platform, UnitOfTime

from ..api.gridduck import Asset, Override
from .entity import AssetDescription, AssetEntity
from .entity_factory import controllable_assets, entity_group

MIN_MINUTES: Final = 1
MAX_MINUTES: Final = 1440


@dataclass(frozen=True, kw_only=True)
class DurationDescription(NumberEntityDescription, AssetDescription):
    """A duration that the switch uses.

    Attributes:
        kind: boost or snooze.
    """

    kind: Override


NUMBERS: Final = tuple(
    DurationDescription(
        key=f"{kind}_duration",
        translation_key=f"{kind}_duration",
        kind=kind,
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        native_min_value=MIN_MINUTES,
        native_max_value=MAX_MINUTES,
        native_step=1,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        while_offline=True,
    )
    for kind in (Override.BOOST, Override.SNOOZE)
)


class DurationNumber(AssetEntity, RestoreNumber):
    """A duration; it is stored here, as the cloud has no such setting."""

    entity_description: DurationDescription

    @override
    async def async_added_to_hass(self) -> None:
        """Restore the duration from before a restart."""
        restored = await self.async_get_last_number_data()
        if restored is not None and restored.native_value is not None:
            self._keep(restored.native_value)
        await super().async_added_to_hass()

    @override
    def _show(self, asset: Asset) -> object:
        kind = self.entity_description.kind
        self._attr_native_value = self._data.minutes(self.asset_id, kind)
        return self.native_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the duration, in minutes."""
        self._keep(value)
        self._handle_coordinator_update()

    def _keep(self, value: float) -> None:
        minutes = min(max(round(value), MIN_MINUTES), MAX_MINUTES)
        self._data.set_minutes(self.asset_id, self.entity_description.kind, minutes)


ENTITY_GROUPS: Final = (
    entity_group(Platform.NUMBER, controllable_assets, NUMBERS, DurationNumber),
)
