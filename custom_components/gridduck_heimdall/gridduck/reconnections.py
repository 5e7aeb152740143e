"""Assets that come back: what they measured meanwhile has to be imported, too."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from .coordinator import AssetCoordinator

# Longer than assets keep what they could not send.
LONGEST: Final = timedelta(days=30)

type Request = Callable[[str, datetime, datetime], None]
"""Has a range of an asset's history imported again."""


class Reconnections:
    """Have the history of each asset that comes back imported from where it went away.

    The hours of its absence count as imported, as the service had nothing of them; an asset that
    comes back delivers them late.
    """

    def __init__(self, assets: AssetCoordinator, request: Request) -> None:
        """Take the assets, and what imports their history."""
        self._assets = assets
        self._request = request
        self._away_since: dict[str, datetime] = {}

    @callback
    def look(self) -> None:
        """Take note of the assets that went away, and import those that came back."""
        announced = self._assets.announced
        self._note(self._assets.data if announced is None else announced)

    @callback
    def look_at_all(self) -> None:
        """Take note of the assets that are away already."""
        self._note(self._assets.data)

    def _note(self, keys: Collection[object]) -> None:
        now = dt_util.utcnow()
        for key in keys:
            if not isinstance(key, str):
                continue
            if (asset := self._assets.data.get(key)) is None:
                self._away_since.pop(key, None)
            elif not asset.connected:
                self._away_since.setdefault(key, asset.last_contact or now)
            elif (since := self._away_since.pop(key, None)) is not None:
                since = max(since, now - LONGEST)
                # Within one hour the regular import, which comes after that hour, is enough.
                if since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) <= now:
                    self._request(key, since, now)
