"""Tokens: how they are got, kept, renewed and dropped."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall import auth
from custom_components.gridduck_heimdall.api.errors import (
    ApiError,
    AuthenticationFailed,
    ConnectionFailed,
    PermissionDenied,
    RateLimited,
    ServerError,
    TimedOut,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.auth import ClientCredentials, TokenRequest
from simulator.faults import Fault
from simulator.server import Simulator

CONTROL = "site:view asset:view asset:boost_snooze"
VIEW = "site:view asset:view"


def request(simulator: Simulator, **changes: str) -> TokenRequest:
    """Return what the simulated GridDuck's token endpoint is to be sent."""
    cloud = simulator.gridduck
    return TokenRequest(
        url=changes.get("url", f"{cloud.base_url}/oauth/token"),
        client_id=cloud.client_id,
        client_secret=changes.get("client_secret", cloud.client_secret),
        method="client_secret_basic",
        scopes=(CONTROL, VIEW),
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
    simulator.faults.add(Fault(service="gridduck", path="/oauth/token", status=401))
    got = await asyncio.gather(
        *(tokens.async_get_token() for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(error, AuthenticationFailed) for error in got)
    assert simulator.calls.count(path="/oauth/token") == 1
    assert (await tokens.async_get_token()).value


async def test_renewed_before_its_end(
    tokens: ClientCredentials, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    first = await tokens.async_get_token()
    freezer.tick(simulator.gridduck.world.token_lifetime - 600)
    assert await tokens.async_get_token() is first
    freezer.tick(400)
    assert await tokens.async_get_token() is not first


async def test_renounced(tokens: ClientCredentials, simulator: Simulator) -> None:
    first = await tokens.async_get_token()
    tokens.renounce(first)
    second = await tokens.async_get_token()
    assert second is not first
    # The second is not dropped when somebody who held the first comes late.
    tokens.renounce(first)
    assert await tokens.async_get_token() is second
    assert simulator.calls.count(path="/oauth/token") == 2


async def test_granted_less(tokens: ClientCredentials, simulator: Simulator) -> None:
    simulator.gridduck.world.granted_scopes.discard("asset:boost_snooze")
    assert "asset:boost_snooze" not in (await tokens.async_get_token()).scope


async def test_refused_scope_falls_back(tokens: ClientCredentials, simulator: Simulator) -> None:
    world = simulator.gridduck.world
    world.strict_scopes = True
    world.granted_scopes.discard("asset:boost_snooze")
    assert (await tokens.async_get_token()).scope == set(VIEW.split())
    world.granted_scopes.clear()
    tokens.renounce(await tokens.async_get_token())
    with pytest.raises(PermissionDenied):
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


async def test_time_limit(tokens: ClientCredentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "TOKEN_TIMEOUT", 0)
    with pytest.raises(TimedOut):
        await tokens.async_get_token()


def test_secret_is_in_no_repr(simulator: Simulator) -> None:
    assert simulator.gridduck.client_secret not in repr(request(simulator))
