"""What the plain entities have in common."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from custom_components.gridduck_heimdall.api.gridduck import Asset
from custom_components.gridduck_heimdall.core.asset_account import Control
from custom_components.gridduck_heimdall.gridduck.entity import AssetDescription, SiteDescription
from custom_components.gridduck_heimdall.gridduck.inventory import Site, may_control
from custom_components.gridduck_heimdall.gridduck.keys import Kind, identifier

from .coordinator import PlainCoordinator

type PlainEntry = ConfigEntry[PlainCoordinator]


class PlainAssetEntity(CoordinatorEntity[PlainCoordinator]):
    """An entity of an asset."""

    _attr_has_entity_name = True

    def __init__(self, entry: PlainEntry, description: AssetDescription, asset: Asset) -> None:
        """Follow one asset."""
        super().__init__(entry.runtime_data)
        self.entity_description = description
        self._asset_id = asset.id
        self._while_offline = description.while_offline
        self._attr_unique_id = f"{entry.unique_id}_{asset.id}_{description.key}"
        self._attr_device_info = _device_info(entry.runtime_data, asset)

    @property
    def asset(self) -> Asset:
        """Return the asset."""
        return self.coordinator.data.assets[self._asset_id]

    @property
    def control(self) -> Control:
        """Return how the asset is controlled."""
        return self.coordinator.data.controls[self._asset_id]

    @property
    @override
    def available(self) -> bool:
        """Whether what is known of the asset may be shown."""
        known = self._asset_id in self.coordinator.data.assets
        return super().available and known and (self._while_offline or self.asset.connected)


class PlainSiteEntity(CoordinatorEntity[PlainCoordinator]):
    """An entity of a site."""

    _attr_has_entity_name = True

    def __init__(self, entry: PlainEntry, description: SiteDescription, site: Site) -> None:
        """Follow one site."""
        super().__init__(entry.runtime_data)
        self.entity_description = description
        self._site_id = site.id
        self._attr_unique_id = f"{entry.unique_id}_{site.id}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={identifier(Kind.SITE, site.id)})

    @property
    def site(self) -> Site:
        """Return the site."""
        return self.coordinator.data.sites[self._site_id]

    @property
    @override
    def available(self) -> bool:
        """Whether the site is still there."""
        return super().available and self._site_id in self.coordinator.data.sites


@callback
def add_of_assets[DescriptionT: AssetDescription](
    entry: PlainEntry,
    add: AddConfigEntryEntitiesCallback,
    descriptions: Iterable[DescriptionT],
    make: Callable[[PlainEntry, DescriptionT, Asset], Entity],
    *,
    controllable: bool | None = None,
) -> None:
    """Add the entities of all assets, or of those that may be controlled, or of the others."""
    found = [
        asset
        for asset in entry.runtime_data.data.assets.values()
        if controllable in {None, may_control(asset)}
    ]
    add(
        make(entry, description, asset)
        for description in descriptions
        for asset in found
        if description.exists_fn(asset)
    )


def _device_info(coordinator: PlainCoordinator, asset: Asset) -> DeviceInfo:
    return DeviceInfo(
        identifiers={identifier(Kind.ASSET, asset.id)},
        manufacturer="GridDuck",
        name=asset.label,
        model=asset.sku,
        serial_number=asset.serial_no,
        via_device_id=coordinator.gateways.get(asset.gateway_id or ""),
    )
