"""The assets of an action's target: which can be curtailed, which are, and why the rest are not."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
import math
from typing import Final

from ..core.asset_account import AssetAccount, AssetLoad
from .accounts import Accounts
from .asset_states import above_of, asset_state, gone
from .candidates import CandidateAsset
from .in_flight import InFlight
from .ledger import Curtailed, Ledger
from .models import AssetState, Refusal, Request
from .passed import Passed, Reason
from .selection import refusal

_ANY: Final = Request(id="", candidates={}, longest_off=math.inf)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """An asset that an action may curtail, or that is curtailed.

    Attributes:
        key: identifies the asset over all accounts.
        asset: the asset.
        load: what it draws, as its account has shown it last.
        state: the same as the control law sees it.
        above: keys of the assets that measure it too, nearest first.
        rank: its place by label.
    """

    key: str
    asset: CandidateAsset
    load: AssetLoad
    state: AssetState
    above: tuple[str, ...]
    rank: int

    @property
    def tier(self) -> tuple[int, int]:
        """Its place in the order of curtailment."""
        return (0 if self.load.interruptible else 1, self.rank)

    @property
    def power(self) -> float:
        """What it draws now, W."""
        return self.load.power or 0.0

    @property
    def account(self) -> AssetAccount:
        """Its account."""
        return self.asset.account

    def passed(self, reason: Reason, message: str | None = None) -> Passed:
        """Return that it was passed over."""
        return Passed(
            name=self.load.name, device_id=self.asset.device_id, reason=reason, message=message
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """The assets of a target.

    Attributes:
        free: those that can be curtailed.
        curtailed: those that are, with what is noted of them.
        passed: those that cannot be, and why.
    """

    free: list[Candidate] = field(default_factory=list)
    curtailed: list[tuple[Candidate, Curtailed]] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


class Surveyor:
    """Looks at assets for actions."""

    def __init__(
        self,
        ledger: Callable[[], Ledger],
        in_flight: InFlight,
        accounts: Accounts,
    ) -> None:
        """Take what decides.

        Args:
            ledger: returns the ledger.
            in_flight: the commands in flight.
            accounts: the accounts in use.
        """
        self._ledger, self._in_flight, self._accounts = ledger, in_flight, accounts

    def state(self, account: AssetAccount, asset_id: str) -> AssetState | None:
        """Return an asset as its account shows it."""
        load = account.load_of(asset_id)
        return gone(account, asset_id) if load is None else self._state(account, asset_id, load)

    def _state(self, account: AssetAccount, asset_id: str, load: AssetLoad) -> AssetState:
        key = account.key_of(asset_id)
        return asset_state(
            account,
            asset_id,
            load,
            on_since=self._accounts.on_since(key, named=True),
            in_flight=key in self._in_flight,
            # A person decides: an asset has been on for long enough unless it names a time itself.
            min_time_on=0.0,
        )

    def survey(
        self,
        targets: Mapping[AssetAccount, Iterable[str]],
        rank: Callable[[str | None], int],
        without: Container[str],
        now: float,
        *,
        non_interruptible: bool,
    ) -> Survey:
        """Sort the assets of a target.

        Where two accounts see the same asset, it is that of one that may control it.

        Args:
            targets: ids of assets, by account.
            rank: returns the place of a device by label.
            without: keys of assets to leave out.
            now: the present.
            non_interruptible: whether assets may be curtailed that are not interruptible.
        """
        found, unavailable = dict[str, Candidate](), dict[str, Passed]()
        for account, asset_ids in targets.items():
            for asset_id in asset_ids:
                key = account.key_of(asset_id)
                if key in without or (key in found and not account.is_controllable(asset_id)):
                    continue
                device = account.device_of(asset_id)
                device_id = None if device is None else device.id
                if (load := account.load_of(asset_id)) is None:
                    unavailable[key] = Passed(
                        name=account.asset_name(asset_id) or asset_id,
                        device_id=device_id,
                        reason=Reason.UNAVAILABLE,
                    )
                    continue
                found[key] = Candidate(
                    key=key,
                    asset=CandidateAsset(account=account, asset_id=asset_id, device_id=device_id),
                    load=load,
                    state=self._state(account, asset_id, load),
                    above=above_of(account, load),
                    rank=rank(device_id),
                )
        request = replace(_ANY, allow_non_interruptible=non_interruptible)
        return self._sort(found.values(), unavailable, request, now)

    def _sort(
        self,
        found: Iterable[Candidate],
        unavailable: Mapping[str, Passed],
        request: Request,
        now: float,
    ) -> Survey:
        result = Survey(passed=list(unavailable.values()))
        ledger = self._ledger()
        off = {one.key for one in ledger.curtailed.values() if self.is_off(one)}
        partly_off = self._partly_off(off)
        # What a load limit would wait for, a person decides: nothing has returned too lately.
        nothing = Ledger()
        for one in found:
            noted = ledger.curtailed.get(one.key)
            if one.account.is_disabled(one.asset.asset_id):
                result.passed.append(one.passed(Reason.DISABLED))
            elif self._in_flight.resuming(one.key):
                result.passed.append(one.passed(Reason.RESTORED))
            elif noted is not None and one.key in off:
                result.curtailed.append((one, noted))
            elif not off.isdisjoint(one.above):
                result.passed.append(one.passed(Reason.PARENT_SHED))
            elif (why := refusal(request, one.state, nothing, now)) is not None:
                result.passed.append(one.passed(_reason(why)))
            elif one.key in partly_off:
                result.passed.append(one.passed(Reason.CHILD_SHED))
            else:
                result.free.append(one)
        return result

    def is_off(self, one: Curtailed) -> bool:
        """Whether an asset is off, or a command that turns it off is in flight."""
        return one.accepted or self._in_flight.snoozing(one.key)

    def _partly_off(self, off: Container[str]) -> set[str]:
        """Return what measures a curtailed asset whose fall has not been measured."""
        found = set[str]()
        for one in self._ledger().curtailed.values():
            if one.key in off and one.saved is None and (account := self._accounts.of(one)):
                load = account.load_of(one.asset_id)
                found.update(() if load is None else above_of(account, load))
        return found


def _reason(why: Refusal) -> Reason:
    # Without a ledger, a command in flight is one that ends a snooze.
    return Reason.RESTORED if why is Refusal.IN_FLIGHT else Reason(why.value)
