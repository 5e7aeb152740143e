"""What an action says of each fault, in words, and that no fault outlives its cause."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.core.exceptions import TRANSLATION_KEYS
from custom_components.gridduck_heimdall.gridduck import data_request
from custom_components.gridduck_heimdall.gridduck.command_errors import ASKS_FOR_PAUSE, COMMAND_KEYS
from simulator.faults import Cloud
from tests.conftest import ask

from .conftest import Foreign
from .expectations import REPORTED, REPORTED_OF_COMMANDS
from .faults import FAULTS, RETRY_AFTER
from .house import House
from .requests import GRIDDUCK, HEIMDALL, TOKEN_PATHS
from .table import ACTIONS, OUTCOMES


@dataclass(frozen=True)
class Action:
    """One action.

    Attributes:
        service: whose it is.
        name: its own.
        path: a regular expression for the requests that fail.
        data: returns what it is told beside its device.
    """

    service: Cloud
    name: str
    path: str
    data: Callable[[], dict[str, Any]]
    answers: bool = True


def _range() -> dict[str, Any]:
    end = dt_util.utcnow().replace(minute=0, second=0)
    return {"start": (end - timedelta(hours=6)).isoformat(), "end": end.isoformat()}


GENERAL: Final = {
    **{COMMAND_KEYS[kind]: TRANSLATION_KEYS[kind] for kind in COMMAND_KEYS},
    ASKS_FOR_PAUSE: "server_error",
}
"""What the error of a command tells, where it is not one of a command."""

HOUR: Final = {"duration": {"hours": 1}}
TRIED: Final = {
    "boost": Action(GRIDDUCK, "boost", "^/asset/[^/]+$", lambda: HOUR, answers=False),
    "snooze": Action(GRIDDUCK, "snooze", "^/asset/[^/]+$", lambda: HOUR, answers=False),
    "telemetry": Action(
        GRIDDUCK, "get_telemetry", "/telemetry/", lambda: {"kind": "energy", **_range()}
    ),
    "submit": Action(GRIDDUCK, "download_data", "^/data_request/$", _range),
    "link": Action(GRIDDUCK, "download_data", "/link$", _range),
    "file": Action(GRIDDUCK, "download_data", "^/download/", _range),
    "measure": Action(HEIMDALL, "get_measurements", "/latest", dict),
    "forecast": Action(HEIMDALL, "get_forecast", r"/forecasts?(\?|$)", dict),
    "history": Action(
        HEIMDALL, "get_history", r"/currents\?", lambda: {"kind": "current", **_range()}
    ),
}


def _device(house: House, service: str) -> str:
    """Return the device of an asset that may be controlled, or of a line."""
    kind = {GRIDDUCK: "asset", HEIMDALL: "line"}[service]
    world = house.ill.gridduck.world
    fixed = {f"asset:{one}" for one in world.ids() if world.record(one)["read_only"]}
    return next(
        one.id
        for one in dr.async_entries_for_config_entry(
            dr.async_get(house.hass), house.accounts[service].entry_id
        )
        if (name := next(iter(one.identifiers))[1]).startswith(f"{kind}:") and name not in fixed
    )


async def _act(house: House, action: Action) -> str:
    """Return the word for how an action ends; what it says is checked."""
    data = {ATTR_DEVICE_ID: _device(house, action.service), **action.data()}
    try:
        if action.answers:
            answer = await ask(house.hass, action.name, **data)
            return "nodata" if answer.get("no_data") else "ok"
        await house.hass.services.async_call(DOMAIN, action.name, data, blocking=True)
    except HomeAssistantError as raised:
        error = raised
    else:
        return "ok"
    key, text = error.translation_key, str(error)
    reported_by = REPORTED_OF_COMMANDS if key in GENERAL else REPORTED
    key = GENERAL.get(str(key), key)
    word = next((word for word, reported in OUTCOMES.items() if reported == key), str(key))
    assert text.startswith(reported_by[word])
    assert house.ill.gridduck.client_secret not in text
    assert house.ill.heimdall.client_secret not in text
    return word


@pytest.fixture(autouse=True)
def prepared_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a data request be ready as soon as it is made, and look without a pause."""
    house.ill.gridduck.world.data_request_seconds = 0
    monkeypatch.setattr(data_request, "SHORTEST_PAUSE", 0.0)


@pytest.mark.parametrize("fault", ACTIONS)
@pytest.mark.english
async def test_actions(house: House, fault: str, foreign: Foreign) -> None:
    """Each action says what is wrong; when the fault is over, it succeeds again."""
    how, seen = FAULTS[fault], dict[str, str]()
    for name, action in TRIED.items():
        path = TOKEN_PATHS[action.service] if how.place == "token" else action.path
        if how.place == "token":
            house.ill.gridduck.world.accounts.grants.clear()
            house.ill.heimdall.world.revoke_tokens()
        house.ill.faults.add(how.fault(action.service, path, foreign.url))
        seen[name] = await _act(house, action)
        house.ill.faults.clear()
        # Whatever pause the service has asked for is over; the command is looked after.
        await house.wait(RETRY_AFTER)
        assert await _act(house, action) in {"ok", "nodata"}, name
    assert seen == ACTIONS[fault]


@pytest.mark.english
async def test_while_a_pause_lasts_nothing_is_asked(house: House, foreign: Foreign) -> None:
    """Polls and actions of an account share the pause that the service has asked for."""
    fault = FAULTS["429 in seconds"].fault("heimdall", TRIED["forecast"].path, foreign.url)
    house.ill.faults.add(fault)
    assert await _act(house, TRIED["forecast"]) == "busy"
    house.ill.faults.clear()
    house.ill.calls.clear()
    assert await _act(house, TRIED["forecast"]) == "busy"
    assert await _act(house, TRIED["history"]) == "busy"
    await house.wait(300)
    assert house.ill.calls.count("heimdall") == 0
    await house.wait(301)
    assert await _act(house, TRIED["history"]) == "ok"


async def test_an_id_that_no_address_can_hold(house: House) -> None:
    """The action says so; the bare complaint of the client is for nobody's eyes."""
    line = house.ill.heimdall.world.lines()[0]
    line.id = ".."
    await house.accounts[HEIMDALL].runtime_data.assets.async_refresh()
    await house.hass.async_block_till_done()
    devices = dr.async_entries_for_config_entry(
        dr.async_get(house.hass), house.accounts[HEIMDALL].entry_id
    )
    device = next(one for one in devices if next(iter(one.identifiers))[1] == "line:..")
    for action in (TRIED["measure"], TRIED["forecast"], TRIED["history"]):
        with pytest.raises(HomeAssistantError) as caught:
            await ask(house.hass, action.name, device_id=device.id, **action.data())
        assert caught.value.translation_key == "unusable_id"
        assert "by an ID that cannot be part of an address" in str(caught.value)
