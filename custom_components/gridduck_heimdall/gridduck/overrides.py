"""Which boost or snooze is shown: what the cloud says, or what was just commanded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from custom_components.gridduck_heimdall.api.gridduck import Asset, Override, RunningOverride, held

# A command's own estimate and the cloud's stamp differ by the time that the command took.
JITTER: Final = timedelta(seconds=5)

_STATE_OF_MODE: Final = {"always_on": True, "always_off": False}
_STATE_UNDER: Final = {Override.BOOST: True, Override.SNOOZE: False}


@dataclass(frozen=True, slots=True)
class Control:
    """How an asset is controlled right now.

    Attributes:
        is_on: whether it is on; None where that is not known.
        running: the boost or snooze that runs.
    """

    is_on: bool | None
    running: RunningOverride | None

    @property
    def override(self) -> Override:
        """Return what overrides the schedule."""
        return Override.NONE if self.running is None else self.running.kind

    @property
    def ends(self) -> datetime | None:
        """Return when the override ends."""
        return None if self.running is None else self.running.end


@dataclass(slots=True, eq=False)
class Overlay:
    """A command that is shown before the cloud confirms it.

    Attributes:
        control: what it leads to.
        sent_by: number of the last poll that had begun when the command was accepted; None
            while it is on its way. The answer of such a poll does not know of the command.
    """

    control: Control
    sent_by: int | None = None


class Overrides:
    """Keep the override of each asset, with an end that stands still."""

    def __init__(self) -> None:
        """Start with nothing running."""
        self._running: dict[str, RunningOverride] = {}
        self._overlays: dict[str, Overlay] = {}

    @property
    def running(self) -> Collection[str]:
        """Return the assets that the cloud says are boosted or snoozed."""
        return self._running.keys()

    @property
    def overlaid(self) -> Collection[str]:
        """Return the assets that show a command which is not confirmed yet."""
        return self._overlays.keys()

    def control(self, asset: Asset) -> Control:
        """Return how an asset is controlled, a command that is not yet confirmed included."""
        if (overlay := self._overlays.get(asset.id)) is not None:
            return overlay.control
        return Control(asset.is_on, self._running.get(asset.id))

    def take(self, asset: Asset, now: datetime, poll: int) -> bool:
        """Take over what a poll tells of an asset, and tell whether what is shown may change.

        Parameters:
            asset: as it was received.
            now: when the poll began.
            poll: its number.
        """
        former = self._running.get(asset.id)
        # An end that has passed though the override still runs was wrong.
        kept = former if former is not None and former.end > now else None
        current = steady(kept, asset.running_override(now))
        overlay = self._overlays.get(asset.id)
        confirmed = overlay is not None and _confirms(overlay, asset, current, poll)
        if overlay is not None and confirmed:
            current = steady(overlay.control.running, current)
            del self._overlays[asset.id]
        if current is None:
            self._running.pop(asset.id, None)
        else:
            self._running[asset.id] = current
        return confirmed or current != former

    def cover(self, asset: Asset, running: RunningOverride | None) -> Overlay:
        """Show a command from now on, in place of one before it."""
        if running is not None:
            is_on: bool | None = _STATE_UNDER[running.kind]
        else:
            state = self.control(asset).is_on
            is_on = _STATE_OF_MODE.get((asset.user_state or "").strip().casefold(), state)
        self._overlays[asset.id] = overlay = Overlay(Control(is_on, running))
        return overlay

    def uncover(self, asset_id: str, overlay: Overlay) -> bool:
        """Show the cloud's word again; False where another command has taken the place."""
        if self._overlays.get(asset_id) is not overlay:
            return False
        del self._overlays[asset_id]
        return True

    def forget(self, asset_id: str) -> None:
        """Drop all of an asset that is gone."""
        self._running.pop(asset_id, None)
        self._overlays.pop(asset_id, None)

    def next_end(self, now: datetime) -> datetime | None:
        """Return when the next of what is shown ends."""
        shown = [overlay.control.running for overlay in self._overlays.values()]
        shown += self._running.values()
        return min((one.end for one in shown if one is not None and one.end > now), default=None)


def steady(
    former: RunningOverride | None, current: RunningOverride | None
) -> RunningOverride | None:
    """Return the override to show, so that its end does not move for nothing."""
    settled = held(former, current)
    if former is None or settled is None or former.kind is not settled.kind:
        return settled
    return former if abs(former.end - settled.end) < JITTER else settled


def _confirms(overlay: Overlay, asset: Asset, current: RunningOverride | None, poll: int) -> bool:
    """Tell whether the answer of a poll shows that a command has taken effect."""
    if overlay.sent_by is None or poll <= overlay.sent_by:
        return False
    due = overlay.control.running
    if due is None or current is None:
        return due is current
    return (
        steady(due, current) is due
        # The state may follow the override by a moment: no bouncing meanwhile.
        and asset.is_on in {overlay.control.is_on, None}
    )
