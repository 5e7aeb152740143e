"""Snoozes assets for an action side by side, and notes each before it is sent."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
import time
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...api.override import Override
from ...core.asset_account import AssetAccount, Terms
from ...core.events import Cause
from ...core.exceptions import explain
from ...core.storage import StorageWriteError
from ..control_law.ledger import Curtailed
from ..shared import Shared
from .answer import ShedAsset
from .passed import PassedReason
from .verify import Cancellation

AT_ONCE: Final = 8
"""Commands of an action that are in flight at a time."""
GIVEN_UP_AFTER: Final = 10
"""Failures of an account without a success, after which it is not tried any more."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an asset was not curtailed, and what the service said of it, for people."""

    reason: PassedReason
    message: str | None = None


class _Unsent(Exception):
    """A snooze is not wanted any more, now that its turn has come."""

    def __init__(self, reason: PassedReason) -> None:
        """Take the reason."""
        super().__init__(reason)
        self.reason = reason


class Snoozes:
    """Sends the snoozes of one action."""

    def __init__(self, shared: Shared, context: Context | None, cancellation: Cancellation) -> None:
        """Take on whose behalf it is done, and what ends it."""
        self._shared, self._context, self._cancellation = shared, context, cancellation
        self._failures = Counter[str]()
        self._reached = set[str]()

    def given_up(self, account: AssetAccount) -> bool:
        """Return whether nothing more is sent to an account."""
        entry_id = account.entry.entry_id
        return entry_id not in self._reached and self._failures[entry_id] >= GIVEN_UP_AFTER

    @contextmanager
    def reserve(self, orders: Sequence[ShedAsset]) -> Iterator[Callable[[str], None]]:
        """Note snoozes before anything else can happen, so that no other request takes the assets.

        The result is called with each asset that is done.
        """
        for order in orders:
            self._shared.ledger.add(order.noted)
        with self._shared.in_flight.snooze([order.noted.key for order in orders]) as done:
            yield done

    async def async_send(
        self, orders: Sequence[ShedAsset], done: Callable[[str], None]
    ) -> dict[str, Failure]:
        """Send snoozes that are reserved; return by key which failed, and why.

        A failed snooze may have taken effect nevertheless: it stays noted until the account
        shows which.
        """
        try:
            await self._shared.record.async_save()
        except StorageWriteError as error:
            return {order.noted.key: self._unwritten(order, error) for order in orders}
        failures, waiting = dict[str, Failure](), iter(orders)
        workers = (self._async_work(waiting, done, failures) for _ in range(AT_ONCE))
        try:
            await asyncio.gather(*workers)
        finally:
            await self._shared.record.async_try_save()
        return failures

    async def _async_work(
        self, orders: Iterable[ShedAsset], done: Callable[[str], None], failures: dict[str, Failure]
    ) -> None:
        """Send one snooze after the other."""
        for order in orders:
            try:
                failure = await self._async_snooze(order)
            finally:
                done(order.noted.key)
            if failure is not None:
                failures[order.noted.key] = failure

    async def _async_snooze(self, order: ShedAsset) -> Failure | None:
        account, noted = order.asset.account, order.noted
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
            return Failure(PassedReason.FAILED, explain(error))
        self._reached.add(account.entry.entry_id)
        self._note(replace(sent or noted, accepted=True))
        return None

    def _why_unsent(self, order: ShedAsset) -> PassedReason | None:
        if order.noted.key in self._cancellation.withdrawn:
            return PassedReason.RESTORED
        if self._cancellation.requested:
            return PassedReason.STOPPED
        # What is reserved leaves the ledger only with its account.
        is_noted = order.noted.key in self._shared.ledger.curtailed
        given_up = self.given_up(order.asset.account)
        return PassedReason.UNAVAILABLE if given_up or not is_noted else None

    def _unwritten(self, order: ShedAsset, error: StorageWriteError) -> Failure:
        """Send nothing that could not be noted: after a crash it would be off without a record."""
        self._failures[order.asset.account.entry.entry_id] += 1
        self._unsend(order.noted)
        return Failure(PassedReason.FAILED, explain(error))

    def _unsend(self, noted: Curtailed) -> None:
        """Note that a snooze was never sent: one that ran before still does."""
        if noted.until_else is not None:
            before = _failed(noted)
            self._note(replace(before, until_else=None, seen=before.renewed))
        elif noted.key in self._shared.ledger.curtailed:
            self._shared.ledger.drop(noted.key)

    def _note(self, noted: Curtailed) -> None:
        """Take over what is known, but for what a restoration has scheduled meanwhile."""
        if (now := self._shared.ledger.curtailed.get(noted.key)) is not None:
            self._shared.ledger.add(
                replace(noted, scheduled=now.scheduled, interval=now.interval, ending=now.ending)
            )


def _failed(noted: Curtailed) -> Curtailed:
    """Return what is known after a snooze that failed: one that ran before ends as before."""
    if noted.until_else is None:
        return noted
    before = noted.until_else
    return replace(noted, until=before, until_else=noted.until, held=before)
