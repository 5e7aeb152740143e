"""The assets that load limits and actions watch, as their accounts show them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set as AbstractSet
from dataclasses import replace
from functools import partial
import time
from typing import Final

from ..core.asset_account import AssetAccount
from ..core.slices import in_slices
from .active_limit import ActiveLimit
from .asset_states import asset_state, unlisted
from .candidates import CandidateAsset
from .control_law.fleet import Fleet
from .control_law.models import Action, AssetState, Decision, Refusal
from .sender import Sender
from .shared import Shared

SETTLED: Final = 90.0
"""Seconds after a command for which an asset is taken to draw what is expected: what it really
draws is shown late."""


class WatchedAssets:
    """The candidates of all load limits, and all that is curtailed, by key."""

    def __init__(self, shared: Shared, sender: Sender) -> None:
        """Begin with none; the sender knows which are paused."""
        self._shared, self._sender = shared, sender
        self.known: dict[str, CandidateAsset] = {}
        self.fleet = Fleet()
        # Announced assets that have not been read yet, by account.
        self._marked = defaultdict[AssetAccount, set[str]](set)
        self._marked_keys = set[str]()
        # When a command was sent, and what the asset draws from then on.
        self._expected = dict[str, tuple[float, float]]()

    async def async_replace(
        self, limits: Iterable[ActiveLimit], watched: AbstractSet[str]
    ) -> Mapping[str, float]:
        """Resolve all candidates; read them and all else that is watched from the accounts.

        Returns:
            What candidates draw, by source, that were not counted before, W.
        """
        limits = list(limits)
        assets = dict[str, CandidateAsset]()
        for limit in limits:
            assets |= await limit.async_resolve(self.known)
        for key in watched - assets.keys():
            if (asset := self._shared.accounts.find(key)) is not None:
                assets[key] = asset
        fleet = Fleet()
        for limit in limits:
            candidates = limit.request.candidates.values()
            await in_slices(map(partial(fleet.add, limit.source), candidates), at_once=50)
        await in_slices(map(partial(self._show, assets, fleet), assets), at_once=20)
        former, self.known, self.fleet = self.fleet, assets, fleet
        keys = former.states.keys() | fleet.states.keys()
        counted = defaultdict[str, float](float)
        await in_slices(map(partial(fleet.count_anew, former, counted), keys), at_once=50)
        return counted

    def show(self, key: str) -> None:
        """Read an asset from its account."""
        self._show(self.known, self.fleet, key)

    def expect(self, decision: Decision) -> None:
        """Expect what a command does to an asset, until its account shows it."""
        power = 0.0 if decision.action is Action.CURTAIL else decision.power
        self._expected[decision.key] = decision.at, power
        self.show(decision.key)

    def expect_nothing(self, key: str) -> None:
        """Expect nothing of a command that was not accepted."""
        self._expected.pop(key, None)

    def mark(self, account: AssetAccount, asset_ids: Collection[str]) -> None:
        """Mark assets that an account has announced, for `async_show_marked` to read."""
        self._marked[account].update(asset_ids)

    def mark_all_of(self, entry_id: str) -> None:
        """Mark all assets of an account that is closed: what it showed is no longer current."""
        for one in self.known.values():
            if one.account.entry.entry_id == entry_id:
                self._marked[one.account].add(one.asset_id)

    def mark_keys(self, keys: Iterable[str]) -> None:
        """Mark assets that have changed; those not watched before are from then on."""
        self._marked_keys.update(keys)

    async def async_show_marked(self, curtailed: Collection[str]) -> bool:
        """Read the marked assets, and all that are curtailed, from their accounts.

        Returns:
            Whether there was any.
        """
        marked, self._marked = self._marked, defaultdict(set)
        shown = set[str]()
        for account, asset_ids in marked.items():
            shown.update(await in_slices(map(account.key_of, asset_ids), at_once=100))
            mine = (key for key in curtailed if key in self.known)
            shown.update(key for key in mine if self.known[key].account is account)
        keys, self._marked_keys = self._marked_keys, set()
        await in_slices(map(self._adopt, keys - self.known.keys()), at_once=20)
        shown |= keys
        known = shown & self.known.keys()
        await in_slices(map(self.show, known), at_once=20)
        return bool(known)

    def shown(self, keys: Iterable[str]) -> dict[str, AssetState]:
        """Return what open accounts show of some assets."""
        return {
            key: state
            for key in keys
            if (asset := self.known.get(key)) is not None
            and not asset.account.lifetime.closed
            and (state := self.fleet.states.get(key) or unlisted(asset.account, asset.asset_id))
            is not None
        }

    def _adopt(self, key: str) -> None:
        if (asset := self._shared.accounts.find(key)) is not None:
            self.known[key] = asset

    def _show(self, assets: Mapping[str, CandidateAsset], fleet: Fleet, key: str) -> None:
        if (state := self._state_of(key, assets[key])) is None:
            fleet.forget(key)
        else:
            fleet.show(state)

    def _state_of(self, key: str, asset: CandidateAsset) -> AssetState | None:
        """Return an asset as it is shown, or was shown last; None where it is gone."""
        account, asset_id = asset.account, asset.asset_id
        load = None if account.lifetime.closed else account.load_of(asset_id)
        if load is None:
            former = self.fleet.states.get(key)
            if former is None or not (account.lifetime.closed or account.has_asset(asset_id)):
                return None
            return replace(former, refusal=Refusal.UNAVAILABLE, in_flight=False)
        state = asset_state(
            account,
            asset_id,
            load,
            on_since=self._shared.accounts.on_since(
                account, asset_id, named=load.min_time_on is not None
            ),
            in_flight=key in self._shared.in_flight,
            min_time_on=asset.min_time_on,
        )
        if state.refusal is None and self._sender.is_paused(asset, time.time()):
            state = replace(state, refusal=Refusal.UNAVAILABLE)
        if (expected := self._expected.get(key)) is None:
            return state
        since, power = expected
        if state.seen - since > SETTLED:
            del self._expected[key]
            return state
        return replace(state, power=power)
