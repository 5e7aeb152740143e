"""A system in German: what it says, and that nothing depends on the names of entities."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
import json
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.api.errors import ApiError, ErrorReason, FeatureUnavailable
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.events import EventType
from custom_components.gridduck_heimdall.core.exceptions import explain
from simulator.faults import Fault
from simulator.options import Options
from simulator.server import Simulator

from .conftest import ask, first_device, setup

NOW: Final = "2026-11-18T18:00:00Z"
LAMP: Final = "switch.harbour_office_lamp"
GERMAN: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "custom_components" / DOMAIN / "translations/de.json").read_text(
        "utf-8"
    )
)

FIGURES: Final = "(Last 112.7 kW, Grenzwert 107.7 kW)"

type Messages = Callable[[], Awaitable[list[str]]]


@pytest.fixture
def simulator_options(freezer: FrozenDateTimeFactory) -> Options:
    """Stop the clock, and return a small world."""
    freezer.move_to(NOW)
    return Options(sites=1, assets=4, lines=1)


@pytest.fixture(autouse=True)
async def german(recorder_mock: Recorder, short_history: None, hass: HomeAssistant) -> None:
    """Let Home Assistant speak German."""
    hass.config.language = "de"
    await hass.config.async_set_time_zone("UTC")


@pytest.fixture
async def messages(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> Messages:
    """Return what reads the messages of the logbook; the GridDuck account is in use."""
    assert await async_setup_component(hass, "logbook", {})
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    client = await hass_client()

    async def read() -> list[str]:
        await async_wait_recording_done(hass)
        response = await client.get("/api/logbook/2026-11-18T17:00:00+00:00")
        return [one["message"] for one in await response.json() if one.get("domain") == DOMAIN]

    return read


async def test_the_logbook(hass: HomeAssistant, messages: Messages) -> None:
    """Sentences are German, and Norwegian once the system is."""
    await ask(hass, "snooze", entity_id=LAMP, duration={"minutes": 30})
    limited = {"loading": 112.4, "limit": 1500, "limited_by": "dlr"}
    hass.bus.async_fire(EventType.LINE_CONGESTED, {"name": "Linie", **limited})
    decided = {"action": "curtail", "reason": "above_limit", "sent": True}
    figures = {"load": 112.66, "limit": 107.7, "unit": "kW", "until": "2026-11-18T18:10:00Z"}
    hass.bus.async_fire(EventType.LOAD_LIMIT_DECIDED, {"asset": "Pumpe", **decided, **figures})
    assert await messages() == [
        "pausiert bis 2026-11-18 18:30",
        "Engpass: ausgelastet zu 112 % der dynamischen Belastbarkeit, 1500 A",
        f"Pumpe bis 2026-11-18 18:10 abgeschaltet: Zu hohe Last erwartet {FIGURES}",
    ]
    await hass.config.async_update(language="nb")
    await hass.async_block_till_done()
    first, *_ = await messages()
    assert first == "ble satt på pause til 2026-11-18 18:30"


async def test_a_language_without_texts_is_english(hass: HomeAssistant, messages: Messages) -> None:
    await ask(hass, "resume", entity_id=LAMP)
    await ask(hass, "boost", entity_id=LAMP, duration={"minutes": 30})
    await hass.config.async_update(language="cy")
    await hass.async_block_till_done()
    assert await messages() == ["boosted until 2026-11-18 18:30"]


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("reason", list(ErrorReason))
async def test_reasons(hass: HomeAssistant, reason: ErrorReason) -> None:
    """Each reason is a German sentence, without a full stop, also where the server says more."""
    values = {"host": "api.test", "status": 500, "bytes": 9}
    said = explain(ApiError("English").because(reason, **values))
    text: str = GERMAN["exceptions"][f"api_{reason}"]["message"]
    assert said == text.format_map(values)
    assert not said.endswith(".")
    if f"api_{reason}_detail" in GERMAN["exceptions"]:
        detailed = explain(ApiError("English").because(reason, **values, detail="Boiler"))
        assert detailed == f"{said}: Boiler"


@pytest.mark.usefixtures("texts")
async def test_other_errors(hass: HomeAssistant) -> None:
    missing = FeatureUnavailable("no", feature="boost")
    missing.__cause__ = ApiError("English").because(ErrorReason.EMPTY_ANSWER)
    assert explain(missing) == "Die Antwort ist leer"
    assert explain(OSError(28, "No space left")) == "der Datenträger ist voll"
    assert explain(OSError(5, "I/O")) == "Fehler EIO"
    unwritten = WriteError("English")
    unwritten.__cause__ = OSError(28, "No space left")
    assert explain(unwritten) == "der Datenträger ist voll"
    assert explain(KeyError("x")) == "Fehler in dieser Integration: KeyError"
    assert explain(HomeAssistantError("as it is")) == "as it is"


async def test_a_failed_action(
    hass: HomeAssistant, gridduck_entry: MockConfigEntry, simulator: Simulator
) -> None:
    """The browser gets the key and a German reason; the log is English."""
    await setup(hass, gridduck_entry)
    simulator.faults.add(
        Fault(service="gridduck", path="/asset", method="PUT", status=400, count=None)
    )
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call("switch", "turn_off", {"entity_id": LAMP}, blocking=True)
    assert caught.value.translation_key == "command_not_accepted"
    placeholders = caught.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["error"].startswith("127.0.0.1 hat die Anfrage nicht angenommen (400)")
    assert "127.0.0.1 did not accept the request (400)" in str(caught.value)
    assert "Anfrage" not in str(caught.value)


async def test_lines(hass: HomeAssistant, heimdall_entry: MockConfigEntry) -> None:
    """Entities of a line are found whatever they are called: by their history, too."""
    await setup(hass, heimdall_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    line = first_device(hass, heimdall_entry, "line")
    entities = er.async_entries_for_device(er.async_get(hass), line)
    named = {one.translation_key: one.entity_id for one in entities}
    assert named["loading"].endswith("_auslastung")
    start = dt_util.utcnow() - timedelta(days=1)
    target = {"device_id": line}
    await ask(hass, "import_history", **target, start=start.isoformat())
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)
    recorded = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    assert named["current"] in {one["statistic_id"] for one in recorded}
