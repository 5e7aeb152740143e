"""The config flow, every path of it, against the simulators."""

from collections.abc import AsyncGenerator, Callable
import socket
from typing import Any, Final

from aiohttp import web
from homeassistant import config_entries
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.backends import BACKENDS
from custom_components.gridduck_heimdall.const import (
    CONF_BASE_URL,
    CONF_ENVIRONMENT,
    CONF_SCOPE,
    CONF_SERVICE,
    CONF_TOKEN_URL,
    DOMAIN,
)
from custom_components.gridduck_heimdall.core.config_forms import SECTION_ADVANCED
from custom_components.gridduck_heimdall.core.inclusion import CONF_INCLUDE
from custom_components.gridduck_heimdall.heimdall.environments import ENVIRONMENTS
from simulator.faults import Cloud, Fault
from simulator.gridduck.settings import CONTROL_SCOPES
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import CLOUDS, THREE_SITES, account_state, gridduck_data, heimdall_data, setup

type Form = dict[str, Any]


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=4, lines=1)


def gridduck_form(simulator: Simulator, **changes: str) -> Form:
    """Return what a user enters for the simulated GridDuck."""
    cloud = simulator.gridduck
    return {
        CONF_CLIENT_ID: changes.get(CONF_CLIENT_ID, cloud.client_id),
        CONF_CLIENT_SECRET: changes.get(CONF_CLIENT_SECRET, cloud.client_secret),
        SECTION_ADVANCED: {CONF_BASE_URL: changes.get(CONF_BASE_URL, cloud.base_url)},
    }


def heimdall_form(simulator: Simulator, **changes: str) -> Form:
    """Return what a user enters for the simulated Heimdall Power."""
    cloud = simulator.heimdall
    return {
        CONF_CLIENT_ID: changes.get(CONF_CLIENT_ID, cloud.client_id),
        CONF_CLIENT_SECRET: changes.get(CONF_CLIENT_SECRET, cloud.client_secret),
        CONF_ENVIRONMENT: changes.get(CONF_ENVIRONMENT, "production"),
        SECTION_ADVANCED: {
            CONF_BASE_URL: changes.get(CONF_BASE_URL, cloud.base_url),
            CONF_TOKEN_URL: changes.get(CONF_TOKEN_URL, cloud.token_url),
            CONF_SCOPE: changes.get(CONF_SCOPE, cloud.scope),
        },
    }


FORMS: Final[dict[Cloud, Callable[..., Form]]] = {
    "gridduck": gridduck_form,
    "heimdall": heimdall_form,
}
both_services = pytest.mark.parametrize("service", CLOUDS)


async def start(hass: HomeAssistant, service: Cloud) -> ConfigFlowResult:
    """Open the flow and choose the service."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": config_entries.SOURCE_USER}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "user"
    result = await go_on(hass, result, {CONF_SERVICE: service})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == service
    assert not result["errors"]
    return result


async def go_on(hass: HomeAssistant, result: ConfigFlowResult, form: Form) -> ConfigFlowResult:
    """Send a form."""
    return await hass.config_entries.flow.async_configure(result["flow_id"], form)


async def refused(
    hass: HomeAssistant,
    result: ConfigFlowResult,
    form: Form,
    error: str,
    *,
    field: str = "base",
    collapsed: bool | None = None,
) -> ConfigFlowResult:
    """Send a form that is refused with this error, and can be corrected.

    Args:
        field: the field or section that the error is shown at.
        collapsed: whether the advanced section is shown closed; None where there is none.
    """
    result = await go_on(hass, result, form)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {field: error}
    if collapsed is not None:
        assert result["data_schema"] is not None
        advanced = result["data_schema"].schema[SECTION_ADVANCED]
        assert advanced.options["collapsed"] is collapsed
    await shown_error(hass, error, result)
    return result


async def shown_error(hass: HomeAssistant, error: str, result: ConfigFlowResult) -> str:
    """Return the sentence of an error, as the user interface makes it of the placeholders."""
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    placeholders = result["description_placeholders"] or {}
    return texts[f"component.{DOMAIN}.config.error.{error}"].format(**placeholders)


async def created(hass: HomeAssistant, result: ConfigFlowResult, form: Form) -> ConfigFlowResult:
    """Send a form that makes an account, which then loads."""
    result = await go_on(hass, result, form)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert result["result"].state is config_entries.ConfigEntryState.LOADED
    return result


@pytest.fixture
async def stranger(socket_enabled: None) -> AsyncGenerator[str]:
    """Run a server that is not an API: it answers every request with a web page."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<html><body>Welcome</body></html>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
def unused_address() -> str:
    """Return an address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@THREE_SITES
async def test_add_gridduck(hass: HomeAssistant, simulator: Simulator) -> None:
    result = await start(hass, "gridduck")
    result = await created(hass, result, gridduck_form(simulator))
    sites = [site.name for site in simulator.gridduck.world.sites.values()]
    assert result["title"] == f"GridDuck: {sites[0]}, {sites[1]} +{len(sites) - 2}"
    assert result["data"] == gridduck_data(simulator)
    assert result["result"].unique_id == "gridduck_1234"


@THREE_SITES
async def test_add_heimdall(hass: HomeAssistant, simulator: Simulator) -> None:
    result = await start(hass, "heimdall")
    result = await created(hass, result, heimdall_form(simulator))
    assert result["title"] == "Heimdall Power: Northern Demo Grid, Valley Demo Grid"
    assert result["data"] == heimdall_data(simulator)
    assert result["result"].unique_id == f"heimdall_{simulator.heimdall.client_id}"


async def test_environment_fills_what_is_left_empty(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    """Empty addresses are the environment's own; a blank around a secret is dropped."""
    form = heimdall_form(
        simulator,
        client_secret=f" {simulator.heimdall.client_secret}\n",
        scope=" ",
    )
    own_scope, usual = simulator.heimdall.scope, ENVIRONMENTS["production"]
    result = await start(hass, "heimdall")
    if own_scope == usual.scope:
        result = await created(hass, result, form)
        assert result["data"][CONF_SCOPE] == usual.scope
    else:
        # The simulator's own scope is another, so it must have been sent production's.
        await refused(hass, result, form, "invalid_auth")


async def test_view_only_is_reported_and_can_be_accepted(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    simulator.gridduck.world.granted_scopes -= CONTROL_SCOPES
    result = await start(hass, "gridduck")
    result = await go_on(hass, result, gridduck_form(simulator))
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "view_only"
    result = await created(hass, result, {"view_only": "accept"})
    assert result["data"] == gridduck_data(simulator)


async def test_view_only_can_be_corrected(hass: HomeAssistant, simulator: Simulator) -> None:
    world = simulator.gridduck.world
    world.granted_scopes -= CONTROL_SCOPES
    result = await start(hass, "gridduck")
    result = await go_on(hass, result, gridduck_form(simulator))
    result = await go_on(hass, result, {"view_only": "other_credentials"})
    assert result["type"] is FlowResultType.FORM
    world.granted_scopes |= CONTROL_SCOPES
    await created(hass, result, gridduck_form(simulator))


async def test_view_only_where_the_scope_is_refused(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    """Where asking for control is refused outright, viewing alone is asked for."""
    world = simulator.gridduck.world
    world.strict_scopes = True
    world.granted_scopes -= CONTROL_SCOPES
    result = await start(hass, "gridduck")
    result = await go_on(hass, result, gridduck_form(simulator))
    assert result["step_id"] == "view_only"


@both_services
async def test_wrong_secret(hass: HomeAssistant, simulator: Simulator, service: Cloud) -> None:
    result = await start(hass, service)
    form = FORMS[service](simulator, client_secret="not-the-secret")
    result = await refused(hass, result, form, "invalid_auth", collapsed=True)
    await created(hass, result, FORMS[service](simulator))


@both_services
@pytest.mark.parametrize("field", [CONF_CLIENT_ID, CONF_CLIENT_SECRET])
async def test_empty_credentials(
    hass: HomeAssistant, simulator: Simulator, service: Cloud, field: str
) -> None:
    result = await start(hass, service)
    form = FORMS[service](simulator, **{field: "  "})
    result = await refused(hass, result, form, "credentials_missing")
    assert simulator.calls.count() == 0
    await created(hass, result, FORMS[service](simulator))


@both_services
@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://api.example.com", "insecure_address"),
        ("ftp://api.example.com", "invalid_address"),
        ("https://user:word@api.example.com", "invalid_address"),
        ("https://api.example.com/?page=1", "invalid_address"),
        ("https://", "invalid_address"),
        ("https://api..example.com", "invalid_address"),
        (f"https://{'a' * 64}.example.com", "invalid_address"),
        ("api.example.com", "invalid_address"),
    ],
)
async def test_bad_address(
    hass: HomeAssistant, simulator: Simulator, service: Cloud, address: str, error: str
) -> None:
    result = await start(hass, service)
    form = FORMS[service](simulator, base_url=address)
    result = await refused(hass, result, form, error, field=SECTION_ADVANCED, collapsed=False)
    if service == "heimdall":
        form = heimdall_form(simulator, token_url=address)
        error = error.replace("address", "token_address")
        result = await refused(hass, result, form, error, field=SECTION_ADVANCED, collapsed=False)
    assert simulator.calls.count() == 0
    await created(hass, result, FORMS[service](simulator))


@both_services
async def test_unreachable(
    hass: HomeAssistant, simulator: Simulator, service: Cloud, unused_address: str
) -> None:
    result = await start(hass, service)
    form = FORMS[service](simulator, base_url=unused_address, token_url=f"{unused_address}/token")
    result = await refused(hass, result, form, "cannot_connect", collapsed=False)
    sentence = await shown_error(hass, "cannot_connect", result)
    assert "127.0.0.1" in sentence
    assert BACKENDS[service].title in sentence
    await created(hass, result, FORMS[service](simulator))


@both_services
async def test_another_server(
    hass: HomeAssistant, simulator: Simulator, service: Cloud, stranger: str
) -> None:
    result = await start(hass, service)
    form = FORMS[service](simulator, base_url=stranger, token_url=f"{stranger}/token")
    result = await refused(hass, result, form, "not_the_service", collapsed=False)
    await created(hass, result, FORMS[service](simulator))


async def test_only_the_token_address_is_right(
    hass: HomeAssistant, simulator: Simulator, stranger: str
) -> None:
    result = await start(hass, "heimdall")
    form = heimdall_form(simulator, base_url=stranger)
    result = await refused(hass, result, form, "not_the_service")
    await created(hass, result, heimdall_form(simulator))


@both_services
@pytest.mark.parametrize(("status", "error"), [(429, "too_many_requests"), (500, "service_failed")])
@pytest.mark.parametrize("path", ["/token", "/asset"])
async def test_service_in_trouble(
    hass: HomeAssistant,
    simulator: Simulator,
    service: Cloud,
    status: int,
    error: str,
    path: str,
) -> None:
    fault = Fault(
        service=service,
        path=path,
        status=status,
        count=None,
        headers={"Retry-After": "120"},
    )
    fault_id = simulator.faults.add(fault)
    result = await start(hass, service)
    result = await refused(hass, result, FORMS[service](simulator), error)
    placeholders = result["description_placeholders"] or {}
    assert placeholders["minutes"] == "2"
    simulator.faults.remove(fault_id)
    await created(hass, result, FORMS[service](simulator))


@pytest.mark.parametrize("strict", [False, True])
async def test_no_permission_to_view(
    hass: HomeAssistant, simulator: Simulator, strict: bool
) -> None:
    world = simulator.gridduck.world
    world.granted_scopes -= {"asset:view"}
    world.strict_scopes = strict
    result = await start(hass, "gridduck")
    result = await refused(hass, result, gridduck_form(simulator), "no_permission")
    world.granted_scopes.add("asset:view")
    await created(hass, result, gridduck_form(simulator))


async def test_forbidden_assets(hass: HomeAssistant, simulator: Simulator) -> None:
    simulator.faults.add(Fault(service="heimdall", path="/assets/v1", status=403))
    result = await start(hass, "heimdall")
    result = await refused(hass, result, heimdall_form(simulator), "no_permission")
    await created(hass, result, heimdall_form(simulator))


async def test_no_assets(hass: HomeAssistant, simulator: Simulator) -> None:
    world = simulator.gridduck.world
    for asset_id in world.ids():
        world.remove_asset(asset_id)
    result = await start(hass, "gridduck")
    result = await refused(hass, result, gridduck_form(simulator), "no_assets")
    world.add_asset()
    await created(hass, result, gridduck_form(simulator))


async def test_no_instrumented_line(hass: HomeAssistant, simulator: Simulator) -> None:
    world = simulator.heimdall.world
    lines = [line.id for line in world.lines()]
    for line_id in lines:
        world.set_instrumented(line_id, instrumented=False)
    result = await start(hass, "heimdall")
    result = await refused(hass, result, heimdall_form(simulator), "no_instrumented_line")
    world.set_instrumented(lines[0], instrumented=True)
    await created(hass, result, heimdall_form(simulator))


@both_services
async def test_same_account_twice(
    hass: HomeAssistant, simulator: Simulator, service: Cloud
) -> None:
    result = await start(hass, service)
    await created(hass, result, FORMS[service](simulator))
    result = await start(hass, service)
    result = await refused(hass, result, FORMS[service](simulator), "already_configured")
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_two_accounts_of_one_service(hass: HomeAssistant, simulator: Simulator) -> None:
    """Another user's application sees the same assets, and is an account of its own."""
    simulator.gridduck.world.add_application("second", "second-secret", 77)
    result = await start(hass, "gridduck")
    await created(hass, result, gridduck_form(simulator))
    result = await start(hass, "gridduck")
    form = gridduck_form(simulator, client_id="second", client_secret="second-secret")
    result = await created(hass, result, form)
    assert result["result"].unique_id == "gridduck_77"


async def test_no_user_in_the_token_answer(hass: HomeAssistant, simulator: Simulator) -> None:
    cloud = simulator.gridduck
    cloud.world.users[cloud.client_id] = None
    result = await start(hass, "gridduck")
    result = await created(hass, result, gridduck_form(simulator))
    assert result["result"].unique_id == f"gridduck_{cloud.client_id}"


@both_services
async def test_reauthentication(
    hass: HomeAssistant,
    simulator: Simulator,
    service: Cloud,
    request: pytest.FixtureRequest,
) -> None:
    entry: MockConfigEntry = request.getfixturevalue(f"{service}_entry")
    await setup(hass, entry)
    result = await entry.start_reauth_flow(hass)
    assert result["step_id"] == "reauth_confirm"
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["account"] == entry.title
    good = {key: entry.data[key] for key in (CONF_CLIENT_ID, CONF_CLIENT_SECRET)}
    empty = {**good, CONF_CLIENT_SECRET: ""}
    result = await refused(hass, result, empty, "credentials_missing")
    result = await refused(
        hass, result, {**good, CONF_CLIENT_SECRET: "not-the-secret"}, "invalid_auth"
    )
    result = await go_on(hass, result, good)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.state is config_entries.ConfigEntryState.LOADED


async def test_reauthentication_with_a_rotated_secret(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """An account whose secret was reset asks for the new one, and then works again."""
    world = simulator.gridduck.world
    world.rotate_secret("a-new-secret")
    await setup(hass, gridduck_entry)
    assert account_state(gridduck_entry) is config_entries.ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == config_entries.SOURCE_REAUTH
    form = {CONF_CLIENT_ID: gridduck_entry.data[CONF_CLIENT_ID]}
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {**form, CONF_CLIENT_SECRET: "a-new-secret"}
    )
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert account_state(gridduck_entry) is config_entries.ConfigEntryState.LOADED
    assert gridduck_entry.data[CONF_CLIENT_SECRET] == "a-new-secret"
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_another_account_is_refused(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """Neither re-authentication nor reconfiguration turns an account into another one."""
    simulator.gridduck.world.add_application("second", "second-secret", 77)
    await setup(hass, gridduck_entry)
    result = await gridduck_entry.start_reauth_flow(hass)
    other = {CONF_CLIENT_ID: "second", CONF_CLIENT_SECRET: "second-secret"}
    await refused(hass, result, other, "wrong_account")
    result = await gridduck_entry.start_reconfigure_flow(hass)
    await refused(hass, result, gridduck_form(simulator, **other), "wrong_account")
    assert gridduck_entry.data == gridduck_data(simulator)


async def test_a_new_application_of_the_same_user(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    simulator.gridduck.world.add_application("second", "second-secret", 1234)
    await setup(hass, gridduck_entry)
    result = await gridduck_entry.start_reauth_flow(hass)
    other = {CONF_CLIENT_ID: "second", CONF_CLIENT_SECRET: "second-secret"}
    result = await go_on(hass, result, other)
    assert result["reason"] == "reauth_successful"
    assert gridduck_entry.data[CONF_CLIENT_ID] == "second"
    assert gridduck_entry.unique_id == "gridduck_1234"
    await hass.async_block_till_done()


@both_services
async def test_reconfiguration(
    hass: HomeAssistant,
    simulator: Simulator,
    service: Cloud,
    request: pytest.FixtureRequest,
) -> None:
    entry: MockConfigEntry = request.getfixturevalue(f"{service}_entry")
    await setup(hass, entry)
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    assert result["data_schema"] is not None
    shown = {
        str(key): (key.description or {}).get("suggested_value")
        for key in result["data_schema"].schema
    }
    assert shown[CONF_CLIENT_ID] == entry.data[CONF_CLIENT_ID]
    assert shown[CONF_CLIENT_SECRET] is None
    form = FORMS[service](simulator, base_url="http://api.example.com")
    result = await refused(hass, result, form, "insecure_address", field=SECTION_ADVANCED)
    result = await go_on(hass, result, FORMS[service](simulator))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is config_entries.ConfigEntryState.LOADED


@THREE_SITES
async def test_reconfiguration_of_an_account_that_includes_some(
    hass: HomeAssistant, simulator: Simulator, gridduck_entry: MockConfigEntry
) -> None:
    """Its title goes on naming what is included, whatever else the credentials show."""
    site = [*simulator.gridduck.world.sites.values()][-1]
    title = f"GridDuck: {site.name}"
    object.__setattr__(gridduck_entry, "options", {CONF_INCLUDE: [site.id]})
    object.__setattr__(gridduck_entry, "title", title)
    await setup(hass, gridduck_entry)
    result = await gridduck_entry.start_reconfigure_flow(hass)
    result = await go_on(hass, result, FORMS["gridduck"](simulator))
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert gridduck_entry.title == title


async def test_secret_is_in_no_log(
    hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    result = await start(hass, "gridduck")
    form = gridduck_form(simulator, client_secret="hush-hush-hush")
    await refused(hass, result, form, "invalid_auth")
    await created(hass, result, gridduck_form(simulator))
    ours = [record.getMessage() for record in caplog.records if DOMAIN in record.name]
    assert ours
    assert "hush-hush-hush" not in caplog.text
    assert simulator.gridduck.client_secret not in "".join(ours)


async def test_the_form_says_what_to_do_in_the_dashboard(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    result = await start(hass, "gridduck")
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    text = texts[f"component.{DOMAIN}.config.step.gridduck.description"]
    shown = text.format(**(result["description_placeholders"] or {}))
    assert "`site:view asset:view asset:boost_snooze asset:edit`" in shown
    assert "(https://dashboard.gridduck.com)" in shown


@THREE_SITES
async def test_the_developer_environment_shows(hass: HomeAssistant, simulator: Simulator) -> None:
    """It is chosen beside the credentials, and named in the title."""
    result = await start(hass, "heimdall")
    assert result["data_schema"] is not None
    assert CONF_ENVIRONMENT in result["data_schema"].schema
    form = heimdall_form(simulator, environment="developer")
    result = await created(hass, result, form)
    assert result["title"].startswith("Heimdall Power (developer): Northern Demo Grid")
    entry = result["result"]
    # The title follows the environment, but only as long as the user has given no other.
    for environment, title in (
        ("production", "Heimdall Power: Northern Demo Grid, Valley Demo Grid"),
        ("developer", "Mine"),
    ):
        if title == "Mine":
            hass.config_entries.async_update_entry(entry, title=title)
        flow = await hass.config_entries.flow.async_init(
            DOMAIN,
            context={"source": config_entries.SOURCE_RECONFIGURE, "entry_id": entry.entry_id},
        )
        await go_on(hass, flow, heimdall_form(simulator, environment=environment))
        await hass.async_block_till_done()
        assert entry.data[CONF_ENVIRONMENT] == environment
        assert entry.title == title
