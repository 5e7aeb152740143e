"""Backend of Heimdall Power."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Set as AbstractSet
from functools import partial
from typing import Any, Final, override

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..api.concurrency import RetryAfterGate
from ..api.heimdall.models.assets import Facility, Line
from ..core.backend import AccountEntry, CloudBackend, DeviceKinds, Health
from ..core.coordinator import PollingCoordinator
from ..core.entity import Builders, async_add_as_found
from ..core.entity_choice import EntityChoice
from ..core.inclusion import Inclusion, Part
from ..core.issues import async_watch_access, async_watch_inclusion
from ..core.registry_cleanup import EntityKey, async_remove_excluded
from ..history.importer import Importer
from ..history.sensor import ImportProgressSensor
from .access import Access, async_probe
from .assets_coordinator import AssetsCoordinator
from .catalog import BY_KEY, DESCRIPTIONS, group_of
from .config_forms import HeimdallForm, options_form
from .coordinator import ReadingsCoordinator
from .devices import Devices
from .diagnostics import account_diagnostics, calls_by_kind, item_diagnostics
from .entity import make_entity
from .history import EVERY, History
from .inventory import FacilityItem, Kind, LineItem
from .issues import FILE as CONDITIONS_FILE, Issues
from .line_events import LineEvents
from .line_queries import HeimdallLines
from .notification_state import FILE as NOTIFICATIONS_FILE
from .products import Group
from .rating_options import RatingOptions
from .registration import async_count_enabled, excluded_entities
from .runtime_data import HeimdallData
from .subscriptions import Subscriptions

SERVICE: Final = "heimdall"

FORECASTS_TIMEOUT: Final = 10
"""Seconds that setup waits for the forecasts before they continue in the background."""


class HeimdallAccount(HeimdallLines):
    """The lines and facilities that one client of the service may see."""

    service = SERVICE

    def __init__(self, hass: HomeAssistant, entry: AccountEntry) -> None:
        """Prepare the account; nothing is requested yet."""
        super().__init__(hass, entry)
        self._access: Final = Access.of(hass, entry.data)
        self.client = self._access.client
        self.throttle = RetryAfterGate()
        self.assets = AssetsCoordinator(hass, entry, self.client)
        subscriptions = Subscriptions(
            hass, entry, identity=self.identity, assets=self.assets, choice=self.choice
        )
        self.polls = {
            group: ReadingsCoordinator(
                hass,
                entry,
                client=self.client,
                group=group,
                async_requests=subscriptions.async_wanted,
                cached_requests=subscriptions.wanted,
                shown_by=self._shown_by,
                throttle=self.throttle,
            )
            for group in Group
        }
        self.data = HeimdallData(
            hass=hass,
            entry=entry,
            identity=self.identity,
            client=self.client,
            meter=self._access.meter,
            assets=self.assets,
            polls=self.polls,
            subscriptions=subscriptions,
            devices=Devices(hass, entry.entry_id),
            choice=self.choice,
            ratings=RatingOptions.of(entry.options),
        )
        self._issues: Final = Issues(hass, entry, self.assets, self.polls[Group.MEASUREMENTS])
        self._line_events: Final = LineEvents(self.data, self._issues)
        self.history: Final = History(self.data)
        self.importer: Importer = Importer(
            hass,
            entry,
            name="history",
            sources=self.history.async_sources,
            keys_of=self.history.keys_of,
            every=lambda: EVERY,
        )

    @override
    async def async_open(self) -> None:
        async_watch_access(self.hass, self.entry, self.service, self.assets)
        async_watch_inclusion(
            self.hass,
            self.entry,
            self.assets,
            self.inclusion,
            lambda: not self.assets.data.grid_items,
        )
        await self._issues.async_open()
        await self._line_events.async_open()
        await self.assets.async_config_entry_first_refresh()
        self.data.devices.sync(self.assets.data)
        await async_remove_excluded(
            self.hass,
            self.entry,
            excluded_entities(self.data, self.choice),
            enabled=False,
        )
        forecasts = self.entry.async_create_background_task(
            self.hass, self.polls[Group.FORECASTS].async_refresh(), f"{self.entry.title} forecasts"
        )
        await self.polls[Group.MEASUREMENTS].async_config_entry_first_refresh()
        await asyncio.wait((forecasts,), timeout=FORECASTS_TIMEOUT)
        self.entry.async_on_unload(self.assets.async_add_listener(self._assets_changed))
        await self.importer.async_start()

    @override
    async def async_add_entities(
        self, platform: Platform, add: AddConfigEntryEntitiesCallback
    ) -> None:
        if platform is Platform.SENSOR:
            add([ImportProgressSensor(self.identity, self.importer)])
        if platform not in DESCRIPTIONS:
            return
        registered = await self.data.subscriptions.async_registered()
        for group in (None, *Group):
            build = partial(self._build, platform, group, registered)
            await async_add_as_found(self._poll(group), add, self._keys, build)

    @override
    def diagnostics(self) -> dict[str, Any]:
        return account_diagnostics(self.data, self.importer)

    @override
    def health(self) -> Health:
        times = (self._poll(group).last_success for group in (None, *Group))
        return Health(
            last_success=max(filter(None, times), default=None),
            calls=self._access.meter.last_hour(),
            expected=calls_by_kind(self.data),
            token=self._access.tokens.token,
        )

    @override
    def device_diagnostics(self, device: AnyDeviceEntry) -> dict[str, Any]:
        item = self.assets.data.item_of(device)
        return {} if item is None else item_diagnostics(self.data, item)

    @override
    def knows(self, device: AnyDeviceEntry) -> bool:
        inventory = self.assets.data
        item = inventory.item_of(device)
        return item is not None and item.key not in inventory.missing

    @override
    def beneath(self, groups: Iterable[AnyDeviceEntry]) -> None:
        """Return None: the device registry has the lines beneath owners and facilities."""

    def target_of(self, device: AnyDeviceEntry) -> Line | Facility | None:
        """Return the line or facility that a device represents or belongs to."""
        match self.data.item_near(device):
            case LineItem(asset=line):
                return line
            case FacilityItem(asset=facility):
                return facility
        return None

    def devices_of_answer(self, device: AnyDeviceEntry) -> Iterable[str]:
        """Return the ids of the devices that a response about a device describes."""
        registry = dr.async_get(self.hass)
        if (item := self.data.item_near(device)) is None:
            return
        identifier = item.identifier
        if (
            found := registry.async_get_device_by_identifier(identifier, self.entry.entry_id)
        ) is not None:
            yield found.id

    @override
    def excluded_entities(self, choice: EntityChoice) -> Iterator[Collection[EntityKey]]:
        return excluded_entities(self.data, choice)

    @override
    async def async_count_enabled(self, choice: EntityChoice, inclusion: Inclusion) -> int:
        return await async_count_enabled(self.data, choice, inclusion)

    @override
    def parts(self) -> Mapping[str, Part]:
        return self.assets.data.parts

    def _poll(self, group: Group | None) -> PollingCoordinator[str, Any]:
        return self.assets if group is None else self.polls[group]

    def _keys(self) -> AbstractSet[str]:
        return self.assets.data.grid_items.keys()

    def _shown_by(self, target_id: str) -> Iterable[str]:
        return self.assets.data.shown_by.get(target_id, ())

    @callback
    def _assets_changed(self) -> None:
        """Update requests, devices and entities after a change of the assets."""
        self.data.subscriptions.invalidate()
        self.data.devices.sync(self.assets.data)
        for poll in self.polls.values():
            poll.announce(self.assets.announced)

    def _build(
        self,
        platform: Platform,
        group: Group | None,
        registered: Mapping[str, Mapping[str, bool]],
        key: str,
    ) -> Builders:
        """Return the entities of an item: those with a value, and those already registered."""
        item, target = self.assets.data.grid_items[key], self.data.target(key)
        before = registered.get(item.id, {})
        return {
            self.data.unique_id(item, description): partial(
                make_entity, self.data, item, description
            )
            for description in DESCRIPTIONS[platform].get(item.kind, ())
            if group_of(description) is group
            and (
                description.key in before
                or (
                    self.data.registers(item, description)
                    and target is not None
                    and description.exists(target)
                )
            )
        }


BACKEND: Final = CloudBackend(
    service=SERVICE,
    title="Heimdall Power",
    form=HeimdallForm(),
    options_form=options_form,
    kinds=DeviceKinds(
        named=Kind.OWNER,
        selectable=Kind.LINE,
        groups={Kind.OWNER, Kind.FACILITY},
        # A line aggregates its spans and sensors.
        members={Kind.OWNER, Kind.FACILITY, Kind.LINE},
    ),
    account=HeimdallAccount,
    descriptions={kind: found.values() for kind, found in BY_KEY.items()},
    probe=async_probe,
    files=(CONDITIONS_FILE, NOTIFICATIONS_FILE),
)
