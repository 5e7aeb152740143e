"""What happens to a line is told once, and again only where it matters."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.gridduck_heimdall.core.events import EventType
from custom_components.gridduck_heimdall.heimdall.line_events import significant
from tests.happenings import CapturedEvents, captured

from .home import Home


@pytest.fixture
def reported(hass: HomeAssistant) -> CapturedEvents:
    """Return a list that grows by each event of ours."""
    return captured(hass)


async def load(home: Home, *percents: float) -> None:
    """Let the line carry so much of what it can, one poll after the other."""
    for percent in percents:
        home.recover()
        rating = {"data": {"circuit_rating": {"value": 100}}}
        home.fault("circuit", "patch", item_id=home.facility, patch=rating)
        current = {"data": {"current": {"value": percent}}}
        home.fault("current", "patch", item_id=home.line, patch=current)
        await home.polls(1)


async def test_congestion_and_recovery(home: Home, reported: CapturedEvents) -> None:
    await home.open()
    await load(home, 80)
    reported.clear()
    await load(home, 80, 100)
    assert not reported
    await load(home, 112.4)
    (event,) = reported
    device = home.device("line", home.line)
    assert device is not None
    assert event.event_type == EventType.LINE_CONGESTED
    assert event.data == {
        "device_id": device.id,
        "entity_id": home.entity_id(home.line, "loading"),
        "name": device.name,
        "loading": 112.4,
        "limit": 100.0,
        "limited_by": "circuit_rating",
    }
    await load(home, 114, 116, 113)
    assert len(reported) == 1
    await load(home, 118, 119)
    assert [one.data["loading"] for one in reported] == [112.4, 118]
    await load(home, 99, 91, 114)
    assert len(reported) == 2
    await load(home, 89, 80)
    assert [one.event_type for one in reported[2:]] == [EventType.LINE_RECOVERED]


async def test_what_is_not_known_is_as_before(home: Home, reported: CapturedEvents) -> None:
    await home.open()
    await load(home, 112)
    reported.clear()
    home.recover()
    home.fault("any")
    await home.polls(14)
    assert home.value(home.line, "loading") in {"unknown", "unavailable"}
    await load(home, 112)
    assert not reported


async def test_not_again_after_a_reload(home: Home, reported: CapturedEvents) -> None:
    await home.open()
    await load(home, 112)
    reported.clear()
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await load(home, 112)
    assert not reported
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    home.recover()
    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await load(home, 50)
    assert [one.event_type for one in reported] == [EventType.LINE_RECOVERED]


async def test_removed_with_the_account(home: Home, hass_storage: dict[str, Any]) -> None:
    await home.open()
    await load(home, 80, 112)
    await home.wait(seconds=11)
    key = f"gridduck_heimdall.told.{home.entry.entry_id}"
    assert hass_storage[key]["data"] == {f"{home.line}_loading": pytest.approx(112, rel=0.01)}
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert key not in hass_storage


async def test_fallback(home: Home, reported: CapturedEvents) -> None:
    home.world.set_fallback(home.line, False)
    await home.open()
    reported.clear()
    home.world.set_fallback(home.line, True)
    await home.polls(2)
    assert {one.event_type for one in reported} == {EventType.RATING_FELL_BACK}
    entities = {one.data["entity_id"] for one in reported}
    assert home.entity_id(home.line, "dlr_fallback", Platform.BINARY_SENSOR) in entities
    count = len(reported)
    home.world.set_fallback(home.line, False)
    await home.polls(2)
    assert {one.event_type for one in reported[count:]} == {EventType.RATING_RECOVERED}
    assert len(reported) == 2 * count


async def test_not_of_a_value_that_is_not_shown(home: Home, reported: CapturedEvents) -> None:
    """Without the entity, not all of the ratings may be asked for."""
    await home.open()
    entity_id = home.entity_id(home.line, "loading")
    assert entity_id is not None
    er.async_get(home.hass).async_update_entity(
        entity_id, disabled_by=er.RegistryEntryDisabler.USER
    )
    reported.clear()
    await load(home, 112)
    assert not reported


@pytest.mark.parametrize(
    ("before", "near", "far"), [(112.0, 116.9, 117.0), (112.0, 107.1, 107.0), (0.0, 4.9, 5.0)]
)
def test_significant_change(before: float, near: float, far: float) -> None:
    assert not significant(before, near)
    assert significant(before, far)
    assert not significant(before, before)
