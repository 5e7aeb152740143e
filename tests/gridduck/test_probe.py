"""What credentials give access to."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.gridduck_heimdall.api.errors import (
    AuthenticationFailed,
    PermissionDenied,
    UnexpectedAnswer,
)
from custom_components.gridduck_heimdall.const import CONF_BASE_URL
from custom_components.gridduck_heimdall.core.backend import NothingFound
from custom_components.gridduck_heimdall.gridduck.backend import BACKEND
from simulator.faults import Fault
from simulator.gridduck.settings import CONTROL_SCOPES
from simulator.gridduck.world import World
from simulator.options import Options
from simulator.server import Simulator
from tests.conftest import gridduck_data


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites."""
    return Options()


@pytest.fixture
def data(simulator: Simulator) -> Mapping[str, Any]:
    """Return the data of an account."""
    return gridduck_data(simulator)


async def test_found(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    found = await BACKEND.probe(hass, data)
    assert found.unique_id == "gridduck_1234"
    assert found.title == "GridDuck: Harbour Office, Mill Lane Depot +1"
    assert not found.view_only


async def test_trailing_slash(hass: HomeAssistant, data: Mapping[str, Any]) -> None:
    address = f"{data[CONF_BASE_URL]}/"
    found = await BACKEND.probe(hass, {**data, CONF_BASE_URL: address})
    assert found.unique_id == "gridduck_1234"


async def test_without_a_user(
    hass: HomeAssistant, data: Mapping[str, Any], world: World, simulator: Simulator
) -> None:
    world.users[simulator.gridduck.client_id] = None
    found = await BACKEND.probe(hass, data)
    assert found.unique_id == f"gridduck_{simulator.gridduck.client_id}"


@pytest.mark.parametrize("strict", [False, True])
async def test_view_only(
    hass: HomeAssistant, data: Mapping[str, Any], world: World, *, strict: bool
) -> None:
    world.strict_scopes = strict
    world.granted_scopes -= CONTROL_SCOPES
    assert (await BACKEND.probe(hass, data)).view_only


@pytest.mark.parametrize("separator", [",", ", ", ";", "|", "+"])
async def test_scopes_with_other_separators(
    hass: HomeAssistant, data: Mapping[str, Any], world: World, separator: str
) -> None:
    world.scope_separator = separator
    assert not (await BACKEND.probe(hass, data)).view_only
    world.granted_scopes -= CONTROL_SCOPES
    assert (await BACKEND.probe(hass, data)).view_only


async def test_assets_may_not_be_seen(
    hass: HomeAssistant, data: Mapping[str, Any], world: World
) -> None:
    world.granted_scopes = {"site:view"}
    with pytest.raises(PermissionDenied):
        await BACKEND.probe(hass, data)


async def test_wrong_secret(hass: HomeAssistant, data: Mapping[str, Any], world: World) -> None:
    world.rotate_secret("another one")
    with pytest.raises(AuthenticationFailed):
        await BACKEND.probe(hass, data)


async def test_not_the_service(
    hass: HomeAssistant, data: Mapping[str, Any], simulator: Simulator
) -> None:
    simulator.faults.add(Fault(service="gridduck", path="/oauth/token", kind="html"))
    with pytest.raises(UnexpectedAnswer):
        await BACKEND.probe(hass, data)


async def test_no_assets(hass: HomeAssistant, data: Mapping[str, Any], world: World) -> None:
    world.assets.clear()
    with pytest.raises(NothingFound) as raised:
        await BACKEND.probe(hass, data)
    assert raised.value.key == "no_assets"


async def test_nameless_sites(hass: HomeAssistant, data: Mapping[str, Any], world: World) -> None:
    for asset_id in world.assets:
        world.set_field(asset_id, "site_name", None)
    assert (await BACKEND.probe(hass, data)).title == "GridDuck"


class TestManySites:
    """An account of many sites."""

    @pytest.fixture
    def simulator_options(self) -> Options:
        """Return a world of five sites."""
        return Options(sites=5)

    async def test_title(self, hass: HomeAssistant, data: Mapping[str, Any]) -> None:
        title = (await BACKEND.probe(hass, data)).title
        assert title == "GridDuck: Harbour Office, Mill Lane Depot +3"
