"""Runtime data of a GridDuck account."""

from dataclasses import dataclass, field
from typing import Final

from homeassistant.const import Platform
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..api.gridduck import Asset, Override
from ..const import DOMAIN
from ..core.entity_choice import EntityChoice, Tier
from .commands import Commands
from .coordinator import AssetCoordinator
from .entity_limits import deepest_tier, meters_only
from .journal import CommandJournal
from .keys import Kind, identifier
from .temperature import TemperatureCoordinator
from .turn_off import TurnOff

DEFAULT_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class GridDuckData:
    """Everything that the entities of an account share.

    Attributes:
        entry_id: the account's config entry.
        identity: the account's identity, with which unique ids start.
        assets: all assets.
        temperatures: polls the temperatures of assets.
        commands: controls the assets.
        choice: which entities are registered.
        turn_off: switches assets off.
        journal: records commands, and fires the events of overrides.
    """

    entry_id: str
    identity: str
    assets: AssetCoordinator
    temperatures: TemperatureCoordinator
    commands: Commands
    choice: EntityChoice
    turn_off: TurnOff
    journal: CommandJournal
    _minutes: dict[tuple[str, Override], int] = field(default_factory=dict)

    def minutes(self, asset_id: str, kind: Override) -> int:
        """Return the duration that a switch uses, in minutes."""
        return self._minutes.get((asset_id, kind), DEFAULT_MINUTES)

    def set_minutes(self, asset_id: str, kind: Override, minutes: int) -> None:
        """Set the duration that a switch uses."""
        self._minutes[asset_id, kind] = minutes

    def unique_id(self, item: str, key: str) -> str:
        """Return the unique id of an entity of an asset or a site."""
        return f"{self.identity}_{item}_{key}"

    def registers(self, asset: Asset, tier: Tier, choice: EntityChoice | None = None) -> bool:
        """Return whether an entity of an asset is registered, given the size of the account.

        Args:
            asset: the asset.
            tier: the importance of the entity.
            choice: a choice other than the account's own.
        """
        choice, assets = choice or self.choice, len(self.assets.data)
        if asset.site_id in choice.all_for:
            return True
        if meters_only(choice, assets) and not asset.children:
            return False
        return tier <= deepest_tier(choice, assets)

    def device(self, kind: Kind, item: str) -> dr.DeviceEntry | None:
        """Return the device of a site, gateway or asset; it is registered before its entities.

        Adding an entity with a device entry costs a tenth less than with device info.
        """
        registry = dr.async_get(self.assets.hass)
        return registry.async_get_device_by_identifier(identifier(kind, item), self.entry_id)

    def entity_id(self, platform: Platform, item: str, key: str) -> str | None:
        """Return the entity id of an entity; None if it is not registered."""
        registry = er.async_get(self.assets.hass)
        return registry.async_get_entity_id(platform, DOMAIN, self.unique_id(item, key))

    def registered(self, platform: Platform, item: str, key: str) -> er.RegistryEntry | None:
        """Return the registry entry of an entity; None if it is not registered."""
        entity_id = self.entity_id(platform, item, key)
        return None if entity_id is None else er.async_get(self.assets.hass).async_get(entity_id)
