"""Runs all load limits: reads, decides, sends, and remembers."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
import time
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..core.asset_account import AssetAccount
from ..core.backend import Account
from ..core.events import Details, EventType
from ..core.slices import in_slices
from . import clock
from .accounts import Accounts
from .active_limit import PAUSE, ActiveLimit
from .configured import ConfiguredLimits
from .control_law.ledger import Curtailed
from .control_law.models import Action, Decision, Mode, Status
from .control_law.observe import Ended, observe
from .control_law.reconcile import Pass
from .control_law.situation import Snapshot
from .in_flight import InFlight
from .listeners import Listeners
from .record import Record
from .sender import Sender
from .shared import Shared
from .shedding.requests import Requests
from .sources import Sources
from .watched import WatchedAssets

RESOLVED_BY: Final = frozenset(
    {
        "area_id",
        "config_entries",
        "device_id",
        "disabled_by",
        "entity_id",
        "labels",
        "via_device_id",
    }
)
"""Attributes of entities and devices on which it depends what may be curtailed."""
_CHANGING: Final = (Action.CURTAIL, Action.RETURN, Action.BOOST)
"""What changes what an asset draws, to a value that is known."""


class LoadLimits:
    """All load limits of all accounts, by the id of their config subentry."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self.record = Record(hass)
        self.configured = ConfiguredLimits(hass, self.record)
        self.limits: Mapping[str, ActiveLimit] = self.configured.in_use
        self._accounts = Accounts(hass)
        self._starting = set[str]()
        self._listeners = Listeners(
            hass,
            entity_changed=self._entity_changed,
            assets_shown=self._assets_shown,
            lines_shown=partial(self._look_soon, None),
            tick=self._tick,
        )
        # The load limits that read an entity, by its id.
        self._read_by = defaultdict[str, set[str]](set)
        self._sources = Sources(self.record)
        self._in_flight = InFlight(self._commanded)
        shared = Shared(hass, self.record, self._accounts, self._in_flight)
        self._one_at_a_time = shared.deciding
        self._sender = Sender(shared, self._command_ended)
        self.assets = WatchedAssets(shared, self._sender)
        self.requests = Requests(shared, self._report)
        # The load limits that have changed since the last pass; None for all of them.
        self._due: set[str] | None = set()
        self._pass_waits = self._rebuild_waits = False
        self._targets_changed = False
        self._closed = False

    async def async_load(self) -> None:
        """Read what is curtailed, and begin to watch it."""
        await self.record.async_load()
        self.requests.arm()
        hass = self._hass
        for entry in hass.config_entries.async_entries(DOMAIN):
            self.configured.take_all(entry)
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_changed)
        hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._registry_changed)
        hass.bus.async_listen(ar.EVENT_AREA_REGISTRY_UPDATED, self._area_changed)
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)

    @callback
    def async_follow(self, account: Account) -> None:
        """Watch the load limits and the assets of an account until it is closed."""
        entry = account.entry
        # Called last, once the account is no longer in use: it would be followed again.
        entry.async_on_unload(lambda: self._unfollow(entry.entry_id))
        self._accounts.add(account)
        # Its devices lead to it only once it is loaded.
        self._starting.add(entry.entry_id)
        self.requests.arm()

    @callback
    def async_restore(self, limit_id: str) -> None:
        """Return all that is curtailed for a load limit, and curtail nothing for a while."""
        ledger, now = self.record.ledger, time.time()
        self.limits[limit_id].paused_until = ledger.paused[limit_id] = now + PAUSE
        for one in ledger.of(limit_id):
            ledger.add(replace(one, returning=now))
        self.record.save_soon()
        self._look_soon(None)

    # Configuration

    @callback
    def _entry_changed[RuntimeT](
        self, change: ConfigEntryChange, entry: ConfigEntry[RuntimeT]
    ) -> None:
        """Apply load limits that were added, changed or removed."""
        if entry.domain != DOMAIN:
            return
        rebuild = self.configured.take_all(entry, gone=change is ConfigEntryChange.REMOVED)
        if entry.state is ConfigEntryState.LOADED and entry.entry_id in self._starting:
            self._starting.remove(entry.entry_id)
            rebuild |= bool(self.limits or self.record.ledger.watched)
        if rebuild:
            self._rebuild_soon()
        else:
            # Another entity may give the limit.
            self._follow_sources()
            self._look_soon(None)

    @callback
    def _unfollow(self, entry_id: str) -> None:
        """Stop watching an account; its curtailed assets stay in the ledger."""
        self._starting.discard(entry_id)
        self.configured.forget_adders(entry_id)
        self._listeners.forget(entry_id)
        # What is known of its assets stays: they may be back in a moment.
        self.assets.mark_all_of(entry_id)
        self._follow_sources()

    @callback
    def _registry_changed(self, event: Event[Any]) -> None:
        """Resolve the candidates again at the next tick, once for all changes until then."""
        if event.data["action"] != "update" or not RESOLVED_BY.isdisjoint(event.data["changes"]):
            self._targets_changed = True

    @callback
    def _area_changed(self, _event: Event[Any]) -> None:
        self._targets_changed = True

    @callback
    def _rebuild_soon(self) -> None:
        if not self._rebuild_waits and not self._closed:
            self._rebuild_waits = True
            self._hass.async_create_task(self._async_rebuild(), f"{DOMAIN} load limits")

    async def _async_rebuild(self) -> None:
        """Resolve all candidates, and read them from their accounts."""
        async with self._one_at_a_time:
            self._rebuild_waits = self._targets_changed = False
            watched = self.record.ledger.watched
            counted = await self.assets.async_replace(self.limits.values(), watched)
            self._follow_sources()
            sources = {one.source for one in self.limits.values()}
            self._sources.retain(sources)
            for source in sources:
                # Also a source behind which nothing draws anything.
                self.assets.fleet.drawn.setdefault(source, 0.0)
            self._sources.recount(counted)
            self._sources.note_drawn(self.assets.fleet, time.time())
        self._look_soon(None)

    @callback
    def _follow_sources(self) -> None:
        """Listen to the entities and accounts that matter to a load limit, and to no other."""
        self._read_by.clear()
        for key, one in self.limits.items():
            for entity_id in one.meter.entities():
                self._read_by[entity_id].add(key)
        self._listeners.follow(
            self._read_by.keys(),
            self._accounts.in_use,
            matters=bool(self.limits or self.record.ledger.watched),
        )

    # What changes

    @callback
    def _assets_shown(self, account: AssetAccount, asset_ids: Collection[str]) -> None:
        """Mark the assets that an account has announced, and schedule a pass."""
        self.assets.mark(account, asset_ids)
        self._look_soon(None)

    @callback
    def _entity_changed(self, event: Event[EventStateChangedData]) -> None:
        self._look_soon(self._read_by[event.data["entity_id"]])

    @callback
    def _tick(self, _now: datetime) -> None:
        if self._targets_changed:
            self._rebuild_soon()
        self._look_soon(None)

    @callback
    def _commanded(self, keys: Collection[str]) -> None:
        """Watch assets to which a command is in flight now, or no longer."""
        self.assets.mark_keys(keys)
        if not self._listeners.is_ticking:
            self._follow_sources()

    def _report(self, one: Curtailed, how: Ended | None) -> None:
        """Report a curtailment that has begun late (None), or has ended by itself."""
        LOGGER.debug("%s: %s", one.key, "began late" if how is None else how)
        self.record.save_soon()
        if (account := self._accounts.of(one)) is None:
            return
        if how is None:
            details = Details(until=clock.iso(one.until), why=one.why)
            account.async_report(one.asset_id, EventType.LOAD_SHED, details)
        elif how is Ended.LAPSED and one.accepted:
            account.async_report(one.asset_id, EventType.LOAD_RESTORED, Details(why=one.why))

    @callback
    def _command_ended(self, key: str, *, accepted: bool) -> None:
        """Handle the outcome of a command."""
        if not accepted:
            self.assets.expect_nothing(key)
        self.assets.mark_keys((key,))
        self._look_soon(())

    # Deciding

    @callback
    def _look_soon(self, due: Iterable[str] | None) -> None:
        """Schedule a pass, one for all changes until it begins."""
        if self._due is not None:
            self._due = None if due is None else self._due | set(due)
        if not self._pass_waits and not self._closed:
            self._pass_waits = True
            self._hass.async_create_task(
                self._async_pass(), f"{DOMAIN} load limits pass", eager_start=False
            )

    async def _async_pass(self) -> None:
        """Measure, decide, and send the difference.

        The event loop runs meanwhile; what then changes leads to another pass.
        """
        async with self._one_at_a_time:
            self._pass_waits = False
            due, self._due = self._due, set()
            if not self._closed and (self.limits or self.record.ledger.watched):
                now = time.time()
                await self._async_look(now)
                await self._async_decide(now, due)

    async def _async_look(self, now: float) -> None:
        """Read what accounts show and sources measure."""
        ledger = self.record.ledger
        if await self.assets.async_show_marked(ledger.curtailed.keys()):
            self._sources.note_drawn(self.assets.fleet, time.time())
        self._sources.measure(self.limits.values(), now)
        states = self.assets.shown(ledger.curtailed.keys() | ledger.unanswered.keys())
        for observed in await in_slices(observe(ledger, states, now), at_once=50):
            if observed is not None:
                self._report(observed.curtailed, observed.how)

    async def _async_decide(self, now: float, due: set[str] | None) -> None:
        """Decide which asset is off until when, and send the difference."""
        ledger = self.record.ledger
        snapshot = self._snapshot_at(now)
        requests = snapshot.requests
        one_pass = Pass(snapshot, requests if due is None else due & requests.keys())
        await in_slices(one_pass.steps())
        outcome = one_pass.outcome()
        if outcome.blocked:
            ledger.blocked.update(outcome.blocked)
            self.record.save_soon()
        await in_slices(map(partial(self._conclude, now, outcome.statuses), requests))
        if outcome.decisions:
            await self._async_carry_out(outcome.decisions)

    def _snapshot_at(self, now: float) -> Snapshot:
        """Return what a pass looks at, as it is at a moment."""
        return Snapshot(
            requests={key: one.at(now) for key, one in self.limits.items()},
            estimates=self._sources.estimates(),
            ledger=self.record.ledger.frozen(),
            fleet=self.assets.fleet.frozen(),
            now=now,
            windows=self.record.windows.copy(),
        )

    async def async_carry_out(
        self, decide: Callable[[Snapshot], Awaitable[Iterable[Decision]]]
    ) -> None:
        """Carry out what something else decides, between two passes."""
        async with self._one_at_a_time:
            if not self._closed:
                await self._async_carry_out(await decide(self._snapshot_at(time.time())))

    def _conclude(self, now: float, statuses: Mapping[str, Status], key: str) -> None:
        """Show what a load limit is doing."""
        if (one := self.limits.get(key)) is None:
            return
        if (status := statuses.get(key)) is not None:
            one.take(status, self.record.windows.get(key))
        one.watch(now)
        self.configured.issues.look(one, now)

    async def _async_carry_out(self, decisions: Iterable[Decision]) -> None:
        """Carry decisions out, and expect their effect on the load."""
        self._sources.note_drawn(self.assets.fleet, time.time())
        await in_slices(map(self._carry_out, decisions), at_once=5)
        self._sources.note_drawn(self.assets.fleet, time.time() + 1.0)

    def _carry_out(self, decision: Decision) -> None:
        """Carry a decision out, unless it no longer applies."""
        key, asset = decision.key, self.assets.known.get(decision.key)
        if asset is None or key in self._in_flight or not self._applies(decision):
            return
        unreachable = asset.account.lifetime.closed or self._sender.is_paused(asset, decision.at)
        if decision.send and unreachable:
            return
        self._sender.carry_out(decision, asset, self.limits.get(decision.request))
        if decision.send and decision.action in _CHANGING:
            self.assets.expect(decision)

    def _applies(self, decision: Decision) -> bool:
        """Return whether nothing that forbids a decision has changed since it was taken."""
        is_off = decision.key in self.record.ledger.curtailed
        if decision.action is Action.RETURN:
            return is_off
        if decision.action is Action.END_BOOST:
            return decision.key in self.record.ledger.boosted
        limit = self.limits.get(decision.request)
        mode = Mode.AUTOMATIC if decision.send else Mode.ADVISE
        return (
            is_off is (decision.action is Action.EXTEND)
            and limit is not None
            and limit.at(decision.at).mode is mode
        )

    async def async_close(self) -> None:
        """Stop deciding and sending, and write what has changed."""
        self._closed = True
        self.requests.close()
        self._listeners.stop_ticking()
        await self.record.async_close()

    async def _async_stop(self, _event: Event) -> None:
        await self.async_close()


LOAD_LIMITS: Final = HassKey[LoadLimits](f"{DOMAIN}.load_limits")
