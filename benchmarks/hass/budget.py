"""How many calls an hour may cost, reckoned from what there is, not from how it is polled.

Measurements every 5 minutes, forecasts hourly, what answers that there is no data hourly too, the
lines themselves every 6 hours; the list of assets once a minute, less often where that were more
than 30 calls a minute; temperatures every 5 minutes, within the same limit.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from math import ceil
from typing import Final

import aiohttp

from benchmarks.contenders.home import account
from benchmarks.contenders.measurements import (
    FACILITY_PATHS,
    LINE_PATHS,
    RECENT_PATHS,
    hour_ago,
)
from benchmarks.framework import Figure, Figures, Given, Work
from custom_components.gridduck_heimdall.api.heimdall import region_headers
from custom_components.gridduck_heimdall.heimdall.access import Access
from simulator.heimdall.assets import Line
from simulator.server import Simulator

from .frozen import Frozen, frozen, size_of

LINES: Final = Figure(key="lines", title="Calls for lines", unit="", digits=0)
LISTS: Final = Figure(key="lists", title="Calls for the list of assets", unit="", digits=0)
TEMPERATURES: Final = Figure(key="temperatures", title="Calls for temperatures", unit="", digits=0)

_LINE_FORECASTS: Final = (
    "/capacity_monitoring/v1/lines/{}/heimdall_dlrs/forecasts",
    "/capacity_monitoring/v1/lines/{}/heimdall_aars/forecasts",
    "/grid_insights/v1/lines/{}/icing/forecast",
)
_FACILITY_FORECASTS: Final = ("/capacity_monitoring/v1/facilities/{}/circuit_ratings/forecasts",)

# Loading is reckoned from any of these, and there with only one of them: where it is disabled,
# none has to be asked for.
_LIMITS: Final = ("/circuit_ratings/latest", "/heimdall_dlrs/latest", "/heimdall_aars/latest")

_HOUR: Final = 3600
_FIVE_MINUTES: Final = 300
_MINUTE: Final = 60
_PAGE: Final = 100
_MOST_A_MINUTE: Final = 30


@asynccontextmanager
async def budget(given: Given) -> AsyncIterator[Work]:
    """Reckon what an hour may cost that has a look at all lines in it."""
    enabled = float(given.settings["enabled"])
    async with frozen(size_of(given), given.directory) as world:

        async def run() -> Figures:
            return {
                LINES.key: await _lines(world, enabled),
                LISTS.key: _lists(given.number("assets")),
                TEMPERATURES.key: _temperatures(world.simulator, enabled),
            }

        yield Work(run=run)


def split[T](items: Sequence[T], share: float) -> tuple[Sequence[T], Sequence[T]]:
    """Return the first so many of the items, and the others."""
    first = round(len(items) * share)
    return items[:first], items[first:]


def split_lines(simulator: Simulator, share: float) -> tuple[Sequence[Line], Sequence[Line]]:
    """Return the lines whose entities are enabled, and those of which none is."""
    now = simulator.clock.now()
    return split([one for one in simulator.heimdall.world.lines() if one.instrumented(now)], share)


def _lists(assets: int) -> int:
    pages = ceil(assets / _PAGE)
    interval = max(_MINUTE, ceil(pages * _MINUTE / _MOST_A_MINUTE))
    return _HOUR // interval * pages


def _temperatures(simulator: Simulator, enabled: float) -> int:
    world = simulator.gridduck.world
    measured = [one for one in world.assets.values() if one.kind.temperature is not None]
    heard = [one for one in measured if not _is_away(world.record(one.id))]
    wanted, _ = split(heard, enabled)
    return min(len(wanted) * _HOUR // _FIVE_MINUTES, _MOST_A_MINUTE * _HOUR // _MINUTE)


def _is_away(record: dict[str, object]) -> bool:
    return any(record.get(name) for name in ("lost", "disconnected", "gateway_disconnected"))


async def _lines(world: Frozen, enabled: float) -> int:
    """Ask for everything once: how often it is due depends on whether there is data."""
    access = world.clouds["heimdall"]
    token = await Access.of(world.hass, account("heimdall", access).data).tokens.async_get_token()
    headers = {"Authorization": f"Bearer {token.value}", **region_headers(token)}
    calls = 1
    async with aiohttp.ClientSession(access["base_url"], headers=headers) as session:
        for lines, wanted in zip(split_lines(world.simulator, enabled), (True, False), strict=True):
            for line in lines:
                for path, seconds in _asked(world.simulator, line):
                    if await _has_data(session, path):
                        calls += wanted * _HOUR // seconds
                    else:
                        calls += wanted or not path.endswith(_LIMITS)
    return calls


def _asked(simulator: Simulator, line: Line) -> Iterator[tuple[str, int]]:
    """Yield everything a line and its facility may have, and how often it is due, in seconds."""
    facility = simulator.heimdall.world.facility_of(line.id)
    for target, measurements, forecasts in (
        (line.id, LINE_PATHS, _LINE_FORECASTS),
        (facility.id, FACILITY_PATHS, _FACILITY_FORECASTS),
    ):
        since = f"?since={hour_ago():%Y-%m-%dT%H:%M:%SZ}"
        for path in measurements:
            yield path.format(target) + (since if path in RECENT_PATHS else ""), _FIVE_MINUTES
        for path in forecasts:
            yield path.format(target), _HOUR


async def _has_data(session: aiohttp.ClientSession, path: str) -> bool:
    async with session.get(path) as response:
        if response.status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}:
            raise RuntimeError(f"Status {response.status} for {path}")
        return response.status == HTTPStatus.OK
