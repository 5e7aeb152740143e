"""Buttons of assets."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import Platform

from ..core.asset_account import Terms
from ..core.entity import Marker, MarkingEntity
from ..core.events import Cause
from .entity import AssetDescription, AssetEntity
from .entity_factory import controllable_assets, entity_group
from .keys import Aspect
from .runtime_data import GridDuckData
from .switch import SWITCH


@dataclass(frozen=True, kw_only=True)
class AssetButtonDescription(ButtonEntityDescription, AssetDescription):
    """A button of an asset."""


END_OVERRIDE: Final = AssetButtonDescription(
    key="end_override",
    aspects=(Aspect.CONTROL,),
    translation_key="end_override",
    # Without an override there is nothing to end.
    while_overridden=True,
)


class EndOverrideButton(AssetEntity, MarkingEntity, ButtonEntity):
    """End a running override; unavailable without one."""

    def __init__(
        self, description: AssetButtonDescription, data: GridDuckData, asset_id: str
    ) -> None:
        """Follow one asset."""
        super().__init__(description, data, asset_id)
        switch = data.registered(Platform.SWITCH, asset_id, SWITCH.key)
        disabled = asset_id in data.assets.inventory.parents if switch is None else switch.disabled
        # Without a switch, targets find the asset by this entity.
        self._marker = Marker.ASSET if disabled else None

    @override
    async def async_press(self) -> None:
        """End the override."""
        terms = Terms(cause=Cause(context=self._context), urgent=True)
        await self._data.commands.async_resume(self.asset_id, terms)


ENTITY_GROUPS: Final = (
    entity_group(Platform.BUTTON, controllable_assets, (END_OVERRIDE,), EndOverrideButton),
)
