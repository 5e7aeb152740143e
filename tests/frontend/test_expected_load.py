"""The expected load of a line, as a card subscribes to it."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    WebSocketGenerator,
)

from simulator.options import Options
from simulator.server import Simulator
from tests.forecast.history import evening_peak, record
from tests.heimdall.history_support import REQUESTED, failing
from tests.heimdall.home import Home

from .messages import event, subscribe

NOW = "2026-11-18T12:20:00Z"
HOUR = timedelta(hours=1)


@pytest.fixture
def simulator_options() -> Options:
    """Return two lines."""
    return Options(lines=2)


@pytest.fixture
async def home(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
) -> Home:
    """Return an account whose line has a high evening peak each day."""
    assert await async_setup_component(hass, "websocket_api", {})
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(NOW)
    home = Home(hass, simulator, heimdall_entry, freezer)
    # The history of the service would be recorded instead.
    simulator.faults.add(failing(REQUESTED, 404))
    await home.open()
    await record(
        hass, home.sensor(home.line), "A", evening_peak(100, 3000), unit_class="electric_current"
    )
    await home.wait(seconds=15)
    return home


def line(home: Home) -> str:
    device = home.device("line", home.line)
    assert device is not None
    return device.id


async def test_hours_with_load_and_rating(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "expected_load", device_id=line(home)))["success"]
    content = await event(client)
    assert content["loaded"]
    load = content["load"]
    assert load["unit"] == "A"
    now = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    starts = [round((now + count * HOUR).timestamp() * 1000) for count in range(48)]
    assert [one["start"] for one in load["hours"]] == starts
    noon, evening = load["hours"][0], load["hours"][31]
    assert noon["expected"] == pytest.approx(100, rel=0.1)
    assert noon["likelihood"] == "unlikely"
    assert evening["expected"] == pytest.approx(3000, rel=0.01)
    assert evening["low"] <= evening["expected"] <= evening["high"]
    assert evening["likelihood"] == "very_likely"
    assert evening["probability"] > 0.9
    assert set(evening["in_force"]) == {"prediction", "p80", "p90", "p95", "p99"}


async def test_facility_has_the_expected_load_of_its_line(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "expected_load", device_id=line(home))
    of_line = await event(client)
    facility = home.device("facility", home.facility)
    assert facility is not None
    await subscribe(client, "expected_load", device_id=facility.id)
    assert await event(client) == of_line


async def test_subscription_outlives_a_reload(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(home.hass)
    await subscribe(client, "expected_load", device_id=line(home))
    before = await event(client)
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    assert await event(client) == {"loaded": False, "load": None}
    await home.hass.async_block_till_done(wait_background_tasks=True)
    # The load is still known, the rating only once it is joined again.
    assert "in_force" not in (await event(client))["load"]["hours"][0]
    await home.wait(seconds=15)
    after = await event(client)
    assert after["load"]["hours"][0]["in_force"]
    assert after["load"]["hours"][31]["expected"] == before["load"]["hours"][31]["expected"]


async def test_a_line_without_history(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    other = home.device("line", home.icy_line)
    assert other is not None
    await subscribe(client, "expected_load", device_id=other.id)
    assert await event(client) == {"loaded": True, "load": None}


async def test_expected_load_needs_permission(
    home: Home, hass_ws_client: WebSocketGenerator, hass_admin_user: MockUser
) -> None:
    hass_admin_user.groups = []
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "expected_load", device_id=line(home)))["error"][
        "code"
    ] == "unauthorized"


async def test_unknown_device_is_refused(home: Home, hass_ws_client: WebSocketGenerator) -> None:
    client = await hass_ws_client(home.hass)
    assert (await subscribe(client, "expected_load", device_id="no such device"))["error"][
        "code"
    ] == "not_found"
