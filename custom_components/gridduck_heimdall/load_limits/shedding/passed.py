"""What a request passes over, and why."""

from dataclasses import dataclass
from enum import StrEnum

from homeassistant.util.json import JsonObjectType


class PassedReason(StrEnum):
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
    """Something that was passed over, and what the service said of it, for people."""

    name: str
    device_id: str | None
    reason: PassedReason
    message: str | None = None

    def answer(self) -> JsonObjectType:
        """Return it as actions answer with it."""
        return {
            "name": self.name,
            "device_id": self.device_id,
            "reason": self.reason.value,
            **({} if self.message is None else {"message": self.message}),
        }
