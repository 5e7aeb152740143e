"""Repairs of either service: access that is denied, credentials that are refused, imports."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import async_get_integration
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.const import DOCUMENTATION, DOMAIN
from custom_components.gridduck_heimdall.core.config_forms import SECTION_ADVANCED
from custom_components.gridduck_heimdall.core.issues import (
    CONTROL_NOT_GRANTED,
    IMPORT_FAILED,
    ISSUES,
    Issue,
    access_denied,
    async_raise,
)
from simulator.faults import Cloud, Fault
from simulator.gridduck.settings import CONTROL_SCOPES
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import CLOUDS

from .conftest import account_state, pass_time, setup
from .repairs import Fix, found, own, post, restart_registry, set_up_repairs, texts
from .test_documents import ROOT, anchors

NOW = "2026-11-18T18:00:00Z"
LISTS = {"gridduck": r"^/asset/(\?|$)", "heimdall": r"/assets$"}
# A little more than the time between two polls of the list, after a failure.
POLLS = {"gridduck": timedelta(seconds=61), "heimdall": timedelta(minutes=5, seconds=1)}
A_POLL = {"gridduck": timedelta(seconds=61), "heimdall": timedelta(hours=6, seconds=2)}


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=4, lines=1)


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> None:
    # A recorder that runs already must not see the clock go back.
    if "recorder_mock" not in request.fixturenames:
        freezer: FrozenDateTimeFactory = request.getfixturevalue("freezer")
        freezer.move_to(NOW)


@pytest.fixture(params=CLOUDS)
def service(request: pytest.FixtureRequest) -> Cloud:
    """Return each service in turn."""
    chosen: Cloud = request.param
    return chosen


@pytest.fixture
def entry(request: pytest.FixtureRequest, service: Cloud) -> MockConfigEntry:
    """Return an account of the service that is not set up yet."""
    account: MockConfigEntry = request.getfixturevalue(f"{service}_entry")
    return account


@pytest.fixture
def denied(service: Cloud) -> Issue:
    """Return the issue of denied access."""
    return access_denied(service)


def fail(simulator: Simulator, service: Cloud, status: int, path: str | None = None) -> None:
    """Let the service answer its list, or another path, with a status."""
    fault = Fault(service=service, path=path or LISTS[service], status=status, count=None)
    simulator.faults.add(fault)


async def test_denied_from_the_start(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    service: Cloud,
    entry: MockConfigEntry,
    denied: Issue,
) -> None:
    """The fix opens the account again; the issue goes when that succeeds, and not before."""
    fail(simulator, service, 403)
    await set_up_repairs(hass)
    await setup(hass, entry)
    assert account_state(entry) is ConfigEntryState.SETUP_RETRY
    issue = found(hass, entry, denied)
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.ERROR
    shown = await texts(hass, issue)
    assert shown["title"] == f"Access denied: {entry.title}"
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["error"] in shown["fix_flow.step.init.description"]
    client = await hass_client()
    fix = await Fix.of(hass, client, denied)
    step = await fix.begin()
    (field,) = step["data_schema"]
    assert (step["type"], field["name"]) == ("form", "access_denied")
    assert field["selector"]["select"]["options"] == ["retry", "credentials"]
    assert step["description_placeholders"] == issue.translation_placeholders
    step = await fix.go_on(access_denied="retry")
    assert (step["type"], step["reason"]) == ("abort", "still_denied")
    assert found(hass, entry, denied) is not None
    simulator.faults.clear()
    await fix.begin()
    step = await fix.go_on(access_denied="retry")
    assert step["type"] == "create_entry"
    assert account_state(entry) is ConfigEntryState.LOADED
    assert denied.key not in own(hass)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_page_of_a_firewall_denies_nothing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    service: Cloud,
    entry: MockConfigEntry,
    status: int,
) -> None:
    """It is a passing failure: no repair, no re-authentication, and all is well after it."""
    await setup(hass, entry)
    fault = Fault(service=service, path=LISTS[service], kind="html", status=status, count=None)
    simulator.faults.add(fault)
    await pass_time(hass, freezer, A_POLL[service])
    for _ in range(4):
        await pass_time(hass, freezer, POLLS[service])
    assert not own(hass)
    assert hass.config_entries.flow.async_progress() == []
    assert account_state(entry) is ConfigEntryState.LOADED
    assert not entry.runtime_data.assets.serving
    simulator.faults.clear()
    await pass_time(hass, freezer, POLLS[service])
    assert entry.runtime_data.assets.serving


async def test_other_credentials(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    service: Cloud,
    entry: MockConfigEntry,
    denied: Issue,
) -> None:
    """The fix leads on to the form of the account, and the issue goes when that succeeds."""
    fail(simulator, service, 403)
    await set_up_repairs(hass)
    await setup(hass, entry)
    client = await hass_client()
    fix = await Fix.of(hass, client, denied)
    await fix.begin()
    step = await fix.go_on(access_denied="credentials")
    assert (step["type"], step["reason"]) == ("abort", "credentials")
    kind, flow_id = step["next_flow"]
    assert kind == "config_flow"
    assert step["result"]["entry_id"] == entry.entry_id
    assert found(hass, entry, denied) is not None
    simulator.faults.clear()
    flow = hass.config_entries.flow.async_get(flow_id)
    assert flow["step_id"] == "reconfigure"
    credentials = {key: entry.data[key] for key in ("client_id", "client_secret")}
    rest = entry.data.keys() - {*credentials, "service", "environment"}
    advanced = {SECTION_ADVANCED: {key: entry.data[key] for key in rest}}
    environment = {key: entry.data[key] for key in ("environment",) if key in entry.data}
    form = credentials | environment | advanced
    done = await post(client, f"/api/config/config_entries/flow/{flow_id}", form)
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert denied.key not in own(hass)


async def test_denied_while_in_use(
    hass: HomeAssistant,
    simulator: Simulator,
    service: Cloud,
    entry: MockConfigEntry,
    denied: Issue,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A failure or two pass unseen; the third raises an issue, and the next success clears it."""
    await setup(hass, entry)
    fail(simulator, service, 403)
    for wait in (A_POLL[service], POLLS[service]):
        await pass_time(hass, freezer, wait)
        assert found(hass, entry, denied) is None
    await pass_time(hass, freezer, POLLS[service])
    assert found(hass, entry, denied) is not None
    simulator.faults.clear()
    # Another failure in between says nothing of access.
    fail(simulator, service, 500)
    await pass_time(hass, freezer, POLLS[service])
    assert found(hass, entry, denied) is not None
    simulator.faults.clear()
    await pass_time(hass, freezer, POLLS[service])
    assert found(hass, entry, denied) is None


async def test_other_failures_are_no_denial(
    hass: HomeAssistant, simulator: Simulator, service: Cloud, entry: MockConfigEntry
) -> None:
    fail(simulator, service, 500)
    await setup(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert own(hass) == set()


async def test_ignored_stays_ignored(
    hass: HomeAssistant,
    simulator: Simulator,
    service: Cloud,
    entry: MockConfigEntry,
    denied: Issue,
) -> None:
    """Raised again after a reload and after a restart; gone with the account."""
    fail(simulator, service, 403)
    await setup(hass, entry)
    ir.async_ignore_issue(hass, DOMAIN, denied.id_of(entry.entry_id), ignore=True)
    await hass.config_entries.async_reload(entry.entry_id)
    issue = found(hass, entry, denied)
    assert issue is not None
    assert issue.dismissed_version
    await restart_registry(hass)
    assert found(hass, entry, denied) is None
    await hass.config_entries.async_reload(entry.entry_id)
    issue = found(hass, entry, denied)
    assert issue is not None
    assert issue.dismissed_version
    await hass.config_entries.async_remove(entry.entry_id)
    assert (DOMAIN, denied.id_of(entry.entry_id)) not in ir.async_get(hass).issues


async def test_an_account_has_its_own_issue(
    hass: HomeAssistant,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
) -> None:
    fail(simulator, "gridduck", 403)
    await setup(hass, gridduck_entry)
    await setup(hass, heimdall_entry)
    assert own(hass) == {"gridduck_access_denied"}


async def test_refused_credentials_are_home_assistants_own_issue(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    service: Cloud,
    entry: MockConfigEntry,
) -> None:
    """There is one, it leads to re-authentication, and goes when that succeeds."""
    fail(simulator, service, 401)
    await set_up_repairs(hass)
    await setup(hass, entry)
    assert account_state(entry) is ConfigEntryState.SETUP_ERROR
    assert own(hass) == set()
    issue_id = f"config_entry_reauth_{DOMAIN}_{entry.entry_id}"
    issue = ir.async_get(hass).async_get_issue(HOMEASSISTANT_DOMAIN, issue_id)
    assert issue is not None
    assert issue.data is not None
    flow_id = str(issue.data["flow_id"])
    assert hass.config_entries.flow.async_get(flow_id)["step_id"] == "reauth_confirm"
    simulator.faults.clear()
    client = await hass_client()
    credentials = {key: entry.data[key] for key in ("client_id", "client_secret")}
    done = await post(client, f"/api/config/config_entries/flow/{flow_id}", credentials)
    assert done["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert ir.async_get(hass).async_get_issue(HOMEASSISTANT_DOMAIN, issue_id) is None
    assert account_state(entry) is ConfigEntryState.LOADED


async def test_control_that_was_not_granted(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    gridduck_entry: MockConfigEntry,
) -> None:
    """Granted while the account was not in use, the issue is gone with the next start."""
    world = simulator.gridduck.world
    world.granted_scopes -= CONTROL_SCOPES
    await set_up_repairs(hass)
    await setup(hass, gridduck_entry)
    issue = found(hass, gridduck_entry, CONTROL_NOT_GRANTED)
    assert issue is not None
    shown = await texts(hass, issue)
    assert gridduck_entry.title in shown["fix_flow.step.init.description"]
    fix = await Fix.of(hass, await hass_client(), CONTROL_NOT_GRANTED)
    await fix.begin()
    step = await fix.go_on(access_denied="retry")
    assert (step["type"], step["reason"]) == ("abort", "still_denied")
    assert found(hass, gridduck_entry, CONTROL_NOT_GRANTED) is not None
    world.granted_scopes |= CONTROL_SCOPES
    await fix.begin()
    step = await fix.go_on(access_denied="retry")
    assert step["type"] == "create_entry"
    await hass.async_block_till_done()
    assert own(hass) == set()


async def test_an_import_that_failed(
    recorder_mock: Recorder,
    short_history: None,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    simulator: Simulator,
    heimdall_entry: MockConfigEntry,
    hass_admin_user: MockUser,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What has failed for a day raises a repair, whose fix starts the import again."""
    fail(simulator, "heimdall", 500, r"/currents\?")
    await set_up_repairs(hass)
    await setup(hass, heimdall_entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert own(hass) == set()
    for _ in range(5):
        await pass_time(hass, freezer, timedelta(hours=6))
    issue = found(hass, heimdall_entry, IMPORT_FAILED)
    assert issue is not None
    shown = await texts(hass, issue)
    assert heimdall_entry.title in shown["fix_flow.step.confirm.title"]
    simulator.faults.clear()
    # The administrator's access token has expired meanwhile.
    refresh_token = next(iter(hass_admin_user.refresh_tokens.values()))
    client = await hass_client(hass.auth.async_create_access_token(refresh_token))
    fix = await Fix.of(hass, client, IMPORT_FAILED)
    step = await fix.begin()
    assert (step["type"], step["step_id"]) == ("form", "confirm")
    assert (await fix.go_on())["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert own(hass) == set()
    history = heimdall_entry.runtime_data.diagnostics()["history"]
    assert (history["state"], history["failing"]) == ("idle", 0)


async def test_explanations_are_in_the_documentation(hass: HomeAssistant) -> None:
    """Each address to learn more leads to a heading of a page."""
    integration = await async_get_integration(hass, DOMAIN)
    assert integration.documentation == DOCUMENTATION
    sections = [issue.section for issue in ISSUES if issue.section]
    assert sections
    for section in sections:
        page, _, anchor = section.partition("#")
        assert anchor in anchors(ROOT / "docs" / page)


async def test_nothing_is_reports_of_an_account_that_is_gone(
    hass: HomeAssistant, heimdall_entry: MockConfigEntry
) -> None:
    """A poll may still be under way when its account is removed."""
    for issue in ISSUES:
        async_raise(hass, heimdall_entry, issue)
    assert own(hass) == set()
