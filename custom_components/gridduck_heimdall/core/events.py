"""Events of assets and lines on the event bus, and their cause."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from .device_map import name_of


class EventType(StrEnum):
    """The types of the integration's events."""

    ASSET_BOOSTED = f"{DOMAIN}_asset_boosted"
    ASSET_SNOOZED = f"{DOMAIN}_asset_snoozed"
    ASSET_RESUMED = f"{DOMAIN}_asset_resumed"
    OVERRIDE_CHANGED = f"{DOMAIN}_override_changed"
    LOAD_SHED = f"{DOMAIN}_load_shed"
    LOAD_RESTORED = f"{DOMAIN}_load_restored"
    LINE_CONGESTED = f"{DOMAIN}_line_congested"
    LINE_RECOVERED = f"{DOMAIN}_line_recovered"
    RATING_FELL_BACK = f"{DOMAIN}_rating_fell_back"
    RATING_RECOVERED = f"{DOMAIN}_rating_recovered"
    LOAD_LIMIT_DECIDED = f"{DOMAIN}_load_limit_decided"


class Details(TypedDict):
    """Data of an event besides its device.

    `override` is boost, snooze or none. `until` is the end of a boost or snooze, ISO 8601 in UTC;
    `why` is a text for users. `loading` is in % of `limit`, which is in A; `limited_by` is the
    rating that sets the limit.

    Of a decision of a load limit, `load` and `limit` are in `unit`, and `power` is that of the
    asset, W; `action` and `reason` are keys, and it is advice unless it was `sent`.
    """

    override: NotRequired[str]
    until: NotRequired[str]
    why: NotRequired[str]
    loading: NotRequired[float]
    limit: NotRequired[float]
    limited_by: NotRequired[str]
    action: NotRequired[str]
    reason: NotRequired[str]
    asset: NotRequired[str]
    sent: NotRequired[bool]
    power: NotRequired[float]
    load: NotRequired[float]
    unit: NotRequired[str]
    error: NotRequired[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Origin of a command.

    Attributes:
        context: the context of the action, if any.
        why: the reason, a text for users.
        shedding: whether it sheds or restores load.
    """

    context: Context | None = None
    why: str = ""
    shedding: bool = False


NO_CAUSE: Final = Cause()


@callback
def async_fire(
    hass: HomeAssistant,
    event_type: EventType,
    device: dr.DeviceEntry,
    entity_id: str | None,
    details: Details,
    context: Context | None = None,
) -> None:
    """Fire an event about a device.

    Args:
        hass: Home Assistant.
        event_type: its type.
        device: the device; the event contains its current name.
        entity_id: the entity that represents it best, if any.
        details: further data.
        context: the context of the action that caused it; None creates one.
    """
    data: dict[str, object] = {
        "device_id": device.id,
        "name": name_of(device),
        **details,
    }
    if entity_id is not None:
        data["entity_id"] = entity_id
    hass.bus.async_fire(event_type, data, context=context)
