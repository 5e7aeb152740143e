"""The list of all assets, polled; what changed in it, announced."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
import msgspec

from ..api.errors import RateLimited
from ..api.gridduck import Asset, AssetList, GridDuckClient, RunningOverride
from ..api.token import TokenSource
from ..coordinator import AnnouncingCoordinator
from .absences import Absences
from .metered import MeteredTransport
from .overrides import Control, Overlay, Overrides
from .places import Site, may_control, sites

SCOPE_CONTROL: Final = "asset:boost_snooze"
POLL_INTERVAL: Final = timedelta(minutes=1)
# Of 30 list requests a minute, one is sent every 2 seconds on average.
SECONDS_PER_PAGE: Final = 2
# Seconds after a command at which the cloud is asked for its effect.
SOON: Final = 2
LATER: Final = 6
# Polls at the ends of overrides keep this share of the interval between them.
CLOSEST_ENDS: Final = 1 / 12
END_DELAY: Final = timedelta(seconds=1)


class Aspect(StrEnum):
    """What is announced apart from an asset itself, since it changes with nearly every poll."""

    READING = "reading"
    CONTACT = "contact"
    SITE = "site"
    GATEWAY = "gateway"


type Key = str | tuple[Aspect, str]
"""An asset's id, or an aspect with the id of the asset, site or gateway."""

type Kind = str
ASSET: Final[Kind] = "asset"
GATEWAY: Final[Kind] = Aspect.GATEWAY.value
SITE: Final[Kind] = Aspect.SITE.value


class AssetCoordinator(AnnouncingCoordinator[Key, Mapping[str, Asset]]):
    """Keep every asset of an account, and how each is controlled.

    Attributes:
        sites: the sites by id.
        controllable: the assets that may be boosted and snoozed.
        granted: whether the account was granted control at all.
        absences: by kind of device, what is there and what is gone.
        malformed: entries of the last list that were dropped.
    """

    def __init__[RuntimeT](
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[RuntimeT],
        *,
        client: GridDuckClient,
        transport: MeteredTransport,
        tokens: TokenSource,
        absences: Mapping[Kind, Absences],
    ) -> None:
        """Prepare to poll.

        Parameters:
            hass: Home Assistant.
            entry: the account's config entry.
            client: lists the assets.
            transport: the client's, which knows how many pages a list took.
            tokens: the client's, which know what was granted.
            absences: what was there before, by kind of device.
        """
        super().__init__(hass, entry, name="assets", update_interval=POLL_INTERVAL)
        self.data = {}
        self.sites: Mapping[str, Site] = {}
        self.controllable: frozenset[str] = frozenset()
        self.granted = False
        self.absences = absences
        self.malformed = 0
        self._client = client
        self._transport = transport
        self._tokens = tokens
        self._overrides = Overrides()
        self._poll = 0
        self._polled_at = dt_util.utcnow()
        self._quiet_until = self._polled_at
        self._timers: dict[str, CALLBACK_TYPE] = {}
        entry.async_on_unload(self._stop_timers)

    @property
    def polls_begun(self) -> int:
        """Return the number of the poll that began last."""
        return self._poll

    @property
    def pages(self) -> int:
        """Return how many requests the interval between polls allows for."""
        seconds = (self.update_interval or POLL_INTERVAL).total_seconds()
        return max(1, int(seconds // SECONDS_PER_PAGE)) if seconds > 60 else 1

    def control(self, asset: Asset) -> Control:
        """Return how an asset is controlled, as a user is to see it."""
        return self._overrides.control(asset)

    @override
    async def _async_poll(self) -> Mapping[str, Asset]:
        self._poll += 1
        self._polled_at = begun = dt_util.utcnow()
        pages = -self._transport.calls["list"]
        try:
            listed = await self._client.async_list_assets()
            granted = SCOPE_CONTROL in (await self._tokens.async_get_token()).scope
        except RateLimited as error:
            self._quiet_until = dt_util.utcnow() + timedelta(seconds=error.retry_after or 0)
            raise
        pages += self._transport.calls["list"]
        return self._take(listed, pages, begun, granted=granted)
