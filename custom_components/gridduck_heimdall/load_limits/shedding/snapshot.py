"""The assets of an action's target, as the control law sees them."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from homeassistant.helpers.device_registry import AnyDeviceEntry

from ...api.sanitizer import sanitize_name
from ...core.asset_account import AssetAccount, AssetLoad
from ...core.slices import in_slices
from ..candidates import CandidateAsset, rank
from ..control_law.fleet import Fleet
from ..control_law.ledger import Curtailed, Ledger
from ..control_law.models import Candidate, Refusal
from ..shared import Shared
from .passed import Passed, PassedReason

type Targets = Mapping[str, Sequence[AnyDeviceEntry]]
"""Devices of accounts with assets, by the id of the config entry that they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetAsset:
    """An asset that an action may curtail, or that is curtailed, as its account has shown it."""

    asset: CandidateAsset
    load: AssetLoad

    @property
    def account(self) -> AssetAccount:
        """Its account."""
        return self.asset.account

    def passed(self, reason: PassedReason, message: str | None = None) -> Passed:
        """Return that it was passed over."""
        return Passed(
            name=self.load.name, device_id=self.asset.device_id, reason=reason, message=message
        )


@dataclass(frozen=True, slots=True)
class TargetSnapshot:
    """The assets of a target, by key: those to choose from with their ranks, and the others.

    Attributes:
        fleet: the states of all of them, and of all that is curtailed.
        ledger: what is off now.
    """

    assets: dict[str, TargetAsset] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    passed: dict[str, Passed] = field(default_factory=dict)
    fleet: Fleet = field(default_factory=Fleet)
    ledger: Ledger = field(default_factory=Ledger)


async def async_snapshot(
    shared: Shared,
    targets: Targets,
    priority: Sequence[str],
    without: Container[str],
    given_up: Callable[[AssetAccount], bool],
) -> TargetSnapshot:
    """Look at the assets of a target, without some, by key.

    Where two accounts see the same asset, it is that of one that may control it. Nothing is
    chosen of an account that is `given_up`, as its commands fail.
    """
    snapshot = TargetSnapshot()

    def look() -> Iterator[None]:
        for entry_id, devices in targets.items():
            if (account := shared.accounts.with_id(entry_id)) is None:
                continue
            under = (account.assets_under([device]) for device in devices)
            for asset_id in chain.from_iterable(under):
                key = account.key_of(asset_id)
                known = snapshot.assets.get(key)
                other = known is not None and known.account is not account
                is_new = known is None or (other and account.is_controllable(asset_id))
                if is_new and key not in without:
                    _add(snapshot, shared, account, asset_id, priority)
                    if given_up(account):
                        _leave_alone(snapshot.fleet, key)
                yield

    await in_slices(look(), at_once=10)
    curtailed = list(shared.ledger.curtailed.values())
    await in_slices(map(partial(_add_curtailed, snapshot, shared), curtailed), at_once=10)
    snapshot.passed.update(_out_of_use(shared, targets))
    return snapshot


def _out_of_use(shared: Shared, targets: Targets) -> dict[str, Passed]:
    """Return the devices of accounts that are not in use."""
    return {
        device.id: Passed(
            name=sanitize_name(device.name_by_user, device.name, device.id),
            device_id=device.id,
            reason=PassedReason.UNAVAILABLE,
        )
        for entry_id, devices in targets.items()
        if shared.accounts.with_id(entry_id) is None
        for device in devices
    }


def _add(
    snapshot: TargetSnapshot,
    shared: Shared,
    account: AssetAccount,
    asset_id: str,
    priority: Sequence[str],
) -> None:
    asset = CandidateAsset.of(account, asset_id)
    key, state = account.key_of(asset_id), shared.state(account, asset_id)
    if (load := account.load_of(asset_id)) is None or state is None:
        name = account.asset_name(asset_id) or asset_id
        snapshot.passed[key] = Passed(
            name=name, device_id=asset.device_id, reason=PassedReason.UNAVAILABLE
        )
        return
    one = TargetAsset(asset=asset, load=load)
    if account.is_disabled(asset_id):
        snapshot.passed[key] = one.passed(PassedReason.DISABLED)
        return
    snapshot.assets[key] = one
    place = rank(shared.hass, asset.device_id, priority)
    snapshot.candidates[key] = Candidate(key=key, rank=place)
    snapshot.fleet.show(state)


def _add_curtailed(snapshot: TargetSnapshot, shared: Shared, one: Curtailed) -> None:
    is_off = one.accepted or shared.in_flight.snoozing(one.key)
    if is_off and not shared.in_flight.resuming(one.key):
        snapshot.ledger.add(one)
        if one.key not in snapshot.fleet.states and (state := shared.state_of(one)) is not None:
            snapshot.fleet.show(state)


def _leave_alone(fleet: Fleet, key: str) -> None:
    if (state := fleet.states.get(key)) is not None and state.refusal is None:
        fleet.show(replace(state, refusal=Refusal.UNAVAILABLE))


_REASONS = {
    # What is off, or about to be, is in the ledger: this command ends a snooze.
    Refusal.IN_FLIGHT: PassedReason.RESTORED,
    Refusal.PARENT_CURTAILED: PassedReason.PARENT_SHED,
    Refusal.CHILD_CURTAILED: PassedReason.CHILD_SHED,
}


def reason_of(why: Refusal) -> PassedReason:
    """Return a refusal as actions answer with it."""
    return _REASONS.get(why) or PassedReason(why.value)
