"""Waits for the accounts to show that the power of what was shed has fallen."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .record import Ledger, Shed
from .settling import Settling
from .standing import SETTLED
from .survey import Watches


class Halt:
    """Has a request do no more, and wakes it where it waits.

    Attributes:
        called: whether it is to do no more.
        withdrawn: the keys of what comes back, as somebody wants it to.
        news: set when there may be something to see.
    """

    def __init__(self) -> None:
        """Let the request go on."""
        self.called = False
        self.withdrawn: frozenset[str] = frozenset()
        self.news = asyncio.Event()

    @callback
    def call(self, withdrawn: Iterable[str] = ()) -> None:
        """Have the request do no more; what was withdrawn before stays so."""
        self.called = True
        self.withdrawn = self.withdrawn.union(withdrawn)
        self.news.set()


class Verifier:
    """Compares what the accounts list with what was shed."""

    def __init__(
        self, hass: HomeAssistant, ledger: Ledger, watches: Watches, settling: Settling
    ) -> None:
        """Take what is noted, and the accounts."""
        self._hass, self._ledger, self._watches = hass, ledger, watches
        self._settling = settling

    async def async_wait(
        self, keys: Sequence[str], deadline: datetime, goal: float, halt: Halt
    ) -> None:
        """Wait until the power has fallen enough, or is known not to fall, or time is up.

        It also ends where somebody has changed what was shed.

        Args:
            keys: what was shed.
            deadline: when time is up.
            goal: by how many watts the power is to fall.
            halt: ends the wait before.
        """

        @callback
        def wake(_now: datetime | None = None) -> None:
            halt.news.set()

        watches = {self._watches.get(shed.entry_id) for shed in self._records(keys)}
        ends = [watch.async_on_news(wake) for watch in watches if watch is not None]
        ends.append(async_track_point_in_utc_time(self._hass, wake, deadline))
        try:
            while not halt.called and not self._known(keys, goal):
                if dt_util.utcnow() >= deadline:
                    self._measure(keys, after=timedelta())
                    return
                halt.news.clear()
                await halt.news.wait()
        finally:
            for end in ends:
                end()

    def _known(self, keys: Sequence[str], goal: float) -> bool:
        """Take over what is measured, and tell whether there is nothing to wait for."""
        self._measure(keys, after=SETTLED)
        records = self._records(keys)
        if sum(shed.saved or 0.0 for shed in records) >= goal:
            return True
        if len(records) < len(keys) or any(shed.changed for shed in records):
            return True
        return all(map(self._settled, records))

    def _settled(self, shed: Shed) -> bool:
        watch = self._watches.get(shed.entry_id)
        return watch is not None and watch.listed_at >= shed.since + SETTLED

    def _measure(self, keys: Sequence[str], after: timedelta) -> None:
        self._ledger.put(*(self._settling.measured(shed, after) for shed in self._records(keys)))

    def _records(self, keys: Sequence[str]) -> list[Shed]:
        return [shed for key in keys if (shed := self._ledger.get(key)) is not None]
