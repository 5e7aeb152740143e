"""Boost, snooze and resume: optimistic, queued, confirmed by the next polls."""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ..api.errors import ApiError
from ..api.gridduck import Asset, GridDuckClient, Override, RunningOverride
from ..const import DOMAIN
from ..core.asset_account import DEFAULT_TERMS, FEW, AssetCommands, Length, Terms
from ..core.command_queue import CommandQueue
from .command_errors import command_error
from .coordinator import AssetCoordinator
from .journal import Commanded
from .overrides import Overlay

SHORTEST: Final = 1
LONGEST: Final = 86_400


class Commands(AssetCommands):
    """Control the assets of one account."""

    def __init__(
        self,
        assets: AssetCoordinator,
        client: GridDuckClient,
        queue: CommandQueue,
        *,
        is_disabled: Callable[[str], bool],
        accepted: Callable[[Commanded], None],
    ) -> None:
        """Prepare to send commands.

        Args:
            assets: the assets.
            client: the API client.
            queue: orders the commands.
            is_disabled: returns whether a user has disabled the device of an asset.
            accepted: called with each command that the cloud has accepted.
        """
        self._assets = assets
        self._client = client
        self._queue = queue
        self._is_disabled = is_disabled
        self._accepted = accepted
        self._urgent = Counter[str | None]()
        self._send: dict[Override, Callable[[str, int], Awaitable[None]]] = {
            Override.BOOST: client.async_boost,
            Override.SNOOZE: client.async_snooze,
        }
        self._end: dict[Override, Callable[[str], Awaitable[None]]] = {
            Override.BOOST: client.async_end_boost,
            Override.SNOOZE: client.async_end_snooze,
        }

    @callback
    @override
    def check(self, asset_id: str) -> Asset:
        """Return an asset that may be controlled.

        Raises:
            ServiceValidationError: control is not permitted, the device is disabled, or the asset
                does not exist.
        """
        if (asset := self._assets.data.get(asset_id)) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="asset_not_found"
            )
        if not self._assets.inventory.granted:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="control_not_granted"
            )
        if asset_id not in self._assets.inventory.controllable:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="asset_read_only",
                translation_placeholders={"name": asset.label},
            )
        if self._is_disabled(asset_id):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="asset_disabled",
                translation_placeholders={"name": asset.label},
            )
        return asset

    @override
    async def async_override(
        self, kind: Override, asset_id: str, length: Length, terms: Terms = DEFAULT_TERMS
    ) -> RunningOverride:
        """Boost or snooze an asset, replacing a running override; return the new override.

        Args:
            kind: boost or snooze.
            asset_id: GridDuck's id.
            length: the duration, 1 to 86,400 seconds, or the end.
            terms: how it is sent.

        Raises:
            ServiceValidationError: control is not permitted, or not for this long.
            HomeAssistantError: the cloud did not accept it, or it was not sent.
        """
        asset = self.check(asset_id)
        if isinstance(length, int) and not SHORTEST <= length <= LONGEST:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="duration_out_of_range"
            )
        _, shown = _override(kind, length)
        overlay = self._assets.show_optimistic(asset, shown)
        async with self._sending(asset, overlay, terms):
            # A duration counts from when the command is sent, however long it was queued.
            seconds, running = _override(kind, length)
            self._assets.sent(asset_id, overlay, running)
            await self._send[kind](asset_id, seconds)
        self._accepted(
            Commanded(
                asset_id=asset_id,
                before=overlay.before.running,
                running=running,
                cause=terms.cause,
            )
        )
        return running

    @override
    async def async_resume(self, asset_id: str, terms: Terms = DEFAULT_TERMS) -> None:
        """End a running override, also that of an asset that the options exclude.

        Without one, do nothing.

        Args:
            asset_id: GridDuck's id.
            terms: how it is sent.

        Raises:
            ServiceValidationError: the asset may not be controlled.
            HomeAssistantError: the cloud did not accept it, or it was not sent.
        """
        if (name := self._assets.excluded.labels.get(asset_id)) is not None:
            await self._async_release(asset_id, name)
            return
        asset = self.check(asset_id)
        if not self._assets.overrides.kinds(asset, self._assets.polled_at):
            # An override may have been started elsewhere since the last poll.
            await self._assets.async_poll_now()
            asset = self.check(asset_id)
        if kinds := self._assets.overrides.kinds(asset, self._assets.polled_at):
            await self._async_end(asset, kinds, self._assets.show_optimistic(asset, None), terms)

    async def async_end_boost(self, asset_id: str, terms: Terms = DEFAULT_TERMS) -> Overlay:
        """End a boost and show the asset as off; return the overlay; raises as `async_resume`."""
        asset = self.check(asset_id)
        overlay = self._assets.show_optimistic(asset, None, is_on=False)
        await self._async_end(asset, (Override.BOOST,), overlay, terms)
        return overlay

    async def _async_release(self, asset_id: str, name: str) -> None:
        """End the snooze of an asset of which nothing is shown, as the options exclude it."""
        try:
            async with self._queue.turn(asset_id):
                await self._end[Override.SNOOZE](asset_id)
        except ApiError as error:
            raise command_error(name, error) from error

    async def _async_end(
        self, asset: Asset, kinds: tuple[Override, ...], overlay: Overlay, terms: Terms
    ) -> None:
        async with self._sending(asset, overlay, terms):
            self._assets.sent(asset.id, overlay, None)
            failure: ApiError | None = None
            for kind in kinds:
                try:
                    await self._end[kind](asset.id)
                except ApiError as error:
                    # End the other override anyway.
                    failure = error
            if failure is not None:
                raise failure
        self._accepted(
            Commanded(
                asset_id=asset.id, before=overlay.before.running, running=None, cause=terms.cause
            )
        )

    @asynccontextmanager
    async def _sending(self, asset: Asset, overlay: Overlay, terms: Terms) -> AsyncGenerator[None]:
        """Queue a command; the body sends it, and the optimistic state follows the outcome."""
        context = None if terms.cause.context is None else terms.cause.context.id
        # If a whole site is switched, only the first few commands are urgent.
        urgent = terms.urgent and self._urgent[context] < FEW
        self._urgent[context] += urgent
        try:
            async with self._queue.turn(asset.id, urgent=urgent):
                if terms.check is not None:
                    terms.check()
                yield
        except ApiError as error:
            self._assets.revert(asset.id, overlay)
            raise command_error(asset.label, error) from error
        except BaseException:
            self._assets.revert(asset.id, overlay)
            raise
        else:
            self._assets.accepted(asset.id, overlay)
        finally:
            self._urgent[context] -= urgent
            if not self._urgent[context]:
                del self._urgent[context]
            # Also after a failure: the cloud may have executed it anyway.
            self._assets.poll_after_command()


def _override(kind: Override, length: Length) -> tuple[int, RunningOverride]:
    """Return the seconds to send now and the override that results."""
    now = dt_util.utcnow()
    if isinstance(length, datetime):
        length = min(max(round((length - now).total_seconds()), SHORTEST), LONGEST)
    return length, RunningOverride(kind, now + timedelta(seconds=length), estimated=True)
