"""Triggers on headroom, ice load, clearance and fallback values."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, entity_registry as er, trigger
import pytest
import voluptuous as vol

from custom_components.gridduck_heimdall.const import DOMAIN
from tests.heimdall.home import Home

from .support import TWO_LINES, answer, automate, current, device, entity

OVERLOAD, EASY = 5000.0, 10.0


async def test_headroom(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    threshold = {"type": "below", "value": {"number": 0}}
    target = device(home, "line", home.line)
    reported = await automate(home.hass, "headroom_crossed_threshold", target, threshold=threshold)
    await home.polls(1)
    assert not reported
    await current(home, OVERLOAD)
    assert [one.data["entity_id"] for one in reported] == [entity(home, home.line, "headroom")]
    assert float(reported[0].data["to"]) < 0


async def test_headroom_in_another_unit(home: Home, hass: HomeAssistant) -> None:
    """A user who reads headroom in milliamperes has the threshold in amperes still."""
    await home.open()
    await current(home, EASY)
    capacity = float(home.value(home.line, "headroom")) + EASY
    er.async_get(hass).async_update_entity_options(
        entity(home, home.line, "headroom"), "sensor", {"unit_of_measurement": "mA"}
    )
    await hass.async_block_till_done()
    assert float(home.value(home.line, "headroom")) > 1000 * EASY
    threshold = {"type": "below", "value": {"number": 200}}
    target = device(home, "line", home.line)
    reported = await automate(hass, "headroom_crossed_threshold", target, threshold=threshold)
    await current(home, capacity - 300)
    assert not reported
    await current(home, capacity - 100)
    assert len(reported) == 1
    assert float(reported[0].data["to"]) > 1000


@TWO_LINES
async def test_icing(home: Home) -> None:
    await home.open()
    answer(home, "icing", [("/data/icing/max/ice_weight/value", 0.2)])
    await home.polls(1)
    assert home.value(home.icy_line, "ice_load") == "0.2"
    threshold = {"type": "above", "value": {"number": 1, "unit_of_measurement": "kg/m"}}
    target = {
        "device_id": [device(home, "line", one)["device_id"] for one in (home.line, home.icy_line)]
    }
    reported = await automate(home.hass, "ice_load_crossed_threshold", target, threshold=threshold)
    await home.polls(1)
    assert not reported
    answer(home, "icing", [("/data/icing/max/ice_weight/value", 1.3)])
    await home.polls(1)
    assert [(one.data["from"], one.data["to"]) for one in reported] == [(0.2, 1.3)]


async def test_clearance_in_feet(home: Home) -> None:
    await home.open()
    clearance = entity(home, home.line, "clearance_min")
    er.async_get(home.hass).async_update_entity_options(
        clearance, "sensor", {"unit_of_measurement": "ft"}
    )
    answer(home, "sag", [("/data/sag_and_clearance/min_clearance/value", 12.0)])
    await home.polls(1)
    assert float(home.value(home.line, "clearance_min")) == pytest.approx(39.37, abs=0.01)
    target = device(home, "line", home.line)
    reported = await automate(home.hass, "clearance_fell_below", target, threshold=8)
    answer(home, "sag", [("/data/sag_and_clearance/min_clearance/value", 9.0)])
    await home.polls(1)
    assert not reported
    answer(home, "sag", [("/data/sag_and_clearance/min_clearance/value", 7.5)])
    await home.polls(1)
    assert [one.data["entity_id"] for one in reported] == [clearance]


@pytest.mark.parametrize(
    ("kind", "what", "key", "pointer"),
    [
        ("line", "dlr", "dlr_fallback", "/data/heimdall_dlr/is_fallback"),
        ("facility", "circuit", "circuit_fallback", "/data/circuit_rating/is_fallback"),
    ],
)
async def test_fallback(home: Home, kind: str, what: str, key: str, pointer: str) -> None:
    item = home.line if kind == "line" else home.facility
    answer(home, what, [(pointer, False)], item)
    await home.open()
    assert home.value(item, key, Platform.BINARY_SENSOR) == "off"
    reported = await automate(home.hass, "rating_fell_back", device(home, kind, item))
    await home.polls(1)
    assert not reported
    answer(home, what, [(pointer, True)], item)
    await home.polls(1)
    assert [one.data["entity_id"] for one in reported] == [
        entity(home, item, key, Platform.BINARY_SENSOR)
    ]
    # Back from an outage and still a fallback: it may have been one again.
    home.recover()
    home.fault("any")
    await home.polls(4)
    answer(home, what, [(pointer, True)], item)
    await home.polls(1)
    assert [one.data["from"] for one in reported] == ["off", "unavailable"]


@pytest.mark.parametrize(
    "threshold", [5, {"type": "any"}, {"type": "above", "value": {"number": 5, "unit": "A"}}, {}]
)
async def test_what_is_no_threshold(hass: HomeAssistant, threshold: object) -> None:
    written = {
        "trigger": f"{DOMAIN}.headroom_crossed_threshold",
        "target": {"entity_id": "sensor.a"},
        "options": {"threshold": threshold},
    }
    with pytest.raises(vol.Invalid):
        await trigger.async_validate_trigger_config(hass, cv.TRIGGER_SCHEMA([written]))
