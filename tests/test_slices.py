"""Blocking jobs end before what they use is closed."""

import asyncio
from collections.abc import Iterator
from threading import Event

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event as HassEvent, HomeAssistant
import pytest

from custom_components.gridduck_heimdall.core.slices import async_finish

TURNS = 20
"""Turns of the event loop in which Home Assistant would go on if it waited for nothing."""


@pytest.fixture
def end() -> Iterator[Event]:
    """Return what a blocking job waits for."""
    event = Event()
    yield event
    event.set()


async def turns() -> None:
    """Let the event loop turn."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def test_its_result(hass: HomeAssistant) -> None:
    assert await async_finish(hass, hass.async_add_executor_job(int, "12")) == 12
    with pytest.raises(ValueError, match="twelve"):
        await async_finish(hass, hass.async_add_executor_job(int, "twelve"))


async def test_a_cancelled_caller_waits(hass: HomeAssistant, end: Event) -> None:
    # An executor that Home Assistant does not follow, as the recorder's.
    job = hass.loop.run_in_executor(None, end.wait)
    caller = asyncio.create_task(async_finish(hass, job))
    await asyncio.sleep(0)
    for _ in range(2):
        caller.cancel()
        await turns()
    # Cancelled twice, it waits no longer; Home Assistant still does.
    assert caller.cancelled()
    rest = asyncio.create_task(hass.async_block_till_done())
    await turns()
    assert not rest.done()
    end.set()
    await rest


async def test_home_assistant_waits_when_it_stops(hass: HomeAssistant, end: Event) -> None:
    """The recorder is closed at the final write: the job has ended by then."""
    ended: list[bool] = []

    def note(_event: HassEvent) -> None:
        ended.append(end.is_set())

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, note)
    job = hass.loop.run_in_executor(None, end.wait)
    caller = hass.async_create_background_task(async_finish(hass, job), "caller")
    await asyncio.sleep(0)
    stopping = asyncio.create_task(hass.async_stop(force=True))
    await turns()
    assert not caller.done()
    end.set()
    await stopping
    assert ended == [True]
    assert caller.cancelled()
