"""Accounts with assets that can be turned on and off for a while, whichever cloud has them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from homeassistant.helpers.device_registry import AnyDeviceEntry, DeviceEntry

from ..api.override import Override, RunningOverride
from .backend import Account
from .events import NO_CAUSE, Cause

FEW: Final = 4
"""How many commands of one context may be urgent at a time: a person names few assets at once."""

type Length = int | datetime
"""How long an override lasts: seconds, counted from when it is sent, or when it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a command is sent.

    Attributes:
        cause: on whose behalf.
        urgent: whether it goes before those that are not, as a person waits for it.
        check: called when its turn has come; what it raises is raised in place of sending.
    """

    cause: Cause = NO_CAUSE
    urgent: bool = False
    check: Callable[[], None] | None = None


DEFAULT_TERMS: Final = Terms()


@dataclass(frozen=True, slots=True)
class Control:
    """How an asset is controlled right now.

    Attributes:
        is_on: whether it is on; None where that is not known.
        running: the boost or snooze that runs.
    """

    is_on: bool | None
    running: RunningOverride | None

    @property
    def override(self) -> Override:
        """Return what overrides the schedule."""
        return Override.NONE if self.running is None else self.running.kind

    @property
    def ends(self) -> datetime | None:
        """Return when the override ends."""
        return None if self.running is None else self.running.end


class AssetCommands(ABC):
    """Boosts, snoozes and resumes the assets of an account."""

    @abstractmethod
    def check(self, asset_id: str) -> object:
        """Make sure that an asset may be boosted and snoozed.

        Raises:
            ServiceValidationError: it may not, its device is disabled, or it is gone.
        """

    @abstractmethod
    async def async_override(
        self, kind: Override, asset_id: str, length: Length, terms: Terms = DEFAULT_TERMS
    ) -> RunningOverride:
        """Boost or snooze an asset, in place of the other; return what runs then.

        Args:
            kind: boost or snooze.
            asset_id: the service's id.
            length: for how long, or until when.
            terms: how it is sent.

        Raises:
            ServiceValidationError: it may not be controlled, or not for so long.
            HomeAssistantError: the service did not accept it, or it was not sent.
        """

    @abstractmethod
    async def async_resume(self, asset_id: str, terms: Terms = DEFAULT_TERMS) -> None:
        """End the boost and the snooze that run, if any; raises as `async_override` does."""


class AssetAccount(Account):
    """An account with assets that can be boosted (on for a while) and snoozed (off for a while).

    Attributes:
        commands: controls the assets.
    """

    commands: AssetCommands

    @abstractmethod
    def asset_of(self, device: AnyDeviceEntry) -> str | None:
        """Return the id of the asset that a device is, None for any other device."""

    @abstractmethod
    def device_of(self, asset_id: str) -> DeviceEntry | None:
        """Return the device of an asset."""

    @abstractmethod
    def assets_under(self, devices: Iterable[AnyDeviceEntry]) -> list[str]:
        """Return the ids of the assets that devices are, or that belong to their sites."""

    @abstractmethod
    def has_asset(self, asset_id: str) -> bool:
        """Whether the service lists the asset."""

    @abstractmethod
    def asset_name(self, asset_id: str) -> str | None:
        """Return the name of an asset; None where the service no longer lists it."""

    @abstractmethod
    def site_names(self, asset_id: str) -> tuple[str | None, str | None]:
        """Return the name and the id of the site of an asset, as far as they are known."""

    @abstractmethod
    def control_of(self, asset_id: str) -> Control | None:
        """Return how an asset is controlled; None where that is not known at present."""

    @abstractmethod
    def cause_of(self, asset_id: str, running: RunningOverride) -> Cause | None:
        """Return why an override runs that Home Assistant has commanded; None for any other."""

    @abstractmethod
    def is_controllable(self, asset_id: str) -> bool:
        """Whether an asset may be boosted and snoozed."""
