"""Snoozes assets side by side, and notes each before it is sent and once it is known."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import msgspec

from custom_components.gridduck_heimdall.events import Cause

from .candidates import Candidate
from .record import Ledger, Shed

AT_ONCE: Final = 8
"""Commands that are under way at a time."""
GIVEN_UP_AFTER: Final = 10
"""Failures of an account without a success, after which it is not tried any more."""


@dataclass(frozen=True, slots=True)
class Order:
    """A snooze to send.

    Parameters:
        candidate: the asset.
        shed: what is noted of it.
        limited: whether it is shorter than was asked for.
    """

    candidate: Candidate
    shed: Shed
    limited: bool = False


class Sender:
    """Sends the snoozes of one request."""

    def __init__(self, ledger: Ledger, context: Context | None) -> None:
        """Take what is noted, and on whose behalf it is done."""
        self._ledger = ledger
        self._context = context
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._failures: Counter[str] = Counter()
        self._reached: set[str] = set()

    def given_up(self, candidate: Candidate) -> bool:
        """Tell whether nothing more is sent to the account of an asset."""
        entry_id = candidate.watch.account.entry.entry_id
        return entry_id not in self._reached and self._failures[entry_id] >= GIVEN_UP_AFTER

    async def async_send(self, orders: Iterable[Order]) -> dict[str, str | None]:
        """Send snoozes; return by key why each failed, None where it did not.

        One that failed may have had its effect all the same: what is noted of it is kept until
        the account shows which.
        """
        every = list(orders)
        self._ledger.put(*(order.shed for order in every))
        await self._ledger.async_save()
        try:
            messages = await asyncio.gather(*map(self._async_one, every))
        finally:
            await self._ledger.async_save()
        return {order.shed.key: message for order, message in zip(every, messages, strict=True)}

    async def _async_one(self, order: Order) -> str | None:
        account, shed = order.candidate.watch.account, order.shed
        async with self._slots:
            if self.given_up(order.candidate):
                self._ledger.put(_failed(shed))
                return ""
            sent = dt_util.utcnow()
            seconds = max(1, round((shed.until - sent).total_seconds()))
            cause = Cause(context=self._context, why=shed.why, shedding=True)
            try:
                await account.async_snooze(shed.asset_id, seconds, cause)
            except HomeAssistantError as error:
                self._failures[account.entry.entry_id] += 1
                self._ledger.put(_failed(shed))
                return str(error)
        self._reached.add(account.entry.entry_id)
        self._ledger.put(msgspec.structs.replace(shed, accepted=True, until_else=None))
        return None


def _failed(shed: Shed) -> Shed:
    """Return what is known after a snooze that failed: one that ran before ends as before."""
    if shed.until_else is None:
        return shed
    return msgspec.structs.replace(shed, until=shed.until_else, until_else=shed.until)
