"""The first look at what credentials give access to."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.api.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.const import CONF_BASE_URL
from custom_components.gridduck_heimdall.core.backend import NothingFound
from custom_components.gridduck_heimdall.heimdall.access import async_probe
from custom_components.gridduck_heimdall.heimdall.environments import ENVIRONMENTS
from simulator.server import Simulator
from tests.conftest import heimdall_data

from .home import Home


async def test_an_account_is_called_after_its_grid_owners(home: Home) -> None:
    found = await async_probe(home.hass, home.entry.data)
    assert found.unique_id == f"heimdall_{home.simulator.heimdall.client_id}"
    assert found.title == "Heimdall Power: Northern Demo Grid, Valley Demo Grid"
    assert not found.view_only


async def test_many_grid_owners_are_counted(home: Home) -> None:
    first = home.world.owners[0]
    for number in range(4):
        home.world.owners.append(type(first)(name=f"Owner {number}", facilities=first.facilities))
    found = await async_probe(home.hass, home.entry.data)
    assert found.title == "Heimdall Power: Northern Demo Grid, Valley Demo Grid +4"


async def test_an_account_without_owners_names_is_called_after_its_client(home: Home) -> None:
    for owner in home.world.owners:
        owner.name = ""
    found = await async_probe(home.hass, home.entry.data)
    assert found.title == f"Heimdall Power: {home.simulator.heimdall.client_id}"


async def test_nothing_to_show(home: Home) -> None:
    for line in home.world.lines():
        home.world.set_instrumented(line.id, False)
    with pytest.raises(NothingFound) as nothing:
        await async_probe(home.hass, home.entry.data)
    assert nothing.value.key == "no_instrumented_line"


async def test_a_region_that_nobody_here_knows_of_is_sent(home: Home) -> None:
    home.world.region, home.world.regions = "AP-South-1", {"ap-south-1"}
    assert (await async_probe(home.hass, home.entry.data)).title
    (call,) = home.simulator.calls.list("heimdall", "GET")
    assert call.headers["x-region"] == "ap-south-1"


async def test_what_can_go_wrong(hass: HomeAssistant, simulator: Simulator, home: Home) -> None:
    data = heimdall_data(simulator)
    simulator.heimdall.world.rotate_secret("another")
    with pytest.raises(AuthenticationFailed):
        await async_probe(hass, data)
    simulator.heimdall.world.rotate_secret(data["client_secret"])
    home.fault("assets", "html")
    with pytest.raises(UnexpectedAnswer):
        await async_probe(hass, data)
    home.recover()
    home.fault("assets", "refuse")
    with pytest.raises(ConnectionFailed):
        await async_probe(hass, data)
    with pytest.raises(ValueError, match="https"):
        await async_probe(hass, data | {CONF_BASE_URL: "http://example.com"})


def test_the_environments() -> None:
    production = ENVIRONMENTS["production"]
    assert production.base_url == "https://external-api.heimdallcloud.com"
    assert production.token_url == (
        "https://hpadb2cprod.b2clogin.com/hpadb2cprod.onmicrosoft.com"
        "/b2c_1a_clientcredentialsflow/oauth2/v2.0/token"
    )
    assert production.scope == (
        "https://hpadb2cprod.onmicrosoft.com/dc5758ae-4eea-416e-9e61-812914d9a49a/.default"
    )
    developer = ENVIRONMENTS["developer"]
    assert developer.base_url == "https://external-api.heimdallcloud-dev.com"
    assert developer.token_url.startswith("https://hpadb2cdev.b2clogin.com/hpadb2cdev.")
    assert developer.scope.endswith("/f2fd8894-ae2e-4965-8318-e6c6781b5b80/.default")
