"""Switch assets off: end a boost, and snooze an asset that stays on without it."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError

from ..api.errors import BadRequest, FeatureUnavailable
from ..api.gridduck import Asset, Override
from ..const import LOGGER
from ..core.asset_account import Terms
from ..core.lifetime import Timers
from .commands import Commands
from .coordinator import AssetCoordinator
from .overrides import Overlay, is_always_on

LOOKS: Final = 2
"""Lists that have to show an asset as on: a device follows the end of its boost by a moment."""
END_TIMEOUT: Final = 14
"""Seconds after which a boost that the cloud still shows is replaced by a snooze."""


@dataclass(slots=True, eq=False)
class _Ended:
    """An ended boost, and the snooze that follows if the asset stays on.

    Attributes:
        overlay: the optimistic state meanwhile.
        seconds: how long it is snoozed then.
        terms: as those of the end.
        looks: number of lists that have shown it as on.
    """

    overlay: Overlay
    seconds: int
    terms: Terms
    looks: int = 0


class TurnOff:
    """Turns off the assets of one account."""

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        assets: AssetCoordinator,
        commands: Commands,
    ) -> None:
        """Take the assets and their commands."""
        self._hass = hass
        self._entry = entry
        self._assets = assets
        self._commands = commands
        self._ended: dict[str, _Ended] = {}
        self._timers = Timers(hass)
        entry.async_on_unload(self._timers.end)

    async def async_do(self, asset_id: str, seconds: int, terms: Terms) -> None:
        """End the boost of an asset; without one, snooze it.

        What is still on after its boost, as the cloud lists it, is snoozed in the background.

        Args:
            asset_id: GridDuck's id.
            seconds: how long a snooze lasts.
            terms: how it is sent.

        Raises:
            ServiceValidationError: the asset may not be controlled.
            HomeAssistantError: the cloud did not accept it, or it was not sent.
        """
        asset = self._commands.check(asset_id)
        if self._assets.overrides.control(asset).override is not Override.BOOST:
            await self._async_snooze(asset_id, seconds, terms)
            return
        try:
            overlay = await self._commands.async_end_boost(asset_id, terms)
        except HomeAssistantError as error:
            if not isinstance(error.__cause__, BadRequest | FeatureUnavailable):
                raise
            # The cloud cannot end a boost, so a snooze replaces it.
            await self._async_snooze(asset_id, seconds, terms)
            return
        if not self._ended:
            self._assets.after_poll.append(self._polled)
        self._ended[asset_id] = _Ended(overlay, seconds, terms)
        self._timers.start(asset_id, END_TIMEOUT, partial(self._snooze, asset_id))

    async def _async_snooze(self, asset_id: str, seconds: int, terms: Terms) -> None:
        await self._commands.async_override(Override.SNOOZE, asset_id, seconds, terms)

    @callback
    def _polled(self) -> None:
        """Check the assets whose boost was ended."""
        if not self._assets.last_update_success:
            return
        for asset_id, ended in tuple(self._ended.items()):
            asset = self._assets.data.get(asset_id)
            if asset is None or not self._assets.overrides.is_shown(asset_id, ended.overlay):
                # It is off, or was commanded again.
                self._forget(asset_id)
            elif self._shows_on(asset, ended):
                self._snooze(asset_id)

    def _shows_on(self, asset: Asset, ended: _Ended) -> bool:
        """Return whether the last poll shows the asset on without its boost."""
        sent_by = ended.overlay.sent_by
        known = sent_by is not None and self._assets.polls_begun > sent_by
        if not known or asset.running_override(self._assets.polled_at) is not None:
            return False
        ended.looks += bool(asset.is_on)
        return ended.looks >= LOOKS or (ended.looks > 0 and is_always_on(asset))

    @callback
    def _snooze(self, asset_id: str) -> None:
        if (ended := self._forget(asset_id)) is None:
            return
        if asset_id in self._assets.data and self._assets.overrides.is_shown(
            asset_id, ended.overlay
        ):
            self._entry.async_create_background_task(
                self._hass, self._async_follow(asset_id, ended), f"{asset_id} off after its boost"
            )

    def _forget(self, asset_id: str) -> _Ended | None:
        self._timers.stop(asset_id)
        ended = self._ended.pop(asset_id, None)
        if ended is not None and not self._ended:
            self._assets.after_poll.remove(self._polled)
        return ended

    async def _async_follow(self, asset_id: str, ended: _Ended) -> None:
        try:
            await self._async_snooze(asset_id, ended.seconds, ended.terms)
        except HomeAssistantError as error:
            # The action has already returned; the switch shows that the asset is on.
            LOGGER.warning("An asset is still on after its boost was ended: %s", error)
