"""The assets of an action's target, as the control law sees them."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from homeassistant.helpers.device_registry import AnyDeviceEntry

from ...core.asset_account import AssetAccount, AssetLoad
from ...core.slices import in_slices
from ..accounts import Accounts
from ..asset_states import asset_state, gone
from ..candidates import CandidateAsset
from ..control_law.fleet import Fleet
from ..control_law.ledger import Curtailed, Ledger
from ..control_law.models import AssetState, Candidate, Refusal
from ..in_flight import InFlight
from ..record import Record
from .passed import Passed, Reason


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetAsset:
    """An asset that an action may curtail, or that is curtailed.

    Attributes:
        asset: the asset.
        load: what it draws, as its account has shown it last.
    """

    asset: CandidateAsset
    load: AssetLoad

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
        assets: those that the control law may choose from, by key.
        candidates: the same with their ranks.
        passed: the others, and why.
        fleet: the states of all of them, and of all that is curtailed.
        ledger: what is off now.
    """

    assets: dict[str, TargetAsset] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    passed: dict[str, Passed] = field(default_factory=dict)
    fleet: Fleet = field(default_factory=Fleet)
    ledger: Ledger = field(default_factory=Ledger)


class Surveyor:
    """Looks at assets for actions."""

    def __init__(self, record: Record, in_flight: InFlight, accounts: Accounts) -> None:
        """Take the ledger, the commands in flight, and the accounts in use."""
        self._record, self._in_flight, self._accounts = record, in_flight, accounts

    def state(self, account: AssetAccount, asset_id: str) -> AssetState | None:
        """Return an asset as its account shows it."""
        load = account.load_of(asset_id)
        return gone(account, asset_id) if load is None else self._state(account, asset_id, load)

    def state_of(self, one: Curtailed) -> AssetState | None:
        """Return a curtailed asset as its account shows it; None while that is not in use."""
        account = self._accounts.of(one)
        return None if account is None else self.state(account, one.asset_id)

    def _state(self, account: AssetAccount, asset_id: str, load: AssetLoad) -> AssetState:
        key = account.key_of(asset_id)
        return asset_state(
            account,
            asset_id,
            load,
            on_since=self._accounts.on_since(account, asset_id, named=True),
            in_flight=key in self._in_flight,
            # A person decides: an asset has been on for long enough unless it names a time itself.
            min_time_on=0.0,
        )

    async def async_survey(
        self,
        targets: Iterable[tuple[AssetAccount, Iterable[AnyDeviceEntry]]],
        rank: Callable[[str | None], int],
        without: Container[str],
        given_up: Callable[[AssetAccount], bool],
    ) -> Survey:
        """Look at the assets of a target.

        Where two accounts see the same asset, it is that of one that may control it.

        Args:
            targets: accounts, and their devices.
            rank: returns the place of a device by label.
            without: keys of assets to leave out.
            given_up: whether an account is not commanded any more, as its commands fail.
        """
        survey = Survey()

        def look() -> Iterator[None]:
            for account, devices in targets:
                under = (account.assets_under([device]) for device in devices)
                for asset_id in chain.from_iterable(under):
                    key = account.key_of(asset_id)
                    known = survey.assets.get(key)
                    other = known is not None and known.account is not account
                    is_new = known is None or (other and account.is_controllable(asset_id))
                    if is_new and key not in without:
                        self._add(survey, account, asset_id, rank)
                        if given_up(account):
                            _leave_alone(survey.fleet, key)
                    yield

        await in_slices(look(), at_once=10)
        curtailed = list(self._record.ledger.curtailed.values())
        await in_slices(map(partial(self._add_curtailed, survey), curtailed), at_once=10)
        return survey

    def _add(
        self,
        survey: Survey,
        account: AssetAccount,
        asset_id: str,
        rank: Callable[[str | None], int],
    ) -> None:
        key, device = account.key_of(asset_id), account.device_of(asset_id)
        device_id = None if device is None else device.id
        if (load := account.load_of(asset_id)) is None:
            name = account.asset_name(asset_id) or asset_id
            survey.passed[key] = Passed(name=name, device_id=device_id, reason=Reason.UNAVAILABLE)
            return
        asset = CandidateAsset(account=account, asset_id=asset_id, device_id=device_id)
        one = TargetAsset(asset=asset, load=load)
        if account.is_disabled(asset_id):
            survey.passed[key] = one.passed(Reason.DISABLED)
            return
        survey.assets[key] = one
        survey.candidates[key] = Candidate(key=key, rank=rank(device_id))
        survey.fleet.show(self._state(account, asset_id, load))

    def _add_curtailed(self, survey: Survey, one: Curtailed) -> None:
        is_off = one.accepted or self._in_flight.snoozing(one.key)
        if is_off and not self._in_flight.resuming(one.key):
            survey.ledger.add(one)
            if one.key not in survey.fleet.states and (state := self.state_of(one)) is not None:
                survey.fleet.show(state)


def _leave_alone(fleet: Fleet, key: str) -> None:
    if (state := fleet.states.get(key)) is not None and state.refusal is None:
        fleet.show(replace(state, refusal=Refusal.UNAVAILABLE))


_REASONS = {
    # What is off, or about to be, is in the ledger: this command ends a snooze.
    Refusal.IN_FLIGHT: Reason.RESTORED,
    Refusal.PARENT_CURTAILED: Reason.PARENT_SHED,
    Refusal.CHILD_CURTAILED: Reason.CHILD_SHED,
}


def reason_of(why: Refusal) -> Reason:
    """Return a refusal as actions answer with it."""
    return _REASONS.get(why) or Reason(why.value)
