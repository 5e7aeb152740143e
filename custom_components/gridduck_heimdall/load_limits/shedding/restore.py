"""The action that restores load in steps: the first at once, the others in the background."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Container
from dataclasses import replace
from datetime import datetime
import time

from homeassistant.core import CALLBACK_TYPE, Context, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ...api.sanitizer import sanitize_name
from ...const import DOMAIN, LOGGER
from ...core.asset_account import Terms
from ...core.events import Cause
from ...core.exceptions import explain
from ..control_law.ledger import Curtailed
from ..control_law.observe import ended, is_ours, settle
from ..pauses import is_outcome_unknown
from ..shared import Shared
from .answer import Restored
from .passed import Passed, PassedReason
from .schedule import Pace, Schedule
from .snoozes import AT_ONCE


class Restorer:
    """Ends the snoozes of actions."""

    def __init__(self, shared: Shared, take_over: Callable[[], Awaitable[None]]) -> None:
        """Begin without steps; `take_over` takes over what accounts show of what is curtailed."""
        self._shared, self._take_over = shared, take_over
        # Steps that are late must not be taken together.
        self._one_due = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._schedule = Schedule(shared)
        self._contexts = dict[str, Context | None]()
        self._warned = set[str]()
        self._cancel: CALLBACK_TYPE | None = None
        self._closed = False

    async def async_restore(
        self, keys: Collection[str], pace: Pace, context: Context | None
    ) -> Restored:
        """Schedule the return of what is curtailed, and take the first step.

        What is scheduled already stays as it is. The steps in the background have the context of
        the action until a restart.
        """
        result = Restored()
        await self._async_look(keys)
        for one in self._noted(keys):
            if one.key not in self._shared.in_flight:
                self._leave_alone_if_disabled(one, result)
        off = {one.key for one in self._noted(keys) if not self._is_disabled(one)}
        new = [one for one in self._noted(off) if one.scheduled is None]
        self._contexts.update((one.key, context) for one in new)
        self._schedule.add(new, off, pace, time.time())
        await self._shared.record.async_try_save()
        await self._async_step(off, result)
        self._take_ended(keys, result)
        result.scheduled = self._schedule.waiting(off)
        self.arm()
        return result

    @callback
    def arm(self) -> None:
        """Wait for the next step."""
        self._disarm()
        step = self._schedule.first()
        if step is not None and not self._closed:
            at = dt_util.utc_from_timestamp(step.at)
            self._cancel = async_track_point_in_utc_time(self._shared.hass, self._due, at)

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
        self._shared.hass.async_create_background_task(self._async_due(), f"{DOMAIN} restore load")

    async def _async_due(self) -> None:
        async with self._one_due:
            await self._async_look(self._schedule.due(time.time()))
            await self._async_step(None, Restored())
            self.arm()

    async def _async_look(self, keys: Container[str]) -> None:
        """Read the accounts: what a person has changed is left alone."""
        accounts = {self._shared.accounts.of(one) for one in self._noted(keys)}
        await asyncio.gather(*(one.async_poll_now() for one in accounts if one is not None))
        await self._take_over()

    async def _async_step(self, keys: Container[str] | None, result: Restored) -> None:
        """Take the first step that is due, of all or of some."""
        step, now = self._schedule.first(keys), time.time()
        if step is None or step.at > now:
            return
        taken = [one.key for one in step.assets]
        with self._shared.in_flight.resume(taken):
            if now - step.at > step.interval / 2:
                self._schedule.keep_apart(step.interval)
            self._note_ending(taken, now)
            await self._shared.record.async_try_save()
            await asyncio.gather(*(self._async_return(key, result) for key in taken))
            if failed := self._noted(taken):
                self._schedule.keep_apart(step.interval)
                self._schedule.put_behind(failed, step.interval)
        await self._shared.record.async_try_save()

    async def _async_return(self, key: str, result: Restored) -> None:
        async with self._slots:
            # Of two commands to an asset, the later one must be noted later.
            await self._shared.in_flight.async_snoozed((key,))
            one = self._shared.ledger.curtailed.get(key)
            if one is None or self._drop_if_ended(one):
                return
            account = self._shared.accounts.of(one)
            if account is None or self._leave_alone_if_disabled(one, result):
                self._note_ending((key,), None)
                return
            cause = Cause(context=self._contexts.get(key), why=one.why, shedding=True)
            try:
                await account.commands.async_resume(one.asset_id, Terms(cause=cause))
            except HomeAssistantError as error:
                result.messages[key] = explain(error)
                self._warn(one, str(error))
                if not is_outcome_unknown(error):
                    self._note_ending((key,), None)
                return
        state = self._shared.state(account, one.asset_id)
        if not one.accepted and (state is None or not is_ours(one, state, time.time())):
            # Its snooze may still take effect: it stays scheduled, to be ended then.
            self._note_ending((key,), None)
            return
        if key in self._shared.ledger.curtailed:
            self._shared.ledger.end(key, time.time())
        self._forget(key)
        result.restored.append(one)

    def _note_ending(self, keys: Container[str], at: float | None) -> None:
        """Note when assets are about to return; None where the outcome is known.

        No crash may forget it: they would seem to be resumed by a person.
        """
        for one in self._noted(keys):
            self._shared.ledger.add(replace(one, ending=at))

    def _warn(self, one: Curtailed, why: str) -> None:
        """Log once that an asset cannot return: in the background nothing else says so."""
        if one.key not in self._warned:
            self._warned.add(one.key)
            name = sanitize_name(one.name, one.asset_id)
            LOGGER.warning("%s cannot come back yet and is tried again: %s", name, why)

    def _forget(self, key: str) -> None:
        self._contexts.pop(key, None)
        self._warned.discard(key)

    def _take_ended(self, keys: Container[str], result: Restored) -> None:
        """Report what has returned without an answer that says so, once."""
        returned = self._shared.ledger.returned
        for key, one in list(returned.items()):
            if key not in keys or (before := one.unreported) is None:
                continue
            returned[key] = replace(one, unreported=None)
            if before.ending is not None:
                result.restored.append(before)
            else:
                reason = PassedReason.ENDED if one.lapsed else PassedReason.CHANGED
                result.passed.append(_passed(before, reason))

    def _drop_if_ended(self, one: Curtailed) -> bool:
        """Note what a person has changed meanwhile; return whether that is so."""
        state, now = self._shared.state_of(one), time.time()
        if (how := ended(one, state, now)) is None:
            return False
        settle(self._shared.ledger, one, how, now)
        self._forget(one.key)
        return True

    def _is_disabled(self, one: Curtailed) -> bool:
        account = self._shared.accounts.of(one)
        return account is not None and account.is_disabled(one.asset_id)

    def _leave_alone_if_disabled(self, one: Curtailed, result: Restored) -> bool:
        """Do not return what a user has disabled: it stays off until its snooze ends."""
        if not self._is_disabled(one):
            return False
        self._shared.ledger.add(replace(one, scheduled=None))
        self._forget(one.key)
        result.passed.append(_passed(one, PassedReason.DISABLED))
        return True

    def _noted(self, keys: Container[str]) -> list[Curtailed]:
        return [one for one in self._shared.ledger.curtailed.values() if one.key in keys]


def _passed(one: Curtailed, reason: PassedReason) -> Passed:
    return Passed(name=one.name, device_id=one.device_id, reason=reason)
