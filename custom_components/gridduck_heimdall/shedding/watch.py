"""What shedding follows of an account that is in use: when its list was read, and who came on."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ..gridduck.backend import GridDuckAccount
from ..gridduck.keys import Aspect

LOOKED_JUST_NOW: Final = timedelta(seconds=10)
"""A list that is no older needs not be read again before a command."""


class Watch:
    """One account that is in use.

    Attributes:
        account: the account.
        listed_at: when the list began that its assets are known from.
        waiting: how many wait for news.
    """

    def __init__(self, account: GridDuckAccount, listed: Callable[[Watch], None]) -> None:
        """Follow an account whose assets were read already.

        Args:
            account: the account.
            listed: called after each list that was read, before all others that wait for news.
        """
        self.account = account
        self._listed = listed
        self._assets = account.assets
        self.listed_at: datetime = account.assets.polled_at
        self.waiting = 0
        self._on_since: dict[str, datetime] = {}
        self._note(account.assets.data)
        account.assets.after_poll.append(self._polled)
        account.entry.async_on_unload(account.assets.async_add_listener(self._announced))

    def on_for(self, asset_id: str, now: datetime) -> timedelta:
        """Return how long an asset is known to have been on.

        An asset that was on when the account was opened may have come on at that very moment, so
        that it counts from then.
        """
        return now - self._on_since.get(asset_id, now)

    async def async_look(self) -> None:
        """Read the list, unless that was done just now or the cloud has asked for silence."""
        if dt_util.utcnow() - self.listed_at > LOOKED_JUST_NOW:
            await self._assets.async_look()

    @callback
    def async_on_news(self, action: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `action` after each poll and whatever else is heard; returns what ends that."""
        stop = self._assets.async_add_listener(action)
        self._assets.after_poll.append(action)
        self.waiting += 1

        def end() -> None:
            self.waiting -= 1
            self._assets.after_poll.remove(action)
            stop()

        return end

    @callback
    def _polled(self) -> None:
        if self._assets.last_update_success:
            self.listed_at = self._assets.polled_at
            self._listed(self)

    @callback
    def _announced(self) -> None:
        if (announced := self._assets.announced) is None:
            self._note(self._assets.data)
        else:
            # An asset is announced by its id, and its control apart.
            self._note([key for key in announced if isinstance(key, str)])
            self._note([key[1] for key in announced if key[0] is Aspect.CONTROL])

    def _note(self, asset_ids: Iterable[str]) -> None:
        now = dt_util.utcnow()
        for asset_id in asset_ids:
            if (asset := self._assets.data.get(asset_id)) is not None:
                if asset.is_on:
                    self._on_since.setdefault(asset_id, now)
                else:
                    self._on_since.pop(asset_id, None)
