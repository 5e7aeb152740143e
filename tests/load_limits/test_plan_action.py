"""The action plan_load, and the peak that is expected of a site."""

from typing import Any

from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, label_registry as lr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.gridduck_heimdall.const import DOMAIN
from custom_components.gridduck_heimdall.load_limits.runtime import LOAD_LIMITS
from tests.conftest import ask
from tests.forecast.history import evening_peak, record

from .feeder import SENSOR, Feeder, add, shown
from .yard import Yard

pytestmark = pytest.mark.usefixtures("recorded_by_tests")


def device(hass: HomeAssistant) -> str:
    """Return the device of the only load limit."""
    [limit] = hass.data[LOAD_LIMITS].limits.values()
    assert limit.device is not None
    return limit.device.id


async def plan(hass: HomeAssistant, **data: object) -> list[dict[str, Any]]:
    """Return the hours of a plan."""
    found = await ask(hass, "plan_load", device_id=device(hass), **data)
    hours: list[dict[str, Any]] = found["hours"]
    return hours


async def test_a_sensor_above_its_limit_tomorrow(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    await record(hass, SENSOR, "kW", evening_peak(80, 116), unit_class="power")
    await add(yard, 110, mode="advise")
    await feeder.run(1)
    with pytest.raises(ServiceValidationError, match="is no load limit"):
        await ask(hass, "plan_load", device_id=yard.site)
    hours = await plan(hass, hours=36)
    peak = next(one for one in hours[10:] if one["start"].startswith("2026-11-19T19:00"))
    assert peak["limit"] == 110
    assert peak["expected"] == pytest.approx(116, rel=0.02)
    assert peak["why"] == "above_limit"
    assert [one["asset"] for one in peak["curtail"]] == ["Charger"]
    assert peak["curtail"][0]["power"] == 8000
    assert peak["unmet"] == 0
    quiet = next(one for one in hours if one["start"].startswith("2026-11-19T04:00"))
    assert (quiet["why"], quiet["curtail"], quiet["boost"]) == (None, [], [])
    assert not yard.puts()


async def test_an_asset_that_stores_is_boosted_before(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    await record(hass, SENSOR, "kW", evening_peak(60, 116), unit_class="power")
    label = lr.async_get(hass).async_create("Can store").label_id
    charger = yard.device(yard.charger)
    dr.async_get(hass).async_update_device(charger, labels={label})
    power = yard.power_sensor(charger)
    await record(hass, power, "W", evening_peak(500, 8000), unit_class="power")
    await add(yard, 110)
    await feeder.run(1)
    hours = await plan(hass, hours=36, storing=label)
    boosted = [one["start"] for one in hours if one["boost"]]
    curtailed = [one["start"] for one in hours if one["curtail"]]
    assert boosted
    assert curtailed
    assert boosted[0] < curtailed[-1]


async def test_a_site_and_its_expected_peak(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    power = yard.power_sensor(yard.site)
    state = hass.states.get(power)
    assert state is not None
    unit = state.attributes["unit_of_measurement"]
    factor = 1000 if unit == "W" else 1
    await record(hass, power, unit, evening_peak(5 * factor, 14 * factor), unit_class="power")
    site = {"measured": "site", "device": yard.site, "limit_unit": "kilowatt"}
    subentry = await add(yard, 9, mode="advise", **site)
    await feeder.run(1)
    assert shown(hass, subentry, "sensor", "load_limit_expected_peak").state == "unknown"
    hass.bus.async_fire(EVENT_RECORDER_HOURLY_STATISTICS_GENERATED)
    await feeder.run(5)
    peak = shown(hass, subentry, "sensor", "load_limit_expected_peak")
    assert 10 < float(peak.state) < 20
    at = dt_util.parse_datetime(peak.attributes["at"])
    assert at is not None
    assert at.hour in {18, 19, 20}
    hours = await plan(hass, hours=24)
    assert any(one["curtail"] for one in hours)


async def test_too_little_is_known(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    await add(yard, 110, mode="advise")
    await feeder.run(1)
    with pytest.raises(ServiceValidationError, match="is not known yet"):
        await plan(hass)


async def test_it_needs_permission(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_read_only_user: MockUser
) -> None:
    await add(yard, 110)
    await feeder.run(1)
    hass_read_only_user.mock_policy({})
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "plan_load",
            {"device_id": device(hass)},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )


async def test_two_load_limits_of_one_sensor_plan_by_their_own_limit(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    await record(hass, SENSOR, "kW", evening_peak(80, 125), unit_class="power")
    for kilowatts in (100, 120):
        await add(yard, kilowatts, mode="advise")
    await feeder.run(1)
    for limit in hass.data[LOAD_LIMITS].limits.values():
        assert limit.device is not None
        found = await ask(hass, "plan_load", device_id=limit.device.id, hours=36)
        peak = next(one for one in found["hours"] if one["start"].startswith("2026-11-19T19:00"))
        assert peak["expected"] == pytest.approx(125, rel=0.02)
        needed = peak["expected"] - 0.985 * peak["limit"]
        curtailed = sum(one["power"] for one in peak["curtail"]) / 1000
        assert peak["why"] == "above_limit"
        assert curtailed + peak["unmet"] / 1000 >= needed - 0.001


async def test_what_assets_will_draw_counts_below_the_limit_as_well(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """Who acts above 90 % of the limit curtails before the limit is reached."""
    await record(hass, SENSOR, "kW", evening_peak(80, 105), unit_class="power")
    power = yard.power_sensor(yard.device(yard.charger))
    await record(hass, power, "W", evening_peak(500, 3000), unit_class="power")
    await add(
        yard,
        110,
        mode="advise",
        candidates={"device_id": [yard.device(yard.charger)]},
        act_above=90,
        down_to=85,
        release_below=80,
    )
    await feeder.run(1)
    hours = await plan(hass, hours=36)
    peak = next(one for one in hours if one["start"].startswith("2026-11-19T19:00"))
    assert peak["why"] == "above_limit"
    assert peak["curtail"][0]["power"] == pytest.approx(3000, rel=0.1)
