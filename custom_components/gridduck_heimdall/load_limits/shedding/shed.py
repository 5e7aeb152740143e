"""The action that sheds load: plans, snoozes, verifies, and takes more where it has to."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
import math
import time

from homeassistant.core import Context, callback

from ...core.slices import in_slices
from ..control_law.ledger import Curtailed
from ..control_law.models import Eligibility, Refusal, Wanted
from ..control_law.requested import AlreadyOff, Chosen, RequestPlan, plan_of
from ..control_law.situation import Snapshot
from ..shared import Shared
from .answer import ShedAsset, SheddingOutcome
from .goal import Goal
from .passed import Passed, PassedReason
from .snapshot import Targets, TargetSnapshot, async_snapshot, reason_of
from .snoozes import Failure, Snoozes
from .verify import Cancellation, Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class SheddingParameters:
    """What an action that sheds load is called with; durations are seconds.

    Attributes:
        verify_for: how long to wait for the power to fall.
        longest_off: how long an asset may be off altogether; None where there is no limit.
        priority: ids of labels; assets with the first are curtailed first.
    """

    targets: Targets
    goal: Goal
    duration: float
    verify_for: float
    dry_run: bool = False
    longest_off: float | None = None
    context: Context | None = None
    priority: Sequence[str] = ()
    non_interruptible: bool = False


class SheddingAction:
    """One action that sheds load: a temporary request to the control law.

    It looks again after each step: others may take assets, restore them or change them meanwhile.
    """

    def __init__(
        self,
        shared: Shared,
        verifier: Verifier,
        parameters: SheddingParameters,
        take_over: Callable[[], Awaitable[None]],
    ) -> None:
        """Prepare to shed; `take_over` takes over what accounts show of what is curtailed."""
        self._shared, self._verifier, self._take_over = shared, verifier, take_over
        self._parameters, self._goal = parameters, parameters.goal
        self._cancellation = Cancellation()
        self._sender = Snoozes(shared, parameters.context, self._cancellation)
        self._found, self._plan = TargetSnapshot(), RequestPlan()
        self._shed: dict[str, ShedAsset] = {}
        self._lost: dict[str, Passed] = {}
        self._prolonged: dict[str, str | None] = {}
        self._unverified = False

    @property
    def relied_on(self) -> set[str]:
        """The keys of what is curtailed for this action."""
        return {*self._shed, *(off.one.key for off in self._plan.already_off if off.needed)}

    @callback
    def end(self, withdrawn: Iterable[str] = ()) -> None:
        """Curtail nothing more and wait for nothing any more; what is withdrawn is restored."""
        self._cancellation.request(withdrawn)

    async def async_do(self) -> SheddingOutcome:
        """Shed what is still needed, and return what became of it."""
        deadline = time.time() + self._parameters.verify_for
        while True:
            with ExitStack() as reserved:
                async with self._shared.deciding:
                    await self._async_look()
                    chosen = await in_slices(map(self._order, self._plan.chosen), at_once=20)
                    if self._parameters.dry_run:
                        self._take(chosen)
                        return await self._async_outcome()
                    longer = await in_slices(self._prolongations(), at_once=20)
                    orders = (
                        [] if self._cancellation.requested else [*filter(None, longer), *chosen]
                    )
                    if orders:
                        self._take(chosen)
                        done = reserved.enter_context(self._sender.reserve(orders))
                if orders:
                    self._note_failures(orders, await self._sender.async_send(orders, done))
                elif self._cancellation.requested or not await self._async_waited(deadline):
                    break
        self._give_back()
        await self._async_conclude()
        return await self._async_outcome()

    async def _async_waited(self, deadline: float) -> bool:
        """Wait for what is open; return whether anything was."""
        in_flight = self._shared.in_flight
        if awaited := [key for key in self.relied_on if in_flight.snoozing(key)]:
            await in_flight.async_snoozed(awaited)
        elif self._unverified and time.time() < deadline:
            self._unverified = False
            need = self._goal.power - self._plan.saved
            await self._verifier.async_wait(tuple(self._shed), deadline, need, self._cancellation)
        else:
            return False
        return True

    async def _async_look(self) -> None:
        """See how the assets of the target are now, and plan."""
        for key in tuple(self._lost):
            noted = self._shared.ledger.curtailed.get(key)
            if noted is not None and noted.accepted:
                # Its command has taken effect nevertheless.
                del self._lost[key]
        without = {*self._lost, *self._shed}
        await self._take_over()
        parameters, plan = self._parameters, RequestPlan()
        found = await async_snapshot(
            self._shared, parameters.targets, parameters.priority, without, self._sender.given_up
        )
        self._update_shed()
        eligible = Eligibility(
            candidates=found.candidates,
            longest_off=math.inf,
            allow_non_interruptible=parameters.non_interruptible,
        )
        snapshot = Snapshot(
            requests={}, estimates={}, ledger=found.ledger, fleet=found.fleet, now=time.time()
        )
        await in_slices(plan_of(eligible, self._wanted, snapshot, plan))
        self._found, self._plan = found, plan

    @property
    def _wanted(self) -> Wanted:
        return Wanted(
            power=self._goal.power,
            duration=self._parameters.duration,
            longest_off=self._parameters.longest_off,
            measured_until=self._goal.measured_until,
            served=sum(one.noted.counts for one in self._shed.values()),
        )

    def _update_shed(self) -> None:
        """Take over what is noted, and pass over what has come back early."""
        now = time.time()
        for key, shed in tuple(self._shed.items()):
            if (noted := self._shared.ledger.curtailed.get(key)) is not None:
                self._shed[key] = replace(shed, noted=noted)
            elif now < shed.noted.until:
                del self._shed[key]
                self._lost[key] = shed.asset.passed(PassedReason.CHANGED)
                self._unverified = True

    def _give_back(self) -> None:
        """Pass over what is restored although it was curtailed for this action."""
        self._update_shed()
        withdrawn, off = self._cancellation.withdrawn, list[AlreadyOff]()
        for one in self._plan.already_off:
            key = one.one.key
            if key not in withdrawn:
                off.append(one)
                continue
            self._lost[key] = self._found.assets[key].passed(PassedReason.RESTORED)
            if one.needed and one.one.since > self._goal.measured_until:
                self._plan.saved -= one.one.counts
        self._plan.already_off = off
        for key in withdrawn & self._shed.keys():
            self._lost[key] = self._shed.pop(key).asset.passed(PassedReason.RESTORED)

    def _prolongations(self) -> Iterator[ShedAsset | None]:
        """Note what is needed of what was off, and yield what is to stay off longer, each once."""
        now, ledger = time.time(), self._shared.ledger
        for off in self._plan.already_off:
            noted = ledger.curtailed.get(off.one.key)
            if not off.needed or noted is None or self._cancellation.requested:
                yield None
                continue
            # It does not return yet.
            one = replace(self._adopted(noted), scheduled=None)
            ledger.add(one)
            if off.until is None or one.key in self._prolonged or one.key in self._shared.in_flight:
                yield None
                continue
            until = off.until
            longer = replace(
                one, until=until, until_else=one.until, held=until, renewed=now, seen=None
            )
            yield ShedAsset(asset=self._found.assets[one.key], noted=longer, limit=off.limit)

    def _adopted(self, noted: Curtailed) -> Curtailed:
        """Return what is noted of what was off before, and is needed now."""
        state, rank = self._found.fleet.states[noted.key], self._found.candidates[noted.key].rank
        held = max(noted.held, min(noted.until, time.time() + self._parameters.duration))
        tier = int(not state.interruptible), rank
        return replace(noted, line=self._goal.line_device, tier=tier, held=held)

    def _order(self, chosen: Chosen) -> ShedAsset:
        decision, one = chosen.decision, self._found.assets[chosen.decision.key]
        until = decision.until or decision.at
        noted = replace(
            Curtailed.of(decision),
            held=until,
            line=self._goal.line_device,
            entry_id=one.account.entry.entry_id,
            name=one.load.name,
            device_id=one.asset.device_id,
            why=self._goal.why(self._shared.hass),
        )
        return ShedAsset(asset=one, noted=noted, limit=chosen.limit)

    def _take(self, chosen: Sequence[ShedAsset]) -> None:
        """Note what is curtailed."""
        self._unverified |= bool(chosen)
        self._shed.update((one.noted.key, one) for one in chosen)

    def _note_failures(self, orders: Sequence[ShedAsset], failures: Mapping[str, Failure]) -> None:
        """Pass over what could not be curtailed; what could not be for longer still is."""
        for order in orders:
            key = order.noted.key
            failure = failures.get(key)
            if key not in self._shed:
                self._prolonged[key] = None if failure is None else failure.message
            elif failure is not None:
                del self._shed[key]
                self._lost[key] = order.asset.passed(failure.reason, failure.message)

    async def _async_conclude(self) -> None:
        """Note the result with each asset that was curtailed."""
        why = self._goal.why(self._shared.hass, shed=self._goal.power - self._missing)
        await in_slices(map(partial(self._explain, why), list(self._shed)), at_once=20)
        await self._shared.record.async_try_save()

    def _explain(self, why: str, key: str) -> None:
        if (noted := self._shared.ledger.curtailed.get(key)) is not None:
            self._shared.ledger.add(replace(noted, why=why))

    @property
    def _missing(self) -> float:
        """What is still to be shed, W."""
        return self._plan.missing(self._wanted)

    async def _async_outcome(self) -> SheddingOutcome:
        missing, found = self._missing, self._found
        left = (
            found.assets[key].passed(self._why_not(refusal, missing))
            for key, refusal in self._plan.refused.items()
            if refusal is not Refusal.CURTAILED and key not in self._lost
        )
        already = (off for off in self._plan.already_off if off.one.key not in self._lost)
        return SheddingOutcome(
            goal=self._goal,
            dry_run=self._parameters.dry_run,
            reached=missing <= 0,
            shed=tuple(self._shed.values()),
            already=tuple(map(self._already, already)),
            passed=(
                *found.passed.values(),
                *self._lost.values(),
                *await in_slices(left, at_once=50),
            ),
        )

    def _why_not(self, refusal: Refusal, missing: float) -> PassedReason:
        if refusal is Refusal.NOT_NEEDED and self._cancellation.requested and missing > 0:
            return PassedReason.STOPPED
        return reason_of(refusal)

    def _already(self, off: AlreadyOff) -> ShedAsset:
        """Return what was off before, as the action answers with it."""
        key, noted = off.one.key, self._adopted(off.one) if off.needed else off.one
        asset, message = self._found.assets[key], self._prolonged.get(key)
        return ShedAsset(asset=asset, noted=noted, limit=off.limit, message=message)
