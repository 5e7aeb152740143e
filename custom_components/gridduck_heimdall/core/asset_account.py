"""Interface of accounts with assets that can be boosted and snoozed, independent of the cloud."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from homeassistant.core import CALLBACK_TYPE
from homeassistant.helpers.device_registry import AnyDeviceEntry, DeviceEntry

from ..api.override import Override, RunningOverride
from .backend import Account
from .events import NO_CAUSE, Cause, Details, EventType

FEW: Final = 4
"""Maximum number of urgent commands per context: a user controls few assets at once."""

type Length = int | datetime
"""Duration of an override in seconds from when it is sent, or the time of its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a command is sent.

    Attributes:
        cause: the origin of the command.
        urgent: whether it is sent before others, because a user is waiting for it.
        check: called right before sending; an exception it raises prevents the command.
    """

    cause: Cause = NO_CAUSE
    urgent: bool = False
    check: Callable[[], None] | None = None


DEFAULT_TERMS: Final = Terms()


@dataclass(frozen=True, slots=True)
class Control:
    """The current control state of an asset.

    Attributes:
        is_on: whether it is on; None if unknown.
        running: the running override, if any.
    """

    is_on: bool | None
    running: RunningOverride | None

    @property
    def override(self) -> Override:
        """The kind of the running override."""
        return Override.NONE if self.running is None else self.running.kind

    @property
    def ends(self) -> datetime | None:
        """The end of the running override."""
        return None if self.running is None else self.running.end


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetLoad:
    """Power of an asset, and the limits of its curtailment, as of the last poll.

    Attributes:
        name: its name.
        shown_at: when the service reported it.
        power: its power, W; None if unknown.
        connected: whether it is connected to the service.
        interruptible: whether it may be curtailed before others.
        min_time_on: minimum time on, s; None if it has none.
        max_time_off: maximum time off, s; None if it has none.
        above: ids of the assets that also measure it, nearest first.
        control: its control state, also while it is disconnected.
        listed: the override that the service reports, without unconfirmed commands; None if
            there is none.
        kept_off: whether its mode keeps it off at all times.
    """

    name: str
    shown_at: datetime
    power: float | None
    connected: bool
    interruptible: bool
    min_time_on: float | None
    max_time_off: float | None
    above: tuple[str, ...]
    control: Control
    listed: RunningOverride | None
    kept_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyStatistics:
    """The long-term statistics of the energy of an asset.

    Attributes:
        asset_id: the service's id.
        name: what the asset is called.
        hourly: the id of the statistic that is imported: amounts of each hour, kWh.
        meter: the id of the statistic of the energy sensor, a counter; None if that is not
            registered.
        costs: the ids of statistics of the cost, one for each currency; they need not exist.
    """

    asset_id: str
    name: str
    hourly: str
    meter: str | None
    costs: tuple[str, ...]


class AssetCommands(ABC):
    """Commands to the assets of an account."""

    @abstractmethod
    def check(self, asset_id: str) -> object:
        """Check that an asset may be controlled.

        Raises:
            ServiceValidationError: control is not permitted, the device is disabled, or the asset
                does not exist.
        """

    @abstractmethod
    async def async_override(
        self, kind: Override, asset_id: str, length: Length, terms: Terms = DEFAULT_TERMS
    ) -> RunningOverride:
        """Boost or snooze an asset, replacing a running override; return the new override.

        Args:
            kind: boost or snooze.
            asset_id: the service's id.
            length: the duration or the end.
            terms: how it is sent.

        Raises:
            ServiceValidationError: control is not permitted, or not for this long.
            HomeAssistantError: the service did not accept it, or it was not sent.
        """

    @abstractmethod
    async def async_resume(self, asset_id: str, terms: Terms = DEFAULT_TERMS) -> None:
        """End a running override, if any; raises as `async_override` does."""


class AssetAccount(Account):
    """An account with assets that can be boosted (on for a while) and snoozed (off for a while).

    Attributes:
        commands: controls the assets.
        cloud: the address of the service: two accounts of it may see the same asset.
    """

    commands: AssetCommands
    cloud: str

    @abstractmethod
    def asset_of(self, device: AnyDeviceEntry) -> str | None:
        """Return the asset id of a device; None if it is not an asset."""

    @abstractmethod
    def device_of(self, asset_id: str) -> DeviceEntry | None:
        """Return the device of an asset."""

    @abstractmethod
    def assets_under(self, devices: Iterable[AnyDeviceEntry]) -> list[str]:
        """Return the ids of the assets that devices represent or that belong to their sites."""

    @abstractmethod
    def has_asset(self, asset_id: str) -> bool:
        """Return whether the service lists the asset, and the options include it."""

    @abstractmethod
    def excludes(self, asset_id: str) -> bool:
        """Return whether the options exclude an asset that the service lists.

        Its snooze can still be ended by `commands`.
        """

    @abstractmethod
    def asset_name(self, asset_id: str) -> str | None:
        """Return the name of an asset, also an excluded one; None if it is no longer listed."""

    @abstractmethod
    def site_names(self, asset_id: str) -> tuple[str | None, str | None]:
        """Return the name and id of an asset's site; None for what is unknown."""

    @abstractmethod
    def control_of(self, asset_id: str) -> Control | None:
        """Return the control state of an asset; None if it is unavailable."""

    @abstractmethod
    def cause_of(self, asset_id: str, running: RunningOverride) -> Cause | None:
        """Return the cause of an override that Home Assistant commanded; None for any other."""

    @abstractmethod
    def is_disabled(self, asset_id: str) -> bool:
        """Return whether a user has disabled the device of an asset."""

    @abstractmethod
    def is_controllable(self, asset_id: str) -> bool:
        """Return whether an asset may be boosted and snoozed."""

    def key_of(self, asset_id: str) -> str:
        """Return the key of an asset, the same in each account that sees it."""
        return f"{self.cloud} {asset_id}"

    @abstractmethod
    def load_of(self, asset_id: str) -> AssetLoad | None:
        """Return the load of an asset; None if the service does not list it."""

    @property
    @abstractmethod
    def asset_ids(self) -> Collection[str]:
        """The ids of all assets that the service lists."""

    @abstractmethod
    def energy_statistics(self, devices: Iterable[AnyDeviceEntry]) -> list[EnergyStatistics]:
        """Return the statistics of the assets that devices represent, so that nothing counts twice.

        An asset that another of them measures too is left out.
        """

    @abstractmethod
    async def async_poll_now(self) -> None:
        """Poll the assets, unless they were polled just now or the service is rate limited."""

    @abstractmethod
    def async_report(self, asset_id: str, event_type: EventType, details: Details) -> None:
        """Fire an event about an asset, if it has a device."""

    @abstractmethod
    def async_follow_control(self, listener: Callable[[Collection[str]], None]) -> CALLBACK_TYPE:
        """Call a listener with the assets whose control state may have changed.

        A command counts once the service has confirmed it. Returns a function that removes the
        listener.
        """

    @abstractmethod
    def async_follow_assets(self, listener: Callable[[Collection[str]], None]) -> CALLBACK_TYPE:
        """Call a listener with the assets that changed, after each poll and each message.

        After a poll it is called even if no asset has changed. Returns a function that removes it.
        """
