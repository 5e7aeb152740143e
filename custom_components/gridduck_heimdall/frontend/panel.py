"""The dashboard of the integration in the sidebar, as soon as there is an account."""

from typing import Any, Final, override

from homeassistant.components.frontend import (
    async_panel_exists,
    async_register_built_in_panel,
    async_remove_panel,
)
from homeassistant.components.lovelace.const import (
    CONF_REQUIRE_ADMIN,
    CONF_SHOW_IN_SIDEBAR,
    CONF_TITLE,
    DOMAIN as LOVELACE,
    LOVELACE_DATA,
    MODE_YAML,
)
from homeassistant.components.lovelace.dashboard import LovelaceConfig
from homeassistant.const import CONF_ICON, CONF_MODE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.json import json_bytes, json_fragment

PATH: Final = "gridduck-heimdall-power"
"""Path of the dashboard; a user's own has another."""
STRATEGY: Final = "custom:gridduck-heimdall"
_TITLE: Final = "GridDuck & Heimdall Power"
_ICON: Final = "mdi:transmission-tower"
_CONFIG: Final = {"strategy": {"type": STRATEGY}}


class _Dashboard(LovelaceConfig):
    """A dashboard that is one strategy, and is stored nowhere."""

    @property
    @override
    def mode(self) -> str:
        return MODE_YAML

    @override
    async def async_get_info(self) -> dict[str, Any]:
        return {"mode": self.mode, "views": 0}

    @override
    async def async_load(self, force: bool) -> dict[str, Any]:
        return _CONFIG

    @override
    async def async_json(self, force: bool) -> json_fragment:
        return json_fragment(json_bytes(_CONFIG))


@callback
def async_add_panel(hass: HomeAssistant, *, in_sidebar: bool) -> None:
    """Add the dashboard.

    Args:
        hass: Home Assistant.
        in_sidebar: False where a user has a dashboard with the strategy, which has its own place.
    """
    if async_panel_exists(hass, PATH):
        return
    # As the list of dashboards shows it.
    described = {
        CONF_TITLE: _TITLE,
        CONF_ICON: _ICON,
        CONF_SHOW_IN_SIDEBAR: in_sidebar,
        CONF_REQUIRE_ADMIN: False,
        CONF_MODE: MODE_YAML,
    }
    hass.data[LOVELACE_DATA].dashboards[PATH] = _Dashboard(hass, PATH, described)
    async_register_built_in_panel(
        hass,
        LOVELACE,
        frontend_url_path=PATH,
        sidebar_title=_TITLE,
        sidebar_icon=_ICON,
        show_in_sidebar=in_sidebar,
        config={CONF_MODE: MODE_YAML},
    )


@callback
def async_remove_own_panel(hass: HomeAssistant) -> None:
    """Remove the dashboard, if it was added."""
    if LOVELACE_DATA in hass.data:
        hass.data[LOVELACE_DATA].dashboards.pop(PATH, None)
    async_remove_panel(hass, PATH, warn_if_unknown=False)
