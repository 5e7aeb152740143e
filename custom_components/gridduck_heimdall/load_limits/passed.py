"""What a request passes over, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from homeassistant.util.json import JsonValueType


class Reason(StrEnum):
    """Why something was passed over."""

    UNAVAILABLE = "unavailable"
    READ_ONLY = "read_only"
    DISCONNECTED = "disconnected"
    BOOSTED = "boosted"
    SNOOZED = "snoozed"
    OFF = "off"
    NO_POWER = "no_power"
    NOT_INTERRUPTIBLE = "not_interruptible"
    ON_TOO_SHORT = "on_too_short"
    OFF_TOO_LONG = "off_too_long"
    PARENT_SHED = "parent_shed"
    CHILD_SHED = "child_shed"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"
    ENDED = "ended"
    CHANGED = "changed"
    RESTORED = "restored"
    STOPPED = "stopped"
    OTHER_LINE = "other_line"
    DISABLED = "disabled"
    MISSING = "missing"
    OTHER_INTEGRATION = "other_integration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Something that was passed over.

    Attributes:
        name: what it is called.
        device_id: its device, None where it has none.
        reason: why.
        message: what the service said, for people.
    """

    name: str
    device_id: str | None
    reason: Reason
    message: str | None = None


def passed_over(passed: Iterable[Passed]) -> list[JsonValueType]:
    """Return what was passed over, as actions answer with it."""
    return [
        {
            "name": one.name,
            "device_id": one.device_id,
            "reason": one.reason.value,
            **({} if one.message is None else {"message": one.message}),
        }
        for one in passed
    ]
