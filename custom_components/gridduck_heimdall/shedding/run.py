"""Sheds load: chooses, snoozes, sees that the power falls, and takes more where it does not."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homeassistant.core import Context, callback
from homeassistant.util import dt as dt_util
import msgspec

from ..load_limits.choice import choose
from .answer import Given, Outcome
from .candidates import Candidate, Passed, Reason
from .goal import Goal, power_told
from .keep import Keeping, Kept, Stay, keep
from .record import Ledger, Shed
from .sending import Failure, Order, Sender
from .survey import Survey
from .timing import bound_of, length
from .verify import Halt, Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How load is to be shed.

    Attributes:
        duration: for how long.
        longest_off: how long an asset may be off altogether; None where there is no limit.
        verify_for: how long to wait for the power to fall.
        dry_run: whether only to tell what would be done.
        context: of the action; None where there is none.
    """

    duration: timedelta
    verify_for: timedelta
    dry_run: bool
    longest_off: timedelta | None = None
    context: Context | None = None


class Run:
    """One request to shed load.

    It looks again after each step: others may take assets, restore them or change them meanwhile.
    From a look to the booking of what was chosen nothing else happens, so that no two requests
    take the same asset.
    """

    def __init__(
        self,
        ledger: Ledger,
        verifier: Verifier,
        goal: Goal,
        terms: Terms,
        survey: Callable[[Container[str]], Survey],
    ) -> None:
        """Prepare to shed.

        Args:
            ledger: what is shed.
            verifier: tells whether the power falls.
            goal: what is to be shed.
            terms: how.
            survey: returns the assets of the target as they are now, without some, by key.
        """
        self._ledger, self._verifier = ledger, verifier
        self._goal, self._terms, self._survey = goal, terms, survey
        self._halt = Halt()
        self._sender = Sender(ledger, terms.context, self._halt)
        self._found = Survey()
        self._keeping = Keeping()
        self._given: dict[str, Given] = {}
        self._lost: dict[str, Passed] = {}
        self._prolonged: dict[str, str | None] = {}
        self._unverified = False

    @property
    def relied_on(self) -> set[str]:
        """The keys of what gives way for this request."""
        return {*self._given, *(one.given.shed.key for one in self._keeping.needed)}

    @callback
    def end(self, withdrawn: Iterable[str] = ()) -> None:
        """Take nothing more, and wait for nothing any more.

        Args:
            withdrawn: the keys of what comes back, as somebody wants it to.
        """
        self._halt.call(withdrawn)

    async def async_do(self) -> Outcome:
        """Shed what is still needed, and return what became of it."""
        self._look()
        if self._terms.dry_run:
            self._take(self._orders(self._choice()))
            return self._outcome()
        deadline = dt_util.utcnow() + self._terms.verify_for
        while not self._halt.called and await self._async_step(deadline):
            self._look()
        self._give_back()
        await self._async_conclude()
        return self._outcome()

    async def _async_step(self, deadline: datetime) -> bool:
        """Do what comes next; tell whether anything was left to do."""
        chosen = self._orders(self._choice())
        if orders := [*self._prolongations(), *chosen]:
            self._take(chosen)
            failures = await self._sender.async_send(orders)
            self._note_failures(orders, failures)
        elif awaited := [key for key in self.relied_on if self._ledger.underway.snoozing(key)]:
            await self._ledger.underway.async_snoozed(awaited)
        elif self._unverified and dt_util.utcnow() < deadline:
            self._unverified = False
            need = self._goal.power - self._keeping.power
            await self._verifier.async_wait(tuple(self._given), deadline, need, self._halt)
        else:
            return False
        return True

    def _look(self) -> None:
        """See how the assets of the target are now."""
        noted = [shed for key in self._lost if (shed := self._ledger.get(key)) is not None]
        for shed in noted:
            if shed.accepted:
                # It has given way all the same.
                del self._lost[shed.key]
        self._found = self._survey(self._lost)
        if self._update_given():
            self._found = self._survey(self._lost)
        self._keep()
        if not self._terms.dry_run:
            self._rely_on_kept()

    def _keep(self) -> None:
        """See what is off already on behalf of others."""
        others = [
            (candidate, shed)
            for candidate, shed in self._found.shed
            if candidate.key not in self._given and candidate.key not in self._lost
        ]
        stay = Stay(self._terms.duration, self._terms.longest_off)
        self._keeping = keep(others, self._goal, stay, dt_util.utcnow())

    def _give_back(self) -> None:
        """Pass over what comes back though this request has relied on it."""
        self._update_given()
        for candidate, _ in self._found.shed:
            if candidate.key in self._halt.withdrawn:
                self._lost[candidate.key] = candidate.passed(Reason.RESTORED)
        for key in self._halt.withdrawn & self._given.keys():
            self._lost[key] = self._given.pop(key).candidate.passed(Reason.RESTORED)
        self._keep()

    def _update_given(self) -> bool:
        """Take over what is noted of who gave way, and pass over who came back before its time.

        Returns:
            Whether anyone did.
        """
        now, before = dt_util.utcnow(), len(self._lost)
        for key, given in tuple(self._given.items()):
            if (shed := self._ledger.get(key)) is not None:
                self._given[key] = replace(given, shed=shed)
            elif now < given.shed.until:
                del self._given[key]
                self._lost[key] = given.candidate.passed(Reason.CHANGED)
                self._unverified = True
        return len(self._lost) > before

    def _rely_on_kept(self) -> None:
        """Note for what it is needed now, and that it does not come back yet."""
        for kept in (one.given.shed for one in self._keeping.needed):
            if (shed := self._ledger.get(kept.key)) is not None:
                self._ledger.put(
                    msgspec.structs.replace(shed, comeback=None, line=kept.line, tier=kept.tier)
                )

    def _choice(self) -> list[Candidate]:
        """Return who is to give way for what is still missing."""
        free = [
            one
            for one in self._found.willing
            if one.key not in self._lost
            and one.key not in self._given
            and self._relative(one) is None
            and not self._sender.given_up(one)
        ]
        return choose(free, self._missing)

    @property
    def _saved(self) -> float:
        """What is saved for the goal as far as is known, W."""
        return self._keeping.power + sum(one.shed.counts for one in self._given.values())

    @property
    def _missing(self) -> float:
        """What is still to be shed, W; rounded, as sums differ with the order of what is summed."""
        return round(self._goal.power - self._saved, 3)

    def _relative(self, candidate: Candidate) -> Reason | None:
        """Return whether an asset hangs below or above one that gave way."""
        for given in self._given.values():
            if given.candidate.key in candidate.above:
                return Reason.PARENT_SHED
            if candidate.key in given.candidate.above:
                return Reason.CHILD_SHED
        return None

    def _prolongations(self) -> list[Order]:
        """Return what is to stay off for longer, each once."""
        return [
            Order(one.given.candidate, one.longer)
            for one in self._keeping.needed
            if one.longer is not None
            and one.longer.key not in self._prolonged
            and one.longer.key not in self._ledger.underway
        ]

    def _orders(self, chosen: Sequence[Candidate]) -> list[Order]:
        now, orders = dt_util.utcnow(), list[Order]()
        for place, one in enumerate(chosen):
            limits = bound_of(one.asset.max_time_off, self._terms.longest_off)
            plan = length(self._terms.duration, limits, place=place, of=len(chosen))
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
                tier=one.tier,
                line=self._goal.line_device,
                why=f"{self._goal.told()}: {power_told(self._goal.power)} to be shed",
            )
            orders.append(Order(one, shed, plan.limit))
        return orders

    def _take(self, orders: Sequence[Order]) -> None:
        """Note who gives way."""
        for order in orders:
            self._unverified = True
            self._given[order.shed.key] = Given(
                candidate=order.candidate, shed=order.shed, limit=order.limit
            )

    def _note_failures(self, orders: Sequence[Order], failures: Mapping[str, Failure]) -> None:
        """Pass over who failed to give way; who failed to do so for longer still does."""
        for order in orders:
            key = order.shed.key
            failure = failures.get(key)
            if key not in self._given:
                self._prolonged[key] = None if failure is None else failure.message
            elif failure is not None:
                del self._given[key]
                self._lost[key] = order.candidate.passed(failure.reason, failure.message)

    async def _async_conclude(self) -> None:
        """Note what came of it with each that gave way."""
        saved, goal = power_told(self._saved), power_told(self._goal.power)
        why = f"{self._goal.told()}, shed {saved} of {goal}"
        every = map(self._ledger.get, self._given)
        self._ledger.put(
            *(msgspec.structs.replace(shed, why=why) for shed in every if shed is not None)
        )
        await self._ledger.async_try_save()

    def _outcome(self) -> Outcome:
        left = [
            one.passed(self._why_not(one))
            for one in self._found.willing
            if one.key not in self._given and one.key not in self._lost
        ]
        return Outcome(
            goal=self._goal,
            dry_run=self._terms.dry_run,
            reached=self._missing <= 0,
            given=tuple(self._given.values()),
            already=tuple(map(self._kept, self._keeping.every)),
            passed=(*self._found.passed, *self._lost.values(), *left),
        )

    def _why_not(self, candidate: Candidate) -> Reason:
        if self._sender.given_up(candidate):
            return Reason.UNAVAILABLE
        if relative := self._relative(candidate):
            return relative
        return Reason.STOPPED if self._halt.called and self._missing > 0 else Reason.NOT_NEEDED

    def _kept(self, kept: Kept) -> Given:
        message = self._prolonged.get(kept.given.shed.key)
        return replace(kept.given, message=message)
