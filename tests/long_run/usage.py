"""What a running Home Assistant holds on to."""

import asyncio
from dataclasses import asdict, dataclass
import gc
import tracemalloc

from aiohttp.client_proto import ResponseHandler
from homeassistant.util.async_ import get_scheduled_timer_handles

from .house import House

PACKAGE = "custom_components.gridduck_heimdall"
WARM_UP = 5
"""Days after which all that is kept is in use, and counting begins; a quarter of a shorter run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Counts of one moment; memory is what the integration's own code has allocated, in MB.

    The simulator, which is in the same process, keeps what it has computed; so the memory of the
    process says little.
    """

    tasks: int
    connections: int
    bus_listeners: int
    coordinator_listeners: int
    timers: int
    objects: int
    memory_mb: float

    def grown(self, before: Usage, allowed: Usage) -> dict[str, float]:
        """Return what there is more of than before, by more than is allowed."""
        then, now, most = asdict(before), asdict(self), asdict(allowed)
        more = {name: now[name] - then[name] for name in now}
        return {name: growth for name, growth in more.items() if growth > most[name]}


def usage(house: House) -> Usage:
    """Count, after all that is garbage has been collected."""
    gc.collect()
    gc.collect()
    hass = house.hass
    duck, lines = house.gridduck.runtime_data, house.heimdall.runtime_data
    polls = (duck.assets, duck.data.temperatures, lines.assets, *lines.polls.values())
    every = gc.get_objects()
    return Usage(
        tasks=len(asyncio.all_tasks()),
        connections=sum(isinstance(one, ResponseHandler) and one.is_connected() for one in every),
        bus_listeners=sum(hass.bus.async_listeners().values()),
        coordinator_listeners=sum(house.listeners.get(poll, 0) for poll in polls),
        timers=sum(not handle.cancelled() for handle in get_scheduled_timer_handles(hass.loop)),
        objects=sum(type(one).__module__.startswith(PACKAGE) for one in every),
        memory_mb=_allocated() / 2**20,
    )


def _allocated() -> int:
    """Return the bytes that the integration holds; 0 unless allocations are traced."""
    if not tracemalloc.is_tracing():
        return 0
    own = tracemalloc.Filter(inclusive=True, filename_pattern=f"*/{PACKAGE.replace('.', '/')}/*")
    statistics = tracemalloc.take_snapshot().filter_traces([own]).statistics("filename")
    return sum(one.size for one in statistics)
