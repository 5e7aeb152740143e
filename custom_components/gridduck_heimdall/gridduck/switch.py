"""The switch of an asset that may be controlled."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import Platform

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override
from custom_components.gridduck_heimdall.entity_choice import Tier
from custom_components.gridduck_heimdall.events import Cause

from .entity import AssetDescription, AssetEntity
from .offers import controllable_assets, offer
from .overrides import Control

SECONDS_PER_MINUTE: Final = 60


@dataclass(frozen=True, kw_only=True)
class AssetSwitchDescription(SwitchEntityDescription, AssetDescription):
    """The switch of an asset."""


SWITCH: Final = AssetSwitchDescription(
    key="switch", tier=Tier.ESSENTIAL, translation_key="asset", name=None
)


class AssetSwitch(AssetEntity, SwitchEntity):
    """Boost and snooze an asset for the duration that its numbers say."""

    @override
    def _show(self, asset: Asset, control: Control) -> object:
        self._attr_is_on = control.is_on
        return self.is_on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """End the snooze that keeps the asset off; where none does, boost it."""
        asset = self._estate.commands.check(self.asset_id)
        if self.coordinator.control(asset).override is Override.SNOOZE:
            await self._estate.commands.async_resume(self.asset_id, self._cause)
        else:
            seconds = self._seconds(Override.BOOST)
            await self._estate.commands.async_boost(self.asset_id, seconds, self._cause)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Snooze the asset."""
        seconds = self._seconds(Override.SNOOZE)
        await self._estate.commands.async_snooze(self.asset_id, seconds, self._cause)

    @property
    def _cause(self) -> Cause:
        return Cause(context=self._context)

    def _seconds(self, kind: Override) -> int:
        return self._estate.minutes(self.asset_id, kind) * SECONDS_PER_MINUTE


OFFERS: Final = (offer(Platform.SWITCH, controllable_assets, (SWITCH,), AssetSwitch),)
