"""The journeys that are traced, and the bounds of each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.util import dt as dt_util

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.options import Options

from .recorder import Trace, recording
from .world import World, world


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One journey.

    Attributes:
        title: what the table calls it.
        service: the cloud of the account.
        options: the size of the simulated clouds.
        travel: what is traced, once the account is open and quiet.
        most_files: bound of the files that it passes through.
        most_functions: bound of the functions.
        recorded: whether it needs a recorder.
        warm_up: whether it is made once before it is traced, so that caches are filled.
    """

    title: str
    service: str
    options: Options
    travel: Callable[[World], Awaitable[None]]
    most_files: int
    most_functions: int
    recorded: bool = False
    warm_up: bool = False

    def holds(self, trace: Trace) -> bool:
        """Whether a trace is within the bounds."""
        return trace.files <= self.most_files and trace.functions <= self.most_functions


async def _poll_assets(where: World) -> None:
    await where.core.wait(timedelta(minutes=1))


async def _boost(where: World) -> None:
    await where.core.hass.services.async_call(
        DOMAIN,
        "boost",
        {ATTR_DEVICE_ID: where.device("asset"), "duration": {"minutes": 30}},
        blocking=True,
    )
    await where.core.hass.async_block_till_done()


async def _poll_lines(where: World) -> None:
    await where.core.wait(timedelta(minutes=5))


async def _import(where: World) -> None:
    end = dt_util.utcnow() - timedelta(days=1)
    await where.core.hass.services.async_call(
        DOMAIN,
        "import_history",
        {
            ATTR_DEVICE_ID: where.device("line"),
            "start": (end - timedelta(days=2)).isoformat(),
            "end": end.isoformat(),
        },
        blocking=True,
    )
    await where.core.settle()


JOURNEYS: Final = {
    "poll-assets": Journey(
        title="A poll of 6 assets, from bytes to states",
        service="gridduck",
        options=Options(assets=6),
        travel=_poll_assets,
        most_files=22,
        most_functions=80,
    ),
    "boost": Journey(
        title="A boost, from the action to the answer of the PUT",
        service="gridduck",
        options=Options(assets=6),
        travel=_boost,
        most_files=27,
        most_functions=90,
    ),
    "poll-lines": Journey(
        title="A poll of the measurements of 2 lines",
        service="heimdall",
        options=Options(lines=2),
        travel=_poll_lines,
        most_files=24,
        most_functions=95,
        # The first poll fills the cache of registered entities.
        warm_up=True,
    ),
    "import": Journey(
        title="An import of 2 days of one line",
        service="heimdall",
        options=Options(lines=1),
        travel=_import,
        most_files=28,
        most_functions=120,
        recorded=True,
    ),
}


async def trace(journey: Journey) -> Trace:
    """Trace one journey in a core of its own."""
    async with world(journey.options, journey.service, recorded=journey.recorded) as where:
        if journey.warm_up:
            await journey.travel(where)
        with recording() as recorded:
            await journey.travel(where)
    return recorded
