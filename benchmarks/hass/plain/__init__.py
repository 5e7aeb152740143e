"""The assets of GridDuck as an ordinary integration would have them.

It stands in for ours in a core of its own: the same client, the same descriptions and values, with
a plain `DataUpdateCoordinator` and plain `CoordinatorEntity`s.
"""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.keys import Kind, identifier

from .coordinator import PlainCoordinator

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
)


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry[PlainCoordinator]) -> bool:
    """Fetch all assets and add their devices and entities."""
    entry.runtime_data = coordinator = PlainCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    _register_places(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


def _register_places(hass: HomeAssistant, entry: ConfigEntry[PlainCoordinator]) -> None:
    """Register what is the way to others, or has no entities: sites and gateways."""
    registry = dr.async_get(hass)
    estate = entry.runtime_data.data
    sites = {
        site.id: registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={identifier(Kind.SITE, site.id)},
            name=site.name,
            entry_type=dr.DeviceEntryType.SERVICE,
        ).id
        for site in estate.sites.values()
    }
    gateways = {one.gateway_id: one for one in estate.assets.values() if one.gateway_id is not None}
    entry.runtime_data.gateways = {
        gateway_id: registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={identifier(Kind.GATEWAY, gateway_id)},
            name=asset.gateway_name,
            via_device_id=sites.get(asset.site_id or ""),
        ).id
        for gateway_id, asset in gateways.items()
    }
