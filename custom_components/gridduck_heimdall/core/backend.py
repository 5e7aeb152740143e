"""Interfaces of a cloud and of an account."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
import voluptuous as vol

from ..api.token import Token
from ..const import CONF_SERVICE
from .config_forms import AccountForm
from .description import UsedDescription
from .entity_choice import EntityChoice
from .history_import import HistoryImport
from .inclusion import Inclusion, Part
from .lifetime import Lifetime
from .measured_load import MeasuredLoad
from .registry_cleanup import EntityKey, async_remove_excluded

type AccountEntry = ConfigEntry[Account]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeResult:
    """What the credentials of an account give access to.

    Attributes:
        unique_id: the account's identity, stable when credentials change.
        title: the service and the names of the account's sites or grid owners.
        view_only: whether control was requested and not granted.
    """

    unique_id: str
    title: str
    view_only: bool = False


class NothingFound(Exception):
    """The credentials are valid, but the account is empty.

    Args:
        key: the translation key of the error text.
    """

    def __init__(self, key: str) -> None:
        """Set the key for the form."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """The state of the connection of an account to its service.

    Attributes:
        last_success: the time of the last successful poll.
        calls: the requests of the last hour, by kind, including retries.
        expected: the requests per hour that polling currently costs, by kind.
        token: the cached access token; its times are on the monotonic clock.
        not_available: features that the service does not offer.
    """

    last_success: datetime | None
    calls: Mapping[str, int]
    expected: Mapping[str, float]
    token: Token | None
    not_available: Collection[str] = ()


class Account(ABC):
    """One loaded account: its coordinators, devices and entities.

    Attributes:
        identity: the prefix of the unique ids of the account's entities.
        importer: imports the history of the service into the statistics.
        choice: which entities are registered.
        inclusion: which sites or lines are included.
        lifetime: cancels work in flight when the account is closed.
    """

    service: ClassVar[str]
    importer: HistoryImport

    def __init__(self, hass: HomeAssistant, entry: AccountEntry) -> None:
        """Prepare the account; nothing is requested yet."""
        self.hass = hass
        self.entry = entry
        self.identity: Final = entry.unique_id or entry.entry_id
        self.choice = EntityChoice.of(entry.options)
        self.inclusion = Inclusion.of(entry.options)
        self.lifetime = lifetime = Lifetime()

        @callback
        def stop(_event: Event) -> None:
            lifetime.close()

        entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, stop))
        entry.async_on_unload(lifetime.close)

    async def async_close(self) -> None:
        """Remove entities that the options excluded since the account was opened.

        Entities that a user has enabled stay.
        """
        choice = EntityChoice.of(self.entry.options)
        if choice != self.choice:
            excluded = self.excluded_entities(choice)
            await async_remove_excluded(self.hass, self.entry, excluded, enabled=True)

    @abstractmethod
    async def async_open(self) -> None:
        """Fetch everything for the first time, and register the devices.

        Raises:
            ConfigEntryAuthFailed: the credentials were refused.
            ConfigEntryNotReady: the service cannot be reached; Home Assistant retries.
        """

    @abstractmethod
    async def async_add_entities(
        self, platform: Platform, add: AddConfigEntryEntitiesCallback
    ) -> None:
        """Add the account's entities of a platform, now and as they appear."""

    @abstractmethod
    def excluded_entities(self, choice: EntityChoice) -> Iterator[Collection[EntityKey]]:
        """Yield the entities that a choice excludes, by device.

        For a choice other than the account's own, only those that its own includes.
        """

    @abstractmethod
    async def async_count_enabled(self, choice: EntityChoice, inclusion: Inclusion) -> int:
        """Return how many entities of what is included a choice would enable now."""

    @abstractmethod
    def parts(self) -> Mapping[str, Part]:
        """Return the sites or lines that the service lists, by id, including excluded ones."""

    @abstractmethod
    def diagnostics(self) -> dict[str, Any]:
        """Return the diagnostics of the account, not yet redacted."""

    @abstractmethod
    def health(self) -> Health:
        """Return the state of the connection to the service."""

    @abstractmethod
    def device_diagnostics(self, device: AnyDeviceEntry) -> dict[str, Any]:
        """Return the diagnostics of one device, not yet redacted."""

    @abstractmethod
    def knows(self, device: AnyDeviceEntry) -> bool:
        """Return whether the service still lists this device."""

    @abstractmethod
    def beneath(self, groups: Iterable[AnyDeviceEntry]) -> Collection[str] | None:
        """Return the ids of the devices beneath groups; None to look them up in the registry."""

    @property
    def hierarchy(self) -> object:
        """The data that `beneath` reads: a new object after each change, None without any."""
        return None

    @abstractmethod
    def measured_loads(self) -> Iterator[MeasuredLoad]:
        """Yield where the load of each line or site is recorded."""

    @abstractmethod
    def measured_load(self, device: AnyDeviceEntry) -> MeasuredLoad | None:
        """Return where the load of a device is recorded; None if it has none.

        Args:
            device: a site, an asset or a line; of a facility or sensor, its line counts.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceKinds:
    """The kinds of a cloud's devices, with which their identifiers start.

    Attributes:
        named: the kind whose names the title of an account lists.
        selectable: the kind for which a user can choose to register all entities.
        groups: kinds that represent all devices beneath them.
        members: kinds that can be beneath a group.
    """

    named: str
    selectable: str
    groups: Collection[str]
    members: Collection[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionsForm:
    """The options step of an account.

    Attributes:
        schema: the fields that the cloud adds.
        values: the initial values.
        merged: returns the options to store, from those of the entry and what was entered.
            Raises `FormError` if they are invalid.
        placeholders: placeholders of the form's texts.
    """

    schema: vol.Schema
    values: Mapping[str, Any]
    merged: Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]]
    placeholders: Mapping[str, str] = field(default_factory=dict)


async def _async_nothing(_hass: HomeAssistant) -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloudBackend:
    """Interface of one cloud.

    Attributes:
        service: its key in config entries, the id of its steps, the prefix of translation keys.
        title: the name of the service, which is the same in every language.
        form: the form for the credentials of an account.
        options_form: returns the options step of an entry.
        kinds: the kinds of its devices.
        account: the class of its accounts; the base classes say what they can do.
        descriptions: by kind of device, the entities that triggers and assistants use.
        probe: tries credentials and returns what they give access to. Raises any `ApiError`,
            or `NothingFound`.
        clean_up: removes temporary files of an earlier run of Home Assistant.
        files: the kinds of files that it stores for a config entry.
    """

    service: str
    title: str
    form: AccountForm
    options_form: Callable[[HomeAssistant, AccountEntry], OptionsForm]
    kinds: DeviceKinds
    account: type[Account]
    probe: Callable[[HomeAssistant, Mapping[str, Any]], Awaitable[ProbeResult]]
    descriptions: Mapping[str, Collection[UsedDescription]] = field(default_factory=dict)
    clean_up: Callable[[HomeAssistant], Coroutine[Any, Any, None]] = _async_nothing
    files: Collection[str] = ()


_BACKENDS: Final[dict[str, CloudBackend]] = {}


def register(*backends: CloudBackend) -> Mapping[str, CloudBackend]:
    """Register clouds, and return all by service."""
    _BACKENDS.update({backend.service: backend for backend in backends})
    return MappingProxyType(_BACKENDS)


def backend_of(data: Mapping[str, Any]) -> CloudBackend:
    """Return the cloud of an account, by the data of its config entry."""
    return _BACKENDS[data[CONF_SERVICE]]
