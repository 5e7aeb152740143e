"""A poll of the list of all assets by the integration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.framework import Figures, Given, Work
from custom_components.gridduck_heimdall.gridduck.access import Access
from custom_components.gridduck_heimdall.gridduck.coordinator import AssetCoordinator
from custom_components.gridduck_heimdall.gridduck.removal_tracker import RemovalTracker

from .bare_assets import changing, session_of
from .home import account, check, home
from .measurements import ASSETS


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Poll as an account does, from the request to what is to be announced; no entities."""
    entry = account("gridduck", given.clouds["gridduck"])
    async with home(given.directory) as hass, session_of(given) as session:
        source = Access.of(hass, entry.data)
        assets = AssetCoordinator(hass, entry, source, RemovalTracker({}))

        async def run() -> Figures:
            await assets.async_refresh()
            check(assets)
            return {ASSETS.key: len(assets.data)}

        yield Work(run=run, before=await changing(session, given))
