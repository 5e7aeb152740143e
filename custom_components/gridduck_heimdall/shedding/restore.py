"""Brings load back in steps: the first at once, the others in the background."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util
import msgspec

from custom_components.gridduck_heimdall.events import Cause

from .candidates import Passed, Reason
from .record import Comeback, Ledger, Shed
from .sending import AT_ONCE
from .settling import Settling
from .standing import Standing
from .survey import Watches

_GONE: dict[Standing, Reason] = {
    Standing.ENDED: Reason.ENDED,
    Standing.CHANGED: Reason.CHANGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast load comes back.

    Parameters:
        per_step: how many assets come back in one step.
        interval: how long the next step waits.
    """

    per_step: int
    interval: timedelta


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
        self._contexts: dict[str, Context | None] = {}
        self._cancel: CALLBACK_TYPE | None = None
        self._closed = False

    async def async_restore(
        self, keys: Collection[str], pace: Pace, context: Context | None
    ) -> Restored:
        """Put what is shed on the schedule, and take the first step.

        What is on the schedule already stays as it is.

        Parameters:
            keys: of what is to come back.
            pace: how fast.
            context: of the action; the steps in the background go by it until a restart.
        """
        result = Restored()
        await self._async_look(keys)
        now = dt_util.utcnow()
        for shed in self._noted(keys):
            if shed.key not in self._ledger.underway:
                self._drop_if_gone(shed, now, result)
        new = [shed for shed in self._noted(keys) if shed.comeback is None]
        self._contexts.update((shed.key, context) for shed in new)
        self._schedule(new, self._waiting(keys), pace, now)
        await self._ledger.async_save()
        await self._async_step(self._waiting(keys), result)
        result.scheduled = self._waiting(keys)
        self.arm()
        return result

    @callback
    def arm(self) -> None:
        """See to it that the next step is taken when it is due."""
        self._disarm()
        times = [_at(shed) for shed in self._waiting()]
        if times and not self._closed:
            self._cancel = async_track_point_in_utc_time(self._hass, self._due, min(times))

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
            await self._async_look({shed.key for shed in self._waiting() if _at(shed) <= now})
            await self._async_step(self._waiting(), Restored())
            self.arm()

    async def _async_look(self, keys: Collection[str]) -> None:
        """Hear what the accounts say now: what a person has changed is left alone."""
        entries = {shed.entry_id for shed in self._noted(keys)}
        watches = [watch for entry in entries if (watch := self._watches.get(entry)) is not None]
        await asyncio.gather(*(watch.async_look() for watch in watches))

    def _schedule(
        self, new: Iterable[Shed], waiting: Iterable[Shed], pace: Pace, now: datetime
    ) -> None:
        """Put on the schedule what is not, behind what is."""
        last = max(map(_at, waiting), default=None)
        start = now if last is None else max(now, last + pace.interval)
        # Who gave way last comes back first; of these, who has waited longest.
        ordered = sorted(new, key=lambda shed: (shed.interruptible, shed.since))
        for step, sheds in enumerate(batched(ordered, pace.per_step, strict=False)):
            comeback = Comeback(
                at=start + step * pace.interval, interval=pace.interval.total_seconds()
            )
            self._ledger.put(*(msgspec.structs.replace(shed, comeback=comeback) for shed in sheds))

    async def _async_step(self, waiting: Iterable[Shed], result: Restored) -> None:
        """Take the first step that is due, and note what became of it."""
        steps, now = _steps(waiting), dt_util.utcnow()
        first = min(steps, default=None)
        if first is None or first > now:
            return
        step, interval = steps[first], _interval(steps[first][0])
        keys = [shed.key for shed in step]
        with self._ledger.underway.resume(keys):
            if now - first > interval / 2:
                self._keep_apart(now + interval)
            await asyncio.gather(*(self._async_bring_back(key, result) for key in keys))
            if any(self._ledger.get(key) is not None for key in keys):
                # It is taken again after an interval.
                self._keep_apart(dt_util.utcnow() + 2 * interval)
        await self._ledger.async_save()

    def _keep_apart(self, earliest: datetime) -> None:
        """Move the steps that wait, as they would be due together.

        Parameters:
            earliest: when the first of them may be taken.
        """
        for at, sheds in sorted(_steps(self._waiting()).items()):
            moved = max(at, earliest)
            self._ledger.put(*(_later(shed, moved) for shed in sheds))
            earliest = moved + _interval(sheds[0])

    async def _async_bring_back(self, key: str, result: Restored) -> None:
        async with self._slots:
            # Of two commands to an asset the later one must also be noted later.
            await self._ledger.underway.async_snoozed((key,))
            shed, now = self._ledger.get(key), dt_util.utcnow()
            if shed is None or self._drop_if_gone(shed, now, result):
                return
            if (watch := self._watches.get(shed.entry_id)) is None:
                self._try_again(key)
                return
            cause = Cause(context=self._contexts.get(key), why=shed.why, shedding=True)
            try:
                await watch.account.async_resume(shed.asset_id, cause)
            except HomeAssistantError as error:
                result.messages[key] = str(error)
                self._try_again(key)
                return
        self._ledger.drop((key,))
        self._contexts.pop(key, None)
        result.restored.append(shed)

    def _try_again(self, key: str) -> None:
        """Put an asset that could not come back on the schedule again."""
        if (shed := self._ledger.get(key)) is not None:
            self._ledger.put(_later(shed, dt_util.utcnow() + _interval(shed)))

    def _drop_if_gone(self, shed: Shed, now: datetime, result: Restored) -> bool:
        """Forget what ended, or what somebody changed; tell whether it was so."""
        if (standing := self._settling.forgotten(shed, now)) is None:
            return False
        self._contexts.pop(shed.key, None)
        reason = _GONE[standing]
        result.passed.append(Passed(name=shed.name, device_id=shed.device_id, reason=reason))
        return True

    def _waiting(self, keys: Container[str] | None = None) -> list[Shed]:
        """Return what is on the schedule, of all or of some, but for what comes back just now."""
        return [
            shed
            for shed in self._ledger
            if shed.comeback is not None
            and not self._ledger.underway.resuming(shed.key)
            and (keys is None or shed.key in keys)
        ]

    def _noted(self, keys: Container[str]) -> list[Shed]:
        return [shed for shed in self._ledger if shed.key in keys]


def _steps(waiting: Iterable[Shed]) -> dict[datetime, list[Shed]]:
    """Return what is on the schedule, by when it is due."""
    steps: defaultdict[datetime, list[Shed]] = defaultdict(list)
    for shed in waiting:
        steps[_at(shed)].append(shed)
    return steps


def _at(shed: Shed) -> datetime:
    return shed.until if shed.comeback is None else shed.comeback.at


def _interval(shed: Shed) -> timedelta:
    return timedelta(seconds=0 if shed.comeback is None else shed.comeback.interval)


def _later(shed: Shed, at: datetime) -> Shed:
    return msgspec.structs.replace(
        shed, comeback=Comeback(at=at, interval=_interval(shed).total_seconds())
    )
