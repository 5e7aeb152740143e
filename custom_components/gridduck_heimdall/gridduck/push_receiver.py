"""Merge data that GridDuck pushes to the data hook or over the WebSocket.

Contract: gridduck-api.md, Part 2, "Data hook" and "Real time".
"""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..api.gridduck import Asset
from ..api.gridduck.hook_message import items_of
from ..api.gridduck.pushed import CLOCK_TOLERANCE, Pushed, read_item
from ..core.lifetime import Lifetime
from .coordinator import AssetCoordinator
from .news import News

MOST_BYTES: Final = 1024 * 1024
"""Largest message, unpacked."""
MERGED_AT_ONCE: Final = 10
"""Items that are read and merged at once."""
MERGED_BYTES: Final = 16 * 1024
"""Size of the items after which no more of them are read at once."""


class PushReceiver:
    """Merges the messages for one account, one at a time, a slice of items at a time.

    Attributes:
        assets: the assets that messages may update.
    """

    def __init__(self, assets: AssetCoordinator, lifetime: Lifetime) -> None:
        """Take the assets that messages may update, and the lifetime of their account."""
        self.assets: Final = assets
        self._lifetime = lifetime
        self._known: dict[str, datetime] = {}
        self._one_message = asyncio.Lock()

    async def async_take(self, body: bytes) -> tuple[int, int]:
        """Merge a message; return how many of its items were updates, and how many it has.

        Raises:
            UnexpectedAnswer: it is not JSON, or not in the format that was agreed on.
            HomeAssistantError: the account is closed.
        """
        async with self._one_message:
            items = await self._async_items(body)
            updated = 0
            for some in _slices(items):
                # Yield to the event loop between slices.
                await asyncio.sleep(0)
                found = [item for one in some if (item := read_item(one)) is not None]
                await asyncio.sleep(0)
                self._lifetime.check()
                updated += self._merge(found)
                await self.assets.async_announced()
            return updated, len(items)

    async def _async_items(self, body: bytes) -> list[bytes]:
        """Return the items of a message: nothing of one that is no JSON is taken.

        Raises:
            UnexpectedAnswer, HomeAssistantError: as `async_take`.
        """
        items = list[bytes]()
        for item in items_of(body):
            if item is None:
                await asyncio.sleep(0)
                self._lifetime.check()
                continue
            items.append(item)
            if not len(items) % MERGED_AT_ONCE:
                await asyncio.sleep(0)
        return items

    @callback
    def _merge(self, items: Iterable[Pushed]) -> int:
        """Merge the updates, and return how many items were updates."""
        now, updated = dt_util.utcnow(), 0
        news: dict[str, News] = {}
        for item in items:
            asset = self.assets.data.get(item.asset_id)
            believed = item.believed(now)
            if asset is None or self._is_old(believed, asset, now):
                continue
            updated += 1
            one = News(believed.at, believed.changes(now))
            news[asset.id] = news[asset.id] | one if asset.id in news else one
            if believed.at is not None:
                self._known[asset.id] = believed.at
        self.assets.take_pushed(news)
        return updated

    def _is_old(self, item: Pushed, asset: Asset, now: datetime) -> bool:
        """Return whether a later value is known already, by the cloud's own clock."""
        # A time in the future must not block updates until then.
        known = [
            at
            for at in (asset.last_contact, self._known.get(asset.id))
            if at is not None and at <= now + CLOCK_TOLERANCE
        ]
        return item.at is not None and item.at < min(max(known, default=item.at), now)


def _slices(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the items in slices of bounded length and size."""
    some, size = list[bytes](), 0
    for item in items:
        some.append(item)
        size += len(item)
        if len(some) == MERGED_AT_ONCE or size > MERGED_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some
