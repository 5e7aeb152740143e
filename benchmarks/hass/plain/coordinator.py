"""All assets, fetched once a minute and told to every entity."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
import logging
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from custom_components.gridduck_heimdall.api.errors import ApiError
from custom_components.gridduck_heimdall.api.gridduck import Asset
from custom_components.gridduck_heimdall.core.asset_account import Control
from custom_components.gridduck_heimdall.gridduck.access import Access
from custom_components.gridduck_heimdall.gridduck.inventory import Site, sites

_LOGGER: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlainData:
    """What a poll brings.

    Attributes:
        assets: all assets, by id.
        controls: how each is controlled.
        sites: all sites, by id.
    """

    assets: Mapping[str, Asset]
    controls: Mapping[str, Control]
    sites: Mapping[str, Site]


class PlainCoordinator(DataUpdateCoordinator[PlainData]):
    """Poll the list of all assets.

    Attributes:
        gateways: the ids of the gateways' devices, by id of the gateway.
    """

    config_entry: ConfigEntry[PlainCoordinator]

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[PlainCoordinator]) -> None:
        """Prepare to poll."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name="assets",
            update_interval=timedelta(minutes=1),
        )
        self.gateways: Mapping[str, str] = {}
        self._client = Access.of(hass, entry.data).client

    @override
    async def _async_update_data(self) -> PlainData:
        try:
            listed = await self._client.async_list_assets()
        except ApiError as error:
            raise UpdateFailed(str(error)) from error
        now = dt_util.utcnow()
        assets = {asset.id: asset.as_listed(now) for asset in listed.assets}
        return PlainData(
            assets=assets,
            controls={
                asset.id: Control(asset.is_on, asset.running_override(now))
                for asset in assets.values()
            },
            sites=sites(assets),
        )
