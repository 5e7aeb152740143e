"""Binary sensors of assets and gateways."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory, Platform

from ..api.gridduck import Asset
from ..core.asset_account import Control
from ..core.description import AssistantValue, TriggerSource
from ..core.entity import Marker, MarkingEntity
from ..core.entity_choice import Tier
from .entity import AssetDescription, AssetEntity, GatewayDescription, GatewayEntity
from .entity_factory import all_assets, all_gateways, entity_group, viewable_assets
from .keys import Aspect


@dataclass(frozen=True, kw_only=True)
class AssetBinarySensorDescription(BinarySensorEntityDescription, AssetDescription):
    """A binary sensor of an asset.

    Attributes:
        value_fn: returns what it shows.
    """

    value_fn: Callable[[Asset, Control], bool | None]


CONNECTION: Final = AssetBinarySensorDescription(
    key="connection",
    tier=Tier.STANDARD,
    assistant=(AssistantValue(label="connected"),),
    trigger=TriggerSource.CONNECTION,
    translation_key="connection",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
    while_offline=True,
    value_fn=lambda asset, _: asset.connected,
)
# It replaces the switch and shows on and off like one: no device class.
STATE: Final = AssetBinarySensorDescription(
    key="state",
    tier=Tier.ESSENTIAL,
    assistant=(AssistantValue(label="state"),),
    aspects=(Aspect.CONTROL,),
    translation_key="state",
    name=None,
    value_fn=lambda _, control: control.is_on,
)


class AssetBinarySensor(AssetEntity, BinarySensorEntity):
    """A binary sensor of an asset."""

    entity_description: AssetBinarySensorDescription

    @override
    def _show(self, asset: Asset) -> object:
        control = self.coordinator.overrides.control(asset)
        self._attr_is_on = self.entity_description.value_fn(asset, control)
        return self.is_on


class ViewedAsset(MarkingEntity, AssetBinarySensor):
    """The state of an asset that cannot be controlled."""

    _marker = Marker.VIEWED_ASSET


@dataclass(frozen=True, kw_only=True)
class GatewayBinarySensorDescription(BinarySensorEntityDescription, GatewayDescription):
    """A binary sensor of a gateway."""


# No entity category: it is all that a gateway shows, and what has only diagnostic entities cannot
# be chosen as a target. No device class of Home Assistant's own, as it has the one that marks it.
GATEWAY_CONNECTION: Final = GatewayBinarySensorDescription(
    key="gateway_connection",
    translation_key="gateway_connection",
)


class GatewayConnection(GatewayEntity, MarkingEntity, BinarySensorEntity):
    """Whether a gateway is connected, according to its assets."""

    _marker = Marker.GATEWAY

    @override
    def _show(self, *, connected: bool | None) -> object:
        self._attr_is_on = connected
        return self.is_on


ENTITY_GROUPS: Final = (
    entity_group(Platform.BINARY_SENSOR, all_assets, (CONNECTION,), AssetBinarySensor),
    entity_group(Platform.BINARY_SENSOR, viewable_assets, (STATE,), ViewedAsset),
    entity_group(Platform.BINARY_SENSOR, all_gateways, (GATEWAY_CONNECTION,), GatewayConnection),
)
