"""Boosts assets that store ahead of the hours in which a load limit is going to curtail them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
import math
import time
from typing import Final

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval

from ...const import DOMAIN
from ...core.slices import in_slices
from ..active_limit import ActiveLimit
from ..control_law.boosts import BoostPass, PlannedBoost
from ..control_law.models import Decision, Mode
from ..control_law.plan import HOUR, PlannedHour
from ..control_law.situation import Snapshot
from ..runtime import LoadLimits
from .planner import LimitPlan, async_plan

TICK: Final = timedelta(minutes=1)
"""How often measurements and boosts are compared with the plan."""
PLANNED_AGAIN: Final = 900.0
"""Seconds after which a plan is made anew."""


@dataclass(frozen=True, slots=True)
class _CachedPlan:
    """A plan, and when it was made; None where load or limit was not known."""

    plan: LimitPlan | None
    at: float


class BoostAhead:
    """Boosts ahead for all load limits with the option; without any it does nothing."""

    def __init__(self, hass: HomeAssistant, load_limits: LoadLimits) -> None:
        """Take the load limits; nothing is planned yet."""
        self._hass, self._load_limits = hass, load_limits
        self._cached = dict[str, _CachedPlan]()
        self._stop_tick: CALLBACK_TYPE | None = None
        self._busy = False

    @callback
    def async_setup(self) -> None:
        """Follow the configuration; look each minute while there is anything to do."""
        async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)

    @callback
    def _entry_changed[RuntimeT](
        self, _change: ConfigEntryChange, entry: ConfigEntry[RuntimeT]
    ) -> None:
        if entry.domain == DOMAIN:
            # An option may have changed what is planned.
            self._cached.clear()
            self._start_or_stop()

    @callback
    def _start_or_stop(self) -> None:
        matters = bool(self._load_limits.record.ledger.boosted) or any(
            one.config.boost_ahead for one in self._load_limits.limits.values()
        )
        if matters and self._stop_tick is None:
            self._stop_tick = async_track_time_interval(
                self._hass, self._async_tick, TICK, cancel_on_shutdown=True
            )
        elif not matters and self._stop_tick is not None:
            self._stop_tick()
            self._stop_tick = None

    async def _async_tick(self, _now: datetime) -> None:
        if self._load_limits.record.ledger.boosted:
            # No plan is needed to end what has no room any more, and one may be long in coming.
            await self._async_boost({}, self._load_limits.limits.keys())
        if self._busy:
            return
        self._busy = True
        try:
            await self._async_prepare()
        finally:
            self._busy = False
        self._start_or_stop()

    async def _async_prepare(self) -> None:
        """Plan what is due, and carry out what differs."""
        planned, unknown = dict[str, PlannedBoost](), set[str]()
        now = time.time()
        limits = self._load_limits.limits.values()
        # Advice for an asset does not stand in the way of a load limit that is automatic.
        for limit in sorted(limits, key=lambda one: one.at(now).mode is not Mode.AUTOMATIC):
            if not limit.config.boost_ahead or limit.at(now).mode is Mode.OFF:
                continue
            plan = await self._async_plan(limit, now)
            if plan is None:
                unknown.add(limit.id)
            else:
                for key, one in boosts_at(plan.hours, limit.id, time.time()):
                    planned.setdefault(key, one)
        if planned or self._load_limits.record.ledger.boosted:
            await self._async_boost(planned, unknown)

    async def _async_boost(
        self, planned: Mapping[str, PlannedBoost], unknown: Collection[str]
    ) -> None:
        """Decide on boosts, and carry that out; the arguments are those of `BoostPass`."""
        await self._load_limits.async_carry_out(partial(self._async_decide, planned, unknown))

    async def _async_plan(self, limit: ActiveLimit, now: float) -> LimitPlan | None:
        """Return the plan of a load limit: the last one, unless it is too old."""
        cached = self._cached.get(limit.id)
        if cached is None or now - cached.at >= PLANNED_AGAIN or now // HOUR != cached.at // HOUR:
            cached = self._cached[limit.id] = _CachedPlan(await async_plan(self._hass, limit), now)
        return cached.plan

    async def _async_decide(
        self, planned: Mapping[str, PlannedBoost], unknown: Collection[str], snapshot: Snapshot
    ) -> Iterable[Decision]:
        """Return what is decided, and note what has become of former boosts."""
        one_pass = BoostPass(snapshot, planned, unknown)
        await in_slices(one_pass.steps(), at_once=5)
        outcome = one_pass.outcome
        record = self._load_limits.record
        if outcome.settle(record.ledger, snapshot):
            record.save_soon()
        return outcome.decisions


def boosts_at(
    planned: Sequence[PlannedHour], request: str, now: float
) -> Iterator[tuple[str, PlannedBoost]]:
    """Yield what a plan boosts at a time, by the key of the asset, for as long as it does.

    Hours whose load is not known are missing in it.
    """
    hours = [one for one in planned if one.ahead.end > now]
    if not hours or hours[0].ahead.start > now:
        return
    ends = {one.key: one.end for one in hours[0].boost}
    for hour in hours[1:]:
        for one in hour.boost:
            if one.start <= ends.get(one.key, -math.inf):
                ends[one.key] = one.end
    for one in hours[0].boost:
        yield one.key, PlannedBoost(request=request, until=ends[one.key], power=one.drawn)
