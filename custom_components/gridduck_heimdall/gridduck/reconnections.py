"""Import what assets measured while they were disconnected."""

from collections.abc import Callable, Collection, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .coordinator import AssetCoordinator
from .keys import Kind

# Longer than assets buffer unsent data.
LONGEST: Final = timedelta(days=30)

type RequestImport = Callable[[str, datetime, datetime], None]
"""Requests the import of a range of an asset's history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences:
    """Disconnected assets, persisted over restarts.

    Attributes:
        since: the start of the absence by asset, unix seconds.
        save: persists it.
    """

    since: MutableMapping[str, float]
    save: Callable[[], None]


class Reconnections:
    """Import the history of each reconnected asset from when it was disconnected.

    These hours count as imported, although the service had no data; a reconnected asset delivers
    them late, even if it reconnects while Home Assistant is down.
    """

    def __init__(
        self, assets: AssetCoordinator, absences: Absences, request: RequestImport
    ) -> None:
        """Prepare to follow the assets."""
        self._assets = assets
        self._absences = absences
        self._request = request

    @callback
    def look(self) -> None:
        """Record disconnected assets, and import reconnected ones."""
        announced = self._assets.announced
        self._note(self._assets.data if announced is None else announced)

    @callback
    def look_at_all(self) -> None:
        """Record the initially disconnected and reconnected assets."""
        self._note([*self._absences.since.keys() | self._assets.data.keys()])

    def _note(self, keys: Collection[object]) -> None:
        now, away = dt_util.utcnow(), self._absences.since
        before = {**away}
        for key in keys:
            if not isinstance(key, str):
                continue
            if (asset := self._assets.data.get(key)) is None:
                # A single list without an asset does not prove that it was removed.
                if not self._assets.presence.has(Kind.ASSET, key):
                    away.pop(key, None)
            elif not asset.connected:
                away.setdefault(key, (asset.last_contact or now).timestamp())
            elif (since := away.pop(key, None)) is not None:
                begun, longest = datetime.fromtimestamp(since, UTC), now - LONGEST
                # A time in the future comes from a wrong clock.
                self._import(key, longest if begun > now else max(begun, longest), now)
        if away != before:
            self._absences.save()

    def _import(self, asset_id: str, since: datetime, now: datetime) -> None:
        # Within one hour the regular import after that hour suffices.
        if since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) <= now:
            self._request(asset_id, since, now)
