"""Spoiled calls of every action: refused in words, never with another exception."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from hypothesis import assume, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.services import ACTIONS
from simulator.options import Options
from tests.conftest import first_device

from .conftest import BOUNDED
from .mutate import spoiled

RANGE = {"start": "2026-11-18 10:00:00", "end": "2026-11-18 12:00:00"}
DURATION = {"duration": {"minutes": 1}}
COMMON = {"quantity": "current", "unit_system": "metric"}
VALID: dict[str, dict[str, Any]] = {
    "boost": DURATION,
    "delete_data_request": {"data_request": "x"},
    "download_data": {**RANGE, "granularity": "hour", "type": "delivered"},
    "get_data_request_link": {"data_request": "x", "expires_in": {"hours": 1}},
    "get_decisions": {},
    "get_expected_load": {},
    "get_forecast": {**COMMON, "kinds": ["dlr"]},
    "get_forecast_skill": {"days": 30},
    "get_history": {**COMMON, **RANGE, "kind": "currents", "include_details": False},
    "get_line_report": RANGE,
    "get_measurements": {**COMMON, "kinds": ["current"], "since": RANGE["start"]},
    "get_site_report": {**RANGE, "opening_hours": "schedule.office"},
    "get_telemetry": {**RANGE, "kind": "energy", "granularity": "hour"},
    "import_history": RANGE,
    "list_data_requests": {},
    "plan_load": {"hours": 12, "level": "p80", "storing": []},
    "restore_load": {"assets_per_step": 1, "interval": {"seconds": 0}},
    "resume": {},
    "shed_load": {**DURATION, "power": 100, "verify_for": {"seconds": 0}, "dry_run": True},
    "snooze": DURATION,
}
MOMENTS = {"start", "end", "since"}
FIELDS = MOMENTS | {"duration", "expires_in", "interval", "verify_for", "power", "assets_per_step"}
OF_LINES = {
    "get_expected_load",
    "get_forecast",
    "get_forecast_skill",
    "get_history",
    "get_line_report",
    "get_measurements",
}
OF_NOTHING = {"get_decisions"}
OF_ACCOUNTS = {"delete_data_request", "get_data_request_link", "list_data_requests"}
# No fixture of the clock: these lie far from it on both sides, and in zones that UTC leaves.
TIMES = (
    *(
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01",
        "9999-12-31 23:59:59",
    ),
    *(
        "1e999",
        "T",
        "2026-02-30 00:00:00",
        "2026-11-18T10:00:00+99:99",
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ),
)
DURATIONS = (
    *(float("nan"), float("inf"), 10**400, -1, 0, "", "1e999", "99999999999:00:00", "::", "0.0001"),
    *({"days": 10**30}, {"hours": float("nan")}, {"years": 1}, [[1]], {"seconds": {"seconds": 1}}),
)
TARGETS: tuple[object, ...] = (
    *("", "\ud800", "x" * 100_000, "a\nERROR forged", "{{ 7 * 7 }}", None, 5, [], [None], {}, True),
    *([["x"]], {"a": "b"}, float("nan"), ["x"] * 1000),
)

type Targets = dict[str, dict[str, str]]


@pytest.fixture
def simulator_options() -> Options:
    """Return a small world."""
    return Options(sites=1, lines=2)


@pytest.fixture
def targets(hass: HomeAssistant, gridduck: MockConfigEntry, heimdall: MockConfigEntry) -> Targets:
    """Return the device or the account that each action may mean, by the name of its field."""
    line, asset = first_device(hass, heimdall, "line"), first_device(hass, gridduck, "asset")
    devices = {action: line if action in OF_LINES else asset for action in ACTIONS}
    return {
        action: {ATTR_CONFIG_ENTRY_ID: gridduck.entry_id}
        if action in OF_ACCOUNTS
        else {ATTR_DEVICE_ID: device_id}
        for action, device_id in devices.items()
    } | {action: {} for action in OF_NOTHING}


async def refused_or_done(hass: HomeAssistant, action: str, data: dict[str, Any]) -> None:
    """Call an action; any other exception than those that tell a user of a mistake comes out."""
    with suppress(vol.Invalid, HomeAssistantError):
        await hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            return_response=ACTIONS[action].response.value != "none",
        )


def test_every_action_is_attacked() -> None:
    assert VALID.keys() == ACTIONS.keys()


@settings(BOUNDED, max_examples=120)
@given(data=st.data())
async def test_spoiled(hass: HomeAssistant, targets: Targets, data: st.DataObject) -> None:
    action = data.draw(st.sampled_from(sorted(VALID)))
    call = data.draw(spoiled({**targets[action], **VALID[action]}, 2))
    assume(isinstance(call, dict))
    await refused_or_done(hass, action, call)


async def test_times_and_durations(hass: HomeAssistant, targets: Targets) -> None:
    for action, valid in VALID.items():
        for field in valid.keys() & FIELDS:
            for value in TIMES if field in MOMENTS else DURATIONS:
                call = {**targets[action], **valid, field: value}
                await refused_or_done(hass, action, call)


async def test_targets(hass: HomeAssistant, targets: Targets) -> None:
    assert targets
    for action, valid in VALID.items():
        for key in (ATTR_DEVICE_ID, "entity_id", "area_id", "label_id", "floor_id"):
            for target in TARGETS:
                await refused_or_done(hass, action, {key: target, **valid})


async def test_messages_are_short(
    hass: HomeAssistant, targets: Targets, caplog: pytest.LogCaptureFixture
) -> None:
    """What a caller names comes back cut and on one line."""
    assert targets
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call(
            DOMAIN, "resume", {ATTR_DEVICE_ID: "a\nforged " + "x" * 100_000}, blocking=True
        )
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)
    assert "\nforged" not in caplog.text
