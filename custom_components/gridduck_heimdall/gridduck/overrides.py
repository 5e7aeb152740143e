"""The boost or snooze that is shown: polled, or optimistic after a command."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..api.gridduck import Asset, Override, RunningOverride
from ..core.asset_account import Control

# The estimate of a command and the timestamp of the cloud differ slightly for the same end.
JITTER: Final = timedelta(seconds=5)
# An end computed from the remaining seconds varies more from poll to poll.
JITTER_OF_ESTIMATE: Final = timedelta(seconds=30)

_STATE_OF_MODE: Final = {"always_on": True, "always_off": False}
_STATE_UNDER: Final = {Override.BOOST: True, Override.SNOOZE: False}


@dataclass(slots=True, eq=False)
class Overlay:
    """A command that is shown before the cloud confirms it.

    Attributes:
        control: the resulting control state.
        before: the control state that was shown before.
        with_state: whether only a list with the asset off confirms it.
        sent_at: when it was sent; None while it is queued.
        took: the time from sending to the response, during which the cloud began to count.
        sent_by: number of the last poll that had begun when the command was accepted; None
            while it is in flight. Such a poll does not reflect the command.
    """

    control: Control
    before: Control
    with_state: bool = False
    sent_at: datetime | None = None
    took: timedelta = timedelta()
    sent_by: int | None = None

    def sent(self, running: RunningOverride | None, now: datetime) -> bool:
        """Note that the command is being sent, and return whether the shown end changes.

        Args:
            running: what runs once it has taken effect.
            now: the present.
        """
        self.sent_at = now
        shown = self.control.running
        if running is None or shown is None or abs(running.end - shown.end) < JITTER:
            return False
        self.control = replace(self.control, running=running)
        return True

    def accepted(self, now: datetime, poll: int) -> None:
        """Note that the cloud has accepted the command, when polls up to this one had begun."""
        self.took = now - (self.sent_at or now)
        self.sent_by = poll


class Overrides:
    """Reconcile polled overrides with commands, and keep their ends stable.

    Attributes:
        unconfirmed: the commands that the cloud has not confirmed, by asset.
    """

    def __init__(self) -> None:
        """Start without overrides."""
        self._running: dict[str, RunningOverride] = {}
        self.unconfirmed: dict[str, Overlay] = {}

    @property
    def shown(self) -> AbstractSet[str]:
        """The assets that are boosted or snoozed, or show an unconfirmed command."""
        return self._running.keys() | self.unconfirmed.keys()

    def control(self, asset: Asset) -> Control:
        """Return the control state of an asset, including an unconfirmed command."""
        if (overlay := self.unconfirmed.get(asset.id)) is not None:
            return overlay.control
        return Control(asset.is_on, self._running.get(asset.id))

    def take(self, asset: Asset, now: datetime, poll: int) -> bool:
        """Take an asset from a poll; return whether the shown override may have changed.

        Args:
            asset: as it was received.
            now: when the poll began.
            poll: its number.
        """
        former = self._running.get(asset.id)
        # A past end of an override that still runs was wrong.
        kept = former if former is not None and former.end > now else None
        current = steady(kept, asset.running_override(now))
        overlay = self.unconfirmed.get(asset.id)
        confirmed = overlay is not None and _confirms(overlay, asset, current, poll)
        if overlay is not None and confirmed:
            current = steady(overlay.control.running, current)
            del self.unconfirmed[asset.id]
        if current is None:
            self._running.pop(asset.id, None)
        else:
            self._running[asset.id] = current
        return confirmed or current != former

    def kinds(self, asset: Asset, now: datetime) -> tuple[Override, ...]:
        """Return the overrides to end for the asset to follow its own schedule.

        Args:
            asset: as it was received.
            now: when the poll began.
        """
        kinds = [one.kind for one in asset.running_overrides(now)]
        if (overlay := self.unconfirmed.get(asset.id)) is not None:
            shown = overlay.control.running
            # An accepted command replaces the overrides that the cloud shows.
            others = kinds if overlay.sent_by is None else []
            kinds = [*([] if shown is None else [shown.kind]), *others]
        return tuple(dict.fromkeys(kinds))

    def show_optimistic(
        self, asset: Asset, running: RunningOverride | None, *, is_on: bool | None = None
    ) -> Overlay:
        """Show a command optimistically, replacing an earlier one.

        Args:
            asset: as it was received.
            running: what runs once the command has taken effect.
            is_on: the state to show where nothing runs, and to be confirmed too; None for that of
                the asset's mode.
        """
        before = self.control(asset)
        with_state = running is None and is_on is not None
        if running is not None:
            is_on = _STATE_UNDER[running.kind]
        elif is_on is None:
            is_on = _STATE_OF_MODE.get(_mode(asset), before.is_on)
        overlay = Overlay(Control(is_on, running), before, with_state=with_state)
        self.unconfirmed[asset.id] = overlay
        return overlay

    def is_shown(self, asset_id: str, overlay: Overlay) -> bool:
        """Return whether a command is still shown."""
        return self.unconfirmed.get(asset_id) is overlay

    def revert(self, asset_id: str, overlay: Overlay) -> bool:
        """Revert to the polled state; False where another command has replaced this one."""
        if not self.is_shown(asset_id, overlay):
            return False
        del self.unconfirmed[asset_id]
        return True

    def forget(self, asset_id: str) -> None:
        """Drop everything of a removed asset."""
        self._running.pop(asset_id, None)
        self.unconfirmed.pop(asset_id, None)

    def next_end(self, now: datetime) -> datetime | None:
        """Return when the next shown override ends."""
        shown = [overlay.control.running for overlay in self.unconfirmed.values()]
        shown += self._running.values()
        return min([one.end for one in shown if one is not None and one.end > now], default=None)


def is_always_on(asset: Asset) -> bool:
    """Return whether an asset is on while nothing overrides its mode."""
    return _STATE_OF_MODE.get(_mode(asset), False)


def is_always_off(asset: Asset) -> bool:
    """Return whether an asset is off while nothing overrides its mode."""
    return not _STATE_OF_MODE.get(_mode(asset), True)


def _mode(asset: Asset) -> str:
    return (asset.user_state or "").strip().casefold()


def steady(
    former: RunningOverride | None, current: RunningOverride | None
) -> RunningOverride | None:
    """Return the override to show, so that its end does not move without cause.

    Args:
        former: what was shown last; None after a command, whose new end counts.
        current: the override of the current poll.
    """
    if former is None or current is None or former.kind is not current.kind:
        return current
    apart = abs(former.end - current.end)
    same = apart < JITTER or (current.estimated and apart <= JITTER_OF_ESTIMATE)
    return former if same else current


def _confirms(overlay: Overlay, asset: Asset, current: RunningOverride | None, poll: int) -> bool:
    """Return whether a poll confirms a command."""
    if overlay.sent_by is None or poll <= overlay.sent_by:
        return False
    due = overlay.control.running
    if due is None:
        return current is None and not (overlay.with_state and asset.is_on)
    if current is None or current.kind is not due.kind:
        return False
    early = JITTER_OF_ESTIMATE if current.estimated else JITTER
    return (
        -early <= current.end - due.end <= early + overlay.took
        # The state may follow the override with a delay; it must not flicker meanwhile.
        and asset.is_on in {overlay.control.is_on, None}
    )
