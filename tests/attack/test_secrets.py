"""One long run with every log on: no secret comes out anywhere."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
import json
import logging
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.components import webhook
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET, CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.const import DOMAIN
from simulator.faults import Fault
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import ask, first_device
from tests.test_config_flow import FORMS, go_on, start
from tests.test_system_health import page

from .leaks import Secrets, chain, reachable, secrets_of, watch_tokens, words_of

# The harness's own server, and two lines of Home Assistant's own, name the path of every request.
TELL_PATHS = {"aiohttp.access", "homeassistant.components.webhook", "homeassistant.helpers.http"}
WRONG = "wr0ng/s3cret+value=="
STATUSES = (400, 401, 403, 404, 409, 429, 500, 503)
KINDS = ("html", "empty", "cut", "refuse", "truncate", "malformed", "redirect", "huge", "gzip_bomb")


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=6, lines=1)


@pytest.fixture
def gridduck_entry(gridduck_entry: MockConfigEntry) -> MockConfigEntry:
    """Return an account with a data hook."""
    object.__setattr__(gridduck_entry, "options", {"data_hook": True})
    return gridduck_entry


class Run:
    """The run: what it did, and what came out of it."""

    def __init__(self, hass: HomeAssistant, simulator: Simulator, secrets: Secrets) -> None:
        self.hass = hass
        self.simulator = simulator
        self.secrets = secrets
        self.answers: list[object] = []
        self.errors: list[BaseException] = []

    async def tries(self, call: Awaitable[object]) -> None:
        """Await what may fail, and keep its answer or its exception."""
        try:
            self.answers.append(await call)
        except Exception as error:  # noqa: BLE001 - whatever comes is looked at
            self.errors.append(error)
        await self.hass.async_block_till_done()

    async def polls(self, *entries: MockConfigEntry) -> None:
        """Have all that polls poll, and keep why it failed."""
        for entry in entries:
            if entry.state is not ConfigEntryState.LOADED:
                continue
            for coordinator in coordinators(entry):
                await coordinator.async_refresh()
                self.errors.extend(chain(coordinator.last_exception))
        await self.hass.async_block_till_done()

    @asynccontextmanager
    async def fault(self, **fault: Any) -> AsyncIterator[None]:
        """Have both clouds fail everywhere, in words that they should not use."""
        # Each endpoint repeats what it was sent: the one for tokens secrets, all others a token.
        secret = " ".join(self.secrets.known.values())
        for service, token in self.secrets.latest.items():
            for path, words in (("oauth", secret), ("/", token)):
                body = json.dumps({"error": words, "message": f"Bearer {words}"})
                self.simulator.faults.add(
                    Fault(service=service, path=path, count=None, **({"body": body} | fault))
                )
        yield
        self.simulator.faults.clear()


def coordinators(entry: MockConfigEntry) -> list[Any]:
    """Return everything of an account that polls."""
    account = entry.runtime_data
    found = [one for one in reachable(account) if isinstance(one, DataUpdateCoordinator)]
    assert found
    return found


async def actions(run: Run, gridduck: MockConfigEntry, heimdall: MockConfigEntry) -> None:
    """Call every action that answers."""
    hass, now = run.hass, dt_util.utcnow()
    when = {"start": (now - timedelta(hours=3)).isoformat(), "end": now.isoformat()}
    line, asset = first_device(hass, heimdall, "line"), first_device(hass, gridduck, "asset")
    for action, data in {
        "get_measurements": {"device_id": line},
        "get_forecast": {"device_id": line},
        "get_history": {"device_id": line, "kind": "currents", **when},
        "get_telemetry": {"device_id": asset, "kind": "energy", **when},
        "download_data": {"device_id": asset, **when},
        "list_data_requests": {"config_entry_id": gridduck.entry_id},
        "get_data_request_link": {"config_entry_id": gridduck.entry_id, "data_request": "x"},
    }.items():
        await run.tries(ask(hass, action, **data))
    await run.tries(hass.services.async_call(DOMAIN, "resume", {"device_id": asset}, blocking=True))


async def messages(run: Run, client: TestClient[Any, Any], path: str) -> None:
    """Send good and bad messages to the data hook."""
    for body in ("[]", "{", '{"id": "x"}'):
        response = await client.post(path, data=body, headers={"Content-Type": "application/json"})
        run.answers.append(await response.text())


async def faults(run: Run, gridduck: MockConfigEntry, heimdall: MockConfigEntry) -> None:
    """Have everything fail in every way."""
    every: list[dict[str, Any]] = [{"status": one} for one in STATUSES]
    every += [{"kind": one} for one in KINDS]
    for fault in every:
        async with run.fault(**fault):
            await run.polls(gridduck, heimdall)
        if "status" in fault:
            async with run.fault(**fault):
                await actions(run, gridduck, heimdall)


async def downloads(run: Run, client: ClientSessionGenerator, *entries: MockConfigEntry) -> None:
    """Look at all that a user can download or copy to find a fault."""
    hass = run.hass
    for entry in entries:
        run.answers.append(await get_diagnostics_for_config_entry(hass, client, entry))
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)[:3]:
            run.answers.append(await get_diagnostics_for_device(hass, client, entry, device))
    run.answers.append(await page(hass))


async def flows(run: Run, *entries: MockConfigEntry) -> None:
    """Enter wrong credentials in every form, then look at the options."""
    for service, form in FORMS.items():
        flow = await start(run.hass, service)
        for changes in ({CONF_CLIENT_SECRET: WRONG}, {"base_url": "https://user:pw@host"}, {}):
            flow = await go_on(run.hass, flow, form(run.simulator, **changes))
            run.answers.append({key: flow.get(key) for key in ("errors", "step_id")})
    for entry in entries:
        run.answers.append(await run.hass.config_entries.options.async_init(entry.entry_id))


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Turn every log on."""
    for name in ("", "aiohttp", "asyncio", "homeassistant.helpers.oauth2", "custom_components"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


@pytest.fixture
def run(hass: HomeAssistant, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a run that knows all secrets, and hears of every token from now on."""
    secrets = secrets_of(simulator)
    secrets.add("wrong secret", WRONG)
    watch_tokens(monkeypatch, secrets)
    return Run(hass, simulator, secrets)


@pytest.mark.parametrize("persistent_database", [True])
# All events are recorded, also those that no other test looks up.
@pytest.mark.parametrize("recorder_config", [None])
async def test_nothing_comes_out(
    recorder_mock: Recorder,
    everything_logged: pytest.LogCaptureFixture,
    run: Run,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    gridduck: MockConfigEntry,
    heimdall: MockConfigEntry,
    tmp_path: Path,
) -> None:
    secrets, webhook_id = run.secrets, gridduck.options[CONF_WEBHOOK_ID]
    hass.config.config_dir = str(tmp_path)
    for component in ("diagnostics", "webhook"):
        assert await async_setup_component(hass, component, {})
    assert len(secrets.tokens) >= 2
    await actions(run, gridduck, heimdall)
    await messages(run, await hass_client_no_auth(), webhook.async_generate_path(webhook_id))
    await faults(run, gridduck, heimdall)
    await flows(run, heimdall)
    await refused(run, gridduck, heimdall)
    await downloads(run, hass_client, gridduck, heimdall)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
    await async_wait_recording_done(hass)

    secrets.add("webhook id", webhook_id)
    look(run, gridduck, heimdall)
    assert reported(secrets, everything_logged.records) == {}
    # The credentials are kept there, and nowhere else.
    stored = [hass_storage[key] for key in hass_storage.keys() - {"core.config_entries"}]
    assert not secrets.in_text(json.dumps(stored, default=str))
    database = recorder_mock.db_url.removeprefix("sqlite:///")
    assert written(secrets, tmp_path, Path(database).parent) == {}


def test_the_search_finds() -> None:
    """What is looked for is found: in a text, by its beginning, and in a chain of exceptions."""
    secrets = Secrets()
    secrets.add_client("secret", "me", "s3cret/and+more")
    assert secrets.in_text(WRONG) == set()
    assert secrets.in_text("a s3cret/and+m…") == {"secret"}
    assert "secret in a header" in secrets.in_text("Basic bWU6czNjcmV0L2FuZCttb3Jl")
    hidden = ValueError("s3cret/and+more")
    error = KeyError("x")
    error.__context__ = hidden
    assert [secrets.in_text(words_of(one)) for one in chain(error)] == [set(), {"secret"}]


def reported(secrets: Secrets, records: list[logging.LogRecord]) -> dict[str, set[str]]:
    """Return the lines of the log that tell a secret."""
    assert len(records) > 200
    lines = [
        one.getMessage() + (one.exc_text or "") for one in records if one.name not in TELL_PATHS
    ]
    return {line[:200]: found for line in lines if (found := secrets.in_text(line))}


def written(secrets: Secrets, *folders: Path) -> dict[Path, set[str]]:
    """Return the files that hold a secret; each folder must have some."""
    found: dict[Path, set[str]] = {}
    for folder in folders:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files
        found |= {path: held for path in files if (held := secrets.in_file(path))}
    return found


async def refused(run: Run, gridduck: MockConfigEntry, heimdall: MockConfigEntry) -> None:
    """Have both clouds change the secret: re-authenticate with a wrong one, then the new one."""
    hass = run.hass
    for cloud, entry, form in (
        (run.simulator.gridduck, gridduck, "gridduck"),
        (run.simulator.heimdall, heimdall, "heimdall"),
    ):
        new = f"n3w-{form}-s3cret+/="
        cloud.world.rotate_secret(new)
        cloud.world.revoke_tokens()
        run.secrets.add_client(f"new {form} secret", cloud.client_id, new)
        await run.polls(entry)
        flow = next(
            one
            for one in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
            if one["context"].get("entry_id") == entry.entry_id
        )
        for secret in (WRONG, new):
            answer = await hass.config_entries.flow.async_configure(
                flow["flow_id"], {CONF_CLIENT_ID: cloud.client_id, CONF_CLIENT_SECRET: secret}
            )
            run.answers.append({key: answer.get(key) for key in ("errors", "reason")})
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED


def look(run: Run, *entries: MockConfigEntry) -> None:
    """Search answers, exceptions, states and whatever the accounts consist of."""
    secrets = run.secrets
    assert len(run.answers) > 15
    assert not secrets.in_text(json.dumps(run.answers, default=repr))
    raised = {id(one): one for error in run.errors for one in chain(error)}
    assert len(raised) > 20
    for error in raised.values():
        assert not secrets.in_text(words_of(error)), type(error)
    for state in run.hass.states.async_all():
        assert not secrets.in_text(json.dumps([state.state, dict(state.attributes)], default=str))
    for entry in entries:
        found = [*reachable(entry.runtime_data)]
        assert len({type(one).__name__ for one in found}) > 20
        for one in found:
            assert not secrets.in_text(repr(one)), type(one)
            assert not secrets.in_text(str(one)), type(one)
