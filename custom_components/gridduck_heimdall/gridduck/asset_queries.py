"""The interface of a GridDuck account to its assets."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from typing import Final, override

from homeassistant.const import Platform
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.util import dt as dt_util

from ..api.gridduck import Asset
from ..api.override import RunningOverride
from ..core.asset_account import AssetAccount, AssetLoad, Control, EnergyStatistics
from ..core.events import Cause, Details, EventType, async_fire
from ..core.measured_load import MeasuredLoad
from .coordinator import AssetCoordinator
from .history_series import COST, in_currency, statistic_id
from .inventory import lineage
from .journal import CommandJournal
from .keys import Aspect, Kind, assets_of, item_of
from .measured_load import measured_load
from .overrides import is_always_off
from .runtime_data import GridDuckData
from .sensor import ENERGY
from .switch import SWITCH
from .telemetry import TelemetryKind

POLLED_JUST_NOW: Final = timedelta(seconds=10)
"""A list that is not older is not polled again before a command."""


class GridDuckAssets(AssetAccount):
    """The assets of an account, for callers that are independent of the cloud.

    Attributes:
        assets: polls the assets.
        data: the runtime data of the account's entities.
        journal: records commands and their causes.
    """

    assets: AssetCoordinator
    data: GridDuckData
    journal: CommandJournal

    @override
    def assets_under(self, devices: Iterable[AnyDeviceEntry]) -> list[str]:
        """Return the ids of the assets that devices represent or that belong to their sites."""
        found = [asset.id for device in devices for asset in self.assets_of(device)]
        return list(dict.fromkeys(found))

    def assets_of(self, device: AnyDeviceEntry) -> Iterable[Asset]:
        """Return the assets of a site or gateway, or the asset itself."""
        assets, sites = self.assets.data, self.assets.inventory.sites
        match item_of(device):
            case (Kind.ASSET, asset_id):
                return [assets[asset_id]] if asset_id in assets else []
            case (Kind.GATEWAY, gateway_id):
                return [asset for asset in assets.values() if asset.gateway_id == gateway_id]
            case (Kind.SITE, site_id):
                return sites[site_id].assets if site_id in sites else []
            case None:
                return []

    @override
    def beneath(self, groups: Iterable[AnyDeviceEntry]) -> set[str]:
        """Return the ids of the devices of all assets of sites and gateways."""
        assets = map(self.device_of, self.assets_under(groups))
        return {asset.id for asset in assets if asset is not None}

    @property
    @override
    def hierarchy(self) -> object:
        """The sites with their assets; a new object after each change."""
        return self.assets.inventory.sites

    @override
    def measured_loads(self) -> Iterator[MeasuredLoad]:
        for site_id in tuple(self.assets.inventory.sites):
            if (load := measured_load(self.data, (Kind.SITE, site_id))) is not None:
                yield load

    @override
    def measured_load(self, device: AnyDeviceEntry) -> MeasuredLoad | None:
        return measured_load(self.data, item_of(device))

    def ancestors(self, asset: Asset) -> list[str]:
        """Return the ids of the ancestors of an asset, nearest first."""
        return [one.id for one in lineage(asset, self.assets.data)[-2::-1]]

    @override
    def device_of(self, asset_id: str) -> dr.DeviceEntry | None:
        """Return the device of an asset."""
        return self.data.device(Kind.ASSET, asset_id)

    def switch_of(self, asset_id: str) -> str | None:
        """Return the entity id of the switch of an asset; None where it has none."""
        return self.data.entity_id(Platform.SWITCH, asset_id, SWITCH.key)

    @override
    def asset_of(self, device: AnyDeviceEntry) -> str | None:
        """Return the asset id of a device; None if it is not an asset."""
        match item_of(device):
            case (Kind.ASSET, asset_id):
                return asset_id
            case _:
                return None

    @override
    def has_asset(self, asset_id: str) -> bool:
        return asset_id in self.assets.data

    @override
    def excludes(self, asset_id: str) -> bool:
        return asset_id in self.assets.excluded.labels

    @override
    def asset_name(self, asset_id: str) -> str | None:
        asset = self.assets.data.get(asset_id)
        return self.assets.excluded.labels.get(asset_id) if asset is None else asset.label

    @override
    def site_names(self, asset_id: str) -> tuple[str | None, str | None]:
        asset = self.assets.data.get(asset_id)
        return (None, None) if asset is None else (asset.site_name, asset.site_id)

    @override
    def control_of(self, asset_id: str) -> Control | None:
        """Return the control state of an asset; None while it is unavailable."""
        asset = self.assets.data.get(asset_id)
        if asset is None or not asset.connected or not self.assets.serving:
            return None
        return self.assets.overrides.control(asset)

    @override
    def load_of(self, asset_id: str) -> AssetLoad | None:
        if (asset := self.assets.data.get(asset_id)) is None or not self.assets.serving:
            return None
        return AssetLoad(
            name=asset.label,
            shown_at=self.assets.listed_at,
            power=asset.power_w,
            connected=asset.connected,
            interruptible=bool(asset.interruptible),
            min_time_on=asset.min_time_on,
            max_time_off=asset.max_time_off,
            above=tuple(self.ancestors(asset)),
            control=self.assets.overrides.control(asset),
            listed=asset.running_override(self.assets.listed_at),
            kept_off=is_always_off(asset),
        )

    @property
    @override
    def asset_ids(self) -> Collection[str]:
        return self.assets.data.keys()

    @override
    def energy_statistics(self, devices: Iterable[AnyDeviceEntry]) -> list[EnergyStatistics]:
        ids = self.assets_under(devices)
        among = set(ids)
        assets = (self.assets.data[asset_id] for asset_id in ids)
        return [
            self._energy_statistics(asset)
            for asset in assets
            if among.isdisjoint(self.ancestors(asset))
        ]

    def _energy_statistics(self, asset: Asset) -> EnergyStatistics:
        def own(what: str) -> str:
            return statistic_id(self.identity, asset.id, what)

        currency = asset.currency_code
        return EnergyStatistics(
            asset_id=asset.id,
            name=asset.label,
            hourly=own(TelemetryKind.ENERGY),
            meter=self.data.entity_id(Platform.SENSOR, asset.id, ENERGY.key),
            costs=(own(COST), *([] if currency is None else [in_currency(own(COST), currency)])),
        )

    @override
    async def async_poll_now(self) -> None:
        if dt_util.utcnow() - self.assets.listed_at > POLLED_JUST_NOW:
            await self.assets.async_poll_now()

    @callback
    @override
    def async_report(self, asset_id: str, event_type: EventType, details: Details) -> None:
        if (device := self.device_of(asset_id)) is not None:
            async_fire(self.hass, event_type, device, self.switch_of(asset_id), details)

    @callback
    @override
    def async_follow_control(self, listener: Callable[[Collection[str]], None]) -> CALLBACK_TYPE:
        assets = self.assets

        @callback
        def announced() -> None:
            keys = assets.announced
            if found := assets.data if keys is None else assets_of(keys, {Aspect.CONFIRMED}):
                listener(found)

        return assets.async_add_listener(announced)

    @callback
    @override
    def async_follow_assets(self, listener: Callable[[Collection[str]], None]) -> CALLBACK_TYPE:
        assets = self.assets

        @callback
        def announced() -> None:
            keys = assets.announced
            listener(assets.data if keys is None else assets_of(keys))

        @callback
        def polled() -> None:
            listener(())

        stop_polled = assets.async_follow_polls(polled)
        stop_announced = assets.async_add_listener(announced)

        def unfollow() -> None:
            stop_polled()
            stop_announced()

        return unfollow

    @override
    def cause_of(self, asset_id: str, running: RunningOverride) -> Cause | None:
        return self.journal.cause_of(asset_id, running)

    @override
    def is_disabled(self, asset_id: str) -> bool:
        """Return whether a user has disabled the device of an asset."""
        device = self.device_of(asset_id)
        return device is not None and device.disabled

    @override
    def is_controllable(self, asset_id: str) -> bool:
        """Return whether an asset may be boosted and snoozed."""
        return asset_id in self.assets.inventory.controllable and not self.is_disabled(asset_id)
