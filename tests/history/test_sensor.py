"""What the import announces: its progress, by a sensor, and that rows have changed."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.sensor import SensorEntity
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.entity_component import EntityComponent
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.gridduck_heimdall.const import LOGGER
from custom_components.gridduck_heimdall.history.hours import start_of
from custom_components.gridduck_heimdall.history.importer import Importer
from custom_components.gridduck_heimdall.history.sensor import ImportProgressSensor
from custom_components.gridduck_heimdall.history.source import Fetched
from custom_components.gridduck_heimdall.history.work import ImportProgress, ImportState
from tests.conftest import pass_time
from tests.load_limits.yard import until

from .support import FIRST, HOUR, NOON, NOW, Formula, check, new_importer, run


@dataclass
class Halting(Formula):
    """A cloud that answers as often as it is let."""

    lets: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    begun: int = 0

    @override
    async def async_fetch(self, start: datetime, end: datetime, keys: Collection[str]) -> Fetched:
        self.begun += 1
        await self.lets.acquire()
        return await super().async_fetch(start, end, keys)

    async def go_on(self, times: int) -> None:
        """Answer so often, and wait until the next answer is wanted: all before it is recorded."""
        await until(lambda: self.begun > 0)
        begun = self.begun
        for _ in range(times):
            self.lets.release()
        await until(lambda: self.begun == begun + times)


async def add(
    hass: HomeAssistant, importer: Importer
) -> tuple[EntityComponent[SensorEntity], SensorEntity, list[str]]:
    """Add the sensor; return it and a list that grows by what it shows."""
    sensor, states = ImportProgressSensor("identity", importer), list[str]()
    sensor.entity_id = "sensor.import_progress"
    component = EntityComponent[SensorEntity](LOGGER, "sensor", hass)
    await component.async_add_entities([sensor])

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None:
            states.append(f"{state.state} {state.attributes['percent']}")

    async_track_state_change_event(hass, sensor.entity_id, changed)
    return component, sensor, states


async def test_sensor(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    source = Formula(window=timedelta(hours=4), reach=timedelta(days=10))
    importer = new_importer(hass, entry, source)
    _, sensor, states = await add(hass, importer)
    assert sensor.unique_id == "identity_import_progress"
    await run(hass, importer)
    assert states == ["importing 0", "idle 100"]
    state = hass.states.get(sensor.entity_id)
    assert state is not None
    assert state.attributes["hours_done"] == 239
    assert state.attributes["hours_to_do"] == 0


async def test_progress_is_shown_every_few_seconds(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """While the import goes on; once the sensor is gone it shows nothing."""
    source = Halting(window=timedelta(hours=4), reach=timedelta(days=10))
    importer = new_importer(hass, entry, source)
    component, sensor, states = await add(hass, importer)

    async def pass_seconds() -> None:
        freezer.tick(6)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()

    await importer.async_start()
    await source.go_on(2)
    assert states == ["importing 0"]
    await pass_seconds()
    shown = importer.progress.percent
    assert 0 < shown < 100
    assert states == ["importing 0", f"importing {shown}"]
    await source.go_on(3)
    await pass_seconds()
    assert importer.progress.percent > shown
    assert len(states) == 3
    await source.go_on(1)
    await component.async_remove_entity(sensor.entity_id)
    await pass_seconds()
    for _ in range(1000):
        source.lets.release()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert importer.progress.state is ImportState.IDLE
    assert len(states) == 3


@pytest.mark.parametrize(
    ("done", "to_do", "percent"), [(0, 0, 100), (0, 9, 0), (1, 2, 33), (9, 0, 100)]
)
def test_percent(done: int, to_do: int, percent: int) -> None:
    assert ImportProgress(hours_done=done, hours_to_do=to_do).percent == percent


async def test_listeners_hear_of_changed_rows(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """An import that finds only what is recorded already calls none of them."""
    source, imported = Formula(), list[datetime]()
    importer = new_importer(hass, entry, source)
    remove = importer.async_on_imported(lambda: imported.append(dt_util.utcnow()))
    await run(hass, importer)
    assert imported == [NOW]
    source.asked.clear()
    importer.request(["line"], start_of(FIRST), start_of(FIRST + 1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert source.asked
    assert imported == [NOW]
    source.corrections[FIRST] = 1
    importer.request(["line"], start_of(FIRST), start_of(FIRST + 1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert imported == [NOW, NOW]
    remove()
    await pass_time(hass, freezer, HOUR)
    await check(hass, source, end=NOON + 1)
    assert imported == [NOW, NOW]
