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
from ..shedding.domain import SHEDDING
from ..shedding.record import Shed
from ..shedding.standing import own_shed
from .values import UNKNOWN, local
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
    return {"override": running.kind.value, "until": local(running.end)}


@callback
def sheds_of(hass: HomeAssistant, items: Iterable[VisibleItem]) -> dict[str, Shed]:
    """Return the shed records of assets that are off because load was shed, by device id.

    They are matched as load shedding itself does, also if the cloud's clock differs from ours.
    """
    noted, now = {shed.key: shed for shed in hass.data[SHEDDING].sheds}, dt_util.utcnow()
    found = {item.device.id: own_shed(item.account, item.id, noted, now) for item in items}
    return {device_id: shed for device_id, shed in found.items() if shed is not None}


async def async_cause(
    hass: HomeAssistant, item: VisibleItem, running: RunningOverride, shed: Shed | None
) -> JsonObjectType:
    """Return who started an override, and why if that is known.

    Args:
        hass: Home Assistant.
        item: the asset.
        running: the override.
        shed: its shed record; None if it does not shed load.
    """
    cause: Cause | None = None
    if isinstance(account := item.account, AssetAccount):
        # Commands are recorded by our clock, not by the cloud's.
        ours = running if shed is None else replace(running, end=shed.until)
        cause = account.cause_of(item.id, ours)
        if shed is None and cause is not None and cause.shedding:
            # It ends when ours would have ended, but shedding knows that ours was replaced.
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
