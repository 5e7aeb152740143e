"""The action that sheds load: chooses, snoozes, verifies, and takes more where it has to."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
import time

from homeassistant.core import Context, callback

from .answer import Given, Outcome
from .choice import choose
from .goal import Goal, power_told
from .in_flight import InFlight
from .keep import Keeping, Kept, Stay, keep
from .ledger import Curtailed
from .passed import Passed, Reason
from .record import Record
from .snoozes import Failure, Order, Snoozes
from .survey import Candidate, Survey
from .timing import bound_of, length
from .verify import Halt, Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How load is to be shed; durations are seconds.

    Attributes:
        duration: for how long.
        longest_off: how long an asset may be off altogether; None where there is no limit.
        verify_for: how long to wait for the power to fall.
        dry_run: whether only to return what would be done.
        context: of the action; None where there is none.
    """

    duration: float
    verify_for: float
    dry_run: bool
    longest_off: float | None = None
    context: Context | None = None


class Run:
    """One action that sheds load.

    It looks again after each step: others may take assets, restore them or change them meanwhile.
    Between a look and the reservation of what was chosen nothing else happens, so that no two
    requests take the same asset.
    """

    def __init__(
        self,
        record: Record,
        in_flight: InFlight,
        verifier: Verifier,
        goal: Goal,
        terms: Terms,
        survey: Callable[[Container[str]], Survey],
    ) -> None:
        """Prepare to shed.

        Args:
            record: what is curtailed.
            in_flight: the commands in flight.
            verifier: shows whether the power falls.
            goal: the power to shed.
            terms: how.
            survey: returns the assets of the target as they are now, without some, by key.
        """
        self._record, self._in_flight, self._verifier = record, in_flight, verifier
        self._goal, self._terms, self._survey = goal, terms, survey
        self._halt = Halt()
        self._sender = Snoozes(record, in_flight, terms.context, self._halt)
        self._found = Survey()
        self._keeping = Keeping()
        self._given: dict[str, Given] = {}
        self._lost: dict[str, Passed] = {}
        self._prolonged: dict[str, str | None] = {}
        self._unverified = False

    @property
    def relied_on(self) -> set[str]:
        """The keys of what is curtailed for this action."""
        return {*self._given, *(one.given.noted.key for one in self._keeping.needed)}

    @callback
    def end(self, withdrawn: Iterable[str] = ()) -> None:
        """Curtail nothing more, and wait for nothing any more.

        Args:
            withdrawn: the keys of what is restored, as another action asks for it.
        """
        self._halt.call(withdrawn)

    async def async_do(self) -> Outcome:
        """Shed what is still needed, and return what became of it."""
        self._look()
        if self._terms.dry_run:
            self._take(self._orders(self._choice()))
            return self._outcome()
        deadline = time.time() + self._terms.verify_for
        while not self._halt.called and await self._async_step(deadline):
            self._look()
        self._give_back()
        await self._async_conclude()
        return self._outcome()

    async def _async_step(self, deadline: float) -> bool:
        """Do what comes next; return whether anything was left to do."""
        chosen = self._orders(self._choice())
        if orders := [*self._prolongations(), *chosen]:
            self._take(chosen)
            failures = await self._sender.async_send(orders)
            self._note_failures(orders, failures)
        elif awaited := [key for key in self.relied_on if self._in_flight.snoozing(key)]:
            await self._in_flight.async_snoozed(awaited)
        elif self._unverified and time.time() < deadline:
            self._unverified = False
            need = self._goal.power - self._keeping.power
            await self._verifier.async_wait(tuple(self._given), deadline, need, self._halt)
        else:
            return False
        return True

    def _look(self) -> None:
        """See how the assets of the target are now."""
        for key in tuple(self._lost):
            noted = self._record.ledger.curtailed.get(key)
            if noted is not None and noted.accepted:
                # Its command has had its effect all the same.
                del self._lost[key]
        self._found = self._survey(self._lost)
        if self._update_given():
            self._found = self._survey(self._lost)
        self._keep()
        if not self._terms.dry_run:
            self._rely_on_kept()

    def _keep(self) -> None:
        """See what is off already on behalf of others."""
        others = [
            (candidate, noted)
            for candidate, noted in self._found.curtailed
            if candidate.key not in self._given and candidate.key not in self._lost
        ]
        stay = Stay(self._terms.duration, self._terms.longest_off)
        self._keeping = keep(others, self._goal, stay, time.time())

    def _give_back(self) -> None:
        """Pass over what is restored although it was curtailed for this action."""
        self._update_given()
        for candidate, _ in self._found.curtailed:
            if candidate.key in self._halt.withdrawn:
                self._lost[candidate.key] = candidate.passed(Reason.RESTORED)
        for key in self._halt.withdrawn & self._given.keys():
            self._lost[key] = self._given.pop(key).candidate.passed(Reason.RESTORED)
        self._keep()

    def _update_given(self) -> bool:
        """Take over what is noted; return whether anything has come back early."""
        now, before = time.time(), len(self._lost)
        for key, given in tuple(self._given.items()):
            if (noted := self._record.ledger.curtailed.get(key)) is not None:
                self._given[key] = replace(given, noted=noted)
            elif now < given.noted.until:
                del self._given[key]
                self._lost[key] = given.candidate.passed(Reason.CHANGED)
                self._unverified = True
        return len(self._lost) > before

    def _rely_on_kept(self) -> None:
        """Note what they are needed for now, and that they do not return yet."""
        ledger = self._record.ledger
        for kept in (one.given.noted for one in self._keeping.needed):
            if (noted := ledger.curtailed.get(kept.key)) is not None:
                ledger.add(
                    replace(noted, scheduled=None, line=kept.line, tier=kept.tier, held=kept.held)
                )

    def _choice(self) -> list[Candidate]:
        """Return what is to be curtailed for what is still missing."""
        free = [
            one
            for one in self._found.free
            if one.key not in self._lost
            and one.key not in self._given
            and self._relative(one) is None
            and not self._sender.given_up(one)
        ]
        return choose(free, self._missing)

    @property
    def _saved(self) -> float:
        """What is saved for the goal as far as is known, W."""
        return self._keeping.power + sum(one.noted.counts for one in self._given.values())

    @property
    def _missing(self) -> float:
        """What is still to be shed, W; rounded, as sums differ with the order of what is summed."""
        return round(self._goal.power - self._saved, 3)

    def _relative(self, candidate: Candidate) -> Reason | None:
        """Return whether an asset measures, or is measured by, one that was curtailed."""
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
            and one.longer.key not in self._in_flight
        ]

    def _orders(self, chosen: Sequence[Candidate]) -> list[Order]:
        now, orders = time.time(), list[Order]()
        for place, one in enumerate(chosen):
            limits = bound_of(one.load.max_time_off, self._terms.longest_off)
            plan = length(self._terms.duration, limits, place=place, of=len(chosen))
            noted = Curtailed(
                key=one.key,
                request="",
                since=now,
                renewed=now,
                until=now + plan.seconds,
                power=one.power,
                tier=one.tier,
                accepted=False,
                held=now + plan.seconds,
                line=self._goal.line_device,
                entry_id=one.account.entry.entry_id,
                name=one.load.name,
                device_id=one.asset.device_id,
                why=f"{self._goal.told()}: {power_told(self._goal.power)} to be shed",
            )
            orders.append(Order(one, noted, plan.limit))
        return orders

    def _take(self, orders: Sequence[Order]) -> None:
        """Note what is curtailed."""
        for order in orders:
            self._unverified = True
            self._given[order.noted.key] = Given(
                candidate=order.candidate, noted=order.noted, limit=order.limit
            )

    def _note_failures(self, orders: Sequence[Order], failures: Mapping[str, Failure]) -> None:
        """Pass over what could not be curtailed; what could not be for longer still is."""
        for order in orders:
            key = order.noted.key
            failure = failures.get(key)
            if key not in self._given:
                self._prolonged[key] = None if failure is None else failure.message
            elif failure is not None:
                del self._given[key]
                self._lost[key] = order.candidate.passed(failure.reason, failure.message)

    async def _async_conclude(self) -> None:
        """Note the result with each asset that was curtailed."""
        saved, goal = power_told(self._saved), power_told(self._goal.power)
        why = f"{self._goal.told()}, shed {saved} of {goal}"
        ledger = self._record.ledger
        for key in self._given:
            if (noted := ledger.curtailed.get(key)) is not None:
                ledger.add(replace(noted, why=why))
        await self._record.async_try_save()

    def _outcome(self) -> Outcome:
        left = [
            one.passed(self._why_not(one))
            for one in self._found.free
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
        message = self._prolonged.get(kept.given.noted.key)
        return replace(kept.given, message=message)
