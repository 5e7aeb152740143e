"""One GridDuck account in Home Assistant."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final, override

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
import msgspec

from ..const import CONF_BASE_URL
from ..core.backend import AccountEntry, CloudBackend, DeviceKinds, Health
from ..core.command_queue import CommandQueue
from ..core.entity_choice import EntityChoice
from ..core.inclusion import Inclusion, Part
from ..core.issues import async_watch_access, async_watch_inclusion
from ..core.registry_cleanup import EntityKey, async_remove_excluded
from ..core.storage import SAVE_SOON
from ..history.importer import Importer
from ..history.sensor import ImportProgressSensor
from ..history.statistics import recorder_loaded
from .access import Access, async_probe
from .asset_queries import GridDuckAssets
from .catalog import ASSET_DESCRIPTIONS, ENTITY_GROUPS
from .commands import Commands
from .completeness import Completeness
from .config_forms import GridDuckForm, options_form
from .coordinator import AssetCoordinator
from .data_hook import async_open as async_open_data_hook
from .devices import Devices, registered_items
from .diagnostics import account_state, calls_per_hour
from .download_files import async_sweep
from .excluded import names_of, parts_named
from .history import History
from .journal import CommandJournal
from .keys import Kind, item_of
from .permissions import Permissions
from .push_receiver import PushReceiver
from .real_time import RealTime, async_open as async_open_real_time
from .reconnections import Absences, Reconnections
from .registration import async_count_enabled, excluded_entities
from .removal_tracker import RemovalTracker
from .runtime_data import GridDuckData
from .temperature import TemperatureCoordinator
from .temperature_sensor import TEMPERATURE, async_add_temperatures, shows_temperature
from .turn_off import TurnOff

SERVICE: Final = "gridduck"


class GridDuckAccount(GridDuckAssets):
    """An account with assets.

    Attributes:
        access: the client and its tokens.
        client: the client.
        assets: polls the assets.
        data: the runtime data of the account's entities.
        history: the history sources.
        importer: imports them into the statistics.
        journal: records commands and their causes.
        commands: boost, snooze and resume assets.
    """

    service = SERVICE

    def __init__(self, hass: HomeAssistant, entry: AccountEntry) -> None:
        """Prepare the account; nothing is requested yet."""
        super().__init__(hass, entry)
        address: str = entry.data[CONF_BASE_URL]
        self.cloud = address.rstrip("/")
        self.access = Access.of(hass, entry.data)
        self.client: Final = self.access.client
        self.journal = CommandJournal(hass, self.device_of, self.switch_of)
        presence = RemovalTracker(registered_items(hass, entry))
        self.assets = AssetCoordinator(hass, entry, self.access, presence)
        queue = CommandQueue(self.lifetime)
        self.commands: Commands = Commands(
            self.assets,
            self.client,
            queue,
            is_disabled=self.is_disabled,
            accepted=self.journal.note,
        )
        self.data = GridDuckData(
            entry_id=entry.entry_id,
            identity=self.identity,
            assets=self.assets,
            temperatures=TemperatureCoordinator(
                hass,
                entry,
                self.access.client,
                assets=lambda: self.assets.data,
                wanted=lambda asset_id: shows_temperature(self.data, asset_id),
            ),
            commands=self.commands,
            turn_off=TurnOff(hass, entry, self.assets, self.commands),
            journal=self.journal,
            choice=self.choice,
        )
        self.history = History(
            self.data,
            self.access.client,
            title=entry.title,
            importer=lambda: self.importer,
        )
        self.importer: Importer = Importer(
            hass,
            entry,
            name="history",
            sources=self.history.async_sources,
            keys_of=self._history_keys,
            every=self.history.every,
        )
        store = self.importer.store
        absences = Absences(since=store.away, save=partial(store.save_within, SAVE_SOON))
        self._reconnections = Reconnections(self.assets, absences, self._import_again)
        self._temperatures_seen = 0
        self._real_time: RealTime | None = None
        self._devices = Devices(hass, entry, self.assets)
        self._permissions = Permissions(
            hass,
            entry,
            self.data,
            (one for one in ENTITY_GROUPS if one.platform != Platform.SENSOR),
        )

    @override
    async def async_open(self) -> None:
        """Fetch all assets and register the devices."""
        async_watch_access(self.hass, self.entry, self.service, self.assets)
        async_watch_inclusion(
            self.hass, self.entry, self.assets, self.inclusion, lambda: not self.assets.data
        )
        Completeness(self.hass, self.entry, self.assets)
        await self.assets.async_config_entry_first_refresh()
        await self._devices.async_register_all()
        await async_remove_excluded(
            self.hass,
            self.entry,
            excluded_entities(self.data, self.choice),
            enabled=False,
        )
        await self._permissions.async_check_all()
        for update in (
            self._devices.update,
            self._permissions.update,
            self._reconnections.look,
        ):
            self.entry.async_on_unload(self.assets.async_add_inventory_listener(update))
        temperatures = self.data.temperatures
        temperatures.expect(
            asset_id
            for asset_id in self.assets.data
            if self.data.registered(Platform.SENSOR, asset_id, TEMPERATURE.key)
        )
        # Telemetry of many assets takes a while; nothing else depends on it.
        self.entry.async_create_background_task(
            self.hass, temperatures.async_refresh(), f"{temperatures.name} first"
        )
        self._temperatures_seen = len(temperatures.data)
        self.entry.async_on_unload(temperatures.async_add_listener(self._look_for_temperatures))
        receiver = PushReceiver(self.assets, self.lifetime)
        async_open_data_hook(self.hass, self.entry, receiver, self.lifetime)
        await self.importer.async_start()
        self._real_time = async_open_real_time(
            self.hass, self.entry, self.access, receiver, self.lifetime
        )
        self._reconnections.look_at_all()

    @override
    async def async_add_entities(
        self, platform: Platform, add: AddConfigEntryEntitiesCallback
    ) -> None:
        """Add the account's entities of one platform, now and as they appear."""
        if platform == Platform.SENSOR:
            add([ImportProgressSensor(self.identity, self.importer)])
            await async_add_temperatures(self.data, add)
        for one in ENTITY_GROUPS:
            if one.platform == platform:
                await one.async_add(self.data, add)

    @override
    def excluded_entities(self, choice: EntityChoice) -> Iterator[Collection[EntityKey]]:
        return excluded_entities(self.data, choice)

    @override
    async def async_count_enabled(self, choice: EntityChoice, inclusion: Inclusion) -> int:
        return await async_count_enabled(self.data, choice, inclusion)

    @override
    def parts(self) -> Mapping[str, Part]:
        """Return the sites of all assets, by id."""
        return parts_named({**self.assets.excluded.names, **names_of(self.assets.data.values())})

    @override
    def knows(self, device: AnyDeviceEntry) -> bool:
        """Return whether the service still lists this site, gateway or asset."""
        item = item_of(device)
        return item is not None and self.assets.presence.has(*item)

    @override
    def diagnostics(self) -> dict[str, Any]:
        """Return counts, polls and calls."""
        return {
            **account_state(self.data, self.access, self.entry.options),
            "real_time": None if self._real_time is None else self._real_time.diagnostics(),
            "history": {**self.importer.diagnostics(), "not_offered": self.history.missing},
        }

    @override
    def health(self) -> Health:
        return Health(
            last_success=self.assets.last_success,
            calls=self.access.meter.last_hour(),
            expected=calls_per_hour(self.data),
            token=self.access.tokens.token,
            not_available=self.client.offered.missing,
        )

    @override
    def device_diagnostics(self, device: AnyDeviceEntry) -> dict[str, Any]:
        """Return the asset, or the assets of the site or gateway, as received."""
        return {"assets": msgspec.to_builtins([*self.assets_of(device)])}

    def _history_keys(self, device: AnyDeviceEntry) -> list[str]:
        return [key for one in self.assets_under([device]) for key in self.history.keys_of(one)]

    @callback
    def _import_again(self, asset_id: str, start: datetime, end: datetime) -> None:
        if recorder_loaded(self.hass):
            self.importer.request(self.history.all_keys_of(asset_id), start, end)

    @callback
    def _look_for_temperatures(self) -> None:
        """Import the history of assets that turned out to have a temperature."""
        before, self._temperatures_seen = self._temperatures_seen, len(self.data.temperatures.data)
        if self._temperatures_seen > before:
            self.importer.retry()


BACKEND: Final = CloudBackend(
    service=SERVICE,
    title="GridDuck",
    form=GridDuckForm(),
    options_form=options_form,
    kinds=DeviceKinds(
        named=Kind.SITE,
        selectable=Kind.SITE,
        groups={Kind.SITE, Kind.GATEWAY},
        members={Kind.SITE, Kind.GATEWAY, Kind.ASSET},
    ),
    account=GridDuckAccount,
    descriptions={Kind.ASSET: ASSET_DESCRIPTIONS},
    probe=async_probe,
    clean_up=async_sweep,
)
