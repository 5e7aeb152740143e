"""Poll the assets of an account and track which of them are missing or gone."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from ..api.heimdall import HeimdallClient
from ..const import DOMAIN
from ..core.backend import AccountEntry
from ..core.coordinator import PollingCoordinator
from .excluded import parts_of, split
from .inventory import GridItem, Inventory, Kind, build_inventory
from .options import HeimdallOptions

ASSETS_INTERVAL: Final = timedelta(hours=6)
RETRY_INTERVAL: Final = timedelta(minutes=5)
MISSES_UNTIL_GONE: Final = 3


class AssetsCoordinator(PollingCoordinator[str, Inventory]):
    """Poll the assets and announce changes by the key of the item."""

    def __init__(self, hass: HomeAssistant, entry: AccountEntry, client: HeimdallClient) -> None:
        """Prepare the poll of one account."""
        super().__init__(hass, entry, name="assets", update_interval=ASSETS_INTERVAL)
        self.data = Inventory()
        self.malformed = 0
        self._client = client
        self._entry_id = entry.entry_id
        self._options = HeimdallOptions.of(entry.options)

    @override
    async def _async_poll(self) -> Inventory:
        answer = await self._client.async_assets()
        self.malformed = answer.malformed
        # Until the first response Home Assistant itself retries, and sooner.
        self.retry_interval = RETRY_INTERVAL.total_seconds()
        surveyed = tuple(build_inventory(self.hass, answer, dt_util.utcnow(), self._options))
        inventory = self._merge(surveyed, complete=not answer.malformed)
        before, after = self.data.grid_items, inventory.grid_items
        self.mark(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        self.mark(inventory.gone)
        return inventory

    def _merge(self, surveyed: Iterable[GridItem], *, complete: bool) -> Inventory:
        """Return the new items, and the former ones that are not yet considered gone."""
        found, excluded = split(surveyed, self._options.lines)
        before = self.data.grid_items
        missing = {
            key: self.data.missing.get(key, 0) + complete
            for key in (before.keys() | self._registered()) - found.keys()
        }
        gone = frozenset(
            key
            for key, misses in missing.items()
            if misses >= MISSES_UNTIL_GONE or key in excluded or self._unwanted(key)
        )
        held = {key: item for key, item in before.items() if key in missing and key not in gone}
        return Inventory(
            grid_items={**found, **held},
            missing={one: misses for one, misses in missing.items() if one not in gone},
            gone=gone,
            parts=parts_of({one.key: one for one in surveyed}),
        )

    def _registered(self) -> set[str]:
        registry = dr.async_get(self.hass)
        devices = dr.async_entries_for_config_entry(registry, self._entry_id)
        return {key for one in devices for domain, key in one.identifiers if domain == DOMAIN}

    def _unwanted(self, key: str) -> bool:
        """Return whether the options exclude a device, by its key."""
        match key.split(":", 1):
            case [Kind.LINE, line_id]:
                return not self._options.lines.includes(line_id)
            case [Kind.SPAN, _]:
                return not self._options.spans
            case [Kind.SENSOR, _]:
                return not self._options.sensors
        return False
