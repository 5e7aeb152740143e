"""Spoiled messages to a data hook over a real socket: each is answered, and none does harm."""

import json

from homeassistant.components import webhook
from homeassistant.const import CONF_WEBHOOK_ID
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gridduck_heimdall.gridduck.options import CONF_DATA_HOOK
from simulator.options import Options
from simulator.server import Simulator
from tests.gridduck.support import value_of
from tests.gridduck.test_data_hook import Hook

from .conftest import BOUNDED
from .mutate import spoiled_bytes
from .targets import CORPUS

ANSWERS = {200, 400, 413}
STAMP = 1795003200


@pytest.fixture
def simulator_options() -> Options:
    """Return a world of several sites, with two plugs that are connected."""
    return Options()


@pytest.fixture
def gridduck_entry(gridduck_entry: MockConfigEntry) -> MockConfigEntry:
    """Return an account with a data hook."""
    object.__setattr__(gridduck_entry, "options", {CONF_DATA_HOOK: True})
    return gridduck_entry


@pytest.fixture
async def hook(
    hass: HomeAssistant, gridduck: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> Hook:
    """Return what sends to the account."""
    assert await async_setup_component(hass, "webhook", {})
    path = webhook.async_generate_path(gridduck.options[CONF_WEBHOOK_ID])
    return Hook(await hass_client_no_auth(), path)


@BOUNDED
@given(data=st.data())
async def test_spoiled(
    hass: HomeAssistant,
    hook: Hook,
    gridduck: MockConfigEntry,
    simulator: Simulator,
    data: st.DataObject,
) -> None:
    world = simulator.gridduck.world
    first, second, *_ = world.ids("plug")
    record = world.record(first)
    valid = st.sampled_from([record, [record, {"id": second, "stamp": STAMP, "consumption": 5}]])
    before = {asset.id: asset.label for asset in gridduck.runtime_data.assets.data.values()}
    response = await hook.post(data.draw(valid.flatmap(spoiled_bytes) | st.binary(max_size=40)))
    assert response.status in ANSWERS, await response.text()
    await hass.async_block_till_done()
    # Nothing appears, goes or is renamed, and the door still works.
    assert {asset.id: asset.label for asset in gridduck.runtime_data.assets.data.values()} == before
    assert (await hook.send({"id": second, "consumption": 7}))[0] == 1
    await hass.async_block_till_done()
    assert float(value_of(hass, second, "power")) == 7


@pytest.mark.parametrize("body", [path.read_bytes() for path in CORPUS.glob("gridduck_hook/*")])
async def test_corpus(hook: Hook, body: bytes) -> None:
    assert (await hook.post(body)).status in ANSWERS


async def test_a_spoiled_item_costs_no_other(
    hass: HomeAssistant, hook: Hook, simulator: Simulator
) -> None:
    first, second, *_ = simulator.gridduck.world.ids("plug")
    items = ({"id": first, "consumption": "lots"}, None, {"id": second, "consumption": 8})
    body = json.dumps(items).replace('"lots"', "17E5003200")
    assert (await hook.post(body)).status == 200
    await hass.async_block_till_done()
    assert float(value_of(hass, second, "power")) == 8
