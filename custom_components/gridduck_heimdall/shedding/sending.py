"""Snoozes assets side by side, and notes each before it is sent and once it is known."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import msgspec

from ..api.override import Override
from ..core.asset_account import Terms
from ..core.events import Cause
from ..core.storage import StorageWriteError
from .candidates import Candidate, Reason
from .record import Ledger, Shed
from .timing import Limit
from .verify import Halt

AT_ONCE: Final = 8
"""Commands that are under way at a time."""
GIVEN_UP_AFTER: Final = 10
"""Failures of an account without a success, after which it is not tried any more."""


@dataclass(frozen=True, slots=True)
class Order:
    """A snooze to send.

    Attributes:
        candidate: the asset.
        shed: what is noted of it.
        limit: why it is shorter than was asked for; None where it is not.
    """

    candidate: Candidate
    shed: Shed
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an asset did not give way.

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
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class Sender:
    """Sends the snoozes of one request."""

    def __init__(self, ledger: Ledger, context: Context | None, halt: Halt) -> None:
        """Take what is noted, on whose behalf it is done, and what ends it."""
        self._ledger, self._context, self._halt = ledger, context, halt
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._failures: Counter[str] = Counter()
        self._reached: set[str] = set()

    def given_up(self, candidate: Candidate) -> bool:
        """Tell whether nothing more is sent to the account of an asset."""
        entry_id = candidate.watch.account.entry.entry_id
        return entry_id not in self._reached and self._failures[entry_id] >= GIVEN_UP_AFTER

    async def async_send(self, orders: Sequence[Order]) -> dict[str, Failure]:
        """Send snoozes; return by key which failed, and why.

        The assets are booked before anything else can happen, so that no other request takes
        them. One that failed may have had its effect all the same: what is noted of it is kept
        until the account shows which.
        """
        keys = [order.shed.key for order in orders]
        with self._ledger.underway.snooze(keys) as done:
            self._ledger.put(*(order.shed for order in orders))
            try:
                await self._ledger.async_save()
            except StorageWriteError as error:
                return {order.shed.key: self._unwritten(order, error) for order in orders}
            try:
                failures = await asyncio.gather(*(self._async_one(one, done) for one in orders))
            finally:
                await self._ledger.async_try_save()
        found = zip(keys, failures, strict=True)
        return {key: failure for key, failure in found if failure is not None}

    async def _async_one(self, order: Order, done: Callable[[str], None]) -> Failure | None:
        async with self._slots:
            try:
                return await self._async_snooze(order)
            finally:
                done(order.shed.key)

    async def _async_snooze(self, order: Order) -> Failure | None:
        account, shed = order.candidate.watch.account, order.shed
        sent: Shed | None = None

        def check() -> None:
            nonlocal sent
            if (reason := self._why_unsent(order)) is not None:
                raise _Unsent(reason)
            sent = msgspec.structs.replace(shed, sent=dt_util.utcnow())

        cause = Cause(context=self._context, why=shed.why, shedding=True)
        try:
            terms = Terms(cause=cause, check=check)
            await account.commands.async_override(Override.SNOOZE, shed.asset_id, shed.until, terms)
        except _Unsent as unsent:
            self._unsend(shed)
            return Failure(unsent.reason)
        except HomeAssistantError as error:
            self._failures[account.entry.entry_id] += 1
            if sent is None:
                self._unsend(shed)
            else:
                self._note(_failed(sent))
            return Failure(Reason.FAILED, str(error))
        self._reached.add(account.entry.entry_id)
        self._note(msgspec.structs.replace(sent or shed, accepted=True))
        return None

    def _why_unsent(self, order: Order) -> Reason | None:
        if order.shed.key in self._halt.withdrawn:
            return Reason.RESTORED
        if self._halt.called:
            return Reason.STOPPED
        # What is booked leaves the records only with its account.
        if self._ledger.get(order.shed.key) is None or self.given_up(order.candidate):
            return Reason.UNAVAILABLE
        return None

    def _unwritten(self, order: Order, error: StorageWriteError) -> Failure:
        """Send nothing that could not be booked: after a crash it would be off without a record."""
        self._failures[order.candidate.watch.account.entry.entry_id] += 1
        self._unsend(order.shed)
        return Failure(Reason.FAILED, str(error))

    def _unsend(self, shed: Shed) -> None:
        """Note that a snooze was never sent: one that ran before still does."""
        if shed.until_else is None:
            self._ledger.drop((shed.key,))
        else:
            self._note(msgspec.structs.replace(_failed(shed), until_else=None, seen=True))

    def _note(self, shed: Shed) -> None:
        """Take over what is known, but for what a restoration has planned meanwhile."""
        if (now := self._ledger.get(shed.key)) is not None:
            self._ledger.put(msgspec.structs.replace(shed, comeback=now.comeback))


def _failed(shed: Shed) -> Shed:
    """Return what is known after a snooze that failed: one that ran before ends as before."""
    if shed.until_else is None:
        return shed
    return msgspec.structs.replace(shed, until=shed.until_else, until_else=shed.until)
