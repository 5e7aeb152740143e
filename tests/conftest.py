"""Fixtures that all tests share: a real Home Assistant beside the simulators of both clouds."""

from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
import logging
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import network
from homeassistant.components.network import util as network_util
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    CONF_CLIENT_ID,
    CONF_CLIENT_SECRET,
    EVENT_COMPONENT_LOADED,
    EVENT_SERVICE_REGISTERED,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client, device_registry as dr, entity_registry as er
from homeassistant.helpers.translation import async_load_integrations
from hypothesis import settings
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

import custom_components  # noqa: F401 - found before Home Assistant looks for it
from custom_components.gridduck_heimdall.api.transport import Transport
from custom_components.gridduck_heimdall.const import (
    CONF_BASE_URL,
    CONF_ENVIRONMENT,
    CONF_SCOPE,
    CONF_SERVICE,
    CONF_TOKEN_URL,
    DOMAIN,
)
from custom_components.gridduck_heimdall.history import plan
from simulator.faults import Cloud
from simulator.options import Options
from simulator.server import Simulator, running
from tests.plugin import collect_garbage, commit_events_together, share_compiled_statements

# New examples in each run; how to repeat one that fails is printed, and no file is left behind.
settings.register_profile("tests", deadline=None, database=None, print_blob=True)
settings.load_profile("tests")
# The plugin has it tell every statement, also where no test listens.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
# A line for each of hundreds of entities, which pytest formats for the report of a failure.
for registry in ("device_registry", "entity_registry"):
    logging.getLogger(f"homeassistant.helpers.{registry}").setLevel(logging.WARNING)

# They need a browser and have a conftest of their own: script/browser-test runs them.
collect_ignore = ["browser"]
# Two thirds of the events that the recorder receives during setup, and no test reads them.
RECORDER_CONFIG: Final = {
    "exclude": {
        "event_types": [
            EVENT_COMPONENT_LOADED,
            EVENT_SERVICE_REGISTERED,
            dr.EVENT_DEVICE_REGISTRY_UPDATED,
            er.EVENT_ENTITY_REGISTRY_UPDATED,
        ]
    }
}
CLOUDS: Final[tuple[Cloud, ...]] = ("gridduck", "heimdall")
THREE_SITES: Final = pytest.mark.parametrize("simulator_options", [Options()], ids=["three sites"])
"""For a test that needs more than one site, or more assets."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that have a time limit of their own.

    They take the longest: were one of them the last, the other workers would wait for it.
    """
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(autouse=True)
def integration_enabled(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load this repository's integration in every test that has one."""
    if "hass" not in request.fixturenames:
        return
    if "recorder_mock" in request.fixturenames:
        # The recorder has to be there before anything that starts Home Assistant.
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
async def texts(hass: HomeAssistant) -> None:
    """Load the texts of the integration, as its setup does."""
    await async_load_integrations(hass, {DOMAIN})


@pytest.fixture
def hass_config_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a configuration directory of the test's own.

    All tests and all workers share the plugin's; there, one worker sweeps up the downloads of
    another.
    """
    with TemporaryDirectory(prefix="config-", dir=tmp_path_factory.getbasetemp()) as folder:
        yield folder


@pytest.fixture
def recorder_db_url(
    recorder_db_url: str, pytestconfig: pytest.Config, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Return where the recorder's data go: into SQLite, in memory, unless a server is named."""
    server = pytestconfig.getoption("recorder_server")
    if server is None:
        share_compiled_statements()
        commit_events_together()
        yield recorder_db_url
        return
    # The driver that it needs is not installed for the other tests.
    from tests.recorder_server import new_database  # noqa: PLC0415

    request.getfixturevalue("socket_enabled")
    with new_database(server) as url:
        yield url


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record what tests look up; override it for another configuration."""
    return dict(RECORDER_CONFIG)


@pytest.fixture
def short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the first import go back for hours alone: for a month, it takes seconds."""
    monkeypatch.setattr(plan, "FIRST_RANGE", timedelta(hours=6))


@pytest.fixture
async def recorder_mock(recorder_mock: Recorder, hass: HomeAssistant) -> AsyncGenerator[Recorder]:
    """Return the recorder; accounts end before it does, as when Home Assistant stops."""
    yield recorder_mock
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture(autouse=True, scope="module")
def garbage_collection() -> None:
    """Collect garbage after some modules; the plugin's own freezes what is left after each."""
    collect_garbage()


@pytest.fixture(autouse=True)
def none_is_kept() -> Iterator[None]:
    """Forget the calls of the plugin's mocks that last for a session.

    Each call has the Home Assistant of its test, with all that is reachable from it: 2 MB a test.
    """
    yield
    for patched in (
        aiohttp_client._async_make_resolver,  # noqa: SLF001 - the plugin replaces it
        network.async_get_loaded_adapters,
        network_util.async_get_source_ip,
    ):
        # A test may have put something else there.
        if isinstance(patched, Mock):
            patched.reset_mock()


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat a failed request at once; no test waits for real."""

    async def at_once(_seconds: float) -> None:
        """Take the place of `asyncio.sleep`."""

    defaults = Transport.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", at_once)


@pytest.fixture
def simulator_options() -> Options:
    """Return the size of the simulated world; override it for another one.

    One site has an asset of each odd kind: read-only, offline, without a gateway.
    """
    return Options(sites=1, assets=8, lines=2)


@pytest.fixture
async def simulator(socket_enabled: None, simulator_options: Options) -> AsyncGenerator[Simulator]:
    """Run both clouds on free ports of this machine."""
    async with running(simulator_options) as clouds:
        yield clouds


def gridduck_data(simulator: Simulator) -> dict[str, str]:
    """Return the data of a config entry for the simulated GridDuck."""
    cloud = simulator.gridduck
    return {
        CONF_SERVICE: "gridduck",
        CONF_CLIENT_ID: cloud.client_id,
        CONF_CLIENT_SECRET: cloud.client_secret,
        CONF_BASE_URL: cloud.base_url,
    }


def heimdall_data(simulator: Simulator) -> dict[str, str]:
    """Return the data of a config entry for the simulated Heimdall Power."""
    cloud = simulator.heimdall
    return {
        CONF_SERVICE: "heimdall",
        CONF_CLIENT_ID: cloud.client_id,
        CONF_CLIENT_SECRET: cloud.client_secret,
        CONF_ENVIRONMENT: "production",
        CONF_BASE_URL: cloud.base_url,
        CONF_TOKEN_URL: cloud.token_url,
        CONF_SCOPE: cloud.scope,
    }


@pytest.fixture
def gridduck_entry(simulator: Simulator) -> MockConfigEntry:
    """Return a GridDuck account that is not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="GridDuck test",
        unique_id="gridduck_1234",
        data=gridduck_data(simulator),
    )


@pytest.fixture
def heimdall_entry(simulator: Simulator) -> MockConfigEntry:
    """Return a Heimdall Power account that is not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Heimdall test",
        unique_id=f"heimdall_{simulator.heimdall.client_id}",
        data=heimdall_data(simulator),
    )


async def setup(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set an account up and wait until it is quiet."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


def account_state(entry: MockConfigEntry) -> ConfigEntryState:
    """Return the state that an account is in now."""
    return entry.state


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, span: timedelta | float
) -> None:
    """Move the clock, the simulators' too, and wait until all that came due is done."""
    freezer.tick(span if isinstance(span, timedelta) else timedelta(seconds=span))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


def first_device(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> str:
    """Return the first device of a kind of an account."""
    return next(
        one.id
        for one in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        if next(iter(one.identifiers))[1].startswith(f"{kind}:")
    )


async def ask(hass: HomeAssistant, action: str, **data: object) -> dict[str, Any]:
    """Call an action and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert answer is not None
    return dict(answer)


@pytest.fixture
async def account(hass: HomeAssistant, gridduck_entry: MockConfigEntry) -> MockConfigEntry:
    """Return the GridDuck account that is set up."""
    await setup(hass, gridduck_entry)
    return gridduck_entry


@pytest.fixture
async def lines(hass: HomeAssistant, heimdall_entry: MockConfigEntry) -> MockConfigEntry:
    """Return the Heimdall Power account that is set up."""
    await setup(hass, heimdall_entry)
    return heimdall_entry
