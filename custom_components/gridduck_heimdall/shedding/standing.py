"""Whether a snooze is still the one that shedding made."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

import msgspec

from ..api.gridduck import Asset
from ..api.override import Override, RunningOverride
from ..core.asset_account import Control
from ..core.backend import Account
from ..gridduck.backend import GridDuckAccount
from .record import Shed, key_of

SAME_END: Final = timedelta(seconds=60)
"""How far apart two ends may be and still be the same: commands take time."""
UNSEEN: Final = timedelta(seconds=20)
"""How long after a command a list may not know of it yet."""
FIRST_SEEN: Final = timedelta(minutes=2)
"""How long after a command the first snooze that is shown is ours, whatever its end.

The first list follows a command in seconds. Where none could be read for so long, somebody may
have come in between.
"""
LATE: Final = timedelta(minutes=10)
"""How long after a command that failed, as far as we heard, it may still take effect."""
SETTLED: Final = timedelta(seconds=45)
"""How long after a command the measured power may still be that of before."""


class Standing(Enum):
    """What became of something that was shed."""

    OURS = auto()
    ENDED = auto()
    CHANGED = auto()
    UNSURE = auto()


def standing(
    shed: Shed, control: Control | None, listed_at: datetime | None, now: datetime
) -> Standing:
    """Return what became of something that was shed.

    A person who boosts or resumes the asset, or snoozes it anew, has changed it: it is theirs.

    Args:
        shed: what was noted of it.
        control: how the asset is controlled now; None where it is not there any more.
        listed_at: when the list began that this is known from; None where the account is not in
            use, so that nothing is known.
        now: the present.
    """
    if now >= max(_ends(shed)) + (timedelta() if shed.accepted else LATE):
        return Standing.ENDED
    if listed_at is None:
        return Standing.UNSURE
    if control is None:
        return Standing.CHANGED
    if (running := control.running) is not None:
        return Standing.OURS if _end_of(shed, running, now) is not None else Standing.CHANGED
    if listed_at < shed.sent + (UNSEEN if shed.accepted else LATE):
        return Standing.OURS if shed.accepted else Standing.UNSURE
    # It may end a little before or after what was reckoned. Of a cloud whose clock is behind ours
    # the end that it shows has passed before the snooze has.
    early = timedelta(seconds=min(0.0, shed.ahead or 0.0)) - SAME_END
    return Standing.ENDED if now >= shed.until + early else Standing.CHANGED


def confirmed(shed: Shed, listed: RunningOverride | None, listed_at: datetime) -> Shed:
    """Return what is known of a snooze once the cloud shows it.

    That is which of two ends is the right one, and how far the cloud's clock is from ours: the
    first snooze that it shows after our command is ours, even if its end is another.

    Args:
        shed: what was noted.
        listed: the override that the cloud itself shows; None where none runs.
        listed_at: when that list began.
    """
    if shed.seen or listed is None or listed_at <= shed.sent or listed.kind is not Override.SNOOZE:
        return shed
    newest, end = max(_ends(shed)), _end_of(shed, listed, listed_at)
    listed_end = listed.end - _ahead(shed, listed)
    if end == newest and listed_end - end > SAME_END and _is_doubtful(shed):
        # It began to count only when it took effect.
        return msgspec.structs.replace(
            shed, until=listed_end, until_else=None, accepted=True, seen=True
        )
    if end is None:
        if not shed.accepted or listed_at > shed.sent + FIRST_SEEN:
            return shed
        end = newest
    if end != newest and listed_at < shed.sent + UNSEEN:
        return shed
    ahead = (listed.end - end).total_seconds()
    return msgspec.structs.replace(
        shed, until=end, until_else=None, accepted=True, seen=True, ahead=ahead
    )


def _ends(shed: Shed) -> list[datetime]:
    return [shed.until] if shed.until_else is None else [shed.until, shed.until_else]


def _is_doubtful(shed: Shed) -> bool:
    """Tell whether it is not known of the last command whether it has had its effect."""
    return not shed.seen and (not shed.accepted or shed.until_else is not None)


def _ahead(shed: Shed, running: RunningOverride) -> timedelta:
    """Return by how much the end of an override is later than by our clock."""
    # An estimated end was reckoned by our clock.
    return timedelta(seconds=0.0 if running.estimated else shed.ahead or 0.0)


def _end_of(shed: Shed, running: RunningOverride, now: datetime) -> datetime | None:
    """Return the end of ours, by our clock, that an override is to have; None if it is not ours.

    A command that is in doubt may have taken effect at any time since it was sent.
    """
    if running.kind is not Override.SNOOZE:
        return None
    ahead = _ahead(shed, running)

    def apart(end: datetime) -> timedelta:
        return abs(running.end - ahead - end)

    nearest = min(_ends(shed), key=apart)
    if apart(nearest) <= SAME_END:
        return nearest
    newest = max(_ends(shed))
    late = running.end - ahead - newest
    longest = min(max(now - shed.sent, timedelta()), LATE) + SAME_END
    return newest if _is_doubtful(shed) and timedelta() < late <= longest else None


def measured(shed: Shed, asset: Asset, listed_at: datetime, after: timedelta = SETTLED) -> Shed:
    """Return a record with the power that is saved, as far as the last list tells.

    A fall is believed at once. That there is none is believed only when the power that is listed
    can no longer be that of before.

    Args:
        shed: what was noted.
        asset: as it was listed last.
        listed_at: when that list began.
        after: how long after the asset was shed the list has to have begun to be believed.
    """
    power = asset.power_w
    if power is None or listed_at <= shed.since:
        return shed
    fall = max(0.0, shed.power - power)
    if listed_at < shed.since + after and fall < 0.9 * shed.power:
        return shed
    return msgspec.structs.replace(shed, saved=fall) if fall != shed.saved else shed


def own_shed(
    account: Account, asset_id: str, noted: Mapping[str, Shed], now: datetime
) -> Shed | None:
    """Return the record of a snooze that is still the one that shedding made; None for others.

    Args:
        account: the account of the asset.
        asset_id: the service's id.
        noted: the records by key.
        now: the present.
    """
    if not isinstance(account, GridDuckAccount):
        return None
    assets = account.assets
    shed, asset = noted.get(key_of(account.cloud, asset_id)), assets.data.get(asset_id)
    if shed is None or asset is None:
        return None
    found = standing(shed, assets.overrides.control(asset), assets.polled_at, now)
    return shed if found is Standing.OURS else None
