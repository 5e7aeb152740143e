"""Device tree: sites, gateways and assets."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
import msgspec

from ..api.gridduck import BASE_URL, Asset
from ..const import CONF_BASE_URL
from .coordinator import AssetCoordinator
from .inventory import Gateway, branch, gateways
from .keys import ItemId, Key, Kind, identifier, item_of

MANUFACTURER: Final = "GridDuck"
DASHBOARD: Final = "https://dashboard.gridduck.com"
# Model by the prefix of the article number. The guide documents no other.
MODELS: Final = {"PLU": "Smart plug"}
# Devices registered or removed per turn of the event loop. A new name
# makes all entities of a device write their states.
REGISTERED_AT_ONCE: Final = 5
REMOVED_AT_ONCE: Final = 3
# Unchanged assets checked per turn of the event loop.
LOOKED_AT_ONCE: Final = 100


# Tuples of strings, which the garbage collector does not track.
class DeviceFields(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Registry fields of a device; `via` is the id of the device it is reached through.

    `area` is suggested when the device is new.
    """

    name: str
    area: str | None = None
    model: str | None = None
    model_id: str | None = None
    serial_number: str | None = None
    via: str | None = None
    entry_type: dr.DeviceEntryType | None = None


def registered_items[RuntimeT](
    hass: HomeAssistant, entry: ConfigEntry[RuntimeT]
) -> dict[Kind, set[str]]:
    """Return the ids of the registered devices, by kind."""
    found: defaultdict[Kind, set[str]] = defaultdict(set)
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
        if (item := item_of(device)) is not None:
            found[item[0]].add(item[1])
    return found


class Devices:
    """Sync the device registry with the cloud."""

    def __init__[RuntimeT](
        self, hass: HomeAssistant, entry: ConfigEntry[RuntimeT], assets: AssetCoordinator
    ) -> None:
        """Prepare without registering anything."""
        self._registry = dr.async_get(hass)
        self._entry_id = entry.entry_id
        # The dashboard of another address is unknown.
        usual = entry.data[CONF_BASE_URL].rstrip("/") == BASE_URL
        self._configuration_url = DASHBOARD if usual else None
        self._leftovers = partial(registered_items, hass, entry)
        self._assets = assets
        self._registered: dict[ItemId, tuple[str, DeviceFields]] = {}
        self._writes = 0
        self._to_look_at: dict[str, None] = {}
        self._to_remove: dict[ItemId, None] = {}
        self._look_for_leftovers = False
        self._gateways: tuple[Mapping[str, Asset], Mapping[str, Gateway]] = {}, {}

    @callback
    def update(self) -> None:
        """Register new and changed devices and remove those that are gone, in batches."""
        announced = self._assets.announced
        if self._assets.values_only:
            return
        if announced is None:
            self._to_look_at.update(dict.fromkeys(self._assets.data))
            self._look_for_leftovers = True
        else:
            self._take(announced)
        if self._to_look_at or self._to_remove or self._look_for_leftovers:
            self._assets.work_in_batches(self._do_batch, first=True)

    @callback
    def _take(self, announced: Iterable[Key]) -> None:
        """Queue the devices to check and to remove."""
        changed = {key for key in announced if isinstance(key, str)}
        items: list[ItemId] = [(Kind.ASSET, one) for one in changed]
        items += (
            (key[0], key[1])
            for key in announced
            if not isinstance(key, str) and isinstance(key[0], Kind)
        )
        has = self._assets.presence.has
        self._to_remove.update((item, None) for item in items if not has(*item))
        if changed:
            self._to_look_at.update(
                (asset.id, None)
                for asset in self._assets.data.values()
                # A parent that came or went moves its children.
                if asset.id in changed or asset.parent_asset in changed
            )

    @callback
    def _do_batch(self) -> bool:
        """Remove or register a few devices, and return whether there is more to do."""
        if not self._assets.in_use:
            # The next setup starts over.
            self._to_remove.clear()
            self._to_look_at.clear()
            self._look_for_leftovers = False
        elif self._to_remove:
            for item in tuple(islice(self._to_remove, REMOVED_AT_ONCE)):
                del self._to_remove[item]
                self._remove(item)
        elif self._to_look_at:
            self._register_some()
        elif self._look_for_leftovers:
            self._look_for_leftovers = False
            # By the registry: some may remain from an earlier run of Home Assistant.
            self._to_remove.update(
                ((kind, one), None)
                for kind, ids in self._leftovers().items()
                for one in ids
                if not self._assets.presence.has(kind, one)
            )
        return bool(self._to_remove or self._to_look_at or self._look_for_leftovers)

    async def async_register_all(self) -> None:
        """Register all devices, and remove those of assets that the options exclude.

        It yields to the event loop in between.
        """
        self._to_look_at.update(dict.fromkeys(self._assets.data))
        while self._to_look_at:
            self._register_some()
            await asyncio.sleep(0)
        more = self._look_for_leftovers = bool(self._assets.excluded.items)
        while more:
            more = self._do_batch()
            await asyncio.sleep(0)

    def _register_some(self) -> None:
        """Register the devices of assets until a few of them were new or had changed."""
        assets, self._writes = self._assets.data, 0
        if self._gateways[0] is not assets:
            self._gateways = assets, gateways(assets)
        for asset_id in tuple(islice(self._to_look_at, LOOKED_AT_ONCE)):
            del self._to_look_at[asset_id]
            if (asset := assets.get(asset_id)) is not None:
                self._register(asset, self._gateways[1])
            if self._writes >= REGISTERED_AT_ONCE:
                break

    def _register(self, asset: Asset, found: Mapping[str, Gateway]) -> None:
        via: str | None = None
        for one in branch(asset, self._assets.data):
            # The topmost device is connected to its own gateway, whatever gateways the others have.
            place = self._register_place(one, found)
            via = self._register_item(
                (Kind.ASSET, one.id), _details(one, self._area(one.site_id), via or place)
            )

    def _register_place(self, asset: Asset, found: Mapping[str, Gateway]) -> str | None:
        """Register the site and the gateway of an asset; returns the nearer one's device."""
        via = self._register_site(asset.site_id)
        if asset.gateway_id is None or (gateway := found.get(asset.gateway_id)) is None:
            return via
        return self._register_item(
            (Kind.GATEWAY, asset.gateway_id),
            DeviceFields(
                name=gateway.name,
                area=self._area(gateway.site_id),
                model="Gateway",
                via=self._register_site(gateway.site_id),
            ),
        )

    def _register_site(self, site_id: str | None) -> str | None:
        site = None if site_id is None else self._assets.inventory.sites.get(site_id)
        if site is None:
            return None
        return self._register_item(
            (Kind.SITE, site.id),
            DeviceFields(
                name=site.name,
                area=self._area(site.id),
                entry_type=dr.DeviceEntryType.SERVICE,
            ),
        )

    def _area(self, site_id: str | None) -> str | None:
        """Return the area to suggest: the name of a site, unless it has none."""
        site = None if site_id is None else self._assets.inventory.sites.get(site_id)
        return None if site is None or site.name == site.id else site.name

    def _register_item(self, item: ItemId, details: DeviceFields) -> str:
        known = self._registered.get(item)
        if known is not None and known[1] == details:
            return known[0]
        self._writes += 1
        device = self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={identifier(*item)},
            manufacturer=MANUFACTURER,
            name=details.name,
            model=details.model,
            model_id=details.model_id,
            serial_number=details.serial_number,
            via_device_id=details.via,
            entry_type=details.entry_type,
            suggested_area=details.area,
            configuration_url=self._configuration_url,
        )
        self._registered[item] = device.id, details
        return device.id

    def _remove(self, item: ItemId) -> None:
        if self._assets.presence.has(*item):
            return
        self._registered.pop(item, None)
        device = self._registry.async_get_device_by_identifier(identifier(*item), self._entry_id)
        if device is not None:
            self._registry.async_remove_device(device.id)


def _details(asset: Asset, area: str | None, via: str | None) -> DeviceFields:
    model = MODELS.get((asset.sku or "").partition("-")[0])
    return DeviceFields(
        name=asset.label,
        area=area,
        model=model or asset.sku,
        model_id=asset.sku if model else None,
        serial_number=asset.serial_no,
        via=via,
    )
