"""What an account brings into Home Assistant."""

from itertools import pairwise
import math

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, Platform
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from tests.conftest import account_state

from .home import Home

SENSORS_OF_LINE = (
    "current",
    "apparent_power",
    "dlr",
    "aar",
    "loading",
    "headroom",
    "limited_by",
    "conductor_temperature_max",
    "conductor_temperature_min",
    "sag_max",
    "clearance_min",
    "limiting_span",
    "transient_rating_5",
    "transient_rating_15",
    "dlr_forecast_lowest",
    "dlr_forecast_lowest_time",
    "aar_forecast_lowest",
    "aar_forecast_lowest_time",
)
SENSORS_OF_ICY_LINE = (
    "ice_load",
    "tension",
    "breaking_strength_share",
    "ice_load_forecast_peak",
    "ice_load_forecast_peak_time",
)
SENSORS_OF_FACILITY = (
    "circuit_rating",
    "limiting_component",
    "voltage",
    "circuit_transient_rating_5",
    "circuit_forecast_lowest",
    "circuit_forecast_lowest_time",
)


async def test_every_value_of_a_line_has_an_entity(home: Home) -> None:
    await home.open()
    assert home.entry.state is ConfigEntryState.LOADED
    for key in SENSORS_OF_LINE:
        assert home.value(home.line, key) not in {"unknown", "unavailable"}, key
    for key in SENSORS_OF_ICY_LINE:
        assert home.value(home.icy_line, key) not in {"unknown", "unavailable"}, key
        assert home.entity_id(home.line, key) is None
    for key in SENSORS_OF_FACILITY:
        assert home.value(home.facility, key) not in {"unknown", "unavailable"}, key
    for item, key in ((home.line, "dlr_fallback"), (home.facility, "circuit_fallback")):
        assert home.value(item, key, Platform.BINARY_SENSOR) == STATE_OFF


async def test_details_are_off_by_default(home: Home) -> None:
    await home.open()
    for item, key in (
        (home.line, "last_measurement"),
        (home.line, "dlr_forecast_lowest_p95"),
        (home.line, "aar_forecast_lowest_p95"),
        (home.facility, "circuit_forecast_lowest_p95"),
    ):
        entity_id = home.entity_id(item, key)
        assert entity_id is not None
        entity = er.async_get(home.hass).async_get(entity_id)
        assert entity is not None
        assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_values_agree_with_each_other(home: Home) -> None:
    await home.open()
    current = float(home.value(home.line, "current"))
    volts = float(home.value(home.facility, "voltage")) * 1000
    apparent_power = float(home.value(home.line, "apparent_power"))
    assert apparent_power == round(math.sqrt(3) * volts * current / 1e6, 2)
    rating = float(home.value(home.facility, "circuit_rating"))
    assert float(home.value(home.line, "loading")) == round(100 * current / rating, 1)
    assert float(home.value(home.line, "headroom")) == round(rating - current, 1)
    assert home.state(home.line, "loading").attributes["limited_by"] == "circuit_rating"


async def test_the_evening_peak_overloads_the_first_line(home: Home) -> None:
    await home.open()
    assert float(home.value(home.line, "loading")) > 100
    assert float(home.value(home.line, "headroom")) < 0


async def test_units_and_classes(home: Home) -> None:
    await home.open()
    power = home.state(home.line, "apparent_power").attributes
    assert power["unit_of_measurement"] == "MVA"
    assert "device_class" not in power
    assert home.state(home.facility, "voltage").attributes["unit_of_measurement"] == "kV"
    assert home.state(home.line, "dlr").attributes["state_class"] == "measurement"
    # A forecast is no measurement of the present.
    assert "state_class" not in home.state(home.line, "dlr_forecast_lowest").attributes


async def test_devices_belong_to_each_other(home: Home) -> None:
    await home.open()
    owner = home.world.owners[0]
    devices = [
        home.device("line", home.line),
        home.device("facility", home.facility),
        home.device("owner", owner.name),
    ]
    assert [device and device.model for device in devices] == ["Line", "Facility", "Grid owner"]
    for child, parent in pairwise(devices):
        assert child is not None
        assert parent is not None
        assert child.via_device_id == parent.id
        assert child.manufacturer == "Heimdall Power"


async def test_a_line_without_sensors_has_no_device(home: Home) -> None:
    await home.open()
    bare = next(line for line in home.world.lines() if line.id not in {home.line, home.icy_line})
    assert home.device("line", bare.id) is None
    facility = home.world.facility_of(bare.id)
    assert home.device("facility", facility.id) is not None
    assert home.calls("circuit", facility.id) == 0


async def test_a_limiting_component_is_named(home: Home) -> None:
    await home.open()
    names = {component.name for component in home.world.facility(home.facility).components}
    assert home.value(home.facility, "limiting_component") in names


async def test_nothing_limits_but_the_line(home: Home) -> None:
    home.fault(
        "circuit", "patch", patch={"data": {"circuit_rating": {"at_facility_component_id": None}}}
    )
    await home.open()
    assert home.value(home.facility, "limiting_component") == "line"


async def test_unknown_components_and_spans_show_their_ids(home: Home) -> None:
    home.fault(
        "circuit", "patch", patch={"data": {"circuit_rating": {"at_facility_component_id": "c-9"}}}
    )
    home.fault("dlr", "patch", patch={"data": {"heimdall_dlr": {"at_span_id": "s-9"}}})
    await home.open()
    assert home.value(home.facility, "limiting_component") == "c-9"
    assert home.value(home.line, "limiting_span") == "s-9"


async def test_the_ambient_adjusted_rating_names_the_span_without_a_dynamic_one(
    home: Home,
) -> None:
    home.world.remove_product(home.line, "dlr")
    home.fault("aar", "patch", patch={"data": {"heimdall_aar": {"at_span_id": "s-9"}}})
    await home.open()
    assert home.value(home.line, "limiting_span") == "s-9"


async def test_a_fallback_is_a_problem(home: Home) -> None:
    home.world.set_fallback(home.line, True)
    await home.open()
    state = home.state(home.line, "dlr_fallback", Platform.BINARY_SENSOR)
    assert state.state == STATE_ON
    assert state.attributes["device_class"] == "problem"


async def test_a_facility_without_voltage_has_no_apparent_power(home: Home) -> None:
    home.world.set_voltage(home.facility, 0, None)
    await home.open()
    assert home.entity_id(home.line, "apparent_power") is None
    assert home.entity_id(home.facility, "voltage") is None
    home.world.set_voltage(home.facility, 132_000, None)
    await home.polls_of_assets(1)
    assert home.value(home.facility, "voltage") == "132.0"
    assert float(home.value(home.line, "apparent_power")) > 0


async def test_values_that_are_null_are_unknown(home: Home) -> None:
    home.fault("any", "null_optionals")
    home.fault("current", "patch", patch={"data": {"current": {"value": None}}})
    await home.open()
    assert home.entry.state is ConfigEntryState.LOADED
    assert home.entity_id(home.line, "conductor_temperature_min") is None


async def test_a_value_that_is_null_leaves_the_derived_ones_unknown(home: Home) -> None:
    home.fault("current", "patch", patch={"data": {"current": {"value": None}}})
    await home.open()
    for key in ("current", "apparent_power", "loading", "headroom"):
        assert home.value(home.line, key) == "unknown", key
    assert home.state(home.line, "loading").attributes["limited_by"] is None


async def test_the_account_closes(home: Home) -> None:
    await home.open()
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert home.entry.state is ConfigEntryState.NOT_LOADED
    home.forget_calls()
    await home.wait(hours=7)
    assert home.simulator.calls.count(service="heimdall") == 0


async def test_a_wrong_secret_asks_for_another(home: Home) -> None:
    home.world.rotate_secret("another")
    await home.open()
    assert home.entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = home.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


@pytest.mark.parametrize("what", ["assets", "any"])
async def test_no_connection_is_tried_again(home: Home, what: str) -> None:
    home.fault(what, "refuse")
    await home.open()
    assert account_state(home.entry) is ConfigEntryState.SETUP_RETRY
    home.recover()
    await home.wait(minutes=1)
    assert account_state(home.entry) is ConfigEntryState.LOADED


async def test_measurements_that_cannot_be_had_at_all_are_tried_again(home: Home) -> None:
    home.fault("latest")
    await home.open()
    assert home.entry.state is ConfigEntryState.SETUP_RETRY


async def test_forecasts_that_cannot_be_had_keep_nothing_else(home: Home) -> None:
    for what in ("dlr_forecast", "aar_forecast", "circuit_forecast", "icing_forecast"):
        home.fault(what)
    await home.open()
    assert home.entry.state is ConfigEntryState.LOADED
    assert home.entity_id(home.line, "dlr_forecast_lowest") is None
    home.recover()
    await home.polls(1)
    assert float(home.value(home.line, "dlr_forecast_lowest")) > 0


async def test_entities_are_there_at_once_after_a_restart(home: Home) -> None:
    await home.open()
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    home.fault("sag")
    home.world.remove_product(home.line, "dlr_forecast")
    await home.open()
    assert home.value(home.line, "sag_max") == "unavailable"
    assert home.value(home.line, "dlr_forecast_lowest") == "unknown"
    assert home.value(home.line, "transient_rating_5") not in {"unknown", "unavailable"}


async def test_devices_are_kept_over_a_restart(home: Home) -> None:
    await home.open()
    registry = dr.async_get(home.hass)
    before = {
        device.id for device in dr.async_entries_for_config_entry(registry, home.entry.entry_id)
    }
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    after = {
        device.id for device in dr.async_entries_for_config_entry(registry, home.entry.entry_id)
    }
    assert before == after
