"""Coordinator of the list of all assets."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
import msgspec

from ..api.gridduck import (
    SCOPES_OF_CONTROL,
    Asset,
    AssetList,
    IncompleteReason,
    Override,
    RunningOverride,
)
from ..core.coordinator import PollingCoordinator
from ..core.inclusion import Inclusion
from ..core.lifetime import Timers
from .access import Access
from .excluded import Excluded, split
from .inventory import Inventory, may_control
from .keys import (
    Aspect,
    Key,
    Kind,
    changed_keys,
    control_keys,
    gateway_keys,
    site_keys,
)
from .news import News
from .overrides import Overlay, Overrides
from .removal_tracker import RemovalTracker

POLL_INTERVAL: Final = timedelta(minutes=1)
# The interval while a real-time connection delivers changes.
RELAXED_INTERVAL: Final = timedelta(minutes=5)
# With a page every 2 seconds on average, an account takes 30 calls a minute at most.
INTERVAL_PER_PAGE: Final = timedelta(seconds=2)
# Seconds after a command at which its effect is polled.
SOON: Final = 2
LATER: Final = 6
# Seconds after which a command that the cloud has not confirmed is no longer shown.
UNCONFIRMED: Final = 15
# Seconds after the end of an override at which its effect is polled.
END_MARGIN: Final = 1
# Overrides that end in quick succession share polls, which are at least this part of the interval
# apart.
CLOSEST_ENDS: Final = 1 / 12
# Assets compared per turn of the event loop: less than two milliseconds.
COMPARED_AT_ONCE: Final = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStatus:
    """How complete the last list was.

    Attributes:
        received: its assets.
        malformed: its entries that had no usable id.
        total: how many the service says there are; None where it does not.
        incomplete: why it was not complete; None where it was.
        pages: requests that it took.
    """

    received: int = 0
    malformed: int = 0
    total: int | None = None
    incomplete: IncompleteReason | None = None
    pages: int = 1


class AssetCoordinator(PollingCoordinator[Key, Mapping[str, Asset]]):
    """Poll every asset of an account, and reconcile commands with what the cloud shows.

    Attributes:
        inventory: sites, gateways and permissions as of the assets in `data`; replaced, never
            changed.
        list_status: how complete the last list was.
        excluded: what the options exclude from it.
        presence: detects removed assets, gateways and sites.
        overrides: the control state of each asset as it is shown.
        is_streamed: whether a real-time connection delivers changes, so that polls are less urgent.
        listed_at: when the poll of the last list began.
        polls_begun: number of the poll that began last.
        polled_at: when that poll began.
        values_only: whether the current announcement only concerns values: no asset was added,
            removed, moved or renamed.
    """

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        access: Access,
        presence: RemovalTracker,
    ) -> None:
        """Prepare to poll the access's list."""
        super().__init__(hass, entry, name="assets", update_interval=POLL_INTERVAL)
        self.data = {}
        self.inventory = Inventory()
        self.list_status = ListStatus()
        self.excluded = Excluded()
        self._inclusion = Inclusion.of(entry.options)
        self.presence = presence
        self.is_streamed: Callable[[], bool] = lambda: False
        self.polls_begun = 0
        self.values_only = False
        self._one_request = asyncio.Lock()
        self._access = access
        self.overrides = Overrides()
        self._pushed = dict[str, News]()
        self.polled_at = self.listed_at = dt_util.utcnow()
        # Whether something was missing from the last list that is not known to be removed.
        self._is_missing = True
        self._awaited_end: datetime | None = None
        self._timers = Timers(hass)
        self._start_task = entry.async_create_background_task
        entry.async_on_unload(self._timers.end)

    @property
    def interval(self) -> timedelta:
        """The usual time between two polls: longer for an account of many pages."""
        return max(POLL_INTERVAL, self.list_status.pages * INTERVAL_PER_PAGE)

    @callback
    def set_pace(self, *, relaxed: bool) -> None:
        """Set the time between two polls; a failed one is retried at the usual interval."""
        self.update_interval = max(self.interval, RELAXED_INTERVAL) if relaxed else self.interval
        self.retry_interval = self.interval.total_seconds() if relaxed else None

    @property
    @override
    def _has_problem(self) -> bool:
        return self.list_status.incomplete is not None or not self.last_update_success

    @override
    def _changes_inventory(self, changed: AbstractSet[Key]) -> bool:
        # Only aspects leave it unchanged; `key[0]` of an asset's id is a plain string.
        return not {type(key[0]) for key in changed} <= {Aspect}

    @override
    async def _async_poll(self) -> Mapping[str, Asset]:
        self.polls_begun += 1
        self.polled_at = dt_util.utcnow()
        self._pushed.clear()
        listed = await self._access.client.async_list_assets()
        received = len(listed.assets)
        if self._inclusion.parts:
            listed, self.excluded = split(listed, self._inclusion)
        listed, changes = await self._async_compare(listed)
        token = await self._access.tokens.async_get_token()
        granted = not SCOPES_OF_CONTROL.isdisjoint(token.scope)
        self.list_status = ListStatus(
            received=received,
            malformed=listed.malformed,
            total=listed.total,
            incomplete=listed.incomplete,
            pages=listed.pages,
        )
        self.set_pace(relaxed=self.is_streamed())
        # Freeing equal objects takes time, too: yield before.
        await asyncio.sleep(0)
        self.data = self._take(listed, changes, granted=granted)
        self.listed_at = self.polled_at
        # Yield before the announcement. What is pushed meanwhile is merged into this.
        await asyncio.sleep(0)
        return self.data

    async def _async_compare(
        self, listed: AssetList
    ) -> tuple[AssetList, Mapping[str, tuple[Key, ...]]]:
        """Return the list with unchanged objects reused, and the keys of each changed asset.

        It yields to the event loop after each slice.
        """
        former, compared = self.data, list[Asset]()
        changes = dict[str, tuple[Key, ...]]()
        for some in batched(listed.assets, COMPARED_AT_ONCE, strict=False):
            for one in some:
                asset, old = one.as_listed(self.polled_at), former.get(one.id)
                if old is not None and old == asset:
                    compared.append(old)
                else:
                    compared.append(asset.share_texts())
                    changes[asset.id] = tuple(changed_keys(old, asset))
            await asyncio.sleep(0)
        return msgspec.structs.replace(listed, assets=tuple(compared)), changes

    @callback
    def _take(
        self, listed: AssetList, changes: Mapping[str, Iterable[Key]], *, granted: bool
    ) -> Mapping[str, Asset]:
        """Merge a compared list into the current state, and mark what changed."""
        former, assets = self.data, dict[str, Asset]()
        changed = set[Key]()
        for asset in listed.assets:
            if (news := self._pushed.get(asset.id)) is None:
                assets[asset.id] = asset
                changed.update(changes.get(asset.id, ()))
            else:
                # A message pushed while the list was in flight may be newer than the list.
                assets[asset.id] = merged = news.over(asset, former[asset.id])
                changed.update(changed_keys(former[asset.id], merged))
        self._take_overrides(assets, changed)
        if self._is_missing or assets.keys() != former.keys() or self._changes_inventory(changed):
            changed.update(self._take_absent(listed, assets))
        self._derive(assets, changed, granted=granted)
        return assets

    @callback
    def take_pushed(self, news: Mapping[str, News]) -> None:
        """Merge pushed fields of known assets, and announce what changed."""
        changed = set[Key]()
        pushed = {asset_id: one.merged(self.data[asset_id]) for asset_id, one in news.items()}
        for asset_id, asset in pushed.items():
            changed.update(changed_keys(self.data[asset_id], asset))
            before = self._pushed.get(asset_id)
            self._pushed[asset_id] = news[asset_id] if before is None else before | news[asset_id]
        if not changed:
            return
        assets = {**self.data, **pushed}
        self._take_overrides(assets, changed)
        # A message moves no asset, so that only its site changes.
        touched = {asset.site_id for asset in pushed.values()}
        inventory = self.inventory.with_values(assets, touched)
        self.inventory = _with_gateways(inventory, assets, changed)
        # Other pending changes may concern more than values.
        self.values_only = not self.marked
        self.mark(changed)
        self._await_next_end()
        self.data = assets
        self.async_update_listeners()
        self.values_only = False

    def _derive(self, assets: Mapping[str, Asset], changed: set[Key], *, granted: bool) -> None:
        """Derive sites, gateways and permissions from the assets, and mark what changed."""
        inventory = self.inventory
        if granted != inventory.granted or self._changes_inventory(changed):
            inventory = self._with_permissions(inventory, assets, changed, granted=granted)
            inventory = _with_gateways(inventory.with_sites(assets), assets, changed)
        elif changed:
            inventory = inventory.with_values(assets)
        self.inventory = inventory
        self.mark(changed)
        self._await_next_end()

    def _take_overrides(self, assets: Mapping[str, Asset], changed: set[Key]) -> None:
        # A changed control state of a known asset has a key of its own.
        new = {key for key in changed if isinstance(key, str) and key not in self.data}
        touched = {key[1] for key in changed if key[0] is Aspect.CONTROL}
        for asset_id in self.overrides.shown | new | touched:
            asset = assets.get(asset_id)
            if asset is not None and self.overrides.take(asset, self.polled_at, self.polls_begun):
                changed.update(control_keys(asset))

    def _take_absent(self, listed: AssetList, assets: dict[str, Asset]) -> Iterable[Key]:
        """Retain assets that are missing but not removed; return the keys of those removed."""
        gone = self.presence.note(listed, assets, self.excluded.items)
        self._is_missing = bool(self.presence.missing)
        keys: list[Key] = [*gone[Kind.ASSET]]
        absent = [asset for asset_id, asset in self.data.items() if asset_id not in assets]
        for asset in absent:
            if asset.id in gone[Kind.ASSET]:
                self.overrides.forget(asset.id)
                keys.extend((*site_keys(asset), *gateway_keys(asset)))
            else:
                assets[asset.id] = kept = asset.as_listed(self.polled_at)
                keys.extend(changed_keys(asset, kept))
        keys.extend((kind, item) for kind in (Kind.GATEWAY, Kind.SITE) for item in gone[kind])
        return keys

    def _with_permissions(
        self,
        inventory: Inventory,
        assets: Mapping[str, Asset],
        changed: set[Key],
        *,
        granted: bool,
    ) -> Inventory:
        """Return the inventory with the permissions of the assets, and mark those that changed."""
        if granted == inventory.granted and not any(
            self._permission_changed(key, assets.get(key))
            for key in changed
            if isinstance(key, str)
        ):
            return inventory
        if granted != inventory.granted:
            changed.update(assets)
        renewed = inventory.with_permissions(assets, granted=granted)
        changed.update((inventory.controllable ^ renewed.controllable) & assets.keys())
        return renewed

    def _permission_changed(self, asset_id: str, asset: Asset | None) -> bool:
        """Return whether an asset is new or gone, or its permission has changed."""
        if asset is None or asset_id not in self.data:
            return True
        inventory = self.inventory
        return (inventory.granted and may_control(asset)) != (asset_id in inventory.controllable)

    def snoozed(self, site_id: str) -> Iterator[tuple[Asset, RunningOverride]]:
        """Yield the snoozed assets of a site with their snoozes."""
        site = self.inventory.sites.get(site_id)
        for asset in () if site is None else site.assets:
            running = self.overrides.control(asset).running
            if running is not None and running.kind is Override.SNOOZE:
                yield asset, running

    @callback
    def show_optimistic(
        self, asset: Asset, running: RunningOverride | None, *, is_on: bool | None = None
    ) -> Overlay:
        """Show the optimistic state of a command; as `Overrides.show_optimistic`."""
        overlay = self.overrides.show_optimistic(asset, running, is_on=is_on)
        keys: list[Key] = [(Aspect.CONTROL, asset.id)]
        kinds = {one.kind for one in (overlay.before.running, running) if one is not None}
        # A site shows only the snoozes of its assets.
        if asset.site_id is not None and Override.SNOOZE in kinds:
            keys.append((Aspect.OVERRIDES, asset.site_id))
        self.announce(keys)
        return overlay

    @callback
    def revert(self, asset_id: str, overlay: Overlay) -> None:
        """Revert the optimistic state, unless a later command is shown."""
        if self.overrides.revert(asset_id, overlay) and asset_id in self.data:
            self.announce(control_keys(self.data[asset_id]))

    @callback
    def sent(self, asset_id: str, overlay: Overlay, running: RunningOverride | None) -> None:
        """Correct the shown end of a command now that it is sent."""
        if overlay.sent(running, dt_util.utcnow()):
            # The sensor of the site follows with the polls after a command.
            self.announce(((Aspect.CONTROL, asset_id),))

    @callback
    def accepted(self, asset_id: str, overlay: Overlay) -> None:
        """Show an accepted command until a poll confirms it, or until it times out."""
        overlay.accepted(dt_util.utcnow(), self.polls_begun)
        self._timers.start(
            f"unconfirmed {asset_id}", UNCONFIRMED, lambda: self.revert(asset_id, overlay)
        )

    @callback
    def poll_after_command(self) -> None:
        """Poll twice after a command: soon, and a little later; concurrent commands share both."""
        self._timers.start("soon", SOON, self._poll_now, replace=False)
        self._timers.start("later", LATER, self._poll_now)

    async def async_poll_now(self) -> None:
        """Poll on request, unless the cloud has requested a pause.

        Concurrent callers share one poll: any poll that begins after the call serves.
        """
        begun = self.polls_begun
        async with self._one_request:
            if self.polls_begun > begun:
                async with self._one_poll:
                    return
            if not self.rate_limited:
                await self.async_refresh()

    @callback
    def _poll_now(self) -> None:
        if self.polling:
            # The response of the poll in flight may be older than the command.
            self._timers.start("again", SOON, self._poll_now)
            return
        self._start_task(self.hass, self.async_poll_now(), f"{self.name} poll on request")

    @callback
    def _await_next_end(self) -> None:
        """Schedule a poll for the end of the next boost or snooze."""
        now = dt_util.utcnow()
        end = self.overrides.next_end(now)
        if end is None:
            if self._awaited_end is not None:
                self._awaited_end = None
                self._timers.stop("end")
            return
        self._awaited_end = end
        closest = self.polled_at + self.interval * CLOSEST_ENDS
        delay = max(end, closest) - now
        self._timers.start("end", delay.total_seconds() + END_MARGIN, self._poll_now)


def _with_gateways(
    inventory: Inventory, assets: Mapping[str, Asset], changed: AbstractSet[Key]
) -> Inventory:
    """Return the inventory with the connections of the gateways, where one of them changed."""
    if any(isinstance(key, tuple) and key[0] is Kind.GATEWAY for key in changed):
        return inventory.with_gateways(assets)
    return inventory
