"""Waits for accounts to show that the power of what was curtailed has fallen."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
import time
from typing import Final

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ...core.asset_account import AssetLoad
from ...core.slices import in_slices
from ..control_law.ledger import Curtailed
from ..control_law.observe import measured
from ..shared import Shared

SETTLED: Final = 45.0
"""Seconds after a command for which the measured power may be that of before."""


class Cancellation:
    """Stops an action, and wakes it where it waits.

    Attributes:
        withdrawn: the keys of what is restored, as another action asks for it.
        wakeup: set when there may be something to see.
    """

    def __init__(self) -> None:
        """Let the action go on."""
        self.requested = False
        self.withdrawn: frozenset[str] = frozenset()
        self.wakeup = asyncio.Event()

    @callback
    def request(self, withdrawn: Iterable[str] = ()) -> None:
        """Stop the action; what was withdrawn before stays so."""
        self.requested = True
        self.withdrawn = self.withdrawn.union(withdrawn)
        self.wakeup.set()


class Verifier:
    """Compares what accounts show with what was curtailed.

    Attributes:
        waiting: number of actions that wait for the power to fall.
    """

    def __init__(self, shared: Shared) -> None:
        """Begin with none."""
        self._shared = shared
        self.waiting = 0

    async def async_wait(
        self, keys: Sequence[str], deadline: float, goal: float, cancellation: Cancellation
    ) -> None:
        """Wait until the power has fallen by `goal` (W), or is known not to fall, or time is up.

        It also ends where a person has changed what was curtailed, or on `cancellation`.
        """

        @callback
        def wake(_news: Collection[str] | datetime) -> None:
            cancellation.wakeup.set()

        accounts = {self._shared.accounts.of(one) for one in self._noted(keys)}
        ends = [one.async_follow_assets(wake) for one in accounts if one is not None]
        time_up = dt_util.utc_from_timestamp(deadline)
        ends.append(async_track_point_in_utc_time(self._shared.hass, wake, time_up))
        self.waiting += 1
        try:
            cancellation.wakeup.clear()
            while not cancellation.requested and not await self._async_known(keys, goal):
                if time.time() >= deadline:
                    await self.async_measure(keys, settled=0.0)
                    return
                await cancellation.wakeup.wait()
                cancellation.wakeup.clear()
        finally:
            self.waiting -= 1
            for end in ends:
                end()

    async def async_measure(self, keys: Iterable[str], settled: float = SETTLED) -> None:
        """Note what accounts show of what was curtailed; `settled` as in `measured`."""
        await in_slices(map(partial(self._measure, settled), keys), at_once=20)

    def _measure(self, settled: float, key: str) -> None:
        one = self._shared.ledger.curtailed.get(key)
        if one is not None and (load := self._load(one)) is not None:
            seen = load.shown_at.timestamp()
            self._shared.ledger.add(measured(one, load.power, seen, settled))

    def _load(self, one: Curtailed) -> AssetLoad | None:
        account = self._shared.accounts.of(one)
        return None if account is None else account.load_of(one.asset_id)

    async def _async_known(self, keys: Sequence[str], goal: float) -> bool:
        """Note what is measured, and return whether there is nothing to wait for."""
        await self.async_measure(keys)
        noted = self._noted(keys)
        if sum(one.saved or 0.0 for one in noted) >= goal:
            return True
        return len(noted) < len(keys) or all(map(self._settled, noted))

    def _settled(self, one: Curtailed) -> bool:
        load = self._load(one)
        return load is not None and load.shown_at.timestamp() >= one.since + SETTLED

    def _noted(self, keys: Iterable[str]) -> list[Curtailed]:
        curtailed = self._shared.ledger.curtailed
        return [one for key in keys if (one := curtailed.get(key)) is not None]
