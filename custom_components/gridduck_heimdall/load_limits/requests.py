"""Requests of actions: `shed_load` and `restore_load`, over all accounts."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
import time

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry

from ..api.sanitizer import sanitize_name
from ..core.asset_account import AssetAccount
from .accounts import Accounts
from .answer import Outcome, Restored
from .candidates import rank
from .goal import Goal
from .in_flight import InFlight
from .ledger import Curtailed
from .models import AssetState
from .observe import Ended, is_ours, observe
from .passed import Passed, Reason
from .record import Record
from .restore import Restorer
from .schedule import Pace
from .shed import Run, Terms
from .survey import Survey, Surveyor
from .verify import Verifier

type Targets = Mapping[str, Sequence[AnyDeviceEntry]]
"""Devices of accounts with assets, by the id of the config entry that they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an action that sheds load is called with.

    Attributes:
        targets: what may be curtailed.
        goal: the power to shed.
        terms: how.
        priority: ids of labels; assets with the first are curtailed first.
        non_interruptible: whether assets may be curtailed that are not interruptible.
    """

    targets: Targets
    goal: Goal
    terms: Terms
    priority: Sequence[str] = ()
    non_interruptible: bool = False


class Requests:
    """The requests of actions, beside those of load limits.

    They share ledger, file, commands in flight and what is observed with the load limits; what an
    action keeps off, no load limit returns before.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        record: Record,
        accounts: Accounts,
        in_flight: InFlight,
        report: Callable[[Curtailed, Ended | None], None],
    ) -> None:
        """Prepare.

        Args:
            hass: Home Assistant.
            record: ledger and file.
            accounts: those in use.
            in_flight: the commands in flight.
            report: reports a curtailment that has begun late (None), or how it has ended.
        """
        self._hass, self._record, self._accounts = hass, record, accounts
        self._in_flight, self._report = in_flight, report
        self._surveyor = Surveyor(lambda: record.ledger, in_flight, accounts)
        self._verifier = Verifier(hass, record, accounts)
        self._restorer = Restorer(
            hass, record, accounts, in_flight, self._surveyor, self._take_over
        )
        self._runs = set[Run]()

    @property
    def waiting(self) -> int:
        """Number of actions that wait for the power to fall."""
        return self._verifier.waiting

    @property
    def curtailed(self) -> list[Curtailed]:
        """All that actions have curtailed; `Curtailed.why` says why."""
        return [one for one in self._record.ledger.curtailed.values() if one.by_action]

    def own(self, account: AssetAccount, asset_id: str) -> Curtailed | None:
        """Return what is noted of an asset whose snooze is ours; None for any other."""
        one = self._record.ledger.curtailed.get(account.key_of(asset_id))
        state = self._surveyor.state(account, asset_id)
        if one is None or state is None or not is_ours(one, state, time.time()):
            return None
        return one

    @callback
    def arm(self) -> None:
        """Go on with what is scheduled, as an account has come into use."""
        self._restorer.arm()

    @callback
    def close(self) -> None:
        """Wait for nothing any more, and begin nothing."""
        for run in self._runs:
            run.end()
        self._restorer.close()

    async def async_forget(self, entry_id: str) -> None:
        """Forget what actions have curtailed of an account that is deleted."""
        ledger = self._record.ledger
        for one in list(ledger.curtailed.values()):
            if one.entry_id == entry_id:
                ledger.drop(one.key)
        await self._record.async_try_save()

    async def async_shed(self, wish: Wish) -> Outcome:
        """Shed load; several actions may be under way at a time."""
        find = partial(self._survey, wish)
        run = Run(self._record, self._in_flight, self._verifier, wish.goal, wish.terms, find)
        self._runs.add(run)
        try:
            return await run.async_do()
        finally:
            self._runs.remove(run)
            self._restorer.arm()

    def _survey(self, wish: Wish, without: Container[str]) -> Survey:
        """Return the assets of a target as they are now, without some, by key."""
        self._take_over()
        found = self._surveyor.survey(
            {
                account: account.assets_under(devices)
                for entry_id, devices in wish.targets.items()
                if (account := self._accounts.with_id(entry_id)) is not None
            },
            lambda device_id: rank(self._hass, device_id, wish.priority),
            without,
            time.time(),
            non_interruptible=wish.non_interruptible,
        )
        found.passed.extend(self._out_of_use(wish.targets))
        return found

    def _take_over(self) -> None:
        """Take over what accounts show of what is curtailed."""
        ledger = self._record.ledger
        states = dict[str, AssetState]()
        for one in ledger.curtailed.values():
            account = self._accounts.of(one)
            state = None if account is None else self._surveyor.state(account, one.asset_id)
            if state is not None:
                states[one.key] = state
        for observed in observe(ledger, states, time.time()):
            if observed is not None:
                self._report(observed.curtailed, observed.how)
        self._verifier.measure(
            key
            for key, one in list(ledger.curtailed.items())
            if one.accepted and key not in self._in_flight
        )

    async def async_restore(
        self,
        targets: Targets | None,
        pace: Pace,
        context: Context | None = None,
        line: str | None = None,
    ) -> Restored:
        """Return what actions have curtailed, of a target or all.

        An action that sheds load and relies on any of it takes nothing in its place.

        Args:
            targets: what may return; None for all.
            pace: how fast.
            context: of the action.
            line: the device of a line: what is off for anything else stays off. None for all.
        """
        wanted = None if targets is None else self._keys(targets)
        meant = [
            one
            for one in (*self.curtailed, *self._ended())
            if wanted is None or one.key in wanted or one.device_id in wanted
        ]
        others = {one.key: one for one in meant if line is not None and one.line != line}
        keys = {one.key for one in meant} - others.keys()
        for run in self._runs:
            if not keys.isdisjoint(run.relied_on):
                run.end(keys)
        restored = await self._restorer.async_restore(keys, pace, context)
        restored.passed.extend(
            Passed(name=one.name, device_id=one.device_id, reason=Reason.OTHER_LINE)
            for key, one in others.items()
            if key in self._record.ledger.curtailed
        )
        return restored

    def _ended(self) -> Iterator[Curtailed]:
        """Yield what has returned without being asked to, and no action has answered with."""
        for one in self._record.ledger.returned.values():
            if one.unasked is not None:
                yield one.unasked

    def _keys(self, targets: Targets) -> set[str]:
        """Return the keys of all assets of a target; of an account out of use, its devices."""
        found = set[str]()
        for entry_id, devices in targets.items():
            found.update(device.id for device in devices)
            if (account := self._accounts.with_id(entry_id)) is not None:
                found.update(account.key_of(one) for one in account.assets_under(devices))
        return found

    def _out_of_use(self, targets: Targets) -> Iterator[Passed]:
        for entry_id, devices in targets.items():
            if self._accounts.with_id(entry_id) is None:
                for device in devices:
                    name = sanitize_name(device.name_by_user, device.name, device.id)
                    yield Passed(name=name, device_id=device.id, reason=Reason.UNAVAILABLE)
