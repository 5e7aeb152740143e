"""What may give way, and why the rest may not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ..api.gridduck import Asset
from ..api.override import Override
from ..core.asset_account import Control
from .record import key_of
from .watch import Watch


class Reason(StrEnum):
    """Why an asset was passed over."""

    UNAVAILABLE = "unavailable"
    READ_ONLY = "read_only"
    DISCONNECTED = "disconnected"
    BOOSTED = "boosted"
    SNOOZED = "snoozed"
    OFF = "off"
    NO_POWER = "no_power"
    NOT_INTERRUPTIBLE = "not_interruptible"
    ON_TOO_SHORT = "on_too_short"
    OFF_TOO_LONG = "off_too_long"
    PARENT_SHED = "parent_shed"
    CHILD_SHED = "child_shed"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"
    ENDED = "ended"
    CHANGED = "changed"
    RESTORED = "restored"
    STOPPED = "stopped"
    OTHER_LINE = "other_line"
    DISABLED = "disabled"
    MISSING = "missing"
    OTHER_INTEGRATION = "other_integration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Something that was passed over.

    Attributes:
        name: what it is called.
        device_id: its device, None where it has none.
        reason: why.
        message: what the service said, for people.
    """

    name: str
    device_id: str | None
    reason: Reason
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """An asset that may give way, or has done so already.

    Attributes:
        key: what tells it from every other.
        asset: as it was listed last.
        watch: its account.
        device_id: its device.
        above: the keys of the assets that measure it too, nearest first.
        rank: its place by label.
    """

    key: str
    asset: Asset
    watch: Watch
    device_id: str | None
    above: tuple[str, ...]
    rank: int

    @property
    def tier(self) -> tuple[int, ...]:
        """When its turn is: what may be interrupted gives way first, then by label."""
        return (0 if self.asset.interruptible else 1, self.rank)

    @property
    def power(self) -> float:
        """What it draws now, W."""
        return self.asset.power_w or 0.0

    @property
    def name(self) -> str:
        """What it is called."""
        return self.asset.label

    def passed(self, reason: Reason, message: str | None = None) -> Passed:
        """Return that it was passed over."""
        return Passed(name=self.name, device_id=self.device_id, reason=reason, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that decides whether an asset may give way."""

    asset: Asset
    control: Control
    controllable: bool
    on_for: timedelta
    non_interruptible: bool


CHECKS: Final[tuple[tuple[Reason, Callable[[Look], bool]], ...]] = (
    (Reason.READ_ONLY, lambda look: not look.controllable),
    (Reason.DISCONNECTED, lambda look: not look.asset.connected),
    (Reason.BOOSTED, lambda look: look.control.override is Override.BOOST),
    (Reason.SNOOZED, lambda look: look.control.override is Override.SNOOZE),
    (Reason.OFF, lambda look: look.control.is_on is False),
    (Reason.NO_POWER, lambda look: (look.asset.power_w or 0.0) <= 0.0),
    (
        Reason.NOT_INTERRUPTIBLE,
        lambda look: not look.asset.interruptible and not look.non_interruptible,
    ),
    (
        Reason.ON_TOO_SHORT,
        lambda look: look.on_for.total_seconds() < (look.asset.min_time_on or 0.0),
    ),
    # None is no limit; zero is one, and says that it must not be off at all.
    (
        Reason.OFF_TOO_LONG,
        lambda look: look.asset.max_time_off is not None and look.asset.max_time_off < 1,
    ),
)
"""Why an asset may not give way, the first that holds.

`min_time_on` and `max_time_off` are seconds. Contract: gridduck-api.md, "List assets".
"""


def refusal(candidate: Candidate, now: datetime, *, non_interruptible: bool) -> Reason | None:
    """Return why an asset may not give way; None where it may.

    Args:
        candidate: the asset.
        now: the present.
        non_interruptible: whether assets may that GridDuck does not mark as interruptible.
    """
    asset, watch = candidate.asset, candidate.watch
    look = Look(
        asset=asset,
        control=watch.account.assets.overrides.control(asset),
        controllable=watch.account.is_controllable(asset.id),
        on_for=watch.on_for(asset.id, now),
        non_interruptible=non_interruptible,
    )
    return next((reason for reason, holds in CHECKS if holds(look)), None)


def candidates(
    targets: Mapping[Watch, list[str]], rank: Callable[[str | None], int]
) -> list[Candidate]:
    """Return the assets of a target, each once.

    Where two accounts see the same asset, it is that of one that may control it.

    Args:
        targets: ids of assets, by account.
        rank: returns the place of a device by label.
    """
    found: dict[str, Candidate] = {}
    for watch, asset_ids in targets.items():
        account = watch.account
        for asset_id in asset_ids:
            key = key_of(account.cloud, asset_id)
            if key in found and not account.is_controllable(asset_id):
                continue
            asset, device = account.assets.data[asset_id], account.device_of(asset_id)
            device_id = None if device is None else device.id
            found[key] = Candidate(
                key=key,
                asset=asset,
                watch=watch,
                device_id=device_id,
                above=tuple(key_of(account.cloud, one) for one in account.ancestors(asset)),
                rank=rank(device_id),
            )
    return list(found.values())
