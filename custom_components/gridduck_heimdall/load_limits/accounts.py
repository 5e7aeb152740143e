"""The accounts in use, and since when their assets have been on."""

from collections import defaultdict
from collections.abc import Collection, Coroutine, Iterable, Iterator
from functools import partial
from itertools import starmap
from math import inf
import time
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..core.asset_account import AssetAccount
from ..core.backend import Account
from ..core.slices import in_slices
from ..core.worklist import Worklist
from .candidates import CandidateAsset
from .control_law.ledger import Curtailed

NOTED_AT_ONCE: Final = 50
"""Assets that are noted per slice."""


class Accounts:
    """The accounts in use, by the id of their config entry."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with none."""
        self._hass = hass
        self.in_use: dict[str, Account] = {}
        # Announced assets that have not been read yet, by account.
        self._waiting = defaultdict[AssetAccount, set[str]](set)
        self._many = Worklist[tuple[AssetAccount, str]](self._async_note, self._start)
        # None while it is off.
        self._on_since = dict[str, float | None]()
        self._on_at_first = set[str]()

    @callback
    def add(self, account: Account) -> None:
        """Follow an account from its opening until it is closed."""
        entry = account.entry
        self.in_use[entry.entry_id] = account
        entry.async_on_unload(partial(self._close, entry.entry_id))
        if isinstance(account, AssetAccount):
            shown = partial(self._shown, account)
            shown(account.asset_ids)
            entry.async_on_unload(account.async_follow_control(shown))

    @callback
    def _close(self, entry_id: str) -> None:
        match self.in_use.pop(entry_id, None):
            case AssetAccount() as account:
                self._waiting.pop(account, None)

    def on_since(self, account: AssetAccount, asset_id: str, *, named: bool) -> float | None:
        """Return since when an asset is known to be on; None while it is not on.

        One that is on when it is seen first may have been so for long: only where it has `named` a
        shortest time on itself, that begins then.
        """
        if asset_id in self._waiting[account]:
            self._note(account, asset_id)
        key = account.key_of(asset_id)
        return -inf if key in self._on_at_first and not named else self._on_since.get(key)

    def with_assets(self) -> Iterator[AssetAccount]:
        """Yield the accounts with assets."""
        return (one for one in self.in_use.values() if isinstance(one, AssetAccount))

    def with_id(self, entry_id: str) -> AssetAccount | None:
        """Return the account of a config entry; None if it is not in use, or has no assets."""
        account = self.in_use.get(entry_id)
        return account if isinstance(account, AssetAccount) else None

    def of(self, one: Curtailed) -> AssetAccount | None:
        """Return the account of a curtailed asset; None while it is not in use."""
        if one.entry_id:
            return self.with_id(one.entry_id)
        found = self.find(one.key)
        return None if found is None else found.account

    def find(self, key: str) -> CandidateAsset | None:
        """Return the asset of a key; None while no account with it is in use.

        Of several accounts that see it, it is that of one that may control it.
        """
        cloud, _, asset_id = key.rpartition(" ")
        found = (
            one
            for one in self.with_assets()
            if one.cloud == cloud and (one.has_asset(asset_id) or one.excludes(asset_id))
        )
        account = max(found, key=lambda one: one.is_controllable(asset_id), default=None)
        return None if account is None else CandidateAsset.of(account, asset_id)

    @callback
    def _shown(self, account: AssetAccount, asset_ids: Collection[str]) -> None:
        """Note since when announced assets are on, in slices."""
        self._waiting[account].update(asset_ids)
        if len(asset_ids) <= NOTED_AT_ONCE:
            for asset_id in asset_ids:
                self._note(account, asset_id)
        else:
            self._many.add((account, asset_id) for asset_id in asset_ids)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._hass.async_create_task(work, f"{DOMAIN} time on", eager_start=False)

    async def _async_note(self, assets: Iterable[tuple[AssetAccount, str]]) -> None:
        await in_slices(starmap(self._note, assets), at_once=NOTED_AT_ONCE)

    def _note(self, account: AssetAccount, asset_id: str) -> None:
        """Note since when an asset is on, if it has been shown since it was last noted."""
        waiting = self._waiting[account]
        if asset_id not in waiting:
            return
        waiting.discard(asset_id)
        if not waiting:
            # An empty set still has the memory of all that it held.
            del self._waiting[account]
        if (control := account.control_of(asset_id)) is None:
            return
        key = account.key_of(asset_id)
        if not control.is_on:
            self._on_since[key] = None
            self._on_at_first.discard(key)
        elif key not in self._on_since:
            self._on_since[key] = time.time()
            self._on_at_first.add(key)
        elif self._on_since[key] is None:
            self._on_since[key] = time.time()
