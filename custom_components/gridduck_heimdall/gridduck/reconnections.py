"""Import what assets measured while they were disconnected."""

from collections.abc import Callable, Collection, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .coordinator import AssetCoordinator
from .keys import Kind

# Longer than assets buffer what they could not send.
LONGEST: Final = timedelta(days=30)

type RequestImport = Callable[[str, datetime, datetime], None]
"""Has a range of an asset's history imported again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absences:
    """Disconnected assets, persisted over restarts.

    Attributes:
        since: by asset, from when on, in unix seconds.
        save: has that written down.
    """

    since: MutableMapping[str, float]
    save: Callable[[], None]


class Reconnections:
    """Have the history of each asset that comes back imported from where it went away.

    The hours of its absence count as imported, as the service had nothing of them; an asset that
    comes back delivers them late, also when it does so while Home Assistant is down.
    """

    def __init__(
        self, assets: AssetCoordinator, absences: Absences, request: RequestImport
    ) -> None:
        """Take the assets, those that were away before, and what imports their history."""
        self._assets = assets
        self._absences = absences
        self._request = request

    @callback
    def look(self) -> None:
        """Take note of the assets that went away, and import those that came back."""
        announced = self._assets.announced
        self._note(self._assets.data if announced is None else announced)

    @callback
    def look_at_all(self) -> None:
        """Take note of the assets that are away already, and of those that are back."""
        self._note([*self._absences.since.keys() | self._assets.data.keys()])

    def _note(self, keys: Collection[object]) -> None:
        now, away = dt_util.utcnow(), self._absences.since
        before = {**away}
        for key in keys:
            if not isinstance(key, str):
                continue
            if (asset := self._assets.data.get(key)) is None:
                # A single list without it does not prove that it is gone.
                if not self._assets.presence.has(Kind.ASSET, key):
                    away.pop(key, None)
            elif not asset.connected:
                away.setdefault(key, (asset.last_contact or now).timestamp())
            elif (since := away.pop(key, None)) is not None:
                begun, longest = datetime.fromtimestamp(since, UTC), now - LONGEST
                # One that lies ahead is from a clock that was.
                self._import(key, longest if begun > now else max(begun, longest), now)
        if away != before:
            self._absences.save()

    def _import(self, asset_id: str, since: datetime, now: datetime) -> None:
        # Within one hour the regular import, which comes after that hour, is enough.
        if since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) <= now:
            self._request(asset_id, since, now)
