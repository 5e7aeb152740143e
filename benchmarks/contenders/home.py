"""A Home Assistant core for contenders: real, but nothing set up beyond what a poll needs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from homeassistant.components.network.network import async_get_network
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from custom_components.gridduck_heimdall.const import (
    CONF_BASE_URL,
    CONF_SCOPE,
    CONF_SERVICE,
    CONF_TOKEN_URL,
    DOMAIN,
)
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from custom_components.gridduck_heimdall.core.entity_choice import CONF_ENTITIES, Extent
from custom_components.gridduck_heimdall.gridduck.options import CONF_DATA_HOOK


@asynccontextmanager
async def home(directory: Path) -> AsyncIterator[HomeAssistant]:
    """Make a Home Assistant until the context ends.

    Args:
        directory: its configuration.
    """
    hass = HomeAssistant(str(directory))
    # Its connections resolve names with what this finds out.
    await async_get_network(hass)
    dr.async_setup(hass)
    await dr.async_load(hass)
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


def check[T](coordinator: DataUpdateCoordinator[T]) -> None:
    """Raise RuntimeError where the last poll of a coordinator failed."""
    if not coordinator.last_update_success:
        raise RuntimeError("The poll failed") from coordinator.last_exception


def account(
    service: str,
    access: Mapping[str, str],
    extent: Extent = Extent.AUTOMATIC,
    *,
    data_hook: bool = False,
) -> AccountEntry:
    """Return the config entry of an account.

    Args:
        service: the cloud.
        access: as the simulator names it.
        extent: how many of its entities are registered.
        data_hook: whether it takes what the service sends by itself.
    """
    data = {
        CONF_SERVICE: service,
        **{
            key: access[key]
            for key in ("client_id", "client_secret", CONF_BASE_URL, CONF_TOKEN_URL, CONF_SCOPE)
            if key in access
        },
    }
    return ConfigEntry(
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={CONF_ENTITIES: extent.value} | ({CONF_DATA_HOOK: True} if data_hook else {}),
        source=SOURCE_USER,
        subentries_data=(),
        title=service,
        unique_id=f"{service}_{access['client_id']}",
        version=1,
    )
