"""Telling all entities of many assets of a poll in which some of these have changed."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final
from unittest.mock import patch

from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
import msgspec

from benchmarks.contenders.home import account, check
from benchmarks.framework import Figure, Figures, Given, Work
from custom_components.gridduck_heimdall.api.gridduck import Asset, AssetList, GridDuckClient
from custom_components.gridduck_heimdall.core.backend import AccountEntry
from custom_components.gridduck_heimdall.core.entity_choice import Extent
from custom_components.gridduck_heimdall.gridduck.access import Access
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount

from .core import open_account
from .estate import estate_core

CHANGED: Final = Figure(key="changed", title="States that change", unit="", digits=0)


class _Cloud:
    """Stands in for the list of all assets: the network is no part of this."""

    def __init__(self, listed: AssetList, share: float) -> None:
        """Take a list that was really received, and how much of it is to change each time."""
        self._listed = listed
        self._every = round(1 / share) if share else 0
        self._numbers = count(1)
        self._next = listed

    def change(self) -> None:
        """Prepare the next list: new objects, as decoding makes them."""
        number = next(self._numbers)
        assets = tuple(self._changed(self._listed.assets, number))
        self._next = msgspec.structs.replace(self._listed, assets=assets)

    async def async_list_assets(self) -> AssetList:
        """Return the list that was prepared."""
        return self._next

    def _changed(self, assets: Iterable[Asset], number: int) -> Iterable[Asset]:
        for place, asset in enumerate(assets):
            changes = self._every and place % self._every == 0
            yield _later(asset, number) if changes else msgspec.structs.replace(asset)


def _later(asset: Asset, number: int) -> Asset:
    """Return an asset that has gone on measuring."""
    return msgspec.structs.replace(
        asset,
        consumption=_raised(asset.consumption, number * 1.5),
        delivered=_raised(asset.delivered, number * 20.0),
        asset_signal_strength=_raised(asset.asset_signal_strength, number % 2),
        last_contacted=_raised(asset.last_contacted, number * 300.0),
    )


def _raised(value: float | str | None, by: float) -> float | None:
    return value + by if isinstance(value, float) else None


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Announce polls with the integration."""
    async with _announcing(given, plain=False) as work:
        yield work


@asynccontextmanager
async def plain(given: Given) -> AsyncIterator[Work]:
    """Announce polls with the plain integration."""
    async with _announcing(given, plain=True) as work:
        yield work


@asynccontextmanager
async def _announcing(given: Given, *, plain: bool) -> AsyncIterator[Work]:
    async with estate_core(given, plain=plain) as hass:
        entry = account("gridduck", given.clouds["gridduck"], Extent.ALL)
        received = await Access.of(hass, entry.data).client.async_list_assets()
        cloud = _Cloud(received, float(given.settings["share"]))
        with patch.object(GridDuckClient, "async_list_assets", cloud.async_list_assets):
            await open_account(hass, entry)
            # Polls come when they are measured, and at no other time.
            hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
            coordinator = _coordinator(entry)

            async def before() -> None:
                cloud.change()

            async def run() -> Figures:
                await coordinator.async_refresh()
                await hass.async_block_till_done()
                check(coordinator)
                return {CHANGED.key: changed}

            changed = 0
            await before()
            began = dt_util.utcnow()
            await run()
            changed = sum(state.last_updated >= began for state in hass.states.async_all())
            yield Work(run=run, before=before)


def _coordinator(entry: AccountEntry) -> DataUpdateCoordinator[Any]:
    runtime: object = entry.runtime_data
    match runtime:
        case GridDuckAccount():
            return runtime.assets
        case DataUpdateCoordinator():
            return runtime
    raise TypeError(type(runtime))
