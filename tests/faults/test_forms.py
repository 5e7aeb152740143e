"""What a form says of each fault, when an account is added."""

from collections.abc import AsyncGenerator
from typing import Final

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import (
    CONF_BASE_URL,
    CONF_SERVICE,
    CONF_TOKEN_URL,
    DOMAIN,
)
from simulator.faults import Cloud
from simulator.server import Simulator, running
from tests.conftest import CLOUDS
from tests.test_config_flow import FORMS

from .conftest import Foreign
from .faults import FAULTS
from .house import SMALL
from .requests import TOKEN_PATHS
from .table import FORM_ERRORS

READ: Final = {"gridduck": "^/asset/", "heimdall": "^/assets/"}


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncGenerator[Simulator]:
    async with running(SMALL) as clouds:
        yield clouds


async def reported(
    hass: HomeAssistant, simulator: Simulator, service: Cloud, changes: dict[str, str]
) -> str:
    """Return the form's error; of an account that works it is that it is there already."""
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    await flows.async_configure(menu["flow_id"], {CONF_SERVICE: service})
    result = await flows.async_configure(menu["flow_id"], FORMS[service](simulator, **changes))
    flows.async_abort(menu["flow_id"])
    errors = result["errors"]
    assert errors is not None
    (error,) = errors.values()
    return str(error)


@pytest.mark.parametrize("fault", FORM_ERRORS)
async def test_forms(
    fault: str,
    hass: HomeAssistant,
    simulator: Simulator,
    foreign: Foreign,
    gridduck_entry: MockConfigEntry,
    heimdall_entry: MockConfigEntry,
    addresses: dict[str, str],
) -> None:
    """The token fails, then what is read with it; without a fault, the account is known."""
    gridduck_entry.add_to_hass(hass)
    heimdall_entry.add_to_hass(hass)
    how, seen = FAULTS[fault], list[str]()
    for service in CLOUDS:
        cloud: Cloud = "gridduck" if service == "gridduck" else "heimdall"
        for path, setting in (
            (TOKEN_PATHS[cloud], CONF_TOKEN_URL),
            (READ[service], CONF_BASE_URL),
        ):
            changes = {}
            if how.place in addresses:
                # GridDuck has both at one address.
                key = CONF_BASE_URL if service == "gridduck" else setting
                changes = {key: addresses[how.place]}
            else:
                simulator.faults.add(how.fault(cloud, path, foreign.url))
            seen.append(await reported(hass, simulator, service, changes))
            simulator.faults.clear()
            assert await reported(hass, simulator, service, {}) == "already_configured"
    assert tuple(seen) == FORM_ERRORS[fault]
