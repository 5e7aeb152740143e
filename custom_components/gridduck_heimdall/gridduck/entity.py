"""Base classes of the entities of assets, sites and gateways."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.helpers.entity import EntityDescription

from ..api.gridduck import Asset
from ..core.description import UsedDescription
from ..core.entity import AnnouncedEntity
from ..core.entity_choice import EntityChoice, Tier
from .coordinator import AssetCoordinator
from .inventory import Site
from .keys import Aspect, Kind
from .runtime_data import GridDuckData


def always(_: Asset | Site) -> bool:
    """Return True: every asset or site has the entity."""
    return True


@dataclass(frozen=True, kw_only=True)
class AssetDescription(UsedDescription):
    """Base of the descriptions of assets' entities.

    Attributes:
        aspects: what it shows besides the asset itself.
        exists_fn: returns whether an asset has it.
        tier: its importance, which decides whether a large account registers it.
        while_offline: whether it remains valid while the asset is disconnected.
        while_overridden: whether it is available only while a boost or a snooze runs.
    """

    aspects: tuple[Aspect, ...] = ()
    exists_fn: Callable[[Asset], bool] = always
    tier: Tier = Tier.DETAIL
    while_offline: bool = False
    while_overridden: bool = False

    def exists(self, data: GridDuckData, item: str) -> bool:
        """Return whether the asset with this id has the entity."""
        return self.exists_fn(data.assets.data[item])

    def is_registered(
        self, data: GridDuckData, item: str, choice: EntityChoice | None = None
    ) -> bool:
        """Return whether the account's choice, or another, has the entity registered."""
        asset = data.assets.data[item]
        return data.registers(asset, self.tier, choice)


class AssetEntity(AnnouncedEntity[AssetCoordinator]):
    """An entity of an asset."""

    def __init__(self, description: AssetDescription, data: GridDuckData, asset_id: str) -> None:
        """Follow one asset, in the aspects that the description names."""
        keys = (asset_id, *((aspect, asset_id) for aspect in description.aspects))
        super().__init__(data.assets, keys, data.unique_id(asset_id, description.key))
        self.entity_description = description
        self.asset_id = asset_id
        self._data = data
        self._while_offline = description.while_offline
        self._while_overridden = description.while_overridden
        self.device_entry = data.device(Kind.ASSET, asset_id)

    @override
    def _read(self) -> object:
        if (asset := self.coordinator.data.get(self.asset_id)) is None:
            self._attr_available = False
            return None
        self._attr_available = (self._while_offline or asset.connected) and not (
            self._while_overridden and self.coordinator.overrides.control(asset).running is None
        )
        return self._show(asset)

    def _show(self, _asset: Asset) -> object:
        """Set the attributes of the entity from the asset, and return everything shown.

        By default only whether it is available.
        """
        return None


@dataclass(frozen=True, kw_only=True)
class SiteDescription(EntityDescription):
    """Base of the descriptions of sites' entities.

    Attributes:
        aspects: what it shows besides the site itself.
        exists_fn: returns whether a site has it.
    """

    aspects: tuple[Aspect, ...] = ()
    exists_fn: Callable[[Site], bool] = always

    def exists(self, data: GridDuckData, item: str) -> bool:
        """Return whether the site with this id has the entity."""
        return self.exists_fn(data.assets.inventory.sites[item])

    def is_registered(
        self, _data: GridDuckData, _item: str, _choice: EntityChoice | None = None
    ) -> bool:
        """Return True: entities of sites are always registered."""
        return True


class SiteEntity(AnnouncedEntity[AssetCoordinator]):
    """An entity of a site."""

    def __init__(self, description: SiteDescription, data: GridDuckData, site_id: str) -> None:
        """Follow one site, in the aspects that the description names."""
        keys = ((Kind.SITE, site_id), *((aspect, site_id) for aspect in description.aspects))
        super().__init__(data.assets, keys, data.unique_id(site_id, description.key))
        self.entity_description = description
        self._site_id = site_id
        self.device_entry = data.device(Kind.SITE, site_id)

    @override
    def _read(self) -> object:
        site = self.coordinator.inventory.sites.get(self._site_id)
        self._attr_available = site is not None
        return None if site is None else self._show(site)

    @abstractmethod
    def _show(self, site: Site) -> object:
        """Set the attributes of the entity from the site, and return everything shown."""


@dataclass(frozen=True, kw_only=True)
class GatewayDescription(EntityDescription):
    """Base of the descriptions of gateways' entities."""

    def exists(self, data: GridDuckData, item: str) -> bool:
        """Return whether the gateway with this id has the entity."""
        return item in data.assets.inventory.gateways

    def is_registered(
        self, _data: GridDuckData, _item: str, _choice: EntityChoice | None = None
    ) -> bool:
        """Return True: entities of gateways are always registered."""
        return True


class GatewayEntity(AnnouncedEntity[AssetCoordinator]):
    """An entity of a gateway."""

    def __init__(
        self, description: GatewayDescription, data: GridDuckData, gateway_id: str
    ) -> None:
        """Follow one gateway."""
        unique_id = data.unique_id(gateway_id, description.key)
        super().__init__(data.assets, [(Kind.GATEWAY, gateway_id)], unique_id)
        self.entity_description = description
        self._gateway_id = gateway_id
        self.device_entry = data.device(Kind.GATEWAY, gateway_id)

    @override
    def _read(self) -> object:
        gateways = self.coordinator.inventory.gateways
        self._attr_available = self._gateway_id in gateways
        return self._show(connected=gateways.get(self._gateway_id))

    @abstractmethod
    def _show(self, *, connected: bool | None) -> object:
        """Set the attributes of the entity, and return everything shown.

        Args:
            connected: whether the gateway is; None where that is not known.
        """
