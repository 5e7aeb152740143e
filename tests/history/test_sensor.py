"""The sensor that shows how far the import has come."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.sensor import SensorEntity
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.entity_component import EntityComponent
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import LOGGER
from custom_components.gridduck_heimdall.history.progress import Progress, State
from custom_components.gridduck_heimdall.history.sensor import build
from tests.conftest import pass_time

from .support import Formula, new_importer, run


async def test_sensor(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    source = Formula(window=timedelta(hours=4), reach=timedelta(days=10))
    importer = new_importer(hass, entry, source)
    sensor = build("identity", importer)
    assert sensor.unique_id == "identity_import_progress"
    sensor.entity_id = "sensor.import_progress"
    component = EntityComponent[SensorEntity](LOGGER, "sensor", hass)
    await component.async_add_entities([sensor])
    states = list[str]()

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) is not None:
            states.append(f"{state.state} {state.attributes['percent']}")

    async_track_state_change_event(hass, sensor.entity_id, changed)
    await run(hass, importer)
    assert states == ["importing 0", "idle 100"]
    state = hass.states.get(sensor.entity_id)
    assert state is not None
    assert state.attributes["hours_done"] == 239
    assert state.attributes["hours_to_do"] == 0
    importer._work.progress = Progress(state=State.IDLE, hours_done=500)
    importer._progress_changed()
    importer._progress_changed()
    assert len(states) == 2
    await pass_time(hass, freezer, 6)
    assert len(states) == 3
    importer._progress_changed()
    await component.async_remove_entity(sensor.entity_id)
    await pass_time(hass, freezer, 6)
    assert len(states) == 3
    assert not importer._listeners


@pytest.mark.parametrize(
    ("done", "to_do", "percent"), [(0, 0, 100), (0, 9, 0), (1, 2, 33), (9, 0, 100)]
)
def test_percent(done: int, to_do: int, percent: int) -> None:
    assert Progress(hours_done=done, hours_to_do=to_do).percent == percent
