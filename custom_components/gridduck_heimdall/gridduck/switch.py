"""Switches of controllable assets."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import Platform

from ..api.gridduck import Asset, Override
from ..core.asset_account import Terms
from ..core.description import AssistantValue
from ..core.entity import Marker, MarkingEntity
from ..core.entity_choice import Tier
from ..core.events import Cause
from .entity import AssetDescription, AssetEntity
from .entity_factory import controllable_assets, entity_group
from .keys import Aspect
from .runtime_data import GridDuckData

SECONDS_PER_MINUTE: Final = 60
ATTR_OVERRIDE: Final = "override"
ATTR_UNTIL: Final = "until"


@dataclass(frozen=True, kw_only=True)
class AssetSwitchDescription(SwitchEntityDescription, AssetDescription):
    """The switch of an asset."""


SWITCH: Final = AssetSwitchDescription(
    key="switch",
    tier=Tier.ESSENTIAL,
    assistant=(AssistantValue(label="state"),),
    aspects=(Aspect.CONTROL,),
    translation_key="asset",
    name=None,
)


class AssetSwitch(AssetEntity, MarkingEntity, SwitchEntity):
    """Boost and snooze an asset for the durations of its number entities.

    That of a meter with other assets behind it turns all of them off: one tap must not do that
    unless a user has enabled it.
    """

    _marker = Marker.ASSET

    def __init__(
        self, description: AssetSwitchDescription, data: GridDuckData, asset_id: str
    ) -> None:
        """Follow one asset."""
        super().__init__(description, data, asset_id)
        if asset_id in data.assets.inventory.parents:
            self._attr_entity_registry_enabled_default = False

    @override
    def _show(self, asset: Asset) -> object:
        control = self.coordinator.overrides.control(asset)
        ends = control.ends
        until = None if ends is None else ends.isoformat(timespec="seconds")
        self._attr_is_on = control.is_on
        self._attr_extra_state_attributes = {
            ATTR_OVERRIDE: control.override.value,
            ATTR_UNTIL: until,
        }
        return self.is_on, control.override, until

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """End the snooze that holds the asset off; without one, boost it."""
        asset = self._data.commands.check(self.asset_id)
        if self.coordinator.overrides.control(asset).override is Override.SNOOZE:
            await self._data.commands.async_resume(self.asset_id, self._terms)
        else:
            seconds = self._seconds(Override.BOOST)
            await self._data.commands.async_override(
                Override.BOOST, self.asset_id, seconds, self._terms
            )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """End the boost that holds the asset on; without one, snooze it."""
        seconds = self._seconds(Override.SNOOZE)
        await self._data.turn_off.async_do(self.asset_id, seconds, self._terms)

    @property
    def _terms(self) -> Terms:
        return Terms(cause=Cause(context=self._context), urgent=True)

    def _seconds(self, kind: Override) -> int:
        return self._data.minutes(self.asset_id, kind) * SECONDS_PER_MINUTE


ENTITY_GROUPS: Final = (entity_group(Platform.SWITCH, controllable_assets, (SWITCH,), AssetSwitch),)
