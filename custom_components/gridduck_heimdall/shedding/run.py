"""Sheds load: chooses, snoozes, sees that the power falls, and takes more where it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from homeassistant.core import Context
from homeassistant.util import dt as dt_util
import msgspec

from .answer import Given, Outcome
from .candidates import Candidate, Passed, Reason
from .choice import choose
from .goal import Goal, power_told
from .keep import Kept, keep
from .record import Ledger, Shed
from .sending import Order, Sender
from .survey import Survey
from .timing import SHORTEST, length
from .verify import Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How load is to be shed.

    Parameters:
        duration: for how long.
        verify_for: how long to wait for the power to fall.
        dry_run: whether only to tell what would be done.
        context: of the action; None where there is none.
    """

    duration: timedelta
    verify_for: timedelta
    dry_run: bool
    context: Context | None = None


class Run:
    """One request to shed load."""

    def __init__(
        self, ledger: Ledger, verifier: Verifier, goal: Goal, terms: Terms, found: Survey
    ) -> None:
        """Prepare to shed.

        Parameters:
            ledger: what is shed.
            verifier: tells whether the power falls.
            goal: what is to be shed.
            terms: how.
            found: the assets of the target.
        """
        self._ledger, self._verifier = ledger, verifier
        self._goal, self._terms = goal, terms
        self._sender = Sender(ledger, terms.context)
        self._willing, self._shed = list(found.willing), found.shed
        self._passed = list(found.passed)
        self._given: dict[str, Given] = {}
        self._kept_power = 0.0

    async def async_do(self) -> Outcome:
        """Shed what is still needed, and return what became of it."""
        already = await self._async_keep()
        if self._terms.dry_run:
            self._take(self._orders(self._choice()))
            return self._outcome(already)
        deadline, unverified = dt_util.utcnow() + self._terms.verify_for, False
        while (chosen := self._choice()) or unverified:
            if chosen:
                unverified = True
                if await self._async_failed(self._orders(chosen)):
                    continue
            if dt_util.utcnow() >= deadline:
                break
            need = self._goal.power - self._kept_power
            await self._verifier.async_wait(tuple(self._given), deadline, need)
            unverified = False
        await self._async_conclude()
        return self._outcome(already)

    def _choice(self) -> list[Candidate]:
        """Return who is to give way for what is still missing."""
        return choose(self._free(), self._goal.power - self._saved())

    def _saved(self) -> float:
        """Return what is saved for the goal as far as is known, W."""
        return self._kept_power + sum(self._note_of(one).counts for one in self._given.values())

    def _note_of(self, given: Given) -> Shed:
        return self._ledger.get(given.shed.key) or given.shed

    def _free(self) -> list[Candidate]:
        """Return who can give way besides those that have."""
        return [one for one in self._willing if self._relative(one) is None]

    def _relative(self, candidate: Candidate) -> Reason | None:
        """Return whether an asset hangs below or above one that gave way."""
        for given in self._given.values():
            if given.candidate.key in candidate.above:
                return Reason.PARENT_SHED
            if candidate.key in given.candidate.above:
                return Reason.CHILD_SHED
        return None

    async def _async_keep(self) -> list[Given]:
        """Keep off what is off already, as far as it is needed."""
        now = dt_util.utcnow()
        every = keep(self._shed, self._goal, self._terms.duration, now)
        self._kept_power = sum(one.given.shed.counts for one in every if one.counts)
        if self._terms.dry_run:
            return [one.given for one in every]
        for one in every:
            if one.needed and one.given.shed.comeback is not None:
                self._ledger.put(msgspec.structs.replace(one.given.shed, comeback=None))
        orders = [Order(one.given.candidate, one.longer) for one in every if one.longer is not None]
        messages = await self._sender.async_send(orders) if orders else {}
        return [self._kept(one, messages) for one in every]

    def _kept(self, kept: Kept, messages: dict[str, str | None]) -> Given:
        given = kept.given
        return replace(given, shed=self._note_of(given), message=messages.get(given.shed.key))

    def _orders(self, chosen: Sequence[Candidate]) -> list[Order]:
        now, orders = dt_util.utcnow(), list[Order]()
        for place, one in enumerate(chosen):
            limit = one.asset.max_time_off
            plan = length(self._terms.duration, limit, place=place, of=len(chosen)) or SHORTEST
            account = one.watch.account
            shed = Shed(
                key=one.key,
                entry_id=account.entry.entry_id,
                asset_id=one.asset.id,
                name=one.name,
                device_id=one.device_id,
                power=one.power,
                since=now,
                sent=now,
                until=now + timedelta(seconds=plan.seconds),
                interruptible=bool(one.asset.interruptible),
                why=f"{self._goal.told()}: {power_told(self._goal.power)} to be shed",
            )
            orders.append(Order(one, shed, limited=plan.limited))
        return orders

    def _take(self, orders: Sequence[Order]) -> None:
        """Note who gives way."""
        taken = {order.shed.key for order in orders}
        self._willing = [one for one in self._willing if one.key not in taken]
        for order in orders:
            self._given[order.shed.key] = Given(
                candidate=order.candidate, shed=order.shed, limited=order.limited
            )

    async def _async_failed(self, orders: Sequence[Order]) -> bool:
        """Snooze, and tell whether some failed, so that others have to take their place."""
        messages = await self._sender.async_send(orders)
        failed = {key: message for key, message in messages.items() if message is not None}
        self._take([order for order in orders if order.shed.key not in failed])
        self._pass_over(failed)
        return bool(failed)

    def _pass_over(self, failed: dict[str, str]) -> None:
        """Pass over who failed, and all others of an account that cannot be reached."""
        left = list[Candidate]()
        for one in self._willing:
            if message := failed.get(one.key):
                self._passed.append(one.passed(Reason.FAILED, message))
            elif self._sender.given_up(one):
                self._passed.append(one.passed(Reason.UNAVAILABLE))
            else:
                left.append(one)
        self._willing = left

    async def _async_conclude(self) -> None:
        """Note what came of it with each that gave way."""
        saved, goal = power_told(self._saved()), power_told(self._goal.power)
        why = f"{self._goal.told()}, shed {saved} of {goal}"
        self._ledger.put(
            *(
                msgspec.structs.replace(self._note_of(given), why=why)
                for given in self._given.values()
            )
        )
        await self._ledger.async_save()

    def _outcome(self, already: Sequence[Given]) -> Outcome:
        left = [one.passed(self._relative(one) or Reason.NOT_NEEDED) for one in self._willing]
        passed: list[Passed] = [*self._passed, *left]
        return Outcome(
            goal=self._goal,
            dry_run=self._terms.dry_run,
            reached=self._saved() >= self._goal.power,
            given=tuple(replace(one, shed=self._note_of(one)) for one in self._given.values()),
            already=tuple(already),
            passed=tuple(passed),
        )
