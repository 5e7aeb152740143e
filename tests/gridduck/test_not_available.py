"""A server on which what is only assumed is refused for ever, in every way there is."""

from collections import Counter
from datetime import datetime, timedelta
import logging
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.components.system_health import get_info
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.api.gridduck import Override
from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.gridduck.backend import GridDuckAccount
from custom_components.gridduck_heimdall.history import plan
from custom_components.gridduck_heimdall.history.work import ImportState
from simulator.gridduck.settings import Refusal
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask, first_device, setup

from .conftest import START, Pass
from .history_support import rows_of
from .support import LIST_PATH, named, value_of

ASSUMED = "^/(asset/[^/]+/telemetry|site|data_request)/"
TOKEN = "/oauth/token"
HOUR = 3600
FIRST_RANGE = timedelta(days=1)
RANGE = {
    "start": (datetime.fromisoformat(START) - timedelta(hours=5)).isoformat(),
    "end": (datetime.fromisoformat(START) - timedelta(hours=1)).isoformat(),
}


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world, in which something measures temperatures."""
    return Options(sites=1, assets=6)


@pytest.fixture(autouse=True)
def recorded(recorder_mock: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record for real, so that history is imported: at first of one day, else of weeks."""
    monkeypatch.setattr(plan, "FIRST_RANGE", FIRST_RANGE)


def troubles(hass: HomeAssistant) -> list[str]:
    """Return the issues and re-authentications that a user is bothered with."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    issues = [issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN]
    return [
        *issues,
        *(flow["flow_id"] for flow in flows if flow["context"]["source"] == SOURCE_REAUTH),
    ]


@pytest.mark.parametrize(
    # The client's own tests have all of them.
    "refusal",
    [401, 403, 503, "malformed"],
)
async def test_refused_for_ever(
    hass: HomeAssistant,
    simulator: Simulator,
    world: World,
    gridduck_entry: MockConfigEntry,
    passing: Pass,
    caplog: pytest.LogCaptureFixture,
    refusal: Refusal,
) -> None:
    """It costs the features, which say so; nothing else suffers, and it is seldom asked for."""
    caplog.set_level(logging.INFO)
    world.refuse_assumed(refusal)
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    account: GridDuckAccount = gridduck_entry.runtime_data
    by_hour = list[int]()
    for _ in range(10):
        simulator.calls.clear()
        for _ in range(2):
            await passing(HOUR / 2)
        by_hour.append(simulator.calls.count(path=ASSUMED))
        # A token lasts for an hour.
        assert simulator.calls.count(path=TOKEN) <= 2
    assert max(by_hour) < 10
    # Less and less often.
    assert sum(by_hour[4:]) <= 4
    assert troubles(hass) == []
    assert gridduck_entry.state is ConfigEntryState.LOADED
    assert float(value_of(hass, named(world, "Lamp"), "power")) > 0
    assert account.importer.progress.state is not ImportState.FAILED
    warned = Counter(one.name for one in caplog.records if one.levelno >= logging.WARNING)
    assert not [name for name in warned if DOMAIN in name]

    # Diagnostics and system health name the reason.
    state = account.diagnostics()
    telemetry = {"aggregate telemetry", "instantaneous telemetry"}
    assert state["not_available"].keys() == telemetry
    assert all(
        "127.0.0.1" in one["reason"] or "answer" in one["reason"]
        for one in state["not_available"].values()
    )
    assert state["history"]["not_offered"] == sorted(telemetry)
    assert await async_setup_component(hass, "system_health", {})
    info: dict[str, Any] = (await get_info(hass))[DOMAIN]
    assert info["gridduck_not_available"] == ", ".join(sorted(telemetry))

    # What a user asks for is asked for, and fails in words that do not blame the credentials.
    device = first_device(hass, gridduck_entry, "asset")
    lamp = named(world, "Lamp")
    simulator.calls.clear()
    errors = [
        await failing(hass, "get_telemetry", device_id=device, kind="energy", **RANGE),
        await failing(hass, "download_data", device_id=device, **RANGE),
    ]
    # A command is answered without a body: whatever there is in it is not looked at.
    if refusal not in {"malformed", "empty"}:
        with pytest.raises(HomeAssistantError) as raised:
            await account.commands.async_override(Override.BOOST, lamp, 60)
        errors.append(raised.value)
    passing_by = refusal in {500, 503}
    assert {one.translation_key for one in errors[:2]} == {
        "server_error" if passing_by else "feature_unavailable"
    }
    assert {one.translation_key for one in errors[2:]} <= {
        "command_server_error" if passing_by else "command_not_offered"
    }
    await account.commands.async_override(Override.SNOOZE, lamp, 60)
    assert simulator.calls.count(path=TOKEN) == 0
    await passing(60)
    assert troubles(hass) == []

    # When the server has it after all, it is there within a day.
    world.refuse_assumed(None)
    await passing(24 * HOUR)
    await passing(HOUR)
    assert account.diagnostics()["not_available"].keys() <= {"boost", "data download"}
    assert len(await rows_of(hass, lamp, "energy")) >= FIRST_RANGE // timedelta(hours=1)
    await account.commands.async_override(Override.BOOST, lamp, 60)
    assert "boost" not in account.diagnostics()["not_available"]


async def failing(hass: HomeAssistant, action: str, **data: object) -> HomeAssistantError:
    """Return how an action fails."""
    with pytest.raises(HomeAssistantError) as raised:
        await ask(hass, action, **data)
    return raised.value


async def test_refused_from_some_day_on(
    hass: HomeAssistant,
    account: GridDuckAccount,
    simulator: Simulator,
    world: World,
    passing: Pass,
) -> None:
    """What has worked before is not there any more: no different after some hours."""
    await passing(HOUR)
    world.refuse_assumed(401)
    by_hour = list[int]()
    for _ in range(14):
        simulator.calls.clear()
        for _ in range(2):
            await passing(HOUR / 2)
        by_hour.append(simulator.calls.count(path=ASSUMED))
    assert sum(by_hour[6:]) < 10
    assert troubles(hass) == []
    assert set(account.diagnostics()["history"]["not_offered"]) == {
        "aggregate telemetry",
        "instantaneous telemetry",
    }
    world.refuse_assumed(None)
    await passing(24 * HOUR)
    await passing(HOUR)
    assert account.diagnostics()["not_available"] == {}
    rows = await rows_of(hass, named(world, "Lamp"), "energy")
    assert len(rows) == (max(rows) - min(rows)) / HOUR + 1
    assert max(rows) >= (datetime.fromisoformat(START) + timedelta(hours=38)).timestamp()


async def test_the_token_ends_while_telemetry_is_read(
    hass: HomeAssistant,
    account: GridDuckAccount,
    gridduck_entry: MockConfigEntry,
    simulator: Simulator,
    world: World,
) -> None:
    """A token that is refused everywhere is renewed, and nothing is said of the feature."""
    world.accounts.grants.clear()
    rows = await ask(
        hass,
        "get_telemetry",
        device_id=first_device(hass, gridduck_entry, "asset"),
        kind="energy",
        **RANGE,
    )
    assert rows["points"]
    assert simulator.calls.count(path=TOKEN) == 1
    assert account.diagnostics()["not_available"] == {}
    assert simulator.calls.count(path=LIST_PATH) == 2
