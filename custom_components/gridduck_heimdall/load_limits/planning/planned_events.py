"""What load limits are going to curtail, as events of the calendar of an account."""

from collections.abc import Iterator

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...core.asset_account import AssetAccount
from ...core.slices import in_slices
from ...forecast.agenda import Occurrence
from ...forecast.calendars import PLANNED, PLANNED_BOOST
from ...forecast.spells import spells
from ..control_law.models import Mode
from ..control_law.plan import Planned
from ..runtime import LOAD_LIMITS
from .planner import LimitPlan, async_plan


async def async_planned_events(hass: HomeAssistant, account: AssetAccount) -> list[Occurrence]:
    """Return the snoozes and boosts of an account's assets that load limits are to decide.

    Only those of load limits that act by themselves.
    """
    found = list[Occurrence]()
    for limit in tuple(hass.data[LOAD_LIMITS].limits.values()):
        if limit.config.mode == Mode.AUTOMATIC:
            plan = await async_plan(hass, limit)
            found += () if plan is None else await in_slices(_events(plan, account))
    return found


def _events(plan: LimitPlan, account: AssetAccount) -> Iterator[Occurrence]:
    by_asset = dict[tuple[str, str], list[Planned]]()
    for hour in plan.hours:
        for kind, planned in ((PLANNED, hour.curtail), (PLANNED_BOOST, hour.boost)):
            for one in planned:
                by_asset.setdefault((kind, one.key), []).append(one)
    for (kind, key), hours in by_asset.items():
        asset = plan.assets[key]
        if asset.account is account:
            for spell in spells(hours, lambda one: one.start, lambda one: one.end):
                yield _event(plan, kind, asset.asset_id, account, spell)


def _event(
    plan: LimitPlan, kind: str, asset_id: str, account: AssetAccount, spell: list[Planned]
) -> Occurrence:
    return Occurrence(
        kind=kind,
        subject=asset_id,
        name=account.asset_name(asset_id) or asset_id,
        start=dt_util.utc_from_timestamp(spell[0].start),
        end=dt_util.utc_from_timestamp(spell[-1].end),
        location=account.site_names(asset_id)[0],
        values={"why": plan.limit.name},
    )
