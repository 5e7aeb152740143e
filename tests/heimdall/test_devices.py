"""Devices that come, change their names, and go."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.gridduck_heimdall.heimdall.options import CONF_SENSORS, CONF_SPANS
from simulator.heimdall.assets import Span

from .home import Home


def entities_of(home: Home, device: dr.DeviceEntry) -> list[er.RegistryEntry]:
    return er.async_entries_for_device(
        er.async_get(home.hass), device.id, include_disabled_entities=True
    )


async def test_a_line_is_renamed(home: Home) -> None:
    await home.open()
    home.world.rename_line(home.line, "Over the fjord")
    await home.polls_of_assets(1)
    device = home.device("line", home.line)
    assert device is not None
    assert device.name == "Over the fjord"


async def test_a_line_without_a_name_shows_its_id(home: Home) -> None:
    home.world.rename_line(home.line, "")
    home.world.facility(home.facility).name = ""
    await home.open()
    for kind, item_id in (("line", home.line), ("facility", home.facility)):
        device = home.device(kind, item_id)
        assert device is not None
        assert device.name == item_id


async def test_a_grid_owner_without_a_name_has_no_device(home: Home) -> None:
    home.world.owners[0].name = ""
    await home.open()
    facility = home.device("facility", home.facility)
    assert facility is not None
    assert facility.via_device_id is None


async def test_a_line_appears(home: Home) -> None:
    await home.open()
    line = home.world.add_line("New - Line")
    await home.polls_of_assets(1)
    assert home.device("line", line) is not None
    await home.polls(1)
    assert home.value(line, "current") not in {"unknown", "unavailable"}


async def test_a_line_goes_after_three_answers_without_it(home: Home) -> None:
    await home.open()
    gone = home.line
    device = home.device("line", gone)
    assert device is not None
    assert home.account.knows(device)
    home.world.remove_line(gone)
    await home.polls_of_assets(2)
    assert home.device("line", gone) is not None
    assert not home.account.knows(device)
    assert home.value(gone, "current") == "unknown"
    await home.polls_of_assets(1)
    assert home.device("line", gone) is None
    assert home.entity_id(gone, "current") is None
    assert home.account.diagnostics()["missing"] == {}


async def test_a_user_removes_a_missing_line_first(home: Home) -> None:
    await home.open()
    gone = home.line
    device = home.device("line", gone)
    assert device is not None
    home.world.remove_line(gone)
    await home.polls_of_assets(2)
    assert home.account.diagnostics()["missing"] == {"line": 1}
    dr.async_get(home.hass).async_remove_device(device.id)
    await home.polls_of_assets(1)
    assert home.device("line", gone) is None
    assert home.entry.state is ConfigEntryState.LOADED


async def test_a_line_comes_back(home: Home) -> None:
    await home.open()
    line, facility = home.line, home.world.facility(home.facility)
    instance = facility.line
    home.world.remove_line(line)
    await home.polls_of_assets(3)
    assert home.device("line", line) is None
    facility.line = instance
    await home.polls_of_assets(1)
    await home.polls(1)
    assert home.value(line, "current") not in {"unknown", "unavailable"}


async def test_a_line_comes_back_that_was_gone_when_an_outage_ended(home: Home) -> None:
    await home.open()
    line, facility = home.line, home.world.facility(home.facility)
    instance = facility.line
    home.world.remove_line(line)
    await home.polls_of_assets(2)
    home.fault("assets")
    await home.polls_of_assets(4)
    assert not home.account.assets.serving
    home.recover()
    await home.polls_of_assets(1)
    assert home.device("line", line) is None
    facility.line = instance
    await home.polls_of_assets(1)
    await home.polls(1)
    assert home.value(line, "current") not in {"unknown", "unavailable"}


async def test_a_line_that_was_missing_once_keeps_its_device(home: Home) -> None:
    await home.open()
    line, facility = home.line, home.world.facility(home.facility)
    instance = facility.line
    for _ in range(3):
        home.world.remove_line(line)
        await home.polls_of_assets(2)
        facility.line = instance
        await home.polls_of_assets(1)
    assert home.device("line", line) is not None
    assert home.value(line, "current") not in {"unknown", "unavailable"}


async def test_a_line_whose_sensors_are_taken_off_goes(home: Home) -> None:
    await home.open()
    home.world.set_instrumented(home.line, False)
    await home.polls_of_assets(3)
    assert home.device("line", home.line) is None
    assert home.device("facility", home.facility) is not None


async def test_an_answer_with_a_malformed_part_removes_nothing(home: Home) -> None:
    await home.open()
    gone = home.line
    home.fault("assets", "patch", patch={"data": {"grid_owners": [{"facilities": [3]}, 4]}})
    await home.polls_of_assets(4)
    assert home.account.assets.malformed > 0
    assert home.device("line", gone) is not None
    assert home.value(gone, "current") not in {"unknown", "unavailable"}


async def test_devices_that_went_while_away_go_later(home: Home) -> None:
    await home.open()
    gone = home.line
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    home.world.remove_line(gone)
    await home.open()
    device = home.device("line", gone)
    assert device is not None
    assert not home.account.knows(device)
    assert home.account.target_of(device) is None
    assert home.account.device_diagnostics(device) == {}
    await home.polls_of_assets(2)
    assert home.device("line", gone) is None


async def test_assets_that_cannot_be_had_change_nothing(home: Home) -> None:
    await home.open()
    home.fault("assets")
    home.forget_calls()
    await home.polls_of_assets(1)
    assert home.calls("assets") == 1
    await home.polls(3)
    # Tried again every 5 minutes by now.
    assert home.calls("assets") == 4
    assert home.value(home.facility, "voltage") == "unavailable"
    assert home.value(home.line, "current") not in {"unknown", "unavailable"}
    home.recover()
    await home.polls(1)
    assert home.value(home.facility, "voltage") != "unavailable"


def first_span(home: Home) -> Span:
    return home.world.line(home.line).spans[0]


async def test_spans_and_sensors_only_on_request(home: Home) -> None:
    await home.open()
    registry = dr.async_get(home.hass)
    models = {
        device.model for device in dr.async_entries_for_config_entry(registry, home.entry.entry_id)
    }
    assert models == {"Grid owner", "Facility", "Line"}


async def test_spans(home: Home) -> None:
    await home.open(**{CONF_SPANS: True})
    span = first_span(home)
    device, line = home.device("span", span.id), home.device("line", home.line)
    assert device is not None
    assert line is not None
    assert device.model == "Span"
    assert device.via_device_id == line.id
    assert device.name is not None
    assert device.name.endswith("M14 \N{EN DASH} M15")
    for key in ("dlr", "aar", "sag_max", "clearance_min"):
        assert float(home.value(span.id, key)) > 0, key
    icy = home.world.line(home.icy_line).spans[0]
    assert float(home.value(icy.id, "ice_load")) >= 0
    (call, *_) = home.simulator.calls.list(path="heimdall_dlrs/latest")
    assert call.query["include"] == "spans"
    (call, *_) = home.simulator.calls.list(path="currents/latest")
    assert "include" not in call.query
    lowest = min(float(home.value(one.id, "dlr")) for one in home.world.line(home.line).spans)
    assert float(home.value(home.line, "dlr")) == pytest.approx(lowest)


@pytest.mark.english
async def test_a_span_without_mast_names_shows_its_number(home: Home) -> None:
    await home.open(**{CONF_SPANS: True})
    line = home.world.line(home.line)
    unnamed = next(span for span in line.spans if span.mast_a is None)
    device = home.device("span", unnamed.id)
    assert device is not None
    assert device.name == f"{line.name} Span {line.spans.index(unnamed) + 1}"


async def test_span_values_that_are_missing_are_unknown(home: Home) -> None:
    await home.open(**{CONF_SPANS: True})
    span = first_span(home)
    home.fault("dlr", "patch", patch={"data": {"heimdall_span_dlrs": None}})
    home.fault("aar", "stale", delay=7200)
    home.fault("sag", "stale", delay=7200)
    home.fault("icing", "stale", delay=7200)
    await home.polls(1)
    icy = home.world.line(home.icy_line).spans[0]
    for item_id, key in (
        (span.id, "dlr"),
        (span.id, "aar"),
        (span.id, "sag_max"),
        (span.id, "clearance_min"),
        (icy.id, "ice_load"),
    ):
        assert home.value(item_id, key) == "unknown", key


async def test_sensors(home: Home) -> None:
    await home.open(**{CONF_SENSORS: True})
    line = home.world.line(home.line)
    span, phase, point = next(
        (span, phase, point)
        for span, phase, point in line.sensors()
        if point.active(home.simulator.clock.now())
    )
    device = home.device("sensor", point.id)
    assert device is not None
    assert device.model == "Neuron"
    assert device.name == f"{line.name} {span.mast_a} \N{EN DASH} {span.mast_b} {phase.name} 1"
    assert float(home.value(point.id, "current")) > 0
    assert float(home.value(point.id, "conductor_temperature")) > -50
    assert home.device("span", span.id) is None
    retired = next(
        one for _, _, one in line.sensors() if not one.active(home.simulator.clock.now())
    )
    assert home.device("sensor", retired.id) is None
    home.fault("current", "patch", patch={"data": {"measurement_point_currents": None}})
    home.fault("temperature", "patch", patch={"data": {"measurement_point_temperatures": None}})
    await home.polls(1)
    assert home.value(point.id, "current") == "unknown"
    assert home.value(point.id, "conductor_temperature") == "unknown"


async def test_a_sensor_is_replaced(home: Home) -> None:
    await home.open(**{CONF_SENSORS: True})
    _, _, point = next(
        one
        for one in home.world.line(home.line).sensors()
        if one[2].active(home.simulator.clock.now())
    )
    new = home.world.replace_sensor(point.id)
    await home.polls_of_assets(1)
    await home.polls(1)
    assert float(home.value(new, "current")) > 0
    await home.polls_of_assets(2)
    assert home.device("sensor", point.id) is None


async def test_spans_and_sensors_go_when_they_are_no_longer_asked_for(home: Home) -> None:
    await home.open(**{CONF_SPANS: True, CONF_SENSORS: True})
    span = first_span(home)
    assert home.device("span", span.id) is not None
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    await home.open()
    assert home.device("span", span.id) is None
    assert home.entity_id(span.id, "dlr") is None
    assert home.device("line", home.line) is not None


async def test_a_line_of_its_own_has_all_its_entities_on_its_device(home: Home) -> None:
    await home.open()
    device = home.device("line", home.line)
    assert device is not None
    keys = {entity.unique_id.rpartition(f"{home.line}_")[2] for entity in entities_of(home, device)}
    assert {"current", "dlr", "dlr_fallback", "dlr_forecast_lowest_p95"} <= keys
