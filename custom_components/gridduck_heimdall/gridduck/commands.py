"""Boost, snooze and resume: shown at once, sent in order, checked against the cloud soon after."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from custom_components.gridduck_heimdall.api.gridduck import (
    Asset,
    GridDuckClient,
    Override,
    RunningOverride,
)
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.events import NO_CAUSE, Cause
from custom_components.gridduck_heimdall.exceptions import action_errors

from .coordinator import AssetCoordinator
from .journal import Commanded

SHORTEST: Final = 1
LONGEST: Final = 86_400
AT_ONCE: Final = 8
"""Commands that are on their way at a time: a site may have hundreds of assets."""


class Commands:
    """Control the assets of one account."""

    def __init__(
        self,
        assets: AssetCoordinator,
        client: GridDuckClient,
        tell: Callable[[Commanded], None],
    ) -> None:
        """Take the assets, the client that reaches them, and who hears of accepted commands."""
        self._assets = assets
        self._client = client
        self._tell = tell
        # Of two commands to one asset, the later one must also arrive later.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._slots = asyncio.Semaphore(AT_ONCE)

    @callback
    def check(self, asset_id: str) -> Asset:
        """Return an asset that may be controlled.

        Raises:
            ServiceValidationError: it may not, or it is not there any more.
        """
        if (asset := self._assets.data.get(asset_id)) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="asset_not_found"
            )
        if not self._assets.granted:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="control_not_granted"
            )
        if asset_id not in self._assets.controllable:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="asset_read_only",
                translation_placeholders={"name": asset.label},
            )
        return asset

    async def async_boost(
        self, asset_id: str, seconds: int, cause: Cause = NO_CAUSE
    ) -> RunningOverride:
        """Turn an asset on for a while, in place of a snooze; return the boost.

        Parameters:
            asset_id: GridDuck's id.
            seconds: how long from now, 1 to 86,400.
            cause: on whose behalf.

        Raises:
            ServiceValidationError: it may not be controlled, or not for so long.
            HomeAssistantError: the cloud did not accept it.
        """
        send = self._client.async_boost
        return await self._async_override(Override.BOOST, asset_id, seconds, send, cause)

    async def async_snooze(
        self, asset_id: str, seconds: int, cause: Cause = NO_CAUSE
    ) -> RunningOverride:
        """Turn an asset off for a while, in place of a boost; as `async_boost`."""
        send = self._client.async_snooze
        return await self._async_override(Override.SNOOZE, asset_id, seconds, send, cause)

    async def async_resume(self, asset_id: str, cause: Cause = NO_CAUSE) -> None:
        """End the boost or snooze that runs; where none does, all is well already.

        Raises:
            ServiceValidationError: the asset may not be controlled.
            HomeAssistantError: the cloud did not accept it.
        """
        asset = self.check(asset_id)
        if self._assets.control(asset).running is None:
            # One may have been started elsewhere since the last poll.
            await self._assets.async_look()
            asset = self.check(asset_id)
        match self._assets.control(asset).override:
            case Override.BOOST:
                end = self._client.async_end_boost
            case Override.SNOOZE:
                end = self._client.async_end_snooze
            case _:
                return
        await self._async_send(asset, None, lambda: end(asset_id), cause)

    async def _async_override(
        self,
        kind: Override,
        asset_id: str,
        seconds: int,
        send: Callable[[str, int], Awaitable[None]],
        cause: Cause,
    ) -> RunningOverride:
        asset = self.check(asset_id)
        if not SHORTEST <= seconds <= LONGEST:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="duration_out_of_range"
            )
        end = dt_util.utcnow() + timedelta(seconds=seconds)
        running = RunningOverride(kind, end, estimated=True)
        await self._async_send(asset, running, lambda: send(asset_id, seconds), cause)
        return running

    async def _async_send(
        self,
        asset: Asset,
        running: RunningOverride | None,
        send: Callable[[], Awaitable[None]],
        cause: Cause,
    ) -> None:
        before = self._assets.control(asset).running
        overlay = self._assets.cover(asset, running)
        lock = self._locks.setdefault(asset.id, asyncio.Lock())
        try:
            async with action_errors(), lock, self._slots:
                await send()
        except BaseException:
            self._assets.uncover(asset.id, overlay)
            raise
        else:
            self._assets.accepted(asset.id, overlay)
            self._tell(Commanded(asset_id=asset.id, before=before, running=running, cause=cause))
        finally:
            # Also after a failure: the cloud may have acted on it all the same.
            self._assets.look_after_command()
