"""Serves the JavaScript module, and lets dashboards load it."""

import asyncio
from hashlib import sha256
import logging
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import add_extra_js_url, remove_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace.const import CONF_RESOURCE_TYPE_WS, LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.const import CONF_ID, CONF_URL
from homeassistant.core import HomeAssistant

from ..const import DOMAIN, LOGGER
from .dashboards import async_bring_back, async_explain, async_has_own
from .panel import async_add_panel, async_remove_own_panel

_FILE: Final = Path(__file__).parent / "dist" / "gridduck-heimdall.js"
_FOLDER: Final = f"/{DOMAIN}"
ADDRESS: Final = f"{_FOLDER}/{_FILE.name}"
"""Path of the module, without the hash of its content."""
_REQUIRED: Final = frozenset({"http", "frontend", "lovelace"})
_HASH_DIGITS: Final = 12


class FrontendModule:
    """The JavaScript module of the dashboard strategy and cards.

    Dashboards load it as a Lovelace resource. Where resources are managed in YAML, every page
    loads it as an extra module.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing is served yet."""
        self._hass = hass
        self._lock = asyncio.Lock()
        # With the hash of the content; None until it is served.
        self._url: str | None = None
        self._extra: str | None = None

    async def async_add(self) -> None:
        """Serve the module and register its current address, once for all accounts."""
        if not self._hass.config.components >= _REQUIRED:
            return
        async with self._lock:
            url = await self._async_serve()
            try:
                if (resources := self._resources()) is not None:
                    await _async_register(resources, url)
                else:
                    reason = "Resources of dashboards are managed in YAML"
                    self._add_extra(url, logging.INFO, reason)
                await async_bring_back(self._hass)
                async_add_panel(self._hass, in_sidebar=not await async_has_own(self._hass))
            except Exception as error:  # noqa: BLE001 - internal to Home Assistant: may change
                reason = f"Dashboards could not be changed ({error!r})"
                self._add_extra(url, logging.ERROR, reason)

    async def async_remove(self) -> None:
        """Unregister the module; its files are served until a restart."""
        async with self._lock:
            if self._extra is not None:
                remove_extra_js_url(self._hass, self._extra)
                self._extra = None
            if (resources := self._resources()) is not None:
                await _async_register(resources, None)
            async_remove_own_panel(self._hass)
            await async_explain(self._hass)

    def _add_extra(self, url: str, level: int, reason: str) -> None:
        """Load the module on every page, and log why."""
        if self._extra is None:
            LOGGER.log(level, "%s: every page loads %s instead", reason, url)
            add_extra_js_url(self._hass, url)
            self._extra = url

    async def _async_serve(self) -> str:
        if self._url is None:
            content = await self._hass.async_add_executor_job(_FILE.read_bytes)
            # Browsers cache files for a month, so a new content needs a new address. The files
            # that the module loads have the hash of their content in their names.
            url = f"{ADDRESS}?v={sha256(content).hexdigest()[:_HASH_DIGITS]}"
            await self._hass.http.async_register_static_paths(
                [StaticPathConfig(_FOLDER, str(_FILE.parent), cache_headers=True)]
            )
            self._url = url
        return self._url

    def _resources(self) -> ResourceStorageCollection | None:
        """Return the resources, if the user interface manages them."""
        data = self._hass.data.get(LOVELACE_DATA)
        resources = None if data is None else data.resources
        return resources if isinstance(resources, ResourceStorageCollection) else None


async def _async_register(resources: ResourceStorageCollection, url: str | None) -> None:
    """Leave one resource with this address, and none of another version; None removes all."""
    # Loads the collection, which is empty until then: each start would add a duplicate.
    await resources.async_get_info()
    ours = [one for one in resources.async_items() if one[CONF_URL].partition("?")[0] == ADDRESS]
    fields = {CONF_RESOURCE_TYPE_WS: "module", CONF_URL: url}
    if url is not None:
        if not ours:
            await resources.async_create_item(fields)
            return
        first = ours.pop(0)
        if first[CONF_URL] != url:
            await resources.async_update_item(first[CONF_ID], fields)
    for one in ours:
        await resources.async_delete_item(one[CONF_ID])
