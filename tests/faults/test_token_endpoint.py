"""What a token endpoint refuses, as its answer says (RFC 6749 §5.2), and what stays secret."""

import json
import logging

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.api.errors import ApiError, PermissionDenied
from custom_components.gridduck_heimdall.api.heimdall import MAX_PARALLEL
from custom_components.gridduck_heimdall.core.auth import ClientCredentials, TokenRequest
from custom_components.gridduck_heimdall.core.exceptions import translation_key
from simulator.faults import Cloud, Fault
from simulator.server import Simulator

from .expectations import TOKEN_REFUSALS
from .house import House
from .requests import HEIMDALL, TOKEN_PATHS, Clients, clients
from .table import OUTCOMES

SECRET_TEXT = "The secret is wrong: "


def refused(service: Cloud, status: int, code: str, text: str) -> Fault:
    body = json.dumps({"error": code, "error_description": text}) if code else "no JSON"
    return Fault(service=service, path=TOKEN_PATHS[service], count=None, status=status, body=body)


async def reported(sender: Clients, service: str) -> ApiError:
    tokens = sender.gridduck_tokens if service == "gridduck" else sender.heimdall_tokens
    with pytest.raises(ApiError) as caught:
        await tokens.async_get_token()
    return caught.value


@pytest.mark.parametrize(("status", "code", "gridduck", "heimdall"), TOKEN_REFUSALS)
async def test_refusals(
    hass: HomeAssistant,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    status: int,
    code: str,
    gridduck: str,
    heimdall: str,
) -> None:
    """The code counts where it names a culprit, else the status as the contracts say."""
    caplog.set_level(logging.DEBUG)
    sender = clients(hass, simulator)
    for service, word, cloud in (
        ("gridduck", gridduck, simulator.gridduck),
        ("heimdall", heimdall, simulator.heimdall),
    ):
        name: Cloud = "gridduck" if service == "gridduck" else "heimdall"
        simulator.faults.add(refused(name, status, code, SECRET_TEXT + cloud.client_secret))
        error = await reported(sender, service)
        assert translation_key(error) == OUTCOMES[word]
        assert error.without_token
        assert cloud.client_secret not in f"{error!r}{vars(error)}"
        assert not any(
            cloud.client_secret in record.getMessage()
            for record in caplog.records
            if record.name.startswith("custom_components")
        )


async def test_a_refused_scope_stops_the_round(house: House) -> None:
    """Not one product is taken for one that the account may not have."""
    line = house.ill.heimdall.world.lines()[0].id
    house.ill.heimdall.world.revoke_tokens()
    house.ill.faults.add(refused("heimdall", 400, "invalid_scope", "no"))
    house.ill.calls.clear()
    await house.wait(300)
    assert house.state(HEIMDALL, line, "current").state.replace(".", "").isdecimal()
    # Of all products only those are asked for that were under way; their requests for a token
    # are shared where they meet.
    assert 1 <= house.ill.calls.count(path=TOKEN_PATHS[HEIMDALL]) <= MAX_PARALLEL
    assert house.ill.calls.count(HEIMDALL, path="/latest") <= MAX_PARALLEL
    house.ill.faults.clear()
    await house.wait(300)
    assert house.shown(HEIMDALL, line, "current")


def test_an_address_in_clear(hass: HomeAssistant) -> None:
    """No secret is sent unprotected, whatever a config entry says."""
    with pytest.raises(ValueError, match="must begin with https"):
        ClientCredentials(
            hass,
            TokenRequest(
                url="http://api.example.com/token",
                client_id="id",
                client_secret="secret",
                method="client_secret_post",
                scopes=("any",),
            ),
        )


async def test_no_scope_at_all(hass: HomeAssistant, simulator: Simulator) -> None:
    request = TokenRequest(
        url=f"{simulator.gridduck.base_url}/oauth/token",
        client_id="id",
        client_secret="secret",
        method="client_secret_post",
        scopes=(),
    )
    with pytest.raises(PermissionDenied, match="No scope"):
        await ClientCredentials(hass, request).async_get_token()
