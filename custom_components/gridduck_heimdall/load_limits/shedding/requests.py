"""Requests of actions: `shed_load` and `restore_load`, over all accounts."""

from collections.abc import Callable, Iterator
import time

from homeassistant.core import Context, callback

from ...core.asset_account import AssetAccount
from ...core.slices import in_slices
from ..control_law.ledger import Curtailed
from ..control_law.observe import Ended, is_ours, observe
from ..shared import Shared
from .answer import Restored, SheddingOutcome
from .passed import Passed, PassedReason
from .restore import Restorer
from .schedule import Pace
from .shed import SheddingAction, SheddingParameters
from .snapshot import Targets
from .verify import Verifier


class Requests:
    """The requests of actions, beside those of load limits.

    They share ledger, file, commands in flight and what is observed with the load limits; what an
    action keeps off, no load limit returns before.
    """

    def __init__(self, shared: Shared, report: Callable[[Curtailed, Ended | None], None]) -> None:
        """Begin with none; `report` reports what has begun late (None), or how it has ended."""
        self._shared, self._report = shared, report
        self._verifier = Verifier(shared)
        self._restorer = Restorer(shared, self._async_take_over)
        self._under_way = set[SheddingAction]()

    @property
    def waiting(self) -> int:
        """Number of actions that wait for the power to fall."""
        return self._verifier.waiting

    @property
    def curtailed(self) -> list[Curtailed]:
        """All that actions have curtailed; `Curtailed.why` says why."""
        return [one for one in self._shared.ledger.curtailed.values() if one.by_action]

    def own(self, account: AssetAccount, asset_id: str) -> Curtailed | None:
        """Return what is noted of an asset whose snooze is ours; None for any other."""
        one = self._shared.ledger.curtailed.get(account.key_of(asset_id))
        state = self._shared.state(account, asset_id)
        if one is None or state is None or not is_ours(one, state, time.time()):
            return None
        return one

    @callback
    def arm(self) -> None:
        """Continue what is scheduled, as an account has come into use."""
        self._restorer.arm()

    @callback
    def close(self) -> None:
        """Wait for nothing any more, and begin nothing."""
        for action in self._under_way:
            action.end()
        self._restorer.close()

    async def async_forget(self, entry_id: str) -> None:
        """Forget what actions have curtailed of an account that is deleted."""
        ledger = self._shared.ledger
        for one in list(ledger.curtailed.values()):
            if one.entry_id == entry_id:
                ledger.drop(one.key)
        await self._shared.record.async_try_save()

    async def async_shed(self, parameters: SheddingParameters) -> SheddingOutcome:
        """Shed load; several actions may be under way at a time."""
        action = SheddingAction(self._shared, self._verifier, parameters, self._async_take_over)
        self._under_way.add(action)
        try:
            return await action.async_do()
        finally:
            self._under_way.remove(action)
            self._restorer.arm()

    async def _async_take_over(self) -> None:
        """Take over what accounts show of what is curtailed."""
        ledger = self._shared.ledger
        curtailed = list(ledger.curtailed.values())
        states = await in_slices(map(self._shared.state_of, curtailed), at_once=20)
        shown = {one.key: one for one in states if one is not None}
        for observed in await in_slices(observe(ledger, shown, time.time()), at_once=50):
            if observed is not None:
                self._report(observed.curtailed, observed.how)
        await self._verifier.async_measure(
            key
            for key, one in list(ledger.curtailed.items())
            if one.accepted and key not in self._shared.in_flight
        )

    async def async_restore(
        self,
        targets: Targets | None,
        pace: Pace,
        context: Context | None = None,
        line: str | None = None,
    ) -> Restored:
        """Return what actions have curtailed, of a target or all.

        An action that sheds load and relies on any of it takes nothing in its place. What is off
        for anything else than `line`, the device of one, stays off.
        """
        wanted = None if targets is None else self._keys(targets)
        meant = [
            one
            for one in (*self.curtailed, *self._ended())
            if wanted is None or one.key in wanted or one.device_id in wanted
        ]
        others = {one.key: one for one in meant if line is not None and one.line != line}
        keys = {one.key for one in meant} - others.keys()
        for action in self._under_way:
            if not keys.isdisjoint(action.relied_on):
                action.end(keys)
        restored = await self._restorer.async_restore(keys, pace, context)
        restored.passed.extend(
            Passed(name=one.name, device_id=one.device_id, reason=PassedReason.OTHER_LINE)
            for key, one in others.items()
            if key in self._shared.ledger.curtailed
        )
        return restored

    def _ended(self) -> Iterator[Curtailed]:
        """Yield what has returned by itself and no action has reported yet."""
        for one in self._shared.ledger.returned.values():
            if one.unreported is not None:
                yield one.unreported

    def _keys(self, targets: Targets) -> set[str]:
        """Return the keys of all assets of a target; of an account out of use, its devices."""
        found = set[str]()
        for entry_id, devices in targets.items():
            found.update(device.id for device in devices)
            if (account := self._shared.accounts.with_id(entry_id)) is not None:
                found.update(account.key_of(one) for one in account.assets_under(devices))
        return found
