"""The page on system health: one account, several, and accounts that are not in use."""

import asyncio
from datetime import datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.system_health import get_info
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.system_health import UNKNOWN
from simulator.faults import Fault
from simulator.options import Options
from simulator.server import Simulator

from .conftest import pass_time, setup

NOW = "2026-11-18T18:00:00Z"
FACTS = {"state", "reach_api", "last_success", "calls", "calls_expected", "token_age", "token_left"}


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=4, lines=1)


@pytest.fixture(autouse=True)
def _clock(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(NOW)


async def page(hass: HomeAssistant) -> dict[str, Any]:
    """Return the integration's part of the page as a report has it."""
    assert await async_setup_component(hass, "system_health", {})
    info = await get_info(hass)
    return dict(info[DOMAIN])


def sum_of(counts: str) -> float:
    """Return the sum of a row of counts, after checking it against its parts."""
    total, _, parts = counts.partition(" (")
    assert float(total) == pytest.approx(
        sum(float(part.rpartition(" ")[2]) for part in parts.rstrip(")").split(", ")), abs=0.1
    )
    return float(total)


async def test_both_services(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    """What the user interface gets: each row has a name, and times are times."""
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    assert await async_setup_component(hass, "system_health", {})
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "system_health/info"})
    assert (await client.receive_json())["success"]
    first = (await client.receive_json())["event"]
    part = first["data"][DOMAIN]
    assert part["manage_url"] == f"/config/integrations/integration/{DOMAIN}"
    info: dict[str, Any] = part["info"]
    pending = {key for key, value in info.items() if value == {"type": "pending"}}
    assert pending == {"gridduck_reach_api", "heimdall_reach_api", "heimdall_reach_token"}
    while (event := (await client.receive_json())["event"])["type"] != "finish":
        info[event["key"]] = event["data"] if event["domain"] == DOMAIN else None
    assert {info[key] for key in pending} == {"ok"}
    assert info.keys() == (
        {f"{service}_{fact}" for service in ("gridduck", "heimdall") for fact in FACTS}
        | {"heimdall_reach_token"}
    )
    names = await async_get_translations(hass, "en", "system_health", {DOMAIN})
    # Nothing is said of features that are not available where there are none.
    named = {f"component.{DOMAIN}.system_health.info.{key}" for key in info}
    assert names.keys() - named == {f"component.{DOMAIN}.system_health.info.gridduck_not_available"}
    assert named < names.keys()
    assert info["gridduck_state"] == info["heimdall_state"] == "loaded"
    for service in ("gridduck", "heimdall"):
        assert info[f"{service}_last_success"]["type"] == "date"
        when = datetime.fromisoformat(info[f"{service}_last_success"]["value"])
        assert when == dt_util.utcnow()
        assert info[f"{service}_token_age"] == 0
        assert info[f"{service}_token_left"] == 60


async def test_calls_of_an_hour(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The calls of the last hour are what went out, and what the polls were expected to need."""
    simulator.gridduck.world.add_asset(
        "Archive", "temperature", created=simulator.clock.now() - 86400
    )
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    for _ in range(90):
        await pass_time(hass, freezer, 60)
    simulator.calls.clear()
    for _ in range(60):
        await pass_time(hass, freezer, 60)
    before = await page(hass)
    for service, token, kinds in (
        ("gridduck", "/oauth/token", {"list", "telemetry"}),
        ("heimdall", "/oauth2/", {"measurements", "forecasts"}),
    ):
        sent = sum(
            token not in call.path and call.path != "/"
            for call in simulator.calls.list(service=service)
        )
        assert abs(sum_of(before[f"{service}_calls"]) - sent) <= 1
        # The assets, a quarter of the hours; what has no data, less and less often.
        expected = sum_of(before[f"{service}_calls_expected"])
        assert expected == pytest.approx(sent, abs=2)
        assert {kind for kind in kinds if f"{kind} " in before[f"{service}_calls"]} == kinds


async def test_the_hour_rolls_and_repeats_count(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    await setup(hass, gridduck_entry)
    account = gridduck_entry.runtime_data
    simulator.faults.add(Fault(service="gridduck", path=r"^/asset/(\?|$)", status=503, count=3))
    before = account.health().calls["list"]
    await pass_time(hass, freezer, 61)
    assert account.health().calls["list"] == before + 4
    hass.config_entries.async_update_entry(gridduck_entry, pref_disable_polling=True)
    await hass.async_block_till_done()
    await hass.config_entries.async_reload(gridduck_entry.entry_id)
    account = gridduck_entry.runtime_data
    assert account.health().calls["list"] == 1
    freezer.tick(timedelta(minutes=58))
    assert account.health().calls["list"] == 1
    freezer.tick(timedelta(minutes=3))
    assert account.health().calls == {}
    # The hourly import may have begun by the time that the page is there.
    assert "list" not in (await page(hass))["gridduck_calls"]


async def test_last_success_and_token(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A poll that fails, or asks for nothing as it must keep silent, is no success."""
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    start = dt_util.utcnow().isoformat()
    simulator.faults.add(Fault(service="gridduck", path="^/asset/", status=500, count=None))
    simulator.faults.add(
        Fault(
            service="heimdall",
            path="latest|forecast",
            status=429,
            headers={"Retry-After": "1200"},
            count=None,
        )
    )
    for _ in range(3):
        await pass_time(hass, freezer, timedelta(minutes=5, seconds=1))
    shown = await page(hass)
    for service in ("gridduck", "heimdall"):
        assert shown[f"{service}_last_success"] == start
        assert (shown[f"{service}_token_age"], shown[f"{service}_token_left"]) == (15, 44)
    simulator.faults.clear()
    simulator.faults.add(Fault(service="gridduck", path="^/oauth/", status=500, count=None))
    await pass_time(hass, freezer, timedelta(minutes=50))
    shown = await page(hass)
    # There is a new token where one could be had.
    assert (shown["gridduck_token_age"], shown["gridduck_token_left"]) == (65, 0)
    assert (shown["heimdall_token_age"], shown["heimdall_token_left"]) == (0, 60)
    assert shown["gridduck_last_success"] == start
    assert shown["heimdall_last_success"] == dt_util.utcnow().isoformat()


async def test_several_accounts_of_one_service(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """They share rows, each by its number; none is named, and one that is disabled is left out."""
    await setup(hass, gridduck_entry)
    down = dict(gridduck_entry.data) | {"base_url": "http://127.0.0.1:9"}
    for number, data in enumerate((down, gridduck_entry.data), 2):
        other = MockConfigEntry(
            domain=DOMAIN, title="Secret place", unique_id=f"gridduck_{number}", data=data
        )
        await setup(hass, other)
    off = MockConfigEntry(
        domain=DOMAIN, data=dict(gridduck_entry.data), disabled_by=ConfigEntryDisabler.USER
    )
    off.add_to_hass(hass)
    simulator.calls.clear()
    shown = await page(hass)
    assert shown["gridduck_state"] == "1: loaded; 2: setup_retry; 3: loaded"
    assert shown["gridduck_reach_api"] == "1: ok; 2: unreachable; 3: ok"
    when = dt_util.now().isoformat(" ", "seconds")
    assert shown["gridduck_last_success"] == f"1: {when}; 2: {UNKNOWN}; 3: {when}"
    assert shown["gridduck_token_left"] == f"1: 60; 2: {UNKNOWN}; 3: 60"
    # Accounts at one address share one try, which has no token.
    tries = simulator.calls.list(service="gridduck", path="^/$")
    assert [(call.method, call.headers.get("Authorization")) for call in tries] == [("GET", None)]


async def test_an_account_that_is_not_in_use(
    hass: HomeAssistant, simulator: Simulator, heimdall_entry: MockConfigEntry
) -> None:
    """It is then that somebody looks."""
    simulator.faults.add(Fault(service="heimdall", path="/assets", status=500, count=None))
    await setup(hass, heimdall_entry)
    assert heimdall_entry.state is ConfigEntryState.SETUP_RETRY
    shown = await page(hass)
    assert shown == {
        "heimdall_state": "setup_retry",
        "heimdall_reach_api": "ok",
        "heimdall_reach_token": "ok",
    }


async def test_a_service_that_does_not_answer(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    await setup(hass, gridduck_entry)

    async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await done.wait()
        writer.close()

    asked, done = asyncio.Event(), asyncio.Event()
    server = await asyncio.start_server(silence, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    hass.config_entries.async_update_entry(
        gridduck_entry, data={**gridduck_entry.data, "base_url": f"http://127.0.0.1:{port}"}
    )
    shown = hass.async_create_task(page(hass))
    await asked.wait()
    freezer.tick(6)
    assert (await shown)["gridduck_reach_api"] == "Failed: timeout"
    done.set()
    server.close()


async def test_redirects_are_not_followed(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    await setup(hass, gridduck_entry)
    simulator.faults.add(
        Fault(
            service="gridduck",
            path="^/$",
            kind="redirect",
            headers={"Location": simulator.heimdall.base_url},
        )
    )
    simulator.calls.clear()
    assert (await page(hass))["gridduck_reach_api"] == "ok"
    assert not simulator.calls.list(service="heimdall")


async def test_nothing_of_it_identifies_anybody(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    text = json.dumps(await page(hass))
    for entry in (gridduck_entry, heimdall_entry):
        private = [entry.title, entry.unique_id, *entry.data.values()]
        private = [str(word) for word in private if word not in {"gridduck", "heimdall"}]
        assert not [word for word in private if word in text]
        token = entry.runtime_data.health().token
        assert token is not None
        assert token.value not in text


async def test_between_two_tokens(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """After a token was refused, and before the next, there is no row for it."""
    await setup(hass, gridduck_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    tokens = gridduck_entry.runtime_data.access.tokens
    tokens.invalidate(tokens.token)
    shown = await page(hass)
    assert shown.keys() == {f"gridduck_{fact}" for fact in FACTS if not fact.startswith("token_")}


async def test_without_an_account(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert await page(hass) == {}
