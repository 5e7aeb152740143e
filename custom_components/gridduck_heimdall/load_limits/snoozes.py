"""Snoozes assets for an action side by side, and notes each before it is sent."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
import time
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.override import Override
from ..core.asset_account import Terms
from ..core.events import Cause
from ..core.storage import StorageWriteError
from .in_flight import InFlight
from .ledger import Curtailed
from .passed import Reason
from .record import Record
from .survey import Candidate
from .timing import Limit
from .verify import Halt

AT_ONCE: Final = 8
"""Commands of an action that are in flight at a time."""
GIVEN_UP_AFTER: Final = 10
"""Failures of an account without a success, after which it is not tried any more."""


@dataclass(frozen=True, slots=True)
class Order:
    """A snooze to send.

    Attributes:
        candidate: the asset.
        noted: what is noted of it.
        limit: why it is shorter than was asked for; None where it is not.
    """

    candidate: Candidate
    noted: Curtailed
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an asset was not curtailed.

    Attributes:
        reason: why.
        message: what the service said, for people.
    """

    reason: Reason
    message: str | None = None


class _Unsent(Exception):
    """A snooze is not wanted any more, now that its turn has come.

    Args:
        reason: why.
    """

    def __init__(self, reason: Reason) -> None:
        """Take the reason."""
        super().__init__(reason)
        self.reason = reason


class Snoozes:
    """Sends the snoozes of one action."""

    def __init__(
        self, record: Record, in_flight: InFlight, context: Context | None, halt: Halt
    ) -> None:
        """Take what is noted, on whose behalf it is done, and what ends it."""
        self._record, self._in_flight = record, in_flight
        self._context, self._halt = context, halt
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._failures = Counter[str]()
        self._reached = set[str]()

    def given_up(self, candidate: Candidate) -> bool:
        """Whether nothing more is sent to the account of an asset."""
        entry_id = candidate.account.entry.entry_id
        return entry_id not in self._reached and self._failures[entry_id] >= GIVEN_UP_AFTER

    async def async_send(self, orders: Sequence[Order]) -> dict[str, Failure]:
        """Send snoozes; return by key which failed, and why.

        The assets are reserved before anything else can happen, so that no other request takes
        them. A snooze that failed may have had its effect all the same: it stays noted until the
        account shows which.
        """
        for order in orders:
            self._record.ledger.add(order.noted)
        with self._in_flight.snooze([order.noted.key for order in orders]) as done:
            try:
                await self._record.async_save()
            except StorageWriteError as error:
                return {order.noted.key: self._unwritten(order, error) for order in orders}
            try:
                failures = await asyncio.gather(*(self._async_one(one, done) for one in orders))
            finally:
                await self._record.async_try_save()
        found = zip(orders, failures, strict=True)
        return {order.noted.key: failure for order, failure in found if failure is not None}

    async def _async_one(self, order: Order, done: Callable[[str], None]) -> Failure | None:
        async with self._slots:
            try:
                return await self._async_snooze(order)
            finally:
                done(order.noted.key)

    async def _async_snooze(self, order: Order) -> Failure | None:
        account, noted = order.candidate.account, order.noted
        sent: Curtailed | None = None

        def check() -> None:
            nonlocal sent
            if (reason := self._why_unsent(order)) is not None:
                raise _Unsent(reason)
            sent = replace(noted, renewed=time.time())

        cause = Cause(context=self._context, why=noted.why, shedding=True)
        until = dt_util.utc_from_timestamp(noted.until)
        try:
            await account.commands.async_override(
                Override.SNOOZE, noted.asset_id, until, Terms(cause=cause, check=check)
            )
        except _Unsent as unsent:
            self._unsend(noted)
            return Failure(unsent.reason)
        except HomeAssistantError as error:
            self._failures[account.entry.entry_id] += 1
            if sent is None:
                self._unsend(noted)
            else:
                self._note(_failed(sent))
            return Failure(Reason.FAILED, str(error))
        self._reached.add(account.entry.entry_id)
        self._note(replace(sent or noted, accepted=True))
        return None

    def _why_unsent(self, order: Order) -> Reason | None:
        if order.noted.key in self._halt.withdrawn:
            return Reason.RESTORED
        if self._halt.called:
            return Reason.STOPPED
        # What is reserved leaves the ledger only with its account.
        if order.noted.key not in self._record.ledger.curtailed or self.given_up(order.candidate):
            return Reason.UNAVAILABLE
        return None

    def _unwritten(self, order: Order, error: StorageWriteError) -> Failure:
        """Send nothing that could not be noted: after a crash it would be off without a record."""
        self._failures[order.candidate.account.entry.entry_id] += 1
        self._unsend(order.noted)
        return Failure(Reason.FAILED, str(error))

    def _unsend(self, noted: Curtailed) -> None:
        """Note that a snooze was never sent: one that ran before still does."""
        if noted.until_else is not None:
            before = _failed(noted)
            self._note(replace(before, until_else=None, seen=before.renewed))
        elif noted.key in self._record.ledger.curtailed:
            self._record.ledger.drop(noted.key)

    def _note(self, noted: Curtailed) -> None:
        """Take over what is known, but for what a restoration has scheduled meanwhile."""
        if (now := self._record.ledger.curtailed.get(noted.key)) is not None:
            scheduled, interval = now.scheduled, now.interval
            self._record.ledger.add(replace(noted, scheduled=scheduled, interval=interval))


def _failed(noted: Curtailed) -> Curtailed:
    """Return what is known after a snooze that failed: one that ran before ends as before."""
    if noted.until_else is None:
        return noted
    before = noted.until_else
    return replace(noted, until=before, until_else=noted.until, held=before)
