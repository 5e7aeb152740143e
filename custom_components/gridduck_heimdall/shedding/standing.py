"""Whether a snooze is still the one that shedding made."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

import msgspec

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override
from custom_components.gridduck_heimdall.gridduck.overrides import Control

from .record import Shed

SAME_END: Final = timedelta(seconds=60)
"""How far apart two ends may be and still be the same: clocks differ, and commands take time."""
UNSEEN: Final = timedelta(seconds=20)
"""How long after a command a list may not know of it yet."""
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

    Parameters:
        shed: what was noted of it.
        control: how the asset is controlled now; None where it is not there any more.
        listed_at: when the list began that this is known from; None where the account is not in
            use, so that nothing is known.
        now: the present.
    """
    if now >= max(shed.until, shed.until_else or shed.until):
        return Standing.ENDED
    if listed_at is None:
        return Standing.UNSURE
    if control is None:
        return Standing.CHANGED
    running = control.running
    if running is not None and running.kind is Override.SNOOZE:
        ends = filter(None, (shed.until, shed.until_else))
        ours = any(abs(running.end - end) <= SAME_END for end in ends)
        return Standing.OURS if ours else Standing.CHANGED
    if running is None and listed_at < shed.sent + UNSEEN:
        return Standing.OURS if shed.accepted else Standing.UNSURE
    # It may end a little before or after what was reckoned.
    return Standing.ENDED if now >= shed.until - SAME_END and running is None else Standing.CHANGED


def confirmed(shed: Shed, control: Control) -> Shed:
    """Return what is known of a snooze that the cloud shows: which of two ends is the right one."""
    running, other = control.running, shed.until_else
    if running is None or running.kind is not Override.SNOOZE:
        return shed
    wrong = other is not None and abs(running.end - other) < abs(running.end - shed.until)
    until = other if wrong and other is not None else shed.until
    if shed.accepted and shed.until_else is None:
        return shed
    return msgspec.structs.replace(shed, until=until, until_else=None, accepted=True)


def measured(shed: Shed, asset: Asset, listed_at: datetime, after: timedelta = SETTLED) -> Shed:
    """Return a record with the power that is saved, as far as the last list tells.

    A fall is believed at once. That there is none is believed only when the power that is listed
    can no longer be that of before.

    Parameters:
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
