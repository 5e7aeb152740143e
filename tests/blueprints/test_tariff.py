"""Assets are off while electricity is expensive, and run while it is cheap."""

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
import pytest

from simulator.gridduck.asset import Asset
from tests.automation.support import fail_all
from tests.conftest import ask
from tests.gridduck.support import named

from .house import AUTOMATION, House, refused


@pytest.fixture
def start() -> str:
    """Return a Friday, a quarter of an hour before electricity is expensive."""
    return "2026-11-20T16:45:00Z"


@pytest.fixture
def lamp(house: House) -> Asset:
    world = house.simulator.gridduck.world
    return world.assets[named(world, "Lamp")]


async def tariff(house: House, lamp: Asset, **inputs: object) -> None:
    assets = {"device_id": house.device("asset", lamp.id)}
    await house.automate("tariff_window", **{"assets": assets, **inputs})


async def start_out_of_reach(house: House, lamp: Asset, **inputs: object) -> None:
    """Start within a window while GridDuck cannot be reached."""
    fail_all(house.simulator, "gridduck")
    house.hass.set_state(CoreState.starting)
    assert not await house.hass.config_entries.async_reload(house.gridduck.entry_id)
    await tariff(house, lamp, expensive_from="16:00:00", **inputs)
    house.hass.set_state(CoreState.running)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)


async def test_off_while_expensive_and_on_while_cheap(house: House, lamp: Asset) -> None:
    await tariff(house, lamp)
    assert house.power(lamp) > 0
    await house.wait(minutes=15, step=900)
    assert house.running(lamp) == {"snooze"}
    assert house.power(lamp) == 0
    await house.wait(minutes=179, step=179 * 60)
    assert house.running(lamp) == {"snooze"}
    await house.wait(minutes=1)
    assert house.running(lamp) == {None}
    assert house.power(lamp) > 0
    house.simulator.gridduck.world.set_mode(lamp.id, "ALWAYS_OFF")
    # The cheap window begins on a Saturday, which does not count.
    await house.wait(hours=6, step=3600)
    assert house.running(lamp) == {None}
    assert house.errors() == []


async def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins(
    house: House, lamp: Asset
) -> None:
    await tariff(
        house, lamp, cheap_from="23:00:00", cheap_until="02:30:00", expensive_until="17:00:00"
    )
    await house.wait(hours=6.25, step=22_500)
    assert house.running(lamp) == {"boost"}
    await house.wait(hours=3, step=10_800)
    assert house.running(lamp) == {"boost"}
    await house.wait(minutes=31, step=1_860)
    assert house.running(lamp) == {None}


async def test_a_window_that_has_begun_is_caught_up_with(house: House, lamp: Asset) -> None:
    house.hass.set_state(CoreState.starting)
    await tariff(house, lamp, expensive_from="16:00:00")
    assert house.running(lamp) == {None}
    house.hass.set_state(CoreState.running)
    house.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await house.wait(seconds=1)
    assert house.running(lamp) == {"snooze"}
    await house.wait(minutes=194, step=194 * 60)
    assert house.running(lamp) == {"snooze"}
    await house.wait(minutes=2)
    assert house.running(lamp) == {None}


@pytest.mark.parametrize(("down", "during"), [(30, "snooze"), (300, None)])
async def test_an_account_that_is_not_in_use_yet(
    house: House,
    lamp: Asset,
    down: int,
    during: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The window is caught up with as soon as it is, if it has not passed until then."""
    await start_out_of_reach(house, lamp, boost_when_cheap=False)
    await house.wait(minutes=down, step=down * 60 / 12)
    house.simulator.faults.clear()
    # Home Assistant tries again after ten minutes at most, and the automation looks every minute.
    await house.wait(minutes=11)
    assert house.running(lamp) == {during}
    assert house.errors() == []
    assert "Error executing script" not in caplog.text
    await house.wait(minutes=4, step=240)
    await house.wait(minutes=145, step=145 * 60)
    assert house.running(lamp) == {during}
    await house.wait(minutes=10, step=300)
    assert house.running(lamp) == {None}


async def test_nothing_is_boosted_where_that_is_not_wanted(house: House, lamp: Asset) -> None:
    times = {"cheap_from": "17:00:00", "cheap_until": "18:00:00", "expensive_from": "20:00:00"}
    await tariff(house, lamp, **times, boost_when_cheap=False)
    await house.wait(minutes=16, step=480)
    assert house.running(lamp) == {None}


async def test_the_night_in_which_the_clock_is_put_back(house: House, lamp: Asset) -> None:
    await house.hass.config.async_set_time_zone("Europe/London")
    # Shortly before half past midnight of summer time.
    house.freezer.move_to("2027-10-30T23:25:00+00:00")
    await house.wait(minutes=2)
    times = {"cheap_from": "00:30:00", "cheap_until": "05:00:00"}
    await tariff(house, lamp, **times, weekdays=["sun"])
    await house.wait(minutes=4)
    assert house.running(lamp) == {"boost"}
    # Until five to five of winter time: five and a half hours, not four and a half.
    await house.wait(minutes=324, step=6_480)
    assert house.running(lamp) == {"boost"}
    await house.wait(minutes=6)
    assert house.running(lamp) == {None}


@pytest.mark.parametrize("by", ["device", "area", "floor", "label", "entity"])
async def test_a_whole_site(
    house: House, lamp: Asset, by: str, caplog: pytest.LogCaptureFixture
) -> None:
    """However it is named, and also where its account comes late; what is read-only stays."""
    site, target = house.device("site", lamp.site.id), dict[str, object]()
    devices, world = dr.async_get(house.hass), house.simulator.gridduck.world
    match by:
        case "area" | "floor":
            floor = fr.async_get(house.hass).async_create("Ground").floor_id
            area = ar.async_get(house.hass).async_create("Office", floor_id=floor).id
            devices.async_update_device(site, area_id=area)
            target = {"area_id": area} if by == "area" else {"floor_id": [floor]}
        case "label":
            label = lr.async_get(house.hass).async_create("Flexible").label_id
            devices.async_update_device(site, labels={label})
            target = {"label_id": [label]}
        case "entity":
            registered = er.async_entries_for_device(er.async_get(house.hass), site)
            target = {"entity_id": registered[0].entity_id}
        case _:
            target = {"device_id": [site]}
    await start_out_of_reach(house, lamp, assets=target)
    await house.wait(minutes=2)
    house.simulator.faults.clear()
    await house.wait(minutes=2)
    able = [one for one in house.assets(lamp.site.name) if not world.record(one.id)["read_only"]]
    assert len(able) > 1
    assert house.running(*able) == {"snooze"}
    assert house.errors() == []
    assert "Error executing script" not in caplog.text


async def test_what_gridduck_does_not_accept_is_tried_again(house: House, lamp: Asset) -> None:
    await tariff(house, lamp)
    house.simulator.faults.add(refused())
    await house.wait(minutes=75, step=300)
    assert house.running(lamp) == {None}
    house.simulator.faults.clear()
    await house.wait(minutes=30, step=300)
    assert house.running(lamp) == {"snooze"}
    assert house.errors() == []
    # Until electricity is no longer expensive, and no longer.
    await house.wait(minutes=90, step=2_700)
    assert house.running(lamp) == {None}


async def test_only_what_failed_is_tried_again(house: House, lamp: Asset) -> None:
    other = house.neighbour(lamp)
    assets = {"device_id": [house.device("asset", one.id) for one in (lamp, other)]}
    house.simulator.faults.add(refused(lamp))
    await tariff(house, lamp, assets=assets)
    await house.wait(minutes=16, step=240)
    assert house.running(other) == {"snooze"}
    # What a person wants stays.
    await ask(house.hass, "boost", device_id=house.device("asset", other.id), duration="02:00:00")
    await house.wait(minutes=30, step=300)
    assert house.running(lamp) == {None}
    house.simulator.faults.clear()
    await house.wait(minutes=30, step=300)
    assert house.running(lamp) == {"snooze"}
    assert house.running(other) == {"boost"}


async def test_the_next_window_does_not_wait(house: House, lamp: Asset) -> None:
    windows = {"expensive_until": "17:35:00", "cheap_from": "17:35:00", "cheap_until": "20:00:00"}
    await tariff(house, lamp, **windows)
    house.simulator.faults.add(refused())
    await house.wait(minutes=49, step=420)
    house.simulator.faults.clear()
    await house.wait(minutes=2)
    assert house.running(lamp) == {"boost"}


async def test_it_is_not_tried_again_once_the_window_has_passed(house: House, lamp: Asset) -> None:
    await tariff(house, lamp, expensive_until="17:20:00")
    house.simulator.faults.add(refused())
    await house.wait(minutes=40, step=300)
    house.simulator.faults.clear()
    await house.wait(minutes=60, step=300)
    assert house.running(lamp) == {None}
    assert house.errors() == []
    state = house.hass.states.get(AUTOMATION)
    assert state is not None
    assert state.attributes["current"] == 0
