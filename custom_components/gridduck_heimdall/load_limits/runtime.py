"""Runs all load limits: reads, decides, sends, and remembers."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_state_change_event, async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import voluptuous as vol

from ..const import DOMAIN, LOGGER
from ..core.asset_account import AssetAccount
from ..core.backend import Account
from ..core.events import Details, Happened
from ..core.line_account import LineAccount
from ..core.slices import in_slices
from .accounts import Accounts
from .active_limit import ActiveLimit
from .answer import iso
from .asset_states import asset_key, asset_state, gone
from .candidates import CandidateAsset
from .config import SUBENTRY_TYPE, LimitConfig
from .estimate import Estimator
from .fleet import Fleet
from .in_flight import InFlight
from .issues import LimitIssues
from .ledger import Curtailed
from .meter import Reading
from .models import Action, AssetState, Decision, Mode, Refusal, State, Status
from .observe import Ended, observe
from .reconcile import Pass
from .record import Record
from .requests import Requests
from .sender import Sender
from .situation import Look
from .window import WindowMean

type Adder = Callable[[ActiveLimit], None]
"""Adds the entities of a load limit on one platform."""

TICK: Final = timedelta(minutes=1)
"""How often leases, returns and measurements are looked at even if nothing changes."""
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
PAUSE: Final = 900.0
"""Seconds for which nothing is curtailed after a person has restored what was."""
SETTLED: Final = 90.0
"""Seconds after a command for which an asset is taken to draw what is expected: what it really
draws is shown late."""


class LoadLimits:
    """All load limits of all accounts.

    Attributes:
        limits: the load limits in use, by the id of their config subentry.
        record: what is curtailed, and the last decisions.
        requests: the requests of actions.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is read yet."""
        self._hass = hass
        self.limits: dict[str, ActiveLimit] = {}
        self.record = Record(hass)
        self._accounts = Accounts()
        self._starting = set[str]()
        # Titles and data of the load limits as they were taken over, by account.
        self._taken = dict[str, Mapping[str, tuple[str, Mapping[str, Any]]]]()
        self._stop_following = dict[str, CALLBACK_TYPE]()
        self._stop_entities: CALLBACK_TYPE | None = None
        self._stop_tick: CALLBACK_TYPE | None = None
        self._assets: dict[str, CandidateAsset] = {}
        self._fleet = Fleet()
        self._estimators = defaultdict[str, Estimator](Estimator)
        # When a command was sent, and what the asset draws from then on.
        self._expected = dict[str, tuple[float, float]]()
        self._issues = LimitIssues(hass)
        self._in_flight = InFlight(self._commanded)
        self._sender = Sender(hass, self.record, self._in_flight, self._command_ended)
        self.requests = Requests(hass, self.record, self._accounts, self._in_flight, self._report)
        # What has changed since the last pass: assets, and load limits (None: all of them).
        self._shown = set[str]()
        self._due: set[str] | None = set()
        self._pass_waits = self._rebuild_waits = False
        self._one_at_a_time = asyncio.Lock()
        self._targets_changed = False
        self._closed = False
        self._adders = defaultdict[str, list[Adder]](list)

    async def async_load(self) -> None:
        """Read what is curtailed, and begin to look after it."""
        await self.record.async_load()
        self.requests.arm()
        hass = self._hass
        # Load limits exist also while their account is not in use: what they curtail stays off.
        for entry in hass.config_entries.async_entries(DOMAIN):
            self._take_all(entry)
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_changed)
        hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._registry_changed)
        hass.bus.async_listen(ar.EVENT_AREA_REGISTRY_UPDATED, self._area_changed)
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_stop)

    @callback
    def async_follow(self, account: Account) -> None:
        """Look after the load limits and the assets of an account until it is closed."""
        entry = account.entry
        self._accounts.add(account)
        # Its devices lead to it only once it is loaded.
        self._starting.add(entry.entry_id)
        entry.async_on_unload(lambda: self._unfollow(entry.entry_id))
        self.requests.arm()

    @callback
    def async_add_entities(self, entry_id: str, add: Adder) -> None:
        """Have entities added for each load limit of an account, now and later.

        Args:
            entry_id: the account; until it is closed.
            add: adds the entities of a load limit.
        """
        self._adders[entry_id].append(add)
        for one in self.limits.values():
            if one.entry_id == entry_id:
                add(one)

    @callback
    def async_restore(self, limit_id: str) -> None:
        """Return all that is curtailed for a load limit, and curtail nothing for a while."""
        ledger, now = self.record.ledger, _now()
        self.limits[limit_id].pause(now + PAUSE)
        for one in list(ledger.curtailed.values()):
            if one.request == limit_id:
                ledger.add(replace(one, returning=now))
        self.record.save_soon()
        self._look_soon(None)

    # Configuration

    @callback
    def _take[RuntimeT](self, entry: ConfigEntry[RuntimeT], subentry_id: str) -> bool:
        """Take a load limit into use, or what was changed of it.

        Returns:
            Whether what it measures or may curtail has changed.
        """
        subentry = entry.subentries[subentry_id]
        before = self.limits.get(subentry_id)
        try:
            config = LimitConfig.of(subentry.data)
        except vol.Invalid as error:
            self._drop(subentry_id)
            self._issues.damaged(subentry_id, subentry.title, error)
            return before is not None
        self._issues.repaired(subentry_id)
        if before is not None:
            return self._reconfigure(before, subentry.title, config)
        self.limits[subentry_id] = limit = ActiveLimit(
            self._hass, entry.entry_id, subentry_id, subentry.title, config
        )
        for add in self._adders[entry.entry_id]:
            add(limit)
        return True

    def _reconfigure(self, limit: ActiveLimit, name: str, config: LimitConfig) -> bool:
        """Take what was changed of a load limit; return as `_take`."""
        scope, shape = limit.config.scope, limit.shape
        limit.configure(name, config)
        if limit.shape != shape:
            # Its entities are others, or have other units.
            self._hass.config_entries.async_schedule_reload(limit.entry_id)
        return scope != config.scope

    @callback
    def _drop(self, subentry_id: str) -> None:
        """Take a load limit out of use; what it curtails returns."""
        self._issues.forget(subentry_id)
        self.record.forget_window(subentry_id)
        if (limit := self.limits.pop(subentry_id, None)) is not None:
            limit.close()

    @callback
    def _entry_changed[RuntimeT](
        self, change: ConfigEntryChange, entry: ConfigEntry[RuntimeT]
    ) -> None:
        """Follow what is added, changed and removed of load limits."""
        if entry.domain != DOMAIN:
            return
        rebuild = self._take_all(entry, gone=change is ConfigEntryChange.REMOVED)
        if entry.state is ConfigEntryState.LOADED and entry.entry_id in self._starting:
            self._starting.remove(entry.entry_id)
            rebuild |= bool(self.limits or self.record.ledger.curtailed)
        if rebuild:
            self._rebuild_soon()
        else:
            self._look_soon(None)

    def _take_all[RuntimeT](self, entry: ConfigEntry[RuntimeT], *, gone: bool = False) -> bool:
        """Take the load limits of an account into use.

        Args:
            entry: the account; the load limits of a disabled one are not used.
            gone: whether it is removed, and its load limits with it.

        Returns:
            Whether what any of them measures or may curtail has changed.
        """
        in_use = not gone and entry.disabled_by is None
        wanted = {
            key: (one.title, one.data)
            for key, one in entry.subentries.items()
            if one.subentry_type == SUBENTRY_TYPE and in_use
        }
        known = self._taken.get(entry.entry_id, {})
        for key in known.keys() - wanted.keys():
            self._drop(key)
        self._taken[entry.entry_id] = wanted
        changed = [key for key, stored in wanted.items() if known.get(key) != stored]
        rebuild = [self._take(entry, key) for key in changed]
        return any(rebuild) or bool(known.keys() - wanted.keys())

    @callback
    def _unfollow(self, entry_id: str) -> None:
        """Stop looking after an account; what is curtailed of it stays noted."""
        self._starting.discard(entry_id)
        self._adders.pop(entry_id, None)
        if (stop := self._stop_following.pop(entry_id, None)) is not None:
            stop()
        # What is known of its assets stays: they may be back in a moment.
        self._shown.update(
            key for key, one in self._assets.items() if one.account.entry.entry_id == entry_id
        )
        self._follow_sources()

    @callback
    def _registry_changed(self, event: Event[Any]) -> None:
        """Resolve candidates anew at the next tick, however many changes there are."""
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
        """Resolve all candidates, and take what accounts show of them."""
        async with self._one_at_a_time:
            self._rebuild_waits = self._targets_changed = False
            assets = dict[str, CandidateAsset]()
            for limit in list(self.limits.values()):
                assets |= await limit.async_resolve(self._assets)
            for key in self.record.ledger.curtailed.keys() - assets.keys():
                if (asset := self._accounts.find(key)) is not None:
                    assets[key] = asset
            fleet = Fleet()
            for limit in list(self.limits.values()):
                candidates = limit.request.candidates.values()
                await in_slices(map(partial(fleet.add, limit.source), candidates), at_once=50)
            await in_slices(map(partial(self._show, assets, fleet), assets), at_once=20)
            self._assets, self._fleet = assets, fleet
            self._follow_sources()
            sources = {one.source for one in self.limits.values()}
            for source in self._estimators.keys() - sources:
                del self._estimators[source]
            for source in sources:
                # Also a source behind which nothing draws anything.
                fleet.drawn.setdefault(source, 0.0)
            self._note_drawn()
        self._look_soon(None)

    @callback
    def _follow_sources(self) -> None:
        """Listen to the entities and accounts that matter to a load limit, and to no other."""
        if self._stop_entities is not None:
            self._stop_entities()
            self._stop_entities = None
        entities = {entity for one in self.limits.values() for entity in one.meter.entities()}
        if entities:
            self._stop_entities = async_track_state_change_event(
                self._hass, entities, self._entity_changed
            )
        matters = bool(self.limits or self.record.ledger.curtailed)
        if matters and self._stop_tick is None:
            self._stop_tick = async_track_time_interval(
                self._hass, self._tick, TICK, cancel_on_shutdown=True
            )
        elif not matters and self._stop_tick is not None:
            self._stop_tick()
            self._stop_tick = None
        for entry_id, account in self._accounts.in_use.items():
            followed = entry_id in self._stop_following
            if followed and not matters:
                self._stop_following.pop(entry_id)()
            elif matters and not followed:
                stop = self._follow_account(account)
                if stop is not None:
                    self._stop_following[entry_id] = stop

    def _follow_account(self, account: Account) -> CALLBACK_TYPE | None:
        match account:
            case AssetAccount():
                return account.async_follow_assets(self._assets_shown(account))
            case LineAccount():
                return account.async_follow_lines(lambda: self._look_soon(None))
            case _:
                return None

    # What changes

    def _assets_shown(self, account: AssetAccount) -> Callable[[Collection[str]], None]:
        @callback
        def shown(asset_ids: Collection[str]) -> None:
            """Take what an account shows of candidates, and of all that is curtailed."""
            changed = {asset_key(account, one) for one in asset_ids} & self._assets.keys()
            curtailed = self.record.ledger.curtailed.keys() & self._assets.keys()
            mine = {key for key in curtailed if self._assets[key].account is account}
            self._shown |= changed | mine
            self._look_soon(None)

        return shown

    def _show(self, assets: Mapping[str, CandidateAsset], fleet: Fleet, key: str) -> None:
        """Take what an account shows of an asset."""
        if (state := self._state_of(key, assets[key])) is None:
            fleet.forget(key)
        else:
            fleet.show(state)

    def _state_of(self, key: str, asset: CandidateAsset) -> AssetState | None:
        """Return an asset as it is shown, or was shown last; None where it is gone."""
        account, asset_id = asset.account, asset.asset_id
        load = None if account.lifetime.closed else account.load_of(asset_id)
        if load is None:
            former = self._fleet.states.get(key)
            if former is None or not (account.lifetime.closed or account.has_asset(asset_id)):
                return None
            return replace(former, refusal=Refusal.UNAVAILABLE, in_flight=False)
        state = asset_state(
            account,
            asset_id,
            on_since=self._accounts.on_since(key, named=load.min_time_on is not None),
            in_flight=key in self._in_flight,
            min_time_on=asset.min_time_on,
        )
        if state is None:
            return None
        if state.refusal is None and self._sender.is_paused(asset, _now()):
            state = replace(state, refusal=Refusal.UNAVAILABLE)
        if (expected := self._expected.get(key)) is None:
            return state
        since, power = expected
        if state.seen - since > SETTLED:
            del self._expected[key]
            return state
        return replace(state, power=power)

    @callback
    def _entity_changed(self, event: Event[EventStateChangedData]) -> None:
        entity_id = event.data["entity_id"]
        self._look_soon(
            key for key, one in self.limits.items() if entity_id in one.meter.entities()
        )

    @callback
    def _tick(self, _now: datetime) -> None:
        if self._targets_changed:
            self._rebuild_soon()
        self._look_soon(None)

    @callback
    def _commanded(self, keys: Collection[str]) -> None:
        """Look after assets to which a command begins or ends to be in flight."""
        new = [key for key in keys if key not in self._assets]
        for key in new:
            if (asset := self._accounts.find(key)) is not None:
                self._assets[key] = asset
        for key in self._assets.keys() & set(keys):
            self._show(self._assets, self._fleet, key)
        if new or self._stop_tick is None:
            self._follow_sources()

    def _report(self, one: Curtailed, how: Ended | None) -> None:
        """Report a curtailment that has begun late (None), or has ended by itself."""
        LOGGER.debug("%s: %s", one.key, "began late" if how is None else how)
        self.record.save_soon()
        if (account := self._accounts.of(one)) is None:
            return
        if how is None:
            details = Details(until=iso(one.until), why=one.why)
            account.async_report(one.asset_id, Happened.LOAD_SHED, details)
        elif how is Ended.LAPSED and one.accepted:
            account.async_report(one.asset_id, Happened.LOAD_RESTORED, Details(why=one.why))

    @callback
    def _command_ended(self, key: str, *, accepted: bool) -> None:
        """Take what has become of a command."""
        if not accepted:
            self._expected.pop(key, None)
        self._shown.add(key)
        self._look_soon(())

    def _note_drawn(self, after: float = 0.0) -> None:
        """Note what candidates draw, for the estimators."""
        now = _now() + after
        for source, drawn in self._fleet.drawn.items():
            self._estimators[source].note(now, drawn)

    # Deciding

    @callback
    def _look_soon(self, due: Iterable[str] | None) -> None:
        """Decide before long; several reasons at once lead to one pass."""
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
            if not self._closed and (self.limits or self.record.ledger.curtailed):
                now = _now()
                await self._async_look(now)
                await self._async_decide(now, due)

    async def _async_look(self, now: float) -> None:
        """Take what accounts show and sources measure."""
        ledger, fleet = self.record.ledger, self._fleet
        shown, self._shown = self._shown & self._assets.keys(), set()
        if shown:
            await in_slices(map(partial(self._show, self._assets, fleet), shown), at_once=20)
            self._note_drawn()
        self._measure(now)
        states = {
            key: state
            for key in ledger.curtailed
            if (asset := self._assets.get(key)) is not None
            and not asset.account.lifetime.closed
            and (state := fleet.states.get(key) or gone(asset)) is not None
        }
        for observed in await in_slices(observe(ledger, states, now), at_once=50):
            if observed is not None:
                self._report(observed.curtailed, observed.how)

    async def _async_decide(self, now: float, due: set[str] | None) -> None:
        """Decide who is off until when, and send the difference."""
        ledger = self.record.ledger
        estimates = {
            source: estimate
            for source, estimator in self._estimators.items()
            if (estimate := estimator.estimate()) is not None
        }
        requests = {key: one.at(now) for key, one in self.limits.items()}
        one_pass = Pass(
            Look(
                requests=requests,
                estimates=estimates,
                ledger=ledger.frozen(),
                fleet=self._fleet.frozen(),
                now=now,
                windows=self.record.windows.copy(),
            ),
            requests if due is None else due & requests.keys(),
        )
        await in_slices(one_pass.steps())
        outcome = one_pass.outcome()
        if outcome.blocked:
            ledger.blocked.update(outcome.blocked)
            self.record.save_soon()
        await in_slices(map(partial(self._conclude, now, outcome.statuses), requests))
        if outcome.decisions:
            await self._async_carry_out(outcome.decisions)

    def _conclude(self, now: float, statuses: Mapping[str, Status], key: str) -> None:
        """Show what a load limit is doing."""
        if (one := self.limits.get(key)) is None:
            return
        window = self.record.windows.get(key)
        if one.at(now).mode is Mode.OFF:
            one.take(self._status_of_rest(key), window)
        elif (status := statuses.get(key)) is not None:
            one.take(status, window)
        one.watch(now)
        self._issues.look(one, now)

    def _status_of_rest(self, key: str) -> Status:
        """Return the status of a load limit that curtails nothing, but may have curtailed."""
        off = [one for one in self.record.ledger.curtailed.values() if one.request == key]
        return Status(
            state=State.RESTORING if off else State.IDLE,
            curtailed=sum(one.power for one in off),
            assets=len(off),
        )

    async def _async_carry_out(self, decisions: Iterable[Decision]) -> None:
        """Send what is decided, and expect what it does to the load."""
        self._note_drawn()
        await in_slices(map(self._carry_out, decisions), at_once=5)
        self._note_drawn(after=1.0)

    def _carry_out(self, decision: Decision) -> None:
        """Send what is decided, unless it no longer applies."""
        key, asset = decision.key, self._assets.get(decision.key)
        if asset is None or key in self._in_flight or not self._applies(decision):
            return
        unreachable = asset.account.lifetime.closed or self._sender.is_paused(asset, decision.at)
        if decision.send and unreachable:
            return
        self._sender.carry_out(decision, asset, self.limits.get(decision.request))
        if decision.send and decision.action is not Action.EXTEND:
            power = 0.0 if decision.action is Action.CURTAIL else decision.power
            self._expected[key] = decision.at, power
            self._show(self._assets, self._fleet, key)

    def _applies(self, decision: Decision) -> bool:
        """Whether nothing has changed since a decision was taken that forbids it."""
        is_off = decision.key in self.record.ledger.curtailed
        if decision.action is Action.RETURN:
            return is_off
        limit = self.limits.get(decision.request)
        mode = Mode.AUTOMATIC if decision.send else Mode.ADVISE
        return (
            is_off is (decision.action is Action.EXTEND)
            and limit is not None
            and limit.at(decision.at).mode is mode
        )

    def _measure(self, now: float) -> None:
        """Read all loads and limits."""
        of_source = defaultdict[str, list[ActiveLimit]](list)
        for one in self.limits.values():
            one.read(now)
            of_source[one.source].append(one)
        for source, limits in of_source.items():
            known = [one.limit for one in limits if one.limit is not None]
            reading = limits[0].reading
            if reading is None or not known:
                continue
            base = min(known)
            for one in limits:
                one.scale(base)
            self._estimators[source].measure(limits[0].measurement(reading, base))
            self._estimators[source].limit(base)
            for one in limits:
                self._measure_window(one, reading)
                load = one.load
                if load is not None and self.record.journal.note_load(one.id, load, now):
                    self.record.save_soon()

    def _measure_window(self, limit: ActiveLimit, reading: Reading) -> None:
        length = 60.0 * limit.config.window
        before = self.record.windows.get(limit.id)
        if not length:
            self.record.forget_window(limit.id)
            return
        if before is None or before.length != length:
            before = WindowMean(length=length)
        local = dt_util.as_local(dt_util.utc_from_timestamp(reading.time))
        offset = (local.utcoffset() or timedelta()).total_seconds()
        self.record.note_window(limit.id, before.add(reading.time, reading.value, offset))

    async def async_close(self) -> None:
        """Decide and send nothing any more, and write what has changed."""
        self._closed = True
        self.requests.close()
        if self._stop_tick is not None:
            self._stop_tick()
            self._stop_tick = None
        await self.record.async_close()

    async def _async_stop(self, _event: Event) -> None:
        await self.async_close()


def _now() -> float:
    return dt_util.utcnow().timestamp()


LOAD_LIMITS: Final = HassKey[LoadLimits](f"{DOMAIN}.load_limits")
