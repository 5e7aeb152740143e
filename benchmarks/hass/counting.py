"""How many calls an account's polls cost in an hour."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from homeassistant.helpers import entity_registry as er

from benchmarks.contenders.home import account
from benchmarks.framework import Figures, Given, Work
from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.calls import Call

from .budget import LINES, LISTS, TEMPERATURES, split, split_lines
from .core import open_account
from .frozen import Frozen, frozen, size_of

_HOUR: Final = timedelta(hours=1)
# After these a product without data is asked for once an hour, and it is five hours since the
# lines were last asked for: the hour that is counted has that in it.
_LONG_WAITS: Final = (timedelta(minutes=75),) * 4
_SETTLING: Final = timedelta(minutes=5)
_TOKENS: Final = "token"


@asynccontextmanager
async def ours(given: Given) -> AsyncIterator[Work]:
    """Count the calls that reach the simulation in the sixth hour of both accounts."""
    enabled = float(given.settings["enabled"])
    async with frozen(size_of(given), given.directory) as world:
        for service in ("gridduck", "heimdall"):
            await open_account(world.hass, account(service, world.clouds[service]))
            await world.settle()
        for wait in _LONG_WAITS:
            await world.wait(wait)
        _disable(world, enabled)
        await world.wait(_SETTLING)

        async def run() -> Figures:
            return await _count(world, timedelta(seconds=given.number("step")))

        yield Work(run=run)


def _disable(world: Frozen, enabled: float) -> None:
    """Disable all entities of some of the lines, and the temperatures of some of the assets."""
    registry = er.async_get(world.hass)
    _, lines = split_lines(world.simulator, enabled)
    facilities = (world.simulator.heimdall.world.facility_of(line.id) for line in lines)
    off = {*(one.id for one in lines), *(one.id for one in facilities)}
    entities = [one for one in registry.entities.values() if one.platform == DOMAIN]
    temperatures = [one for one in entities if one.unique_id.endswith("_temperature")]
    _, unwanted = split(temperatures, enabled)
    for one in entities:
        if one in unwanted or not off.isdisjoint(one.unique_id.split("_")):
            registry.async_update_entity(one.entity_id, disabled_by=er.RegistryEntryDisabler.USER)


async def _count(world: Frozen, step: timedelta) -> Figures:
    world.simulator.calls.clear()
    for _ in range(_HOUR // step):
        await world.wait(step)
    kinds = Counter(map(_kind, world.simulator.calls.all()))
    return {figure.key: kinds[figure.key] for figure in (LINES, LISTS, TEMPERATURES)}


def _kind(call: Call) -> str:
    if _TOKENS in call.path:
        return _TOKENS
    if call.service == "heimdall":
        return LINES.key
    return TEMPERATURES.key if "telemetry" in call.path else LISTS.key
