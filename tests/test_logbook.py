"""What happened, as the logbook tells it over its own interfaces."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.events import EventType
from simulator.faults import Fault
from simulator.gridduck.timeline import OverrideKind
from simulator.options import Options
from simulator.server import Simulator

from .conftest import ask, pass_time, setup
from .gridduck.support import named
from .happenings import captured

NOW = "2026-11-18T18:00:00Z"

type Logbook = Callable[[], Awaitable[list[dict[str, Any]]]]

LAMP: Final = "switch.harbour_office_lamp"


@pytest.fixture
def simulator_options(freezer: FrozenDateTimeFactory) -> Options:
    """Stop the clock, and return a small world."""
    freezer.move_to(NOW)
    return Options(sites=1, assets=4, lines=1)


@pytest.fixture
async def logbook(
    recorder_mock: Recorder,
    short_history: None,
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> Logbook:
    """Return what reads our entries in the logbook; the GridDuck account is in use."""
    await hass.config.async_set_time_zone("UTC")
    assert await async_setup_component(hass, "logbook", {})
    world = simulator.gridduck.world
    site = world.add_site("Yard")
    world.add_asset(
        "Pump", "heat_pump", site_id=site, created=0, min_time_on=None, max_time_off=None
    )
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    client = await hass_client()

    async def read() -> list[dict[str, Any]]:
        await async_wait_recording_done(hass)
        end = dt_util.utcnow() + timedelta(hours=1)
        response = await client.get(
            "/api/logbook/2026-11-18T17:00:00+00:00", params={"end_time": end.isoformat()}
        )
        assert response.status == HTTPStatus.OK
        return [one for one in await response.json() if one.get("domain") == DOMAIN]

    return read


@pytest.mark.english
async def test_who_snoozed_what_until_when(
    hass: HomeAssistant,
    logbook: Logbook,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    client = await hass_client()
    for action, data in (
        ("snooze", {"duration": {"minutes": 30}}),
        ("boost", {"duration": {"hours": 10}}),
        ("resume", {}),
    ):
        response = await client.post(
            f"/api/services/gridduck_heimdall/{action}",
            json={"entity_id": LAMP, **data},
        )
        assert response.status == HTTPStatus.OK
    entries = await logbook()
    assert [one["message"] for one in entries] == [
        "snoozed until 2026-11-18 18:30",
        "boosted until 2026-11-19 04:00",
        "back on its own schedule",
    ]
    for entry in entries:
        assert entry["name"] == "Lamp"
        assert entry["entity_id"] == LAMP
        assert entry["context_user_id"] == hass_admin_user.id
        assert entry["context_domain"] == "gridduck_heimdall"
    socket = await hass_ws_client()
    await socket.send_json_auto_id(
        {
            "type": "logbook/get_events",
            "start_time": "2026-11-18T17:00:00Z",
            "end_time": "2026-11-18T19:00:00Z",
            "entity_ids": [LAMP],
        }
    )
    found = (await socket.receive_json())["result"]
    messages = [one["message"] for one in found if "message" in one]
    assert messages == [one["message"] for one in entries]


@pytest.mark.english
async def test_by_the_switch_and_the_button(
    hass: HomeAssistant, logbook: Logbook, hass_client: ClientSessionGenerator
) -> None:
    events, client = captured(hass), await hass_client()
    for path, entity_id in (
        ("switch/turn_off", LAMP),
        ("switch/turn_on", LAMP),
        ("switch/turn_on", LAMP),
        ("button/press", "button.harbour_office_lamp_end_override"),
        ("button/press", "button.harbour_office_lamp_end_override"),
    ):
        response = await client.post(f"/api/services/{path}", json={"entity_id": entity_id})
        assert response.status == HTTPStatus.OK
    assert [event.event_type for event in events] == [
        EventType.ASSET_SNOOZED,
        EventType.ASSET_RESUMED,
        EventType.ASSET_BOOSTED,
        EventType.ASSET_RESUMED,
    ]
    assert all(event.context.user_id for event in events)
    assert len(await logbook()) == 4


async def test_by_an_automation(hass: HomeAssistant, logbook: Logbook) -> None:
    automation = {
        "alias": "Quiet evening",
        "triggers": {"trigger": "event", "event_type": "quiet"},
        "actions": {
            "action": "switch.turn_off",
            "target": {"entity_id": LAMP},
        },
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    hass.bus.async_fire("quiet")
    await hass.async_block_till_done()
    (entry,) = await logbook()
    assert entry["context_entity_id"] == "automation.quiet_evening"
    assert entry["context_name"] == "Quiet evening"


async def test_nothing_for_what_changes_nothing(
    hass: HomeAssistant, logbook: Logbook, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    events = captured(hass)
    target = {"entity_id": LAMP}

    async def snooze(**duration: int) -> None:
        await hass.services.async_call(
            "gridduck_heimdall", "snooze", {**target, "duration": duration}, blocking=True
        )

    await snooze(hours=1)
    await pass_time(hass, freezer, 20)
    await snooze(hours=1)
    assert len(events) == 1
    await snooze(hours=2)
    assert [event.event_type for event in events] == [EventType.ASSET_SNOOZED] * 2
    await hass.services.async_call("gridduck_heimdall", "resume", target, blocking=True)
    await hass.services.async_call("gridduck_heimdall", "resume", target, blocking=True)
    assert len(events) == 3
    await ask(hass, "shed_load", power=1, duration={"hours": 1}, dry_run=True, **target)
    assert len(events) == 3


async def test_a_command_that_failed_has_not_happened(
    hass: HomeAssistant, logbook: Logbook, simulator: Simulator
) -> None:
    events = captured(hass)
    simulator.faults.add(
        Fault(service="gridduck", path="/asset", method="PUT", status=500, count=None)
    )
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("switch", "turn_off", {"entity_id": LAMP}, blocking=True)
    assert not events


@pytest.mark.english
async def test_overrides_of_the_cloud_are_sentences(
    hass: HomeAssistant, logbook: Logbook, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    """What started, changed or ended without a command of Home Assistant, of the same switch."""
    events = captured(hass)
    world = simulator.gridduck.world
    lamp = named(world, "Lamp")
    commands: list[tuple[OverrideKind, int]] = [("snooze", 1800), ("snooze", 3600), ("boost", 600)]
    for kind, seconds in commands:
        world.command(lamp, kind, seconds)
        await pass_time(hass, freezer, 61)
        await pass_time(hass, freezer, 61)
    await pass_time(hass, freezer, 600)
    entries = await logbook()
    assert [(one["message"], one["entity_id"]) for one in entries] == [
        ("snoozed in GridDuck until 2026-11-18 18:30", LAMP),
        ("snoozed in GridDuck until 2026-11-18 19:02", LAMP),
        ("boosted in GridDuck until 2026-11-18 18:14", LAMP),
        ("back on its own schedule", LAMP),
    ]
    assert {event.event_type for event in events} == {EventType.OVERRIDE_CHANGED}
    assert [event.data["override"] for event in events] == ["snooze", "snooze", "boost", "none"]


@pytest.mark.english
async def test_a_command_is_reported_once_and_its_end_too(
    hass: HomeAssistant, logbook: Logbook, freezer: FrozenDateTimeFactory
) -> None:
    for action, data in (
        ("snooze", {"duration": {"minutes": 30}}),
        ("resume", {}),
        ("boost", {"duration": {"minutes": 2}}),
    ):
        await hass.services.async_call(DOMAIN, action, {"entity_id": LAMP, **data}, blocking=True)
        await pass_time(hass, freezer, 20)
        await pass_time(hass, freezer, 61)
    await pass_time(hass, freezer, 61)
    assert [one["message"] for one in await logbook()] == [
        "snoozed until 2026-11-18 18:30",
        "back on its own schedule",
        "boosted until 2026-11-18 18:04",
        "back on its own schedule",
    ]


@pytest.mark.english
async def test_why_load_was_shed_and_that_it_came_back(
    hass: HomeAssistant,
    logbook: Logbook,
    hass_admin_user: MockUser,
    freezer: FrozenDateTimeFactory,
) -> None:
    calls = async_capture_events(hass, EVENT_CALL_SERVICE)
    target = {"entity_id": "switch.yard_pump"}
    goal = {"power": 500, "duration": {"hours": 1}, "verify_for": {"seconds": 0}}
    await ask(hass, "shed_load", **goal, **target)
    await ask(hass, "shed_load", **goal, **target)
    await ask(hass, "restore_load", **target)
    entries = await logbook()
    assert [one["message"] for one in entries] == [
        "shed until 2026-11-18 19:00: Less power was asked for: 500 W to be shed",
        "restored after load was shed: Less power was asked for: 5.6 kW of 500 W shed",
    ]
    assert {one["name"] for one in entries} == {"Pump"}
    assert [one["context_service"] for one in entries] == ["shed_load", "restore_load"]
    assert len(calls) == 3


@pytest.mark.english
async def test_names_stay_text(
    hass: HomeAssistant, logbook: Logbook, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    evil = '<img src=x onerror="a()">\n[tap](http://evil.example) switch.lamp \u202e'
    world = simulator.gridduck.world
    world.set_field(named(world, "Lamp"), "name", evil)
    await pass_time(hass, freezer, 61)
    await hass.services.async_call("switch", "turn_off", {"entity_id": LAMP}, blocking=True)
    (entry,) = await logbook()
    assert entry["name"] == '<img src=x onerror="a()"> [tap](http://evil.example) switch.lamp'
    assert entry["message"] == "snoozed until 2026-11-18 19:01"


@pytest.mark.english
async def test_whatever_an_event_holds_it_is_a_sentence(
    hass: HomeAssistant, logbook: Logbook
) -> None:
    """Anybody may fire an event of these types."""
    for what in EventType:
        hass.bus.async_fire(what, {})
        hass.bus.async_fire(what, {"name": 1, "until": "soon", "loading": "x", "limited_by": 3})
        hass.bus.async_fire(what, {"until": "2026-13-45T25:00:00", "why": ["x"]})
        hass.bus.async_fire(what, {"until": "0001-01-01T00:00:00+14:00"})
        hass.bus.async_fire(
            what, {"loading": 1, "limit": 2, "limited_by": ["dlr"], "entity_id": ["x"]}
        )
        data = {"name": what, "loading": 112.4, "limit": 500, "limited_by": "dlr"}
        hass.bus.async_fire(what, data)
    entries = await logbook()
    assert len(entries) == 6 * len(EventType)
    assert {one["name"] for one in entries} == {"GridDuck & Heimdall Power", "1", *EventType}
    messages = {one["name"]: one["message"] for one in entries}
    assert all(messages.values())
    assert messages[EventType.LINE_CONGESTED] == (
        "congested: it carries 112% of its dynamic line rating, 500 A"
    )


def test_the_guide_names_every_event() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "automation.md").read_text()
    assert [what for what in EventType if f"`{what}`" not in guide] == []
