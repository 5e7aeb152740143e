"""The poll of an account's assets, and what became of each of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..api.heimdall import HeimdallClient, Target
from ..const import DOMAIN
from ..core.coordinator import AnnouncingCoordinator
from .inventory import GridItem, Kind, survey
from .options import HeimdallOptions

ASSETS_INTERVAL: Final = timedelta(hours=6)
RETRY_INTERVAL: Final = timedelta(minutes=5)
MISSES_UNTIL_GONE: Final = 3


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything that has a device.

    Attributes:
        subjects: by identifier, parents before their children; also those that the service
            has left out lately.
        missing: the identifiers of those, and of further devices in the registry, each with the
            number of complete answers in a row that it was not in.
        gone: the identifiers of devices that are to be removed.
    """

    subjects: Mapping[str, GridItem] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    users: Mapping[str, list[str]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Index the subjects by the lines and facilities that they read from."""
        users: defaultdict[str, list[str]] = defaultdict(list)
        for identifier, subject in self.subjects.items():
            targets = {subject.target_id(target) for target in Target}
            for target_id in targets - {None}:
                users[str(target_id)].append(identifier)
        object.__setattr__(self, "users", users)


def identifiers_of(device: dr.AnyDeviceEntry) -> set[str]:
    """Return by which identifiers the account knows a device."""
    return {identifier for domain, identifier in device.identifiers if domain == DOMAIN}


class AssetsCoordinator(AnnouncingCoordinator[str, Directory]):
    """Keep the assets; what changes is announced by the identifier of its device."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], client: HeimdallClient
    ) -> None:
        """Prepare the poll of one account."""
        super().__init__(hass, entry, name="assets", update_interval=ASSETS_INTERVAL)
        self.data = Directory()
        self.malformed = 0
        self._client = client
        self._entry_id = entry.entry_id
        self._options = HeimdallOptions.of(entry.options)

    @override
    async def _async_poll(self) -> Directory:
        answer = await self._client.async_assets()
        self.malformed = answer.malformed
        # Until the first answer, Home Assistant itself tries again, and sooner.
        self.retry_interval = RETRY_INTERVAL.total_seconds()
        surveyed = survey(answer, dt_util.utcnow(), self._options)
        found = {subject.identifier: subject for subject in surveyed}
        directory = self._merge(found, complete=not answer.malformed)
        before, after = self.data.subjects, directory.subjects
        self.mark(
            identifier
            for identifier in before.keys() | after.keys()
            if before.get(identifier) != after.get(identifier)
        )
        self.mark(directory.gone)
        return directory

    def _merge(self, found: Mapping[str, GridItem], *, complete: bool) -> Directory:
        """Return what was found, and what was there before and is only missed for now."""
        before = self.data.subjects
        missing = {
            identifier: self.data.missing.get(identifier, 0) + complete
            for identifier in (before.keys() | self._registered()) - found.keys()
        }
        gone = frozenset(
            identifier
            for identifier, misses in missing.items()
            if misses >= MISSES_UNTIL_GONE or self._unwanted(identifier)
        )
        held = {
            identifier: subject
            for identifier, subject in before.items()
            if identifier in missing and identifier not in gone
        }
        return Directory(
            subjects={**found, **held},
            missing={one: misses for one, misses in missing.items() if one not in gone},
            gone=gone,
        )

    def _registered(self) -> set[str]:
        registry = dr.async_get(self.hass)
        devices = dr.async_entries_for_config_entry(registry, self._entry_id)
        return set().union(*(identifiers_of(device) for device in devices))

    def _unwanted(self, identifier: str) -> bool:
        """Whether the options no longer ask for such devices."""
        match identifier.partition(":")[0]:
            case Kind.SPAN:
                return not self._options.spans
            case Kind.SENSOR:
                return not self._options.sensors
        return False
