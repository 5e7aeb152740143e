"""Triggers on what a line must not exceed, and on its recovery."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
import pytest

from tests.heimdall.home import Home

from .support import TWO_LINES, automate, current, device, entity

OVERLOAD, EASY = 5000.0, 10.0


@TWO_LINES
async def test_the_evening_peak_congests_the_line(home: Home) -> None:
    await home.open()
    reported = await automate(home.hass, "line_became_congested", device(home, "line", home.line))
    await home.polls(4)
    assert not reported
    await home.polls(20)
    assert len(reported) == 1
    assert reported[0].data["entity_id"] == entity(home, home.line, "loading")
    assert float(reported[0].data["from"]) <= 100 < float(reported[0].data["to"])


async def test_the_line_recovers_once_the_peak_is_over(home: Home) -> None:
    home.freezer.move_to("2026-11-18T19:30:00Z")
    await home.open()
    reported = await automate(home.hass, "line_recovered", device(home, "line", home.line))
    await home.polls(2)
    assert float(home.value(home.line, "loading")) > 100
    await home.polls(16)
    assert float(home.value(home.line, "loading")) < 90
    assert len(reported) == 1
    assert float(reported[0].data["to"]) < 90 <= float(reported[0].data["from"])


async def test_a_threshold_of_ones_own(home: Home) -> None:
    await home.open()
    loading = float(home.value(home.line, "loading"))
    home.hass.states.async_set("input_number.limit", "500", {"unit_of_measurement": "%"})
    reported = await automate(
        home.hass,
        "line_became_congested",
        {"entity_id": entity(home, home.line, "loading")},
        threshold="input_number.limit",
    )
    assert loading < 100
    await current(home, OVERLOAD)
    assert float(home.value(home.line, "loading")) > 500
    assert len(reported) == 1


async def test_the_choice_of_the_user_interface(home: Home) -> None:
    await home.open()
    reported = await automate(
        home.hass,
        "line_became_congested",
        device(home, "line", home.line),
        threshold={"active_choice": "number", "number": 100000, "entity": "sensor.other"},
    )
    await current(home, OVERLOAD)
    assert not reported


async def test_a_silent_line_that_comes_back_overloaded_is_reported(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    reported = await automate(home.hass, "line_became_congested", device(home, "line", home.line))
    home.fault("current", "stale", item_id=home.line, delay=7200)
    home.recover()
    home.fault("current", "stale", item_id=home.line, delay=7200)
    await home.polls(1)
    assert home.value(home.line, "loading") == "unknown"
    assert not reported
    await current(home, OVERLOAD)
    assert [one.data["from"] for one in reported] == ["unknown"]
    await home.polls(2)
    assert len(reported) == 1


async def test_an_outage_hides_no_overload(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    reported = await automate(home.hass, "line_became_congested", device(home, "line", home.line))
    home.recover()
    home.fault("any")
    await home.polls(4)
    assert home.value(home.line, "loading") == "unavailable"
    await current(home, OVERLOAD)
    assert [one.data["from"] for one in reported] == ["unavailable"]


@pytest.mark.parametrize(("before", "count"), [(OVERLOAD, 1), (EASY, 0)])
async def test_a_recovery_is_found_through_silence(home: Home, before: float, count: int) -> None:
    await home.open()
    await current(home, before)
    reported = await automate(home.hass, "line_recovered", device(home, "line", home.line))
    home.recover()
    home.fault("any")
    await home.polls(4)
    assert home.value(home.line, "loading") == "unavailable"
    await current(home, EASY)
    assert float(home.value(home.line, "loading")) < 90
    assert len(reported) == count


async def test_a_reload_is_no_recovery(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    reported = await automate(home.hass, "line_recovered", device(home, "line", home.line))
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert float(home.value(home.line, "loading")) < 90
    assert not reported


async def test_what_is_overloaded_at_the_start_is_no_news_but_after_a_reload_it_is(
    home: Home,
) -> None:
    await home.open()
    await current(home, OVERLOAD)
    reported = await automate(home.hass, "line_became_congested", device(home, "line", home.line))
    await home.polls(1)
    assert not reported
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done(wait_background_tasks=True)
    assert [one.data["from"] for one in reported] == ["unavailable"]


async def test_for_a_time(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    target = device(home, "line", home.line)
    reported = await automate(home.hass, "line_became_congested", target, for_="00:12:00")
    await current(home, OVERLOAD)
    await home.polls(1)
    # It is over before the time is: what remains of it counts for nothing.
    await current(home, EASY)
    await home.polls(3)
    assert not reported
    await current(home, OVERLOAD)
    await home.polls(2)
    assert not reported
    await home.polls(1)
    assert len(reported) == 1


async def test_silence_ends_the_time(home: Home) -> None:
    await home.open()
    await current(home, EASY)
    target = device(home, "line", home.line)
    reported = await automate(home.hass, "line_became_congested", target, for_="00:12:00")
    await current(home, OVERLOAD)
    home.recover()
    home.fault("current", "stale", item_id=home.line, delay=7200)
    await home.polls(2)
    assert home.value(home.line, "loading") == "unknown"
    await current(home, OVERLOAD)
    await home.polls(2)
    assert not reported
    await home.polls(1)
    assert len(reported) == 1


@pytest.mark.parametrize(
    ("behavior", "counts"), [("each", (1, 2)), ("first", (1, 1)), ("all", (0, 1))]
)
@TWO_LINES
async def test_behaviors(home: Home, behavior: str, counts: tuple[int, int]) -> None:
    await home.open()
    overload = {"data": {"current": {"value": OVERLOAD}}}
    for line in (home.line, home.icy_line):
        home.fault("current", "patch", item_id=line, patch={"data": {"current": {"value": EASY}}})
    await home.polls(1)
    devices = [device(home, "line", line)["device_id"] for line in (home.line, home.icy_line)]
    target = {"device_id": devices}
    reported = await automate(home.hass, "line_became_congested", target, behavior=behavior)
    home.recover()
    home.fault("current", "patch", item_id=home.line, patch=overload)
    home.fault(
        "current", "patch", item_id=home.icy_line, patch={"data": {"current": {"value": EASY}}}
    )
    await home.polls(1)
    assert len(reported) == counts[0]
    home.recover()
    home.fault("current", "patch", patch=overload)
    await home.polls(1)
    assert len(reported) == counts[1]


@pytest.mark.parametrize("by", ["area", "label"])
@TWO_LINES
async def test_by_area_and_label(home: Home, hass: HomeAssistant, by: str) -> None:
    await home.open()
    await current(home, EASY)
    registry, line = dr.async_get(hass), device(home, "line", home.line)["device_id"]
    match by:
        case "area":
            area = ar.async_get(hass).async_create("Fjord")
            registry.async_update_device(line, area_id=area.id)
            target: dict[str, str] = {"area_id": area.id}
        case _:
            label = lr.async_get(hass).async_create("Watched")
            registry.async_update_device(line, labels={label.label_id})
            target = {"label_id": label.label_id}
    reported = await automate(hass, "line_became_congested", target)
    await current(home, OVERLOAD)
    assert len(reported) == 1


@TWO_LINES
async def test_disabled_and_removed_do_no_harm(home: Home, hass: HomeAssistant) -> None:
    await home.open()
    await current(home, EASY)
    devices = [device(home, "line", line)["device_id"] for line in (home.line, home.icy_line)]
    reported = await automate(hass, "line_became_congested", {"device_id": [*devices, "gone"]})
    registry = er.async_get(hass)
    registry.async_update_entity(
        entity(home, home.line, "loading"), disabled_by=er.RegistryEntryDisabler.USER
    )
    dr.async_get(hass).async_remove_device(devices[1])
    await hass.async_block_till_done()
    await current(home, OVERLOAD)
    await home.wait(minutes=5)
    assert not reported


@pytest.mark.parametrize("key", ["line_became_congested", "line_recovered"])
async def test_turned_off_it_tells_nothing(home: Home, key: str) -> None:
    await home.open()
    before, after = (EASY, OVERLOAD) if key == "line_became_congested" else (OVERLOAD, EASY)
    await current(home, before)
    reported = await automate(home.hass, key, device(home, "line", home.line))
    await home.hass.services.async_call(
        "automation", "turn_off", {"entity_id": f"automation.{key}"}, blocking=True
    )
    await current(home, after)
    assert not reported
