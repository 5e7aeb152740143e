"""Tokens: how they are got, kept, renewed and dropped."""

import asyncio
from typing import Any
from urllib.parse import unquote_plus

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    ForeignAnswer,
    PermissionDenied,
    RateLimited,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.api.gridduck import SCOPE_REQUESTS
from custom_components.gridduck_heimdall.core import auth
from custom_components.gridduck_heimdall.core.auth import (
    LONGEST_PAUSE,
    ClientCredentials,
    TokenRequest,
)
from custom_components.gridduck_heimdall.gridduck.access import controls
from simulator.faults import Fault
from simulator.gridduck.settings import CONTROL_SCOPES, BasicForm
from simulator.server import Simulator

VIEW = "site:view asset:view"
AWKWARD = ("ab+c/d=e", "a b%2F:c", "ü%", "a&b?c#d@e")


def request(simulator: Simulator, **changes: str) -> TokenRequest:
    """Return what the simulated GridDuck's token endpoint is to be sent."""
    cloud = simulator.gridduck
    return TokenRequest(
        url=changes.get("url", f"{cloud.base_url}/oauth/token"),
        client_id=cloud.client_id,
        client_secret=changes.get("client_secret", cloud.client_secret),
        method="client_secret_basic",
        scopes=SCOPE_REQUESTS,
        sufficient=[one for one in SCOPE_REQUESTS if controls(one.split())],
        refused_scope=frozenset({400, 403}),
    )


@pytest.fixture
def tokens(hass: HomeAssistant, simulator: Simulator) -> ClientCredentials:
    """Return the tokens of the simulated GridDuck account."""
    return ClientCredentials(hass, request(simulator))


async def test_one_token_for_all(tokens: ClientCredentials, simulator: Simulator) -> None:
    """Callers that come at once share one request, and later ones the token."""
    got = await asyncio.gather(*(tokens.async_get_token() for _ in range(5)))
    assert all(token is got[0] for token in got)
    assert await tokens.async_get_token() is got[0]
    assert simulator.calls.count(path="/oauth/token") == 1
    assert got[0].scope >= {"asset:view", "asset:boost_snooze"}
    assert got[0].user_id == "1234"


async def test_one_refusal_for_all(tokens: ClientCredentials, simulator: Simulator) -> None:
    """Callers that come at once share a request that fails, and the next one asks again."""
    # The second one refuses the least scope, too, so that the client is meant.
    simulator.faults.add(Fault(service="gridduck", path="/oauth/token", status=401, count=2))
    got = await asyncio.gather(
        *(tokens.async_get_token() for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(error, AuthenticationFailed) for error in got)
    assert simulator.calls.count(path="/oauth/token") == 2
    assert (await tokens.async_get_token()).value


async def test_renewed_before_its_end(
    tokens: ClientCredentials, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    first = await tokens.async_get_token()
    freezer.tick(simulator.gridduck.world.token_lifetime - 600)
    assert await tokens.async_get_token() is first
    freezer.tick(400)
    assert await tokens.async_get_token() is not first


async def test_invalidated(tokens: ClientCredentials, simulator: Simulator) -> None:
    first = await tokens.async_get_token()
    tokens.invalidate(first)
    second = await tokens.async_get_token()
    assert second is not first
    # The second is not dropped when somebody who held the first comes late.
    tokens.invalidate(first)
    assert await tokens.async_get_token() is second
    assert simulator.calls.count(path="/oauth/token") == 2


async def test_granted_less(tokens: ClientCredentials, simulator: Simulator) -> None:
    simulator.gridduck.world.granted_scopes -= CONTROL_SCOPES
    assert "asset:boost_snooze" not in (await tokens.async_get_token()).scope


async def test_refused_scope_falls_back(tokens: ClientCredentials, simulator: Simulator) -> None:
    world = simulator.gridduck.world
    world.strict_scopes = True
    world.granted_scopes -= CONTROL_SCOPES
    assert (await tokens.async_get_token()).scope == set(VIEW.split())
    world.granted_scopes.clear()
    tokens.invalidate(await tokens.async_get_token())
    simulator.calls.clear()
    with pytest.raises(PermissionDenied):
        await tokens.async_get_token()
    assert simulator.calls.count() == len(SCOPE_REQUESTS)
    # From then on one request tells that nothing is granted.
    with pytest.raises(PermissionDenied):
        await tokens.async_get_token()
    assert simulator.calls.count() == len(SCOPE_REQUESTS) + 1
    world.granted_scopes |= {"asset:view", "asset:edit"}
    assert (await tokens.async_get_token()).scope == {"asset:view", "asset:edit"}


@pytest.mark.parametrize(
    ("application", "requests"),
    [
        ("site:view asset:view asset:boost_snooze asset:edit", 1),
        ("site:view asset:view asset:boost_snooze", 2),
        ("site:view asset:view asset:edit", 3),
        ("site:view asset:view", 4),
        ("asset:view asset:boost_snooze", 5),
        ("asset:view asset:edit", 6),
        ("asset:view", 7),
    ],
)
async def test_a_strict_endpoint_grants_what_the_application_has(
    tokens: ClientCredentials,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    application: str,
    requests: int,
) -> None:
    """It takes few requests to find, and one from then on."""
    world = simulator.gridduck.world
    world.strict_scopes, world.granted_scopes = True, set(application.split())
    token = await tokens.async_get_token()
    assert token.scope == world.granted_scopes
    assert simulator.calls.count() == requests
    for _ in range(3):
        tokens.invalidate(token)
        simulator.calls.clear()
        token = await tokens.async_get_token()
        assert token.scope == world.granted_scopes
        assert simulator.calls.count() == 1
    # A renewal looks for control where that is missing, and finds it once it is granted.
    world.granted_scopes |= CONTROL_SCOPES
    freezer.tick(3400)
    assert controls((await tokens.async_get_token()).scope)


@pytest.mark.parametrize(
    ("refusal", "more"),
    [
        ((401, "invalid_scope"), 0),
        ((403, "access_denied"), 0),
        ((422, "invalid_scope"), 0),
        ((401, "unauthorized"), 1),
        ((400, "unauthorized_client"), 1),
    ],
)
async def test_a_scope_is_refused_in_other_ways(
    tokens: ClientCredentials, simulator: Simulator, refusal: tuple[int, str], more: int
) -> None:
    """Where it may as well be the client that is refused, the least scope tells."""
    world = simulator.gridduck.world
    world.strict_scopes, world.scope_refusal = True, refusal
    world.granted_scopes = {"asset:view", "asset:boost_snooze"}
    assert controls((await tokens.async_get_token()).scope)
    assert simulator.calls.count() == 5 + more
    tokens.invalidate(await tokens.async_get_token())
    simulator.calls.clear()
    world.granted_scopes.clear()
    with pytest.raises(AuthenticationFailed if more else PermissionDenied):
        await tokens.async_get_token()
    assert simulator.calls.count() == (2 if more else len(SCOPE_REQUESTS))


async def test_a_scope_that_is_withdrawn(tokens: ClientCredentials, simulator: Simulator) -> None:
    world = simulator.gridduck.world
    world.strict_scopes = True
    tokens.invalidate(await tokens.async_get_token())
    world.granted_scopes -= {"site:view", "asset:boost_snooze"}
    assert (await tokens.async_get_token()).scope == {"asset:view", "asset:edit"}


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize("form", ["literal", "encoded"])
async def test_either_form_of_the_basic_header(
    hass: HomeAssistant, simulator: Simulator, secret: str, form: BasicForm
) -> None:
    """The literal form comes first, the encoded one once; what worked comes first later."""
    world = simulator.gridduck.world
    world.basic = form
    world.rotate_secret(secret)
    tokens = ClientCredentials(hass, request(simulator))
    token = await tokens.async_get_token()
    # Where nothing in it can be decoded, a server that decodes takes the literal form, too.
    first = 1 if form == "literal" or unquote_plus(secret) == secret else 2
    assert simulator.calls.count() == first
    tokens.invalidate(token)
    token = await tokens.async_get_token()
    assert simulator.calls.count() == first + 1
    # A server that changes its mind, or a secret that only works the other way.
    world.basic = "encoded" if form == "literal" else "literal"
    tokens.invalidate(token)
    assert (await tokens.async_get_token()).value


@pytest.mark.parametrize(("secret", "requests"), [("plain", 1), ("a+b", 2)])
async def test_a_wrong_secret_costs_a_request_for_each_form(
    hass: HomeAssistant, simulator: Simulator, secret: str, requests: int
) -> None:
    tokens = ClientCredentials(hass, request(simulator, client_secret=secret))
    for turn in range(1, 3):
        with pytest.raises(AuthenticationFailed):
            await tokens.async_get_token()
        assert simulator.calls.count() == turn * requests


@pytest.mark.parametrize("form", ["literal", "encoded"])
async def test_a_refused_scope_tells_that_the_form_is_right(
    hass: HomeAssistant, simulator: Simulator, form: BasicForm
) -> None:
    world = simulator.gridduck.world
    world.strict_scopes, world.basic = True, form
    world.granted_scopes = {"asset:view"}
    world.rotate_secret("a+b")
    await ClientCredentials(hass, request(simulator)).async_get_token()
    assert simulator.calls.count() == len(SCOPE_REQUESTS) + (form == "encoded")


async def test_a_page_in_place_of_a_refusal(
    tokens: ClientCredentials, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    """A firewall's page refuses neither a scope nor, unless it lasts, the credentials."""
    for status in (400, 401, 403):
        simulator.faults.add(
            Fault(service="gridduck", path="/oauth/token", kind="html", status=status, count=1)
        )
        simulator.calls.clear()
        with pytest.raises(ForeignAnswer):
            await tokens.async_get_token()
        assert simulator.calls.count() == 1
    page = Fault(service="gridduck", path="/oauth/token", kind="html", status=401, count=None)
    simulator.faults.add(page)
    for _ in range(24):
        freezer.tick(3600)
        with pytest.raises(ForeignAnswer):
            await tokens.async_get_token()
    freezer.tick(3601)
    with pytest.raises(AuthenticationFailed):
        await tokens.async_get_token()
    simulator.faults.clear()
    tokens.invalidate(await tokens.async_get_token())
    # Any other answer restarts the day.
    simulator.faults.add(page)
    with pytest.raises(ForeignAnswer):
        await tokens.async_get_token()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 400}, PermissionDenied),
        ({"status": 401}, AuthenticationFailed),
        ({"status": 404}, UnexpectedAnswer),
        ({"status": 405}, UnexpectedAnswer),
        ({"status": 429, "headers": {"Retry-After": "0"}}, RateLimited),
        ({"status": 500}, ServerError),
        ({"status": 503}, ServerError),
        ({"kind": "html"}, UnexpectedAnswer),
        ({"kind": "empty"}, UnexpectedAnswer),
        ({"kind": "malformed"}, UnexpectedAnswer),
        ({"kind": "truncate"}, UnexpectedAnswer),
        ({"kind": "cut"}, ConnectionFailed),
        ({"kind": "refuse"}, ConnectionFailed),
        ({"status": 200, "body": "[1, 2]"}, UnexpectedAnswer),
        ({"status": 200, "body": '{"access_token": ""}'}, UnexpectedAnswer),
        (
            {"kind": "redirect", "status": 302, "headers": {"Location": "https://example.com/"}},
            UnexpectedAnswer,
        ),
    ],
    ids=str,
)
async def test_failures(
    tokens: ClientCredentials,
    simulator: Simulator,
    fault: dict[str, Any],
    error: type[ApiError],
) -> None:
    headers = {"Content-Type": "application/json"} if "body" in fault else {}
    fault_id = simulator.faults.add(
        Fault(
            service="gridduck",
            path="/oauth/token",
            count=None,
            **{"headers": headers, **fault},
        )
    )
    with pytest.raises(error) as caught:
        await tokens.async_get_token()
    assert simulator.gridduck.client_secret not in f"{caught.value!r}{caught.value.__dict__}"
    simulator.faults.remove(fault_id)
    assert (await tokens.async_get_token()).value


async def test_retry_after(tokens: ClientCredentials, simulator: Simulator) -> None:
    simulator.faults.add(
        Fault(service="gridduck", path="/oauth/token", status=429, headers={"Retry-After": "90"})
    )
    with pytest.raises(RateLimited) as caught:
        await tokens.async_get_token()
    assert caught.value.retry_after == 90


@pytest.mark.parametrize("after", ["86400", "1e9", "Fri, 31 Dec 2027 23:59:59 GMT"])
@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (503, ServerError)])
async def test_a_pause_is_bounded(
    tokens: ClientCredentials,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    after: str,
    status: int,
    error: type[RateLimited | ServerError],
) -> None:
    """A pause is bounded whatever the endpoint asks for, and the error has the seconds left."""
    headers = {"Retry-After": after}
    simulator.faults.add(
        Fault(service="gridduck", path="/oauth/token", status=status, headers=headers)
    )
    for left in (LONGEST_PAUSE, LONGEST_PAUSE - 300):
        with pytest.raises(error) as caught:
            await tokens.async_get_token()
        assert vars(caught.value)["retry_after"] == pytest.approx(left)
        freezer.tick(300)
    freezer.tick(LONGEST_PAUSE - 600)
    assert (await tokens.async_get_token()).value
    assert simulator.calls.count() == 2


async def test_time_limit(tokens: ClientCredentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "TOKEN_TIMEOUT", 0)
    with pytest.raises(TimedOut):
        await tokens.async_get_token()


def test_secret_is_in_no_repr(simulator: Simulator) -> None:
    assert simulator.gridduck.client_secret not in repr(request(simulator))
