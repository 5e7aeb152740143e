"""A poll of all measurements of all lines by the integration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from homeassistant.util import dt as dt_util

from benchmarks.framework import Figures, Given, Work
from custom_components.gridduck_heimdall.api.concurrency import RetryAfterGate
from custom_components.gridduck_heimdall.core.entity_choice import Tier
from custom_components.gridduck_heimdall.heimdall.access import Access
from custom_components.gridduck_heimdall.heimdall.assets_coordinator import AssetsCoordinator
from custom_components.gridduck_heimdall.heimdall.coordinator import ReadingsCoordinator
from custom_components.gridduck_heimdall.heimdall.products import Group
from custom_components.gridduck_heimdall.heimdall.subscriptions import async_requests

from .home import account, check, home
from .measurements import asked


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Poll as an account does whose entities are all enabled; there are no entities."""
    entry = account("heimdall", given.clouds["heimdall"])
    async with home(given.directory) as hass:
        client = Access.of(hass, entry.data).client
        assets = AssetsCoordinator(hass, entry, client)
        await assets.async_refresh()
        check(assets)
        grid_items = assets.data.grid_items.values()
        readings = ReadingsCoordinator(
            hass,
            entry,
            client=client,
            group=Group.MEASUREMENTS,
            async_requests=lambda group: async_requests(
                grid_items, {}, group, lambda _: Tier.DETAIL
            ),
            shown_by=lambda target_id: assets.data.shown_by.get(target_id, ()),
            throttle=RetryAfterGate(),
        )

        async def before() -> None:
            readings.schedule.make_all_due(dt_util.utcnow())

        async def run() -> Figures:
            await readings.async_refresh()
            check(readings)
            answers = len(readings.data.held())
            return asked(requests=len(readings.schedule.slots), answers=answers)

        yield Work(run=run, before=before)
