"""Opening an account of many assets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.contenders.home import account
from benchmarks.framework import Figure, Figures, Given, Work
from benchmarks.meter import resident
from custom_components.gridduck_heimdall.core.entity_choice import Extent

from .core import open_account
from .estate import estate_core

ENTITIES: Final = Figure(key="entities", title="Entities of an asset", unit="", digits=1)
KEPT: Final = Figure(key="kept", title="Memory of an asset", unit="KiB", scale=1 / 1024)
"""Resident bytes that stay when the account is open, by asset."""


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Open the account with the integration."""
    async with _opening(given, plain=False) as work:
        yield work


@asynccontextmanager
async def plain(given: Given) -> AsyncIterator[Work]:
    """Open the account with the plain integration."""
    async with _opening(given, plain=True) as work:
        yield work


@asynccontextmanager
async def _opening(given: Given, *, plain: bool) -> AsyncIterator[Work]:
    assets = given.number("assets")
    async with estate_core(given, plain=plain) as hass:
        entry = account("gridduck", given.clouds["gridduck"], Extent.ALL)

        async def run() -> Figures:
            before = resident()
            await open_account(hass, entry)
            return {
                KEPT.key: (resident() - before) / assets,
                ENTITIES.key: len(hass.states.async_all()) / assets,
            }

        yield Work(run=run)
