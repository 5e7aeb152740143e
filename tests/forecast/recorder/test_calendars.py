"""The calendars of both accounts, and automations with Home Assistant's calendar triggers."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.calendar.const import DATA_COMPONENT
from homeassistant.const import (
    ATTR_ENTITY_ID,
    EVENT_RECORDER_HOURLY_STATISTICS_GENERATED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from simulator.faults import Fault
from simulator.server import Simulator
from tests.calendars import calendar_of, get_events
from tests.conftest import pass_time
from tests.heimdall.home import Home

from .recorded import AMPERES, SECONDS, record

NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def calendar(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> State:
    """Return the state of the calendar of an account."""
    state = hass.states.get(calendar_of(hass, entry, key))
    assert state is not None
    return state


async def events(hass: HomeAssistant, entity_id: str, hours: float = 96) -> list[dict[str, Any]]:
    """Return the events of a calendar, from a day before the test on."""
    start, end = at(-24).isoformat(), at(hours).isoformat()
    return await get_events(hass, entity_id, start_date_time=start, end_date_time=end)


async def uids(hass: HomeAssistant, entity_id: str) -> list[str | None]:
    """Return the identities of all events of a calendar."""
    entity = hass.data[DATA_COMPONENT].get_entity(entity_id)
    assert entity is not None
    return [one.uid for one in await entity.async_get_events(hass, at(-24), at(96))]


def times(event: dict[str, Any]) -> tuple[datetime, datetime]:
    start, end = (datetime.fromisoformat(event[key]).astimezone(UTC) for key in ("start", "end"))
    return start, end


@pytest.fixture
async def _automations_end(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Turn the automations off at the end, so that no timer is left."""
    yield
    await hass.services.async_call("automation", "turn_off", {ATTR_ENTITY_ID: "all"}, blocking=True)


async def automate(
    hass: HomeAssistant, entity_id: str, offset: str = "00:00:00"
) -> list[dict[str, Any]]:
    """Return what two automations report, which start with an event and end with it.

    Args:
        hass: Home Assistant.
        entity_id: the calendar.
        offset: from the start and from the end.
    """
    reported = list[dict[str, Any]]()

    @callback
    def report(event: Event) -> None:
        reported.append(dict(event.data))

    hass.bus.async_listen("reported", report)
    automations = [
        {
            "alias": what,
            "triggers": {
                "trigger": "calendar",
                "event": what,
                "entity_id": entity_id,
                "offset": offset,
            },
            "actions": {
                "event": "reported",
                "event_data_template": {
                    "what": what,
                    "summary": "{{ trigger.calendar_event.summary }}",
                    "uid": "{{ trigger.calendar_event.uid }}",
                },
            },
        }
        for what in ("start", "end")
    ]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    await hass.async_block_till_done()
    return reported


def written(hass: HomeAssistant, entity_id: str) -> list[State | None]:
    """Return a list that grows with each state that is written."""
    states = list[State | None]()

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        states.append(event.data["new_state"])

    async_track_state_change_event(hass, entity_id, changed)
    return states


def ice(home: Home, weights: dict[datetime, float]) -> None:
    """Let the service forecast ice for the second line, and none at any other time."""
    home.recover()
    phase = {
        "span_phase_id": home.world.line(home.icy_line).spans[0].phases[0].id,
        "forecast": [
            {"timestamp": when.isoformat(), "ice_weight": {"value": weight, "unit": "kg/m"}}
            for when, weight in weights.items()
        ],
    }
    span = {"span_id": home.world.line(home.icy_line).spans[0].id, "span_phases": [phase]}
    home.fault("icing_forecast", "patch", patch={"data": {"icing": {"spans": [span]}}})


def spell(start: float, end: float, weight: float = 0.8) -> dict[datetime, float]:
    """Return half hours of ice, with a little rime before and after."""
    steps = range(-2, round(2 * (end - start)) + 2)
    return {
        at(start + step / 2): weight if 0 <= step < 2 * (end - start) else 0.05 for step in steps
    }


@pytest.mark.english
async def test_ice_ahead(home: Home) -> None:
    """Each line has its events in the one calendar of its account."""
    ice(home, spell(5, 8) | spell(20, 21.5, 1.26))
    await home.open()
    state = calendar(home.hass, home.entry, "line_forecasts")
    name = home.world.line(home.icy_line).name
    assert state.state == STATE_OFF
    assert state.attributes["message"] == f"{name}: ice expected"
    assert state.attributes["description"] == "Up to 0.8 kg/m"
    assert state.name == "Heimdall test forecasts"
    first, second = await events(home.hass, state.entity_id)
    assert (times(first), times(second)) == ((at(5), at(8)), (at(20), at(21.5)))
    assert second["description"] == "Up to 1.3 kg/m"


def local_hour(hour: int) -> int:
    return dt_util.as_local(datetime.fromtimestamp(hour * SECONDS, UTC)).hour


@pytest.mark.english
async def test_congestion_ahead(home: Home) -> None:
    """The peak of each evening, days before it comes."""
    await home.open()
    current = home.entity_id(home.line, "current")
    assert current is not None
    now = int(NOW.timestamp()) // SECONDS
    # Two hours a day by the clock on the wall, which was set back in these weeks.
    peak = {dt_util.as_local(at(hours)).hour for hours in (2, 3)}
    past = {
        hour: 6000.0 if local_hour(hour) in peak else 300.0 for hour in range(now - 504, now - 2)
    }
    await record(home.hass, current, AMPERES, past)
    home.hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
    for _ in range(2):
        await home.wait(minutes=5)
    state = calendar(home.hass, home.entry, "line_forecasts")
    name = home.world.line(home.line).name
    congestion = f"{name}: congestion expected"
    assert state.attributes["message"] == congestion
    found = [
        times(one)
        for one in await events(home.hass, state.entity_id)
        if one["summary"] == congestion
    ]
    assert found == [(at(2), at(4)), (at(26), at(28))]
    assert state.attributes["description"].endswith(" A")


@pytest.mark.usefixtures("_automations_end")
async def test_forecasts_that_move(home: Home) -> None:
    """One event that a trigger fires for once, whatever the forecasts become."""
    ice(home, spell(5, 8))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    reported = await automate(home.hass, entity_id)
    states = written(home.hass, entity_id)
    # The same forecast again, each hour: nothing is written.
    await home.wait(hours=1, seconds=30)
    assert not states
    ice(home, spell(6, 9))
    await home.wait(hours=1, seconds=30)
    # It has looked at the full hour, and looks again some seconds later.
    await home.wait(seconds=15)
    (event,) = await events(home.hass, entity_id)
    assert times(event) == (at(6), at(9))
    assert len(states) == 1
    for _ in range(5 * 4):
        await home.wait(minutes=15)
        if home.freezer().timestamp() > at(6.1).timestamp():
            # It has begun; from now on the service expects it later.
            ice(home, spell(8, 9))
    assert [one["what"] for one in reported] == ["start"]
    (event,) = await events(home.hass, entity_id)
    assert times(event) == (at(6), at(9))
    assert home.hass.states.is_state(entity_id, STATE_ON)
    for _ in range(3 * 4):
        await home.wait(minutes=15)
    assert [one["what"] for one in reported] == ["start", "end"]
    assert reported[0]["uid"] == reported[1]["uid"]
    # It stays for a day.
    (event,) = await events(home.hass, entity_id)
    assert times(event) == (at(6), at(9))
    assert home.hass.states.is_state(entity_id, STATE_OFF)


@pytest.mark.usefixtures("_automations_end")
@pytest.mark.parametrize(("offset", "hours"), [("-02:00:00", -2), ("01:00:00", 1)])
async def test_triggers_with_an_offset(home: Home, offset: str, hours: int) -> None:
    """Hours before an event and after it, each at its time and once."""
    ice(home, spell(5, 8))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    reported = await automate(home.hass, entity_id, offset)
    fired = dict[str, datetime]()
    # Home Assistant looks for events every 15 minutes: not at the time at which one ends.
    await home.wait(seconds=30)
    for _ in range(10 * 4):
        before = len(reported)
        await home.wait(minutes=15)
        for one in reported[before:]:
            assert one["what"] not in fired
            fired[one["what"]] = dt_util.utcnow()
    assert fired.keys() == {"start", "end"}
    for what, due in (("start", at(5 + hours)), ("end", at(8 + hours))):
        assert timedelta() <= fired[what] - due <= timedelta(minutes=16)
    assert reported[0]["uid"] == reported[1]["uid"]


async def test_no_forecast(home: Home) -> None:
    """Events of a line are kept for hours without a forecast, but not for ever."""
    ice(home, spell(20, 22))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    before = await events(home.hass, entity_id)
    home.recover()
    home.fault("icing_forecast")
    for _ in range(4):
        await home.wait(hours=1, seconds=30)
    assert await events(home.hass, entity_id) == before
    for _ in range(8):
        await home.wait(hours=1, seconds=30)
    assert not await events(home.hass, entity_id)
    assert home.hass.states.is_state(entity_id, STATE_OFF)
    ice(home, spell(20, 22))
    for _ in range(2):
        await home.wait(hours=1, seconds=30)
    (event,) = await events(home.hass, entity_id)
    assert times(event) == (at(20), at(22))


async def test_no_service(home: Home) -> None:
    """Without forecasts of any line the calendar is unavailable."""
    ice(home, spell(20, 22))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    before = await events(home.hass, entity_id)
    home.recover()
    home.fault("any")
    for _ in range(6):
        await home.wait(hours=1, seconds=30)
    assert home.hass.states.is_state(entity_id, STATE_UNAVAILABLE)
    ice(home, spell(20, 22))
    for _ in range(2):
        await home.wait(hours=1, seconds=30)
    assert home.hass.states.is_state(entity_id, STATE_OFF)
    assert await events(home.hass, entity_id) == before


async def test_a_line_that_is_left_out(home: Home) -> None:
    """Its events go, and those of the others stay; once it is there again, it has them anew."""
    ice(home, spell(20, 22))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    found = await events(home.hass, entity_id)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.open(**{CONF_INCLUDE: [home.icy_line]})
    assert await events(home.hass, entity_id) == found
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.open(**{CONF_INCLUDE: [home.line]})
    assert not await events(home.hass, entity_id)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.open(**{CONF_INCLUDE: [home.line, home.icy_line]})
    assert await events(home.hass, entity_id) == found


async def test_a_renamed_calendar(home: Home) -> None:
    """Its events keep their identity."""
    ice(home, spell(20, 22))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    before = await uids(home.hass, entity_id)
    er.async_get(home.hass).async_update_entity(entity_id, new_entity_id="calendar.other_name")
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert await uids(home.hass, "calendar.other_name") == before
    assert len(before) == 1


async def test_a_restart(home: Home) -> None:
    """Events keep their identity; the account takes its file along when it is removed."""
    ice(home, spell(20, 22))
    await home.open()
    entity_id = calendar(home.hass, home.entry, "line_forecasts").entity_id
    before = await uids(home.hass, entity_id)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    ice(home, spell(21, 24))
    await home.open()
    assert await uids(home.hass, entity_id) == before
    assert len(await events(home.hass, entity_id)) == 1
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert home.hass.states.get(entity_id) is None


async def settle(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Wait until the service has confirmed a command."""
    for _ in range(4):
        await pass_time(hass, freezer, 2)


async def pulled(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float = 1) -> None:
    await pass_time(hass, freezer, timedelta(minutes=minutes, seconds=1))


@pytest.mark.usefixtures("_automations_end")
@pytest.mark.english
async def test_overrides(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Boosts and snoozes that run, each one event however often it is renewed."""
    state = calendar(hass, account, "overrides")
    assert (state.state, state.name) == (STATE_OFF, "GridDuck test overrides")
    reported = await automate(hass, state.entity_id)
    opened = account.runtime_data
    assert isinstance(opened, GridDuckAccount)
    asset = next(one for one in opened.asset_ids if opened.is_controllable(one))
    device = opened.device_of(asset)
    assert device is not None

    async def act(action: str, **data: object) -> None:
        await hass.services.async_call(
            DOMAIN, action, {"device_id": device.id, **data}, blocking=True
        )
        await settle(hass, freezer)

    await act("snooze", duration={"minutes": 20})
    state = calendar(hass, account, "overrides")
    name = simulator.gridduck.world.assets[asset].name
    assert state.state == STATE_ON
    assert state.attributes["message"] == f"{name} is snoozed"
    assert state.attributes["location"] == simulator.gridduck.world.assets[asset].site.name
    (event,) = await events(hass, state.entity_id)
    # It begins when the service shows it.
    begin = at(0) + timedelta(seconds=2)
    assert times(event) == (begin, at(1 / 3))
    states = written(hass, state.entity_id)
    for _ in range(5):
        await pulled(hass, freezer)
    assert not states
    await act("snooze", duration={"minutes": 20})
    (renewed,) = await events(hass, state.entity_id)
    assert times(renewed)[0] == begin
    for _ in range(25):
        await pulled(hass, freezer)
    assert calendar(hass, account, "overrides").state == STATE_OFF
    assert [one["what"] for one in reported] == ["end"]
    (over,) = await events(hass, state.entity_id)
    assert times(over) == times(renewed)


async def test_overrides_outlive_a_restart_and_an_outage(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    opened = account.runtime_data
    assert isinstance(opened, GridDuckAccount)
    ids = [one for one in opened.asset_ids if opened.is_controllable(one)][:3]
    devices = [device.id for one in ids if (device := opened.device_of(one)) is not None]
    await hass.services.async_call(
        DOMAIN, "boost", {"device_id": devices, "duration": {"hours": 3}}, blocking=True
    )
    await settle(hass, freezer)
    entity_id = calendar(hass, account, "overrides").entity_id
    before = await events(hass, entity_id)
    assert len(before) == 3
    simulator.faults.add(Fault(service="gridduck", path="^/asset", kind="status", status=500))
    for _ in range(9):
        await pulled(hass, freezer)
    assert await events(hass, entity_id) == before
    simulator.faults.clear()
    assert await hass.config_entries.async_reload(account.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await events(hass, entity_id) == before
