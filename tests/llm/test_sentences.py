"""The sentences of docs/automation.md, said to Home Assistant's own assistant."""

from pathlib import Path
import re
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.options import Options
from simulator.server import Simulator

from .support import expose, open_house

pytestmark = pytest.mark.english

GUIDE: Final = Path(__file__).parents[2] / "docs" / "automation.md"


@pytest.fixture
def simulator_options(freezer: FrozenDateTimeFactory) -> Options:
    """Stop the clock, and return a small world."""
    freezer.move_to("2026-11-18T18:00:00Z")
    return Options(sites=1, assets=4, lines=1)


@pytest.fixture
async def house(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> Simulator:
    """Return the simulators; a lamp in the hall and the loading of a line are exposed."""
    await open_house(hass, gridduck_entry, heimdall_entry)
    loading = next(one for one in hass.states.async_entity_ids() if one.endswith("_loading"))
    entities = er.async_get(hass)
    entities.async_update_entity(loading, aliases=["Harbour line loading"])
    area = ar.async_get(hass).async_create("Hall")
    lamp = entities.async_get("switch.harbour_office_lamp")
    assert lamp is not None
    assert lamp.device_id is not None
    dr.async_get(hass).async_update_device(lamp.device_id, area_id=area.id)
    await hass.async_block_till_done()
    expose(hass, ["switch.harbour_office_lamp", "sensor.harbour_office_lamp_power", loading])
    return simulator


async def say(hass: HomeAssistant, sentence: str) -> tuple[str, str]:
    """Say a sentence; return the kind of the answer, and what is said."""
    answer: Any = await hass.services.async_call(
        "conversation",
        "process",
        {"text": sentence, "language": "en"},
        blocking=True,
        return_response=True,
    )
    response = answer["response"]
    return response["response_type"], response["speech"]["plain"]["speech"]


async def test_every_sentence_of_the_guide(hass: HomeAssistant, house: Simulator) -> None:
    section = GUIDE.read_text().partition("## Assistants")[2].partition("\n## ")[0]
    sentences = re.findall(r"^- “(.+?)”", section, re.MULTILINE)
    assert len(sentences) >= 5
    for sentence in sentences:
        kind, said = await say(hass, sentence)
        assert kind in {"action_done", "query_answer"}, f"{sentence}: {said}"


async def test_off_and_on(hass: HomeAssistant, house: Simulator) -> None:
    await say(hass, "Turn off the lamp")
    assert house.calls.list(method="PUT")[-1].body == {"snooze_finish": 3600}
    assert (await say(hass, "Is the lamp on?"))[1] == "No, off"
    await say(hass, "Turn on the lamp")
    assert house.calls.list(method="PUT")[-1].body == {"snooze_finish": 0}


async def test_a_value(hass: HomeAssistant, house: Simulator) -> None:
    kind, said = await say(hass, "What is the Harbour line loading?")
    assert kind == "query_answer"
    assert said.endswith("%")


async def test_what_is_not_exposed(hass: HomeAssistant, house: Simulator) -> None:
    expose(hass, ["switch.harbour_office_lamp"], exposed=False)
    kind, _ = await say(hass, "Turn off the lamp")
    assert kind == "error"
    assert not house.calls.list(method="PUT")
