"""The trigger of ice that was heavy and is gone."""

from typing import Any

from homeassistant.const import ATTR_ENTITY_ID, ENTITY_MATCH_ALL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from tests.heimdall.home import Home

from .support import (
    REPORTED,
    TWO_LINES,
    CapturedEvents,
    answer,
    automate,
    automation_with,
    device,
    reports_of,
)

pytestmark = TWO_LINES

ICE = "/data/icing/max/ice_weight/value"


async def weigh(home: Home, *weights: float) -> None:
    """Let a line carry ice of these weights, one after the other."""
    for weight in weights:
        answer(home, "icing", [(ICE, weight)])
        await home.polls(1)


async def cleared(home: Home, **options: object) -> CapturedEvents:
    await home.open()
    await weigh(home, 0.1)
    return await automate(home.hass, "ice_cleared", device(home, "line", home.icy_line), **options)


@pytest.mark.parametrize(
    ("weights", "times"),
    [
        ((0.5, 0.1), 0),
        ((1.0, 0.1), 0),
        ((1.2, 0.2), 0),
        ((1.2, 0.1, 0.3, 0.1), 1),
        ((1.2, 0.5, 1.3, 0.1), 1),
        ((1.2, 0.1, 1.2, 0.1), 2),
    ],
)
async def test_only_after_it_was_heavy(home: Home, weights: tuple[float, ...], times: int) -> None:
    reported = await cleared(home)
    await weigh(home, *weights)
    assert reports_of(reported, "to") == [0.1] * times


async def test_other_limits(home: Home) -> None:
    reported = await cleared(home, after=0.4, threshold=0.3)
    await weigh(home, 0.5, 0.35)
    assert not reported
    await weigh(home, 0.25)
    assert reports_of(reported, "entity_id") == [home.entity_id(home.icy_line, "ice_load")]


async def test_what_is_heavy_already_is_no_news(home: Home, hass: HomeAssistant) -> None:
    await home.open()
    await weigh(home, 1.2)
    reported = await automate(hass, "ice_cleared", device(home, "line", home.icy_line))
    await weigh(home, 1.3, 0.1)
    assert not reported


async def test_two_of_the_same_tell_it_both(home: Home, hass: HomeAssistant) -> None:
    """Also where what is told fell while none of them was there, and the account is in use."""
    await home.open()
    await weigh(home, 0.1)
    reported = async_capture_events(hass, REPORTED)
    target = device(home, "line", home.icy_line)
    same = [automation_with(alias, "ice_cleared", target) for alias in ("One", "Other")]
    assert await async_setup_component(hass, "automation", {"automation": same})
    await weigh(home, 1.2)
    for weights, times in (((0.1,), 2), ((0.1, 0.5), 2)):
        every = {ATTR_ENTITY_ID: ENTITY_MATCH_ALL}
        await hass.services.async_call("automation", "turn_off", every, blocking=True)
        await weigh(home, *weights)
        await hass.services.async_call("automation", "turn_on", every, blocking=True)
        await hass.async_block_till_done()
        assert reports_of(reported, "to") == [0.1] * times


async def test_what_an_earlier_version_stored(
    home: Home, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """It stored it under another name, in a file that stayed when the last account was removed."""
    await home.open()
    await weigh(home, 0.3)
    entity_id = home.entity_id(home.icy_line, "ice_load")
    assert entity_id is not None
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    old, new = "gridduck_heimdall.told.triggers", "gridduck_heimdall.triggers"
    hass_storage[old] = {"version": 1, "minor_version": 1, "key": old}
    hass_storage[old]["data"] = {f"{entity.id}_1.0_0.2": 1.0}
    reported = await automate(hass, "ice_cleared", device(home, "line", home.icy_line))
    assert old not in hass_storage
    assert hass_storage[new]["data"] == {f"{entity.id}_1.0_0.2": 1.0}
    await weigh(home, 0.1)
    assert reports_of(reported, "to") == [0.1]
    await home.wait(seconds=11)
    assert hass_storage[new]["data"] == {}
    await hass.config_entries.async_remove(home.entry.entry_id)
    assert new not in hass_storage
