"""Describe the override of an asset: its end, its author and its reason."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..api.override import Override, RunningOverride
from ..backends import descriptions
from ..core.asset_account import AssetAccount, Control
from ..core.description import TriggerSource
from ..core.events import Cause
from ..core.texts import local_time
from ..load_limits.control_law.ledger import Curtailed
from ..load_limits.runtime import LOAD_LIMITS
from .values import UNKNOWN
from .visibility import SWITCH, VisibleItem, quoted

OVERRIDE_KEYS: Final = frozenset(
    {SWITCH, *(one.key for _, one in descriptions() if one.trigger is TriggerSource.OVERRIDE)}
)
"""A user who can see one of these may know the override: a switch boosts, too."""


def control_of(item: VisibleItem) -> Control | None:
    """Return how an asset is controlled; None if that is unknown or must not be shown."""
    account = item.account
    if not isinstance(account, AssetAccount) or OVERRIDE_KEYS.isdisjoint(item.states):
        return None
    return account.control_of(item.id)


def override_values(control: Control | None) -> JsonObjectType:
    """Return the kind of an override and its end."""
    if control is None:
        return {"override": UNKNOWN}
    if (running := control.running) is None:
        return {"override": Override.NONE.value}
    return {"override": running.kind.value, "until": local_time(running.end)}


@callback
def sheds_of(hass: HomeAssistant, items: Iterable[VisibleItem]) -> dict[str, Curtailed]:
    """Return what is noted of assets that are off because load was shed, by device id.

    They are matched as load shedding itself does, also if the cloud's clock differs from ours.
    """
    requests = hass.data[LOAD_LIMITS].requests
    found = {
        item.device.id: requests.own(item.account, item.id)
        for item in items
        if isinstance(item.account, AssetAccount)
    }
    return {device_id: one for device_id, one in found.items() if one is not None}


async def async_cause(
    hass: HomeAssistant, item: VisibleItem, running: RunningOverride, shed: Curtailed | None
) -> JsonObjectType:
    """Return who started an override, and why if that is known.

    Args:
        hass: Home Assistant.
        item: the asset.
        running: the override.
        shed: what is noted of its curtailment; None without one.
    """
    cause: Cause | None = None
    if isinstance(account := item.account, AssetAccount):
        # Commands are recorded by our clock, not by the cloud's.
        ours = (
            running
            if shed is None
            else replace(running, end=dt_util.utc_from_timestamp(shed.until))
        )
        cause = account.cause_of(item.id, ours)
        if shed is None and cause is not None and cause.shedding:
            # It ends when ours would have ended, but ours is known to have been replaced.
            cause = None
    answer: JsonObjectType = {"by": await _async_by(hass, cause)}
    return answer | ({"why": f"Load was shed. {shed.why}"} if shed is not None and shed.why else {})


async def _async_by(hass: HomeAssistant, cause: Cause | None) -> str:
    """Return the author: the person, or else the automation or script."""
    if cause is None:
        return "unknown: in GridDuck itself, or before Home Assistant was started"
    context = cause.context or Context()
    if context.user_id is not None:
        user = await hass.auth.async_get_user(context.user_id)
        return UNKNOWN if user is None else quoted(user.name) or UNKNOWN
    origin = context.origin_event
    name = None if origin is None else origin.data.get("name")
    return quoted(str(name or "")) or "Home Assistant"
