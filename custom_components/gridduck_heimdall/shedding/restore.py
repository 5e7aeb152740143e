"""Brings load back in steps: the first at once, the others in the background."""

import asyncio
from collections.abc import Collection, Container
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util
import msgspec

from ..api.sanitizer import sanitize_name
from ..const import LOGGER
from ..core.asset_account import Terms
from ..core.events import Cause
from .candidates import Passed, Reason
from .record import Ledger, Shed
from .schedule import Pace, Schedule
from .sending import AT_ONCE
from .settling import Settling
from .standing import Standing
from .survey import Watches

_GONE: Final[dict[Standing, Reason]] = {
    Standing.ENDED: Reason.ENDED,
    Standing.CHANGED: Reason.CHANGED,
}


@dataclass(slots=True)
class Restored:
    """What became of a request to restore load.

    Attributes:
        restored: what came back now.
        scheduled: what is to come back later.
        passed: what is not ours any more, and why.
        messages: what the service said of those that could not come back yet, by key.
    """

    restored: list[Shed] = field(default_factory=list)
    scheduled: list[Shed] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)


class Restorer:
    """Ends the snoozes that shedding made."""

    def __init__(
        self, hass: HomeAssistant, ledger: Ledger, watches: Watches, settling: Settling
    ) -> None:
        """Take what is noted, and the accounts."""
        self._hass, self._ledger, self._watches = hass, ledger, watches
        self._settling = settling
        # Steps that are late must not be taken together.
        self._one_due = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._schedule = Schedule(ledger, watches)
        self._contexts: dict[str, Context | None] = {}
        self._warned: set[str] = set()
        self._cancel: CALLBACK_TYPE | None = None
        self._closed = False

    async def async_restore(
        self, keys: Collection[str], pace: Pace, context: Context | None
    ) -> Restored:
        """Put what is shed on the schedule, and take the first step.

        What is on the schedule already stays as it is.

        Args:
            keys: of what is to come back.
            pace: how fast.
            context: of the action; the steps in the background go by it until a restart.
        """
        result = Restored()
        await self._async_look(keys)
        now = dt_util.utcnow()
        for shed in self._noted(keys):
            if shed.key not in self._ledger.underway and not self._drop_if_gone(shed, now, result):
                self._leave_alone_if_disabled(shed, result)
        keys = set(keys) - self._disabled(keys)
        new = [shed for shed in self._noted(keys) if shed.comeback is None]
        self._contexts.update((shed.key, context) for shed in new)
        self._schedule.add(new, keys, pace, now)
        await self._ledger.async_try_save()
        await self._async_step(keys, result)
        result.scheduled = self._schedule.waiting(keys)
        self.arm()
        return result

    @callback
    def arm(self) -> None:
        """See to it that the next step is taken when it is due."""
        self._disarm()
        step = self._schedule.first()
        if step is not None and not self._closed:
            self._cancel = async_track_point_in_utc_time(self._hass, self._due, step.at)

    @callback
    def close(self) -> None:
        """Take no further step."""
        self._closed = True
        self._disarm()

    def _disarm(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _due(self, _now: datetime) -> None:
        self._cancel = None
        self._hass.async_create_background_task(self._async_due(), "restore load")

    async def _async_due(self) -> None:
        async with self._one_due:
            now = dt_util.utcnow()
            await self._async_look(self._schedule.due(now))
            await self._async_step(None, Restored())
            self.arm()

    async def _async_look(self, keys: Collection[str]) -> None:
        """Hear what the accounts say now: what a person has changed is left alone."""
        entries = {shed.entry_id for shed in self._noted(keys)}
        watches = [watch for entry in entries if (watch := self._watches.get(entry)) is not None]
        await asyncio.gather(*(watch.async_look() for watch in watches))

    async def _async_step(self, keys: Container[str] | None, result: Restored) -> None:
        """Take the first step that is due, of all or of some, and note what became of it."""
        step, now = self._schedule.first(keys), dt_util.utcnow()
        if step is None or step.at > now:
            return
        taken = [shed.key for shed in step.sheds]
        with self._ledger.underway.resume(taken):
            if now - step.at > step.interval / 2:
                self._schedule.keep_apart(step.interval)
            await asyncio.gather(*(self._async_bring_back(key, result) for key in taken))
            if failed := self._noted(taken):
                self._schedule.keep_apart(step.interval)
                self._schedule.put_behind(failed, step.interval)
        await self._ledger.async_try_save()

    async def _async_bring_back(self, key: str, result: Restored) -> None:
        async with self._slots:
            # Of two commands to an asset the later one must also be noted later.
            await self._ledger.underway.async_snoozed((key,))
            shed, now = self._ledger.get(key), dt_util.utcnow()
            if shed is None or self._drop_if_gone(shed, now, result):
                return
            if self._leave_alone_if_disabled(shed, result):
                return
            if (watch := self._watches.get(shed.entry_id)) is None:
                return
            cause = Cause(context=self._contexts.get(key), why=shed.why, shedding=True)
            try:
                await watch.account.commands.async_resume(shed.asset_id, Terms(cause=cause))
            except HomeAssistantError as error:
                result.messages[key] = str(error)
                self._warn(shed, str(error))
                return
        if not shed.accepted and self._settling.judge(shed, now) is Standing.UNSURE:
            # Its snooze may still come: it stays on the schedule, to be ended then.
            return
        self._ledger.drop((key,))
        self._forget(key)
        result.restored.append(shed)

    def _warn(self, shed: Shed, why: str) -> None:
        """Tell once of an asset that it cannot come back: in the background nobody else hears."""
        if shed.key not in self._warned:
            self._warned.add(shed.key)
            name = sanitize_name(shed.name, shed.asset_id)
            LOGGER.warning("%s cannot come back yet and is tried again: %s", name, why)

    def _forget(self, key: str) -> None:
        self._contexts.pop(key, None)
        self._warned.discard(key)

    def _drop_if_gone(self, shed: Shed, now: datetime, result: Restored) -> bool:
        """Forget what ended, or what somebody changed; tell whether it was so."""
        if (standing := self._settling.forgotten(shed, now)) is None:
            return False
        self._forget(shed.key)
        reason = _GONE[standing]
        result.passed.append(Passed(name=shed.name, device_id=shed.device_id, reason=reason))
        return True

    def _disabled(self, keys: Container[str]) -> set[str]:
        """Return those whose device a user has disabled."""
        return {shed.key for shed in self._noted(keys) if self._is_disabled(shed)}

    def _is_disabled(self, shed: Shed) -> bool:
        watch = self._watches.get(shed.entry_id)
        return watch is not None and watch.account.is_disabled(shed.asset_id)

    def _leave_alone_if_disabled(self, shed: Shed, result: Restored) -> bool:
        """Take off the schedule what a user has disabled: it stays off until its snooze ends."""
        if not self._is_disabled(shed):
            return False
        self._ledger.put(msgspec.structs.replace(shed, comeback=None))
        self._forget(shed.key)
        result.passed.append(
            Passed(name=shed.name, device_id=shed.device_id, reason=Reason.DISABLED)
        )
        return True

    def _noted(self, keys: Container[str]) -> list[Shed]:
        return [shed for shed in self._ledger if shed.key in keys]
