"""Brings load back in steps: the first at once, the others in the background."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
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
from .standing import Standing
from .survey import Watches, judge

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
        self, hass: HomeAssistant, ledger: Ledger, watches: Watches, lock: asyncio.Lock
    ) -> None:
        """Take what is noted, the accounts, and the lock of all that changes what is shed."""
        self._hass, self._ledger, self._watches, self._lock = hass, ledger, watches, lock
        self._contexts: dict[str, Context | None] = {}
        self._cancel: CALLBACK_TYPE | None = None
        self._closed = False

    async def async_restore(
        self, wanted: Callable[[Shed], bool], pace: Pace, context: Context | None
    ) -> Restored:
        """Put what is shed on the schedule, and take the first step; under the lock.

        What is on the schedule already stays as it is.

        Parameters:
            wanted: tells which of what is shed is meant.
            pace: how fast.
            context: of the action; the steps in the background go by it until a restart.
        """
        result = Restored()
        meant = {shed.key for shed in self._ledger if wanted(shed)}
        await self._async_look(meant)
        now = dt_util.utcnow()
        for shed in self._meant(meant):
            self._drop_if_gone(shed, now, result)
        for shed in self._meant(meant):
            if shed.comeback is None:
                self._contexts[shed.key] = context
        self._schedule(self._meant(meant), pace, now)
        await self._ledger.async_save()
        await self._async_step(now, result)
        result.scheduled = [shed for shed in self._meant(meant) if shed.comeback is not None]
        self.arm()
        return result

    @callback
    def arm(self) -> None:
        """See to it that the next step is taken when it is due."""
        self._disarm()
        times = [shed.comeback.at for shed in self._ledger if shed.comeback is not None]
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
        async with self._lock:
            now = dt_util.utcnow()
            await self._async_look({shed.key for shed in self._waiting() if _at(shed) <= now})
            await self._async_step(now, Restored())
            self.arm()

    async def _async_look(self, keys: Collection[str]) -> None:
        """Hear what the accounts say now: what a person has changed is left alone."""
        entries = {shed.entry_id for shed in self._meant(keys)}
        watches = [watch for entry in entries if (watch := self._watches.get(entry)) is not None]
        await asyncio.gather(*(watch.async_look() for watch in watches))

    def _schedule(self, meant: Iterable[Shed], pace: Pace, now: datetime) -> None:
        """Put on the schedule what is not, behind what is."""
        every = list(meant)
        last = max((_at(shed) for shed in every if shed.comeback is not None), default=None)
        start = now if last is None else max(now, last + pace.interval)
        # Who gave way last comes back first; of these, who has waited longest.
        new = sorted(
            (shed for shed in every if shed.comeback is None),
            key=lambda shed: (shed.interruptible, shed.since),
        )
        for step, sheds in enumerate(batched(new, pace.per_step, strict=False)):
            comeback = Comeback(
                at=start + step * pace.interval, interval=pace.interval.total_seconds()
            )
            self._ledger.put(*(msgspec.structs.replace(shed, comeback=comeback) for shed in sheds))

    async def _async_step(self, now: datetime, result: Restored) -> None:
        """Take the first step that is due, and note what became of it."""
        steps: defaultdict[datetime, list[Shed]] = defaultdict(list)
        for shed in self._waiting():
            steps[_at(shed)].append(shed)
        first = min(steps, default=now)
        if first > now or first not in steps:
            return
        await asyncio.gather(*(self._async_bring_back(shed, now, result) for shed in steps[first]))
        self._keep_apart(steps, first, now)
        await self._ledger.async_save()

    def _keep_apart(
        self, steps: dict[datetime, list[Shed]], first: datetime, now: datetime
    ) -> None:
        """Move the later steps where one is late or is taken again, or they would be due together.

        Parameters:
            steps: what is on the schedule, by when it was due.
            first: the step that was taken.
            now: the present.
        """
        interval = _interval(steps[first][0])
        again = any(self._ledger.get(shed.key) is not None for shed in steps[first])
        if now - first <= interval / 2 and not again:
            return
        earliest = now + interval * (2 if again else 1)
        for at in sorted(steps.keys() - {first}):
            moved = max(at, earliest)
            for shed in steps[at]:
                self._ledger.put(_later(shed, moved))
            earliest = moved + _interval(steps[at][0])

    async def _async_bring_back(self, shed: Shed, now: datetime, result: Restored) -> None:
        if self._drop_if_gone(shed, now, result):
            return
        watch = self._watches.get(shed.entry_id)
        later = _later(shed, now + _interval(shed))
        if watch is None:
            self._ledger.put(later)
            return
        context = self._contexts.get(shed.key)
        cause = Cause(context=context, why=shed.why, shedding=True)
        try:
            await watch.account.async_resume(shed.asset_id, cause)
        except HomeAssistantError as error:
            result.messages[shed.key] = str(error)
            self._ledger.put(later)
            return
        self._ledger.drop((shed.key,))
        self._contexts.pop(shed.key, None)
        result.restored.append(shed)

    def _drop_if_gone(self, shed: Shed, now: datetime, result: Restored) -> bool:
        """Forget what ended, or what somebody changed; tell whether it was so."""
        if (reason := _GONE.get(judge(shed, self._watches, now))) is None:
            return False
        self._ledger.drop((shed.key,))
        result.passed.append(Passed(name=shed.name, device_id=shed.device_id, reason=reason))
        return True

    def _waiting(self) -> list[Shed]:
        return [shed for shed in self._ledger if shed.comeback is not None]

    def _meant(self, keys: Collection[str]) -> list[Shed]:
        return [shed for shed in self._ledger if shed.key in keys]


def _at(shed: Shed) -> datetime:
    return shed.until if shed.comeback is None else shed.comeback.at


def _interval(shed: Shed) -> timedelta:
    return timedelta(seconds=0 if shed.comeback is None else shed.comeback.interval)


def _later(shed: Shed, at: datetime) -> Shed:
    return msgspec.structs.replace(
        shed, comeback=Comeback(at=at, interval=_interval(shed).total_seconds())
    )
