"""The accounts in use, and since when their assets have been on."""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from math import inf
import time

from homeassistant.core import callback

from ..core.asset_account import AssetAccount
from ..core.backend import Account
from .candidates import CandidateAsset
from .ledger import Curtailed


class Accounts:
    """The accounts in use.

    Attributes:
        in_use: the accounts, by the id of their config entry.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.in_use: dict[str, Account] = {}
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
            note = self._note(account)
            note(account.asset_ids)
            entry.async_on_unload(account.async_follow_control(note))

    @callback
    def _close(self, entry_id: str) -> None:
        self.in_use.pop(entry_id, None)

    def on_since(self, key: str, *, named: bool) -> float | None:
        """Return since when an asset is known to be on; None while it is not on.

        One that is on when it is seen first may have been so for long: only where it names a
        shortest time on itself, that begins then.

        Args:
            key: the asset.
            named: whether it names a shortest time on.
        """
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
        """Return the asset of a key; None while no account with it is in use."""
        cloud, _, asset_id = key.rpartition(" ")
        for account in self.with_assets():
            if account.cloud == cloud and account.has_asset(asset_id):
                device = account.device_of(asset_id)
                return CandidateAsset(
                    account=account,
                    asset_id=asset_id,
                    device_id=None if device is None else device.id,
                )
        return None

    def _note(self, account: AssetAccount) -> Callable[[Collection[str]], None]:
        @callback
        def note(asset_ids: Collection[str]) -> None:
            now = time.time()
            for asset_id in asset_ids:
                if (control := account.control_of(asset_id)) is None:
                    continue
                key = account.key_of(asset_id)
                if not control.is_on:
                    self._on_since[key] = None
                    self._on_at_first.discard(key)
                elif key not in self._on_since:
                    self._on_since[key] = now
                    self._on_at_first.add(key)
                elif self._on_since[key] is None:
                    self._on_since[key] = now

        return note
