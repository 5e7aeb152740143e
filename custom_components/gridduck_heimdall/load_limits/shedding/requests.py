"""Requests of actions: `shed_load` and `restore_load`, over all accounts."""

import asyncio
from collections.abc import Callable, Container, Iterator
from functools import partial
import time

from homeassistant.core import Context, HomeAssistant, callback

from ...api.sanitizer import sanitize_name
from ...core.asset_account import AssetAccount
from ...core.slices import in_slices
from ..accounts import Accounts
from ..candidates import rank
from ..control_law.ledger import Curtailed
from ..control_law.observe import Ended, is_ours, observe
from ..in_flight import InFlight
from ..record import Record
from .answer import Outcome, Restored
from .passed import Passed, Reason
from .restore import Restorer
from .schedule import Pace
from .shed import Run, Targets, Wish
from .survey import Survey, Surveyor
from .verify import Verifier


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
        deciding: asyncio.Lock,
    ) -> None:
        """Prepare.

        Args:
            hass: Home Assistant.
            record: ledger and file.
            accounts: those in use.
            in_flight: the commands in flight.
            report: reports a curtailment that has begun late (None), or how it has ended.
            deciding: held by what decides who is off, so that one decides at a time.
        """
        self._hass, self._record, self._accounts = hass, record, accounts
        self._in_flight, self._report = in_flight, report
        self._deciding = deciding
        self._surveyor = Surveyor(record, in_flight, accounts)
        self._verifier = Verifier(hass, record, accounts)
        self._restorer = Restorer(
            hass, record, accounts, in_flight, self._surveyor, self._async_take_over
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
        find = partial(self._async_survey, wish)
        run = Run(
            self._hass,
            self._record,
            self._in_flight,
            self._verifier,
            wish,
            find,
            self._deciding,
        )
        self._runs.add(run)
        try:
            return await run.async_do()
        finally:
            self._runs.remove(run)
            self._restorer.arm()

    async def _async_survey(
        self, wish: Wish, without: Container[str], given_up: Callable[[AssetAccount], bool]
    ) -> Survey:
        """Return the assets of a target as they are now, without some, by key."""
        await self._async_take_over()
        found = await self._surveyor.async_survey(
            [
                (account, devices)
                for entry_id, devices in wish.targets.items()
                if (account := self._accounts.with_id(entry_id)) is not None
            ],
            lambda device_id: rank(self._hass, device_id, wish.priority),
            without,
            given_up,
        )
        found.passed.update((one.device_id or "", one) for one in self._out_of_use(wish.targets))
        return found

    async def _async_take_over(self) -> None:
        """Take over what accounts show of what is curtailed."""
        ledger = self._record.ledger
        curtailed = list(ledger.curtailed.values())
        states = await in_slices(map(self._surveyor.state_of, curtailed), at_once=20)
        shown = {one.key: one for one in states if one is not None}
        for observed in await in_slices(observe(ledger, shown, time.time()), at_once=50):
            if observed is not None:
                self._report(observed.curtailed, observed.how)
        await self._verifier.async_measure(
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
