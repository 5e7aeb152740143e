"""The action plan_load, and the peak that is expected of a site."""

from datetime import timedelta
import math
from typing import Any

from homeassistant.const import EVENT_RECORDER_HOURLY_STATISTICS_GENERATED
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er, label_registry as lr
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
    [charger] = peak["curtail"]
    assert charger == {
        "asset": "Charger",
        "device_id": yard.device(yard.charger),
        "power": 8000,
        "from": "2026-11-19T19:00:00+00:00",
        "until": "2026-11-19T20:00:00+00:00",
    }
    assert (peak["unmet"], peak["left_on"]) == (0, [])
    quiet = next(one for one in hours if one["start"].startswith("2026-11-19T04:00"))
    assert (quiet["why"], quiet["curtail"], quiet["boost"]) == (None, [], [])
    assert not yard.puts()


async def test_restored_by_a_clock_that_was_set_back(
    hass: HomeAssistant, yard: Yard, feeder: Feeder
) -> None:
    """The pause is over, in the plan as well."""
    await record(hass, SENSOR, "kW", evening_peak(116, 116), unit_class="power")
    subentry = await add(yard, 90)
    await feeder.run(1)
    button = shown(hass, subentry, "button", "load_limit_restore").entity_id
    yard.freezer.tick(timedelta(days=400))
    await hass.services.async_call("button", "press", {"entity_id": button}, blocking=True)
    yard.freezer.tick(timedelta(days=-400))
    hours = await plan(hass, hours=4)
    assert {one["why"] for one in hours} == {"above_limit"}


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


async def test_only_the_limit_is_not_known(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """The entity that gives it has had no value yet; the failsafe limit holds only later."""
    await record(hass, SENSOR, "kW", evening_peak(80, 116), unit_class="power")
    fields = {"limit_entity": "sensor.signal", "unit": "kW", "failsafe_after": 60}
    await add(yard, 100, mode="advise", **fields)
    await feeder.run(2)
    with pytest.raises(ServiceValidationError, match="The limit of Feeder is not known"):
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


@pytest.mark.parametrize(
    ("unit", "unit_class", "scale", "fields"),
    [
        ("W", "power", 1000.0, {}),
        ("MW", "power", 0.001, {}),
        # 116 kW of three phases at 400 V.
        ("A", "electric_current", 1 / (math.sqrt(3) * 0.4), {"voltage": 400}),
        ("mA", "electric_current", 1000 / 0.23, {"voltage": 230, "phases": "1"}),
    ],
)
async def test_any_unit_of_the_sensor(
    hass: HomeAssistant,
    yard: Yard,
    feeder: Feeder,
    unit: str,
    unit_class: str,
    scale: float,
    fields: dict[str, object],
) -> None:
    await record(hass, SENSOR, unit, evening_peak(80 * scale, 116 * scale), unit_class=unit_class)
    await add(yard, 110 * scale, mode="advise", unit=unit, **fields)
    hass.states.async_set(SENSOR, str(100 * scale), {"unit_of_measurement": unit})
    await yard.wait(60)
    found = await ask(hass, "plan_load", device_id=device(hass), hours=36)
    peak = next(one for one in found["hours"] if one["start"].startswith("2026-11-19T19:00"))
    shown_as = scale if unit == "A" else scale / 1000 if unit == "mA" else 1.0
    assert found["unit"] == ("A" if unit.endswith("A") else "kW")
    assert peak["limit"] == pytest.approx(110 * shown_as, rel=1e-5)
    assert peak["expected"] == pytest.approx(116 * shown_as, rel=0.02)
    needed = (peak["expected"] - 0.985 * peak["limit"]) / shown_as * 1000
    assert sum(one["power"] for one in peak["curtail"]) + peak["unmet"] >= needed - 1


@pytest.mark.parametrize(
    ("given", "unit"), [("110000", "W"), ("0.11", "MW"), ("110", None), ("unavailable", "W")]
)
async def test_a_limit_that_an_entity_gives(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, given: str, unit: str | None
) -> None:
    await record(hass, SENSOR, "kW", evening_peak(80, 116), unit_class="power")
    hass.states.async_set("sensor.signal", given, {"unit_of_measurement": unit} if unit else {})
    await add(yard, 100, mode="advise", limit_entity="sensor.signal", unit="kW", failsafe_after=1)
    await feeder.run(3)
    hours = await plan(hass, hours=36)
    assert {one["limit"] for one in hours} == {100 if given == "unavailable" else 110}


async def test_nothing_can_be_curtailed(hass: HomeAssistant, yard: Yard, feeder: Feeder) -> None:
    """Without candidates everything stays unmet; a negative load needs nothing."""
    await record(hass, SENSOR, "kW", evening_peak(-80, 116), unit_class="power")
    await add(yard, 110, mode="advise", candidates={})
    await feeder.run(1)
    hours = await plan(hass, hours=36)
    for one in hours:
        needed = one["expected"] - 0.985 * one["limit"]
        assert one["unmet"] == pytest.approx(
            1000 * needed if one["expected"] > one["limit"] else 0, abs=2
        )
        assert (one["curtail"], one["boost"], one["left_on"]) == ([], [], [])
    assert any(one["unmet"] for one in hours)
    assert any(one["expected"] < 0 for one in hours)


async def test_it_needs_permission_on_the_sensor(
    hass: HomeAssistant, yard: Yard, feeder: Feeder, hass_read_only_user: MockUser
) -> None:
    """A user who may read all that is registered may not read another sensor."""
    await record(hass, SENSOR, "kW", evening_peak(80, 116), unit_class="power")
    await add(yard, 110)
    await feeder.run(1)
    read = {"read": True}
    registered = dict.fromkeys(er.async_get(hass).entities, read)

    async def call() -> object:
        return await hass.services.async_call(
            DOMAIN,
            "plan_load",
            {"device_id": device(hass)},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )

    hass_read_only_user.mock_policy({"entities": {"entity_ids": registered}})
    with pytest.raises(Unauthorized):
        await call()
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {**registered, SENSOR: read}}})
    assert await call()
