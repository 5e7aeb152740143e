"""Journal of the boosts, snoozes and resumes that Home Assistant commanded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..api.gridduck import Override, RunningOverride
from ..core.events import Cause, Details, EventType, async_fire

SAME: Final = timedelta(minutes=1)
"""Tolerance within which two ends count as the same."""

_EVENTS: Final[dict[tuple[Override, bool], EventType]] = {
    (Override.BOOST, False): EventType.ASSET_BOOSTED,
    (Override.SNOOZE, False): EventType.ASSET_SNOOZED,
    (Override.SNOOZE, True): EventType.LOAD_SHED,
    (Override.NONE, False): EventType.ASSET_RESUMED,
    (Override.NONE, True): EventType.LOAD_RESTORED,
}
"""The event, by the override that is in force now and whether it is part of shedding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A command that the cloud has accepted.

    Attributes:
        asset_id: GridDuck's id.
        before: the previous override.
        running: the current override.
        cause: the origin of the command.
    """

    asset_id: str
    before: RunningOverride | None
    running: RunningOverride | None
    cause: Cause


class CommandJournal:
    """The last command of each asset since the account was opened."""

    def __init__(
        self,
        hass: HomeAssistant,
        device_of: Callable[[str], dr.DeviceEntry | None],
        switch_of: Callable[[str], str | None],
    ) -> None:
        """Start empty.

        Args:
            hass: Home Assistant.
            device_of: returns the device of an asset.
            switch_of: returns the entity id of the switch of an asset.
        """
        self._hass = hass
        self._device_of = device_of
        self._switch_of = switch_of
        self._last: dict[str, Commanded] = {}

    @callback
    def note(self, commanded: Commanded) -> None:
        """Record an accepted command and fire its event, unless it changed nothing."""
        if same(commanded.before, commanded.running):
            return
        self._last[commanded.asset_id] = commanded
        if (device := self._device_of(commanded.asset_id)) is None:
            return
        running, cause = commanded.running, commanded.cause
        details = Details()
        if running is not None:
            details["until"] = running.end.isoformat(timespec="seconds")
        if cause.why:
            details["why"] = cause.why
        kind = Override.NONE if running is None else running.kind
        event = _EVENTS[kind, cause.shedding]
        switch = self._switch_of(commanded.asset_id)
        async_fire(self._hass, event, device, switch, details, cause.context)

    @callback
    def observe(
        self,
        asset_id: str,
        before: RunningOverride | None,
        running: RunningOverride | None,
        shown_by: str,
    ) -> None:
        """Fire the event of an override that started, changed or ended in the cloud.

        Args:
            asset_id: GridDuck's id.
            before: the override that ran before.
            running: the one that runs now.
            shown_by: entity id of what shows the override, for assets without a switch.
        """
        if (device := self._device_of(asset_id)) is None:
            return
        cause = None if before is None else self.cause_of(asset_id, before)
        if running is None and cause is not None and cause.shedding and _has_run_out(before):
            # The load that comes back then is reported as restored.
            return
        details = Details(override=(Override.NONE if running is None else running.kind).value)
        if running is not None:
            details["until"] = running.end.isoformat(timespec="seconds")
        switch = self._switch_of(asset_id) or shown_by
        async_fire(self._hass, EventType.OVERRIDE_CHANGED, device, switch, details)

    def cause_of(self, asset_id: str, running: RunningOverride) -> Cause | None:
        """Return the cause of a running override; None if unknown."""
        last = self._last.get(asset_id)
        return last.cause if last is not None and same(last.running, running) else None


def _has_run_out(override: RunningOverride | None) -> bool:
    return override is not None and dt_util.utcnow() > override.end - SAME


def same(one: RunningOverride | None, other: RunningOverride | None) -> bool:
    """Return whether two overrides are of one kind and end within `SAME` of each other."""
    if one is None or other is None:
        return one is other
    return one.kind is other.kind and abs(one.end - other.end) < SAME
