"""Spoiled input of every form: shown again with a reason, or refused by its schema."""

from contextlib import suppress
from typing import Any

from aiohttp.resolver import AsyncResolver
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigFlowResult
from homeassistant.const import CONF_CLIENT_ID, CONF_CLIENT_SECRET
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gridduck_heimdall.const import CONF_BASE_URL, CONF_TOKEN_URL, DOMAIN
from simulator.faults import Cloud
from simulator.options import Options
from simulator.server import Simulator
from tests.test_config_flow import FORMS, start

from .conftest import BOUNDED
from .mutate import spoiled

ENDS = {FlowResultType.FORM, FlowResultType.MENU, FlowResultType.CREATE_ENTRY, FlowResultType.ABORT}
TEXTS = (
    *("", " ", "\x00", "a\r\nX-Injected: 1", "\ud800", "é\u202e", "x" * 100_000, "{{ 7 * 7 }}"),
    *("%s%n", "' OR 1=1 --", "../../etc/passwd", "<script>", "\ufeff", "a:b", "٣"),
)
ADDRESSES = (
    *("http://[::1", "http://127.0.0.1:99999", "http://127.0.0.1:0", "https://", "ftp://127.0.0.1"),
    *(
        "https://user:secret@127.0.0.1",
        "https://127.0.0.1?x=1",
        "https://127.0.0.1#x",
        "//127.0.0.1",
    ),
    *("http://127.0.0.1:1/" + "x" * 100_000, "http://127.0.0.1:1/%zz", "http://127.0.0.1:1/a b\n"),
    *(
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.1.:1",
        "http://127.0.0.1:1/\ud800",
    ),
    *("http://127.0.0.1:1/..%2f..", "HTTP://127.0.0.1:1", "http://①②⑦.0.0.1:1", *TEXTS),
)


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, assets=4, lines=1)


@pytest.fixture(autouse=True)
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no host name be known, so that nothing but this machine is ever asked."""

    async def resolve(*_: object, **__: object) -> list[Any]:
        raise OSError("There is no name service")

    monkeypatch.setattr(AsyncResolver, "resolve", resolve)


async def send(hass: HomeAssistant, flow: ConfigFlowResult, form: Any) -> None:
    """Send a form; only what the flow answers by itself, or its schema's refusal, may come."""
    with suppress(InvalidData):
        result = await hass.config_entries.flow.async_configure(flow["flow_id"], form)
        assert result["type"] in ENDS
        if result["type"] is FlowResultType.FORM and form is not None:
            assert result["errors"]


@pytest.mark.parametrize("service", FORMS)
async def test_texts(hass: HomeAssistant, simulator: Simulator, service: Cloud) -> None:
    flow = await start(hass, service)
    for key, values in (
        (CONF_CLIENT_ID, TEXTS),
        (CONF_CLIENT_SECRET, TEXTS),
        (CONF_BASE_URL, ADDRESSES),
        (CONF_TOKEN_URL, ADDRESSES if service == "heimdall" else ()),
    ):
        for value in values:
            form = FORMS[service](simulator, **{key: value, CONF_CLIENT_SECRET: "wrong"})
            await send(hass, flow, form)
    assert not hass.config_entries.async_entries(DOMAIN)


@settings(BOUNDED, max_examples=40)
@given(data=st.data())
async def test_spoiled(hass: HomeAssistant, simulator: Simulator, data: st.DataObject) -> None:
    service = data.draw(st.sampled_from(sorted(FORMS)))
    valid = FORMS[service](simulator)
    valid["advanced"][CONF_BASE_URL] = simulator.gridduck.base_url + "/nowhere"
    flow = await start(hass, service)
    await send(hass, flow, data.draw(spoiled(valid, 2)))
    with suppress(KeyError):
        hass.config_entries.flow.async_abort(flow["flow_id"])


@settings(BOUNDED, max_examples=10)
@given(data=st.data())
async def test_options_and_reconfiguration(
    hass: HomeAssistant, gridduck: MockConfigEntry, simulator: Simulator, data: st.DataObject
) -> None:
    options = await hass.config_entries.options.async_init(gridduck.entry_id)
    with suppress(InvalidData):
        form = data.draw(spoiled({"data_hook": False}))
        await hass.config_entries.options.async_configure(options["flow_id"], form)
    flow = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": gridduck.entry_id}
    )
    form = FORMS["gridduck"](simulator, **{CONF_CLIENT_SECRET: "wrong"})
    await send(hass, flow, data.draw(spoiled(form, 2)))
    assert gridduck.data[CONF_CLIENT_SECRET] == simulator.gridduck.client_secret
    for manager in (hass.config_entries.flow, hass.config_entries.options):
        for one in manager.async_progress():
            manager.async_abort(one["flow_id"])
