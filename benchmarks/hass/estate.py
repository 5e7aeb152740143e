"""An account of many assets in a core, ours or plain, all of its entities enabled."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
import sys
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_platform
from homeassistant.helpers.entity import Entity

from benchmarks.framework import Given

from .core import core, prepare
from .plain_room import use_plain


@asynccontextmanager
async def estate_core(given: Given, *, plain: bool) -> AsyncIterator[HomeAssistant]:
    """Start a core in which an account of GridDuck can be opened.

    Args:
        given: what the contender is given.
        plain: whether the plain integration takes the place of ours.
    """
    async with core(given.directory) as hass:
        if plain:
            await use_plain(hass)
        await prepare(hass)
        with _all_enabled():
            yield hass


@contextmanager
def _all_enabled() -> Iterator[None]:
    """Let entities be enabled that are not by default, and more than a new account may have.

    Home Assistant enables 10,000 new entities an account at most. More can be enabled by hand, or
    be left from before there was that limit.
    """
    with (
        patch.object(Entity, "entity_registry_enabled_default", new=True),
        patch.object(entity_platform, "MAX_ENABLED_ENTITIES_PER_CONFIG_ENTRY", sys.maxsize),
    ):
        yield
