"""Events of assets and lines on Home Assistant's bus, and the cause of each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..api.sanitizer import sanitize_name
from ..const import DOMAIN


class Happened(StrEnum):
    """The types of the events."""

    ASSET_BOOSTED = f"{DOMAIN}_asset_boosted"
    ASSET_SNOOZED = f"{DOMAIN}_asset_snoozed"
    ASSET_RESUMED = f"{DOMAIN}_asset_resumed"
    LOAD_SHED = f"{DOMAIN}_load_shed"
    LOAD_RESTORED = f"{DOMAIN}_load_restored"
    LINE_CONGESTED = f"{DOMAIN}_line_congested"
    LINE_RECOVERED = f"{DOMAIN}_line_recovered"
    RATING_FELL_BACK = f"{DOMAIN}_rating_fell_back"
    RATING_RECOVERED = f"{DOMAIN}_rating_recovered"


class Details(TypedDict):
    """What an event tells besides what it is about.

    `until` is when a boost or snooze ends, ISO 8601 in UTC; `why` is for people. `loading` is in
    % of `limit`, which is in A, and `limited_by` says which rating that is.
    """

    until: NotRequired[str]
    why: NotRequired[str]
    loading: NotRequired[float]
    limit: NotRequired[float]
    limited_by: NotRequired[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """On whose behalf something is done, and why.

    Attributes:
        context: of the action; None where Home Assistant gave none.
        why: for people.
        shedding: whether it is part of shedding load or of bringing it back.
    """

    context: Context | None = None
    why: str = ""
    shedding: bool = False


NO_CAUSE: Final = Cause()


@callback
def async_fire(
    hass: HomeAssistant,
    what: Happened,
    device: dr.DeviceEntry,
    entity_id: str | None,
    details: Details,
    context: Context | None = None,
) -> None:
    """Fire an event about a device.

    Args:
        hass: Home Assistant.
        what: the type of the event.
        device: what it is about; its name is told as it is now.
        entity_id: the entity that shows it best; None where there is none.
        details: what else is to be told.
        context: of the action that led to it; a new one where None.
    """
    data: dict[str, object] = {
        "device_id": device.id,
        "name": sanitize_name(device.name_by_user, device.name, device.id),
        **details,
    }
    if entity_id is not None:
        data["entity_id"] = entity_id
    hass.bus.async_fire(what, data, context=context)
